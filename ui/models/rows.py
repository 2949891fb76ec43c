"""The rows of every list in the window: inspections, consignments, scans, findings, hits, records."""

from collections.abc import Sequence

from fieldapp.actions.opening import InspectionRow
from fieldapp.consignment.consignment import Consignment
from fieldapp.inspection.finding import Finding
from fieldapp.inspection.scan import Scan, label_of
from fieldapp.screening.hit import Hit
from fieldapp.text import say, say_n
from fieldapp.vault.outbox import Waiting
from ui import theme
from ui.models.labels import code_words
from ui.models.moments import moment
from ui.models.naming import printable, role_words, source_words
from ui.models.sizes import size
from ui.models.tuples import Shown, Tie, TupleModel

_SEVERITY = {"critical": "hold", "major": "check", "other": "muted"}
_LANE = {"red": "hold", "yellow": "check", "blue": "cannot_check", "green": "no_match"}
_BAND = {"strong": "hold", "review": "check", "weak": "muted", "none": "muted"}


class InspectionRows(TupleModel[InspectionRow]):
    """Inspections: number and consignee, where it stands, when it was opened."""

    def shown(self, value: InspectionRow) -> Shown:
        """Return the row of one inspection; a returned one comes with its remarks."""
        state = say(f"state.{value.state}", self.language)
        if value.state == "sealed":
            state = say(f"transport.{value.transport}", self.language)
        if value.state == "returned":
            state = say_n("home.returned-remarks", self.language, value.remarks)
        if value.earlier:
            state = say("home.earlier", self.language)
        disposition = say(f"disposition.{value.disposition}", self.language) if value.disposition else ""
        lane = say(f"lane.{value.lane}", self.language) if value.lane else ""
        parts = (value.reference, disposition, state, lane, self._time(value))
        returned = value.state == "returned"
        word = value.verdict
        icon = (
            "history"
            if returned or value.earlier
            else theme.VERDICTS[word].icon
            if value.scans
            else "clipboard-list"
        )
        return Shown(
            title=f"{value.number}  {value.consignee}".strip(),
            subtitle=" · ".join(part for part in parts if part),
            trailing=moment(value.opened),
            icon=icon,
            tone="check" if returned else word if value.scans else "muted",
            says=state if returned else say(f"verdict.{word}", self.language) if value.scans else "",
        )

    def _time(self, value: InspectionRow) -> str:
        """Return what runs out: the clock of the law before the order's due time."""
        if value.clock is not None:
            return say("home.clock", self.language, at=moment(value.clock))
        return say("home.due", self.language, at=moment(value.due)) if value.due else ""


class ConsignmentRows(TupleModel[Consignment]):
    """Consignments that wait: reference, consignee, first goods line."""

    def shown(self, value: Consignment) -> Shown:
        """Return the row of one consignment."""
        parties = {party.role: party.name for party in value.parties}
        consignee = parties.get("consignee") or parties.get("importer") or ""
        goods = value.goods[0].description if value.goods else ""
        order = value.assignment
        lane = say(f"lane.{order.lane}", self.language) if order else ""
        due = say("home.due", self.language, at=moment(order.due)) if order and order.due else ""
        why = ", ".join(printable(reason) for reason in order.reasons) if order else ""
        return Shown(
            title=f"{value.reference}  {consignee}".strip(),
            subtitle=" · ".join(filter(None, (lane, due, why, printable(goods)))),
            trailing=say(f"direction.{value.direction}", self.language),
            icon="flag" if order else "package",
            tone=_LANE[order.lane] if order else "muted",
            says=lane,
        )


