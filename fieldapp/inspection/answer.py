"""Answers to a checklist: what was given, what is still asked, and what does not fit.

Answers are kept as text with their unit and source. An answer to a question that is no longer asked
stays and is not counted: going back brings it back. Nothing here refuses to keep what was typed; what
does not fit is said beside it and holds up the seal.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from fieldapp.consignment.quantity import number, unit_code
from fieldapp.inspection import condition
from fieldapp.inspection.checklist import Checklist, Question, conditions

Source = Literal["typed", "scan", "import"]
Misfit = Literal["not-a-number", "below", "above", "not-an-option", "not-a-date", "unit-unknown", "required"]


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer. `value` is as given: an option's value, yes/no/na, a number, ISO date, or words."""

    question: Annotated[str, msgspec.Meta(max_length=60)]
    value: Annotated[str, msgspec.Meta(max_length=20_000)]
    at: datetime
    unit: Annotated[str, msgspec.Meta(max_length=10)] = ""
    source: Source = "typed"
    note: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    uncertainty: Annotated[str, msgspec.Meta(max_length=40)] = ""  # as the instrument gives it: "0.005"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one question stands: asked or skipped, its answer, and what does not fit about it."""

    question: Question
    asked: bool
    answer: Answer | None = None
    misfit: Misfit | None = None
    wants_finding: bool = False


def give(answers: Sequence[Answer], new: Answer) -> tuple[Answer, ...]:
    """Return the answers with `new` in the place of an earlier one; an empty value takes it back."""
    kept = tuple(old for old in answers if old.question != new.question)
    return (*kept, new) if new.value or new.note else kept


def standings(checklist: Checklist, answers: Sequence[Answer]) -> tuple[Standing, ...]:
    """Return how every question stands, in the order of the checklist.

    Questions are decided from the first to the last: an answer to a skipped question counts for nothing
    in the conditions after it.
    """
    when = conditions(checklist)
    given = {answer.question: answer for answer in answers}
    counted: dict[str, str] = {}
    found = []
    for question in checklist.questions():
        asked = question.id not in when or condition.holds(when[question.id], counted)
        answer = given.get(question.id)
        if asked and answer is not None and answer.value:
            counted[question.id] = answer.value
        found.append(
            Standing(
                question=question,
                asked=asked,
                answer=answer,
                misfit=_misfit(question, answer) if asked else None,
                wants_finding=asked and answer is not None and answer.value in question.finding,
            )
        )
    return tuple(found)


def unfinished(checklist: Checklist, answers: Sequence[Answer]) -> tuple[Standing, ...]:
    """Return the questions that hold up the seal."""
    return tuple(one for one in standings(checklist, answers) if one.misfit is not None)


def _misfit(question: Question, answer: Answer | None) -> Misfit | None:
    if answer is None or not answer.value.strip():
        return "required" if question.required else None
    match question.kind:
        case "yes_no":
            return None if answer.value in ("yes", "no", "na") else "not-an-option"
        case "choice":
            return (
                None if any(option.value == answer.value for option in question.options) else "not-an-option"
            )
        case "number" | "quantity":
            return _out_of_bounds(question, answer)
        case "date":
            return None if _is_date(answer.value) else "not-a-date"
        case _:
            return None


def _out_of_bounds(question: Question, answer: Answer) -> Misfit | None:
    value = number(answer.value)
    if value is None:
        return "not-a-number"
    if question.kind == "quantity" and unit_code(answer.unit or question.unit) is None:
        return "unit-unknown"
    if question.least is not None and value < question.least:
        return "below"
    return "above" if question.most is not None and value > question.most else None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
