"""The rows of lists about the watchlist itself: entries near what was typed, hits with how they were judged,
and what a later list would have hit.
"""

from fieldapp import text
from fieldapp.actions.listing import Listed
from fieldapp.actions.rescreening import LaterRow
from fieldapp.inspection.inspection import Inspection, open_hits
from fieldapp.screening.hit import Adjudication, Hit
from fieldapp.text import say
from ui.models.naming import printable, role_words, source_named
from ui.models.rows import HitRows
from ui.models.tuples import Shown, TupleModel

_KIND = {
    "person": "user",
    "company": "users",
    "vessel": "package",
    "aircraft": "package",
    "substance": "scale",
}
_JUDGED = {
    "true": ("gavel", "hold"),
    "false": ("circle-check", "no_match"),
    "unsure": ("circle-question-mark", "check"),
}


class ListedRows(TupleModel[Listed]):
    """Entries: the first name, and the name or number that came near where it is another."""

    def shown(self, value: Listed) -> Shown:
        """Return the row of one entry."""
        met = ""
        if value.how != "name":
            met = say("search.met-number", self.language, value=printable(value.met))
        elif value.met != value.name:
            met = say(f"search.met-{value.quality}", self.language, name=printable(value.met))
        where = ", ".join(country.upper() for country in value.countries[:3])
        parts = (met, printable(where), source_named(value.source, self.language), printable(value.programme))
        return Shown(
            title=printable(value.name),
            subtitle=" · ".join(part for part in parts if part),
            icon=_KIND.get(value.kind, "search"),
            tone="muted",
            says=say(f"entry.kind.{value.kind}", self.language),
        )


def judged_hits(inspection: Inspection) -> tuple[tuple[Hit, Adjudication | None], ...]:
    """Return the hits that wait to be judged, then those that were, each once with its judgement."""
    given = {each.hit: each for each in inspection.adjudications}
    waiting = open_hits(inspection) if inspection.state == "draft" else ()
    found = {hit.id: hit for scan in inspection.scans for hit in scan.screening.every_hit()}
    settled = tuple(
        hit for key, hit in found.items() if key in given and key not in {each.id for each in waiting}
    )
    return tuple((hit, given.get(hit.id)) for hit in (*waiting, *settled))


class JudgedRows(TupleModel[tuple[Hit, Adjudication | None]]):
    """Hits of an inspection: those to judge, and those judged, which say by whom and why."""

    def shown(self, value: tuple[Hit, Adjudication | None]) -> Shown:
        """Return the row of one hit."""
        hit, judgement = value
        plain = HitRows(self.language).shown(hit)
        if judgement is None:
            return plain
        icon, tone = _JUDGED[judgement.verdict]
        verdict = say(f"judged.{judgement.verdict}", self.language)
        facts = {
            "by": printable(judgement.by),
            "on": judgement.at[:10],
            "reason": printable(judgement.reason),
        }
        key = "judged.before" if judgement.remembered else "judged.here"
        told = say(key, self.language, **facts, number=judgement.remembered)
        return Shown(
            title=f"{verdict}: {printable(hit.listed_name)}",
            subtitle=told,
            trailing=plain.trailing,
            icon=icon,
            tone=tone,
            says=verdict,
        )


class LaterHitRows(TupleModel[LaterRow]):
    """What a later list would have hit: whom, in which inspection, on which entry."""

    def shown(self, value: LaterRow) -> Shown:
        """Return the row of one later hit."""
        hit = value.hit
        plain = HitRows(self.language).shown(hit)
        compared = f"{role_words(hit.subject.role, self.language)}: {printable(hit.subject.name)}"
        parts = (value.number, say(f"state.{value.state}", self.language), compared)
        return Shown(
            title=printable(hit.listed_name),
            subtitle=" · ".join(parts),
            trailing=plain.trailing,
            icon="history",
            tone=plain.tone,
            says=plain.says,
        )


def kind_words(kind: str, language: str) -> str:
    """Return what sort of thing an entry is."""
    return say(f"entry.kind.{kind}", language)


def type_words(kind: str, language: str) -> str:
    """Return the name of an identifier's type; the publisher's own where we have none."""
    key = f"entry.type.{kind}"
    return say(key, language) if text.has(key, language) else printable(kind)
