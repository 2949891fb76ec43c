"""The rows of a story: what happened, in words, with the day and the hour."""

from fieldapp import text
from fieldapp.inspection import procedure
from fieldapp.inspection.timeline import Kind, Moment
from fieldapp.text import say
from ui import theme
from ui.models.moments import stamp
from ui.models.naming import printable
from ui.models.tuples import Shown, TupleModel

ICONS: dict[Kind, str] = {
    "ordered": "gavel", "opened": "folder-open", "scanned": "scan-line", "hit": "flag", "judged": "scale",
    "found": "clipboard-check", "photographed": "camera", "filed": "file-text", "tested": "eye",
    "answered": "clipboard-list", "drawn": "package", "handed": "users", "held": "hand", "lifted": "hand",
    "decided": "gavel", "seconded": "users", "attended": "user", "clock": "clock", "met": "check",
    "due": "clock", "sealed": "stamp", "reviewed": "history", "added": "plus",
}  # fmt: skip
# The closed list that a kind's `code` comes from, where it has words in the catalogue.
_CODES: dict[Kind, str] = {
    "ordered": "lane", "scanned": "verdict", "hit": "band", "judged": "judge", "found": "severity",
    "tested": "test.word", "decided": "disposition", "seconded": "disposition", "attended": "presence",
    "reviewed": "story.outcome", "added": "addendum",
}  # fmt: skip
_TONES = {
    "critical": "hold", "strong": "hold", "seize": "hold", "returned": "check", "review": "check",
    "approved": "no_match",
}  # fmt: skip


class StoryRows(TupleModel[Moment]):
    """Moments of one consignment: what, in which words, when."""

    def shown(self, value: Moment) -> Shown:
        """Return the row of one moment; what was taken back says so."""
        told = say(f"story.{value.kind}", self.language, name=self._name(value), revision=value.revision)
        parts = (
            say("story.withdrawn", self.language) if value.withdrawn else "",
            self._code(value),
            printable(value.text),
            printable(value.by),
        )
        verdict = value.code in theme.VERDICTS and value.kind == "scanned"
        tone = value.code if verdict else _TONES.get(value.code, "accent")
        return Shown(
            title=told.strip(" :"),
            subtitle=" · ".join(part for part in parts if part),
            trailing=stamp(value.at)[:16],
            icon=ICONS[value.kind],
            tone="muted" if value.withdrawn else tone,
            says=self._code(value),
        )

    def _name(self, value: Moment) -> str:
        if value.kind in ("clock", "met", "due") and value.code in procedure.PROFILES:
            for clock in procedure.profile(value.code).clock:
                if clock.kind == value.name:
                    return clock.words.in_language(self.language)
        if value.kind == "attended":
            return say(f"presence.{value.name}", self.language)
        return printable(value.name)

    def _code(self, value: Moment) -> str:
        key = f"{_CODES[value.kind]}.{value.code}" if value.kind in _CODES else ""
        if value.kind == "met":
            return say(f"story.{value.text}", self.language)
        return say(key, self.language) if key and text.has(key, self.language) else ""
