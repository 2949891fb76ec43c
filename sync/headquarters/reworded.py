"""What a newer checklist changes, question by question: words and rules before and after, in both languages.

Every difference between two checklists is a line, or is counted among those that no longer fit (`MOST`):
nobody agrees to a change that was not at least announced. Questions and sections are matched by id. All texts
are outside material: plain, cut at `LONGEST` characters with an ellipsis.
"""

from typing import Literal

import msgspec

from fieldapp.inspection.checklist import Checklist, Option, Question, Wording

MOST = 100  # lines that are kept
LONGEST = 1_200  # characters of one text; the words of a question in both languages fit
_FIELDS = ("words", "hint", "kind", "required", "options", "unit", "least", "most", "when", "finding")


class Reworded(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. `id` is the question's or section's, or ""; part and field have words `hq.asked.*`."""

    what: Literal["added", "removed", "changed"]
    part: Literal["checklist", "section", "question"]
    field: str
    id: str = ""
    before: str = ""
    after: str = ""


def compare(before: Checklist | None, after: Checklist) -> tuple[Reworded, ...]:
    """Return every difference, what goes first: removed, changed, added; none where `after` is the first."""
    if before is None:
        return ()
    stay = {question.id for question in before.questions()} & {question.id for question in after.questions()}
    whole = _fields("checklist", "", _told(before, stay), _told(after, stay))
    sections = _matched("section", _sections(before), _sections(after))
    questions = _matched("question", _questions(before), _questions(after))
    places = {"removed": 0, "changed": 1, "added": 2}
    return tuple(sorted((*whole, *sections, *questions), key=lambda one: places[one.what]))


def _matched(
    part: Literal["section", "question"], was: dict[str, dict[str, str]], now: dict[str, dict[str, str]]
) -> list[Reworded]:
    found: list[Reworded] = []
    for own in dict.fromkeys((*was, *now)):
        if own not in now:
            found.append(Reworded(what="removed", part=part, id=own, field="words", before=was[own]["words"]))
        elif own not in was:
            found.append(Reworded(what="added", part=part, id=own, field="words", after=now[own]["words"]))
        else:
            found += _fields(part, own, was[own], now[own])
    return found


def _fields(
    part: Literal["checklist", "section", "question"], own: str, was: dict[str, str], now: dict[str, str]
) -> list[Reworded]:
    return [
        Reworded(
            what="changed", part=part, id=own, field=field, before=_cut(was[field]), after=_cut(now[field])
        )
        for field in now
        if was[field] != now[field]
    ]


def _told(made: Checklist, stay: set[str]) -> dict[str, str]:
    order = ", ".join(question.id for question in made.questions() if question.id in stay)
    return {"words": _both(made.words), "site": made.site, "order": order}


def _sections(made: Checklist) -> dict[str, dict[str, str]]:
    return {section.id: {"words": _both(section.words)} for section in made.section}


def _questions(made: Checklist) -> dict[str, dict[str, str]]:
    return {
        question.id: {field: _text(question, field) for field in _FIELDS} | {"section": section.id}
        for section in made.section
        for question in section.question
    }


def _text(question: Question, field: str) -> str:
    value = getattr(question, field)
    if isinstance(value, Wording):
        return _both(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "\n".join(
            f"{one.value}: {_both(one.words)}" if isinstance(one, Option) else str(one) for one in value
        )
    return "" if value is None else str(value)


def _both(words: Wording) -> str:
    return f"{words.en}\n{words.hi}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