class ScanRows(TupleModel[Scan]):
    """Scans of one inspection: the code, what it is of, when. Codes of one label are tied together."""

    def put(self, values: Sequence[Scan]) -> None:
        """Show `values`, the newest first; neighbours of one label are tied."""
        in_order = tuple(reversed(values))
        self._labels = {scan.id: label_of(scan, in_order) for scan in in_order}
        super().put(values)

    def shown(self, value: Scan) -> Shown:
        """Return the row of one scan."""
        named = value.identified.identifiers
        details = [
            say(f"scan.of.{key}", self.language, value=named[key])
            for key in ("batch", "serial")
            if key in named
        ]
        subtitle = " · ".join(details) or value.symbol.symbology
        label = self._labels[value.id]
        if len(label) > 1:
            place = [scan.id for scan in label].index(value.id) + 1
            subtitle = say("scan.of.label", self.language, place=place, count=len(label)) + " · " + subtitle
        if value.withdrawn:
            subtitle = say("scan.withdrawn", self.language)
        word = value.verdict.word
        return Shown(
            title=code_words(value),
            subtitle=printable(subtitle),
            trailing=moment(value.at),
            icon=theme.VERDICTS[word].icon,
            tone=word,
            says=say(f"verdict.{word}", self.language),
            tie=_tie(label, value),
        )


def _tie(label: tuple[Scan, ...], scan: Scan) -> Tie:
    """Return where in the run of rows of its label a scan stands; the newest stands first."""
    if len(label) < 2:
        return ""
    return "first" if label[-1].id == scan.id else "last" if label[0].id == scan.id else "middle"


class FindingRows(TupleModel[Finding]):
    """Findings: number, note, severity."""

    def shown(self, value: Finding) -> Shown:
        """Return the row of one finding; a withdrawn one says so."""
        severity = say(f"severity.{value.severity}", self.language)
        if value.withdrawn:
            subtitle = say("findings.withdrawn", self.language, reason=value.withdrawn)
        else:
            subtitle = say_n("findings.photos", self.language, len(value.evidence)) if value.evidence else ""
        return Shown(
            title=f"{value.number}. {printable(value.note)}",
            subtitle=f"{severity} · {subtitle}" if subtitle else severity,
            trailing=moment(value.at),
            icon="undo" if value.withdrawn else "flag",
            tone="muted" if value.withdrawn else _SEVERITY[value.severity],
        )


class HitRows(TupleModel[Hit]):
    """Hits: the name that was screened, the listed one, how near."""

    def shown(self, value: Hit) -> Shown:
        """Return the row of one hit."""
        compared = f"{role_words(value.subject.role, self.language)}: {printable(value.subject.name)}"
        source = source_words(value, self.language)
        return Shown(
            title=printable(value.listed_name),
            subtitle=" · ".join(part for part in (compared, printable(value.entry), source) if part),
            trailing=say("card.of-100", self.language, score=round(value.score * 100)),
            icon="users" if value.subject.kind == "party" else "search",
            tone=_BAND[value.band],
            says=say(f"band.{value.band}", self.language),
        )


class OutboxRows(TupleModel[Waiting]):
    """Sealed records: number, how far each has come."""

    def shown(self, value: Waiting) -> Shown:
        """Return the row of one record; a refused one says why."""
        state = say(f"transport.{value.state}", self.language)
        if value.state == "refused" and value.why:
            state = f"{state}: {printable(value.why)}"
        files = ""
        if value.blobs_total:
            files = say("outbox.files", self.language, done=value.blobs_done, total=value.blobs_total)
            if value.bytes_done < value.bytes_total:
                here = (size(value.bytes_done, self.language), size(value.bytes_total, self.language))
                files += f" · {say('outbox.bytes', self.language, done=here[0], total=here[1])}"
        if value.standing == "returned":
            said = say_n("home.returned-remarks", self.language, value.remarks)
            state = f"{state} · {said}"
        whole = value.state == "acknowledged" and value.blobs_done == value.blobs_total
        icon, tone = ("circle-check", "no_match") if whole else ("upload", "muted")
        if value.state == "refused":
            icon, tone = "octagon-x", "hold"
        return Shown(
            title=say("outbox.record", self.language, number=value.number, revision=value.revision),
            subtitle=f"{state} · {files}" if files else state,
            trailing=value.record[:12],
            icon=icon,
            tone=tone,
            says=state,
        )
