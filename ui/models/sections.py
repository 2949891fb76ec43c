"""The rows of an inspection's sections: papers compared, samples, custody, people, holds, clocks, tests."""

from datetime import datetime

import msgspec

from fieldapp import clock
from fieldapp.actions.countersigning import signer_of
from fieldapp.consignment.goods import GoodsLine
from fieldapp.consignment.sanction import Balance
from fieldapp.inspection import deadline, disposition, fieldtest, procedure
from fieldapp.inspection.addendum import Addendum
from fieldapp.inspection.comparison import Row, by_source
from fieldapp.inspection.custody import Step
from fieldapp.inspection.deadline import Deadline
from fieldapp.inspection.disposition import Disposition
from fieldapp.inspection.fieldtest import FieldTest
from fieldapp.inspection.hold import Hold
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.presence import Presence
from fieldapp.inspection.sample import Sample
from fieldapp.text import say
from ui.models.moments import moment
from ui.models.naming import printable
from ui.models.tuples import Shown, TupleModel

_TONE = {
    "agree": "no_match",
    "alone": "muted",
    "similar": "check",
    "unreadable": "cannot_check",
    "differ": "hold",
}
_ICON = {"agree": "circle-check", "alone": "file-text", "similar": "triangle-alert", "differ": "octagon-x"}
_DECIDED = {"hold": "hand", "release": "circle-check", "seize": "gavel", "refer": "users"}
_BALANCE = {
    "enough": "no_match", "short": "hold", "exhausted": "hold", "expired": "hold",
    "weight-unknown": "cannot_check",
}  # fmt: skip
_CLOCK = {"running": "muted", "soon": "check", "overdue": "hold", "satisfied": "no_match", "late": "check"}


class GoodsStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A goods line, what holds for it, and the decision about it that waits."""

    line: GoodsLine
    now: Disposition | None
    waits: Disposition | None = None


class PaperRows(TupleModel[Row]):
    """Fields that the papers speak of, with what each says."""

    def shown(self, value: Row) -> Shown:
        """Return one field."""
        name = say(f"field.{value.field}", self.language)
        line = f" · {say('paper.line', self.language)} {value.line}" if value.line else ""
        standing = say(f"compare.{value.standing}", self.language)
        why = say(f"compare.why.{value.why}", self.language) if value.why else ""
        return Shown(
            title=f"{name}{line}: {standing}{', ' + why if why else ''}",
            subtitle="; ".join(
                f"{self._source(cell.source)} {printable(values)}" for cell, values in by_source(value)
            ),
            trailing="",
            icon=_ICON.get(value.standing, "circle-question-mark"),
            tone=_TONE[value.standing],
            says=standing,
        )

    def _source(self, source: str) -> str:
        own = source in ("declared", "label", "found")
        return say(f"paper-of.{source}" if own else f"document.{source}", self.language) + ":"


class SampleRows(TupleModel[Sample]):
    """Samples as drawn."""

    def shown(self, value: Sample) -> Shown:
        """Return one sample."""
        kind = say(f"sample.{value.kind}", self.language)
        return Shown(
            title=f"{value.number}  {kind}",
            subtitle=" · ".join(
                (f"{value.net_g} / {value.gross_g} g", printable(value.seal), printable(value.package))
            ),
            trailing=moment(value.at),
            icon="package",
            tone="muted",
        )


class StepRows(TupleModel[Step]):
    """Steps of custody."""

    def shown(self, value: Step) -> Shown:
        """Return one step."""
        return Shown(
            title=f"{value.exhibit}  {printable(value.giver)} – {printable(value.taker)}",
            subtitle=" · ".join(
                filter(
                    None,
                    (
                        value.receipt,
                        printable(value.place),
                        f"{value.gross_out_g} g",
                        printable(value.seal_out),
                        printable(value.discrepancy),
                        self._signed(value),
                    ),
                )
            ),
            trailing=moment(value.at),
            icon="stamp" if value.countersigned else "history",
            tone="check" if value.discrepancy else "muted",
        )

    def _signed(self, value: Step) -> str:
        name = signer_of(value)
        return say("samples.signed-by", self.language, name=printable(name)) if name else ""


class TestRows(TupleModel[FieldTest]):
    """Field tests, with the only word each may bear."""

    def shown(self, value: FieldTest) -> Shown:
        """Return one test."""
        word = fieldtest.word(value)
        weak = [f"test.limit.{limit}" for limit in fieldtest.limits(value)]
        weak += [f"test.doubt.{doubt}" for doubt in value.doubts]
        limits = "; ".join(say(key, self.language) for key in weak)
        return Shown(
            title=f"{say(f'test.{value.kind}', self.language)}: {say(f'test.word.{word}', self.language)}",
            subtitle=" · ".join(filter(None, (printable(value.substance), limits, value.sample))),
            trailing=moment(value.at),
            icon="flag",
            tone="check" if word != "presumptive_negative" else "muted",
        )


class PresenceRows(TupleModel[Presence]):
    """People who were present."""

    def shown(self, value: Presence) -> Shown:
        """Return one person."""
        outcome = say(f"presence.{value.outcome}", self.language)
        return Shown(
            title=f"{printable(value.name)}  {say(f'presence.{value.role}', self.language)}",
            subtitle=" · ".join(filter(None, (outcome, printable(value.reason), printable(value.address)))),
            trailing=moment(value.at),
            icon="users",
            tone="check" if value.outcome == "refused" else "muted",
        )


class HoldRows(TupleModel[Hold]):
    """Holds, open and lifted."""

    def shown(self, value: Hold) -> Shown:
        """Return one hold."""
        lifted = value.lifted_at is not None
        state = say("paper.lifted" if lifted else "paper.hold-open", self.language)
        reason = printable(value.lifted_why or value.reason)
        return Shown(
            title=f"{printable(value.authority)}: {state}",
            subtitle=" · ".join(filter(None, (line_words(value.line, self.language), reason))),
            trailing=moment(value.lifted_at or value.at),
            icon="hand",
            tone="muted" if lifted else "hold",
        )


class GoodsRows(TupleModel[GoodsStanding]):
    """Goods lines and what was decided of each."""

    def shown(self, value: GoodsStanding) -> Shown:
        """Return one line; a decision that waits says for whom."""
        if value.now is None:
            words = say("findings.undecided", self.language)
        elif value.waits is not None:
            words = say(
                "findings.waits",
                self.language,
                what=say(f"disposition.{value.waits}", self.language),
                now=say(f"disposition.{value.now}", self.language),
            )
        else:
            words = say(f"disposition.{value.now}", self.language)
        weight = f"{value.line.net_kg:g} kg" if value.line.net_kg is not None else ""
        return Shown(
            title=f"{value.line.seq}. {printable(value.line.description)}",
            subtitle=" · ".join(filter(None, (words, weight, printable(value.line.batch)))),
            icon=_DECIDED.get(value.now or "", "circle-question-mark"),
            tone={"release": "no_match", "refer": "check", None: "muted"}.get(value.now, "hold"),
            says=words,
        )


class BalanceRows(TupleModel[Balance]):
    """Papers that sanction an amount: what they allow, what is gone, what is left."""

    def shown(self, value: Balance) -> Shown:
        """Return one paper."""
        kind = say(f"document.{value.kind}", self.language)
        state = say(f"balance.{value.state}", self.language)
        return Shown(
            title=f"{kind} {printable(value.number)}: {state}",
            subtitle=balance_words(value, self.language),
            trailing=say("balance.until", self.language, on=value.valid_to) if value.valid_to else "",
            icon="scale",
            tone=_BALANCE[value.state],
            says=state,
        )


class AddendumRows(TupleModel[Addendum]):
    """What came after the record was sealed."""

    def shown(self, value: Addendum) -> Shown:
        """Return one addendum."""
        named = (value.issuer, value.number, value.exhibit)
        return Shown(
            title=f"{say(f'addendum.{value.kind}', self.language)}: {printable(value.text)}",
            subtitle=" · ".join(printable(each) for each in named if each),
            trailing=moment(value.at),
            icon="file-text",
            tone="accent",
        )


class ClockRows(TupleModel[Deadline]):
    """The clocks of the law, and what is left."""

    def shown(self, value: Deadline) -> Shown:
        """Return one clock as it stands now."""
        now = clock.now()
        standing = deadline.standing(value, now)
        return Shown(
            title=clock_words(value, self.language),
            subtitle=say(f"deadline.{standing}", self.language, left=_left(value.due, now)),
            trailing=moment(value.due),
            icon="clock",
            tone=_CLOCK[standing],
        )


def line_words(line: int | None, language: str) -> str:
    """Return "Goods line 2", "" for the whole consignment."""
    return say("role.goods-line", language, seq=line) if line is not None else ""


def balance_words(value: Balance, language: str) -> str:
    """Return the account of a paper in kilograms."""
    asked = "?" if value.asked_kg is None else f"{value.asked_kg:g}"
    return say(
        "balance.account", language,
        sanctioned=f"{value.sanctioned_kg:g}", used=f"{value.used_kg:g}", reserved=f"{value.reserved_kg:g}",
        left=f"{value.left_kg:g}", asked=asked,
    )  # fmt: skip


def goods_standing(inspection: Inspection) -> tuple[GoodsStanding, ...]:
    """Return each goods line with what holds for it and what waits for a second officer."""
    waits = disposition.waiting(inspection.decisions)
    return tuple(
        GoodsStanding(
            line=line,
            now=disposition.effective(inspection.decisions, line.seq),
            waits=next((one.disposition for one in waits if one.line in (None, line.seq)), None),
        )
        for line in inspection.consignment.goods
    )


def next_clock(inspection: Inspection, language: str) -> str:
    """Return the clock of the law that runs out first, and what is left; "" when none runs."""
    running = [one for one in inspection.deadlines if one.satisfied_at is None]
    if not running:
        return ""
    first, now = min(running, key=lambda one: one.due), clock.now()
    left = say(f"deadline.{deadline.standing(first, now)}", language, left=_left(first.due, now))
    return f"{clock_words(first, language)}: {left}"


def clock_words(value: Deadline, language: str) -> str:
    """Return what a clock is for, in the words of its profile."""
    if value.procedure in procedure.PROFILES:
        for each in procedure.profile(value.procedure).clock:
            if each.kind == value.kind:
                return each.words.in_language(language)
    return value.kind


def _left(due: datetime, now: datetime) -> str:
    minutes = int(abs((due - now).total_seconds()) // 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"
