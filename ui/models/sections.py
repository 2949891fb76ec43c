"""The rows of an inspection's sections: papers compared, samples, custody, people, holds, clocks, tests."""

from datetime import datetime

from fieldapp import clock
from fieldapp.inspection import deadline, fieldtest, procedure
from fieldapp.inspection.comparison import Row, by_source
from fieldapp.inspection.custody import Step
from fieldapp.inspection.deadline import Deadline
from fieldapp.inspection.fieldtest import FieldTest
from fieldapp.inspection.hold import Hold
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
_CLOCK = {"running": "muted", "soon": "check", "overdue": "hold", "satisfied": "no_match", "late": "check"}


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
                    ),
                )
            ),
            trailing=moment(value.at),
            icon="history",
            tone="check" if value.discrepancy else "muted",
        )


class TestRows(TupleModel[FieldTest]):
    """Field tests, with the only word each may bear."""

    def shown(self, value: FieldTest) -> Shown:
        """Return one test."""
        word = fieldtest.word(value)
        limits = "; ".join(say(f"test.limit.{limit}", self.language) for limit in fieldtest.limits(value))
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
        return Shown(
            title=f"{printable(value.authority)}: {state}",
            subtitle=printable(value.lifted_why or value.reason),
            trailing=moment(value.lifted_at or value.at),
            icon="hand",
            tone="muted" if lifted else "hold",
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
