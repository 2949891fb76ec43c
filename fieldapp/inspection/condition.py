"""When a question is asked: a small condition over earlier answers.

    seal-present == yes
    packages > 10 and not lane == green
    mode in (air, courier) or gross-kg >= 1000

Promises: reading is done once and refuses what it does not understand, with the column; deciding never
raises and looks at nothing but the answers given. A comparison with an unanswered question is false.
Values are words without spaces, or quoted; numbers compare as numbers when both sides are numbers.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Literal

import msgspec

_TOKEN = re.compile(
    r"""\s*(?:(?P<op>==|!=|>=|<=|>|<)|(?P<mark>[(),])|(?P<text>"[^"]*"|'[^']*'|[^\s(),=!<>"']+))"""
)
_WORDS = ("and", "or", "not", "in")
DEEPEST = 32  # nesting, as for every input

Operator = Literal["==", "!=", ">", "<", ">=", "<=", "in"]


class Test(msgspec.Struct, frozen=True, tag="test"):
    """One comparison of a question's answer with one or more values."""

    question: str
    operator: Operator
    values: tuple[str, ...]


class All(msgspec.Struct, frozen=True, tag="all"):
    """True when each part is."""

    parts: tuple["Condition", ...]


class Either(msgspec.Struct, frozen=True, tag="any"):
    """True when one part is."""

    parts: tuple["Condition", ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    """True when its part is not."""

    part: "Condition"


Condition = Test | All | Either | Not


class Unreadable(ValueError):
    """The condition cannot be read; `column` counts from 1, `code` says what was expected."""

    def __init__(self, code: str, column: int) -> None:
        super().__init__(f"{code} at column {column}")
        self.code = code
        self.column = column


def read(text: str) -> Condition:
    """Read a condition; raises Unreadable."""
    reader = _Reader(text)
    found = reader.either(0)
    if reader.next() is not None:
        raise Unreadable("more-than-expected", reader.column())
    return found


def questions(condition: Condition) -> frozenset[str]:
    """Return the ids of the questions that `condition` looks at."""
    match condition:
        case Test():
            return frozenset({condition.question})
        case Not():
            return questions(condition.part)
        case All() | Either():
            return frozenset().union(*(questions(part) for part in condition.parts))


def holds(condition: Condition, answers: Mapping[str, str]) -> bool:
    """Say whether `condition` holds for `answers` (question id to the value given)."""
    match condition:
        case Test():
            return _compare(answers.get(condition.question), condition)
        case Not():
            return not holds(condition.part, answers)
        case All():
            return all(holds(part, answers) for part in condition.parts)
        case Either():
            return any(holds(part, answers) for part in condition.parts)


def _compare(given: str | None, test: Test) -> bool:
    if given is None:
        return False
    match test.operator:
        case "==" | "in":
            return any(_equal(given, value) for value in test.values)
        case "!=":
            return not _equal(given, test.values[0])
        case _:
            left, right = _number(given), _number(test.values[0])
            if left is None or right is None:
                return False
            return {
                ">": left > right,
                "<": left < right,
                ">=": left >= right,
                "<=": left <= right,
            }[test.operator]


def _equal(given: str, value: str) -> bool:
    left, right = _number(given), _number(value)
    return given == value if left is None or right is None else left == right


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


class _Reader:
    """Reads one condition from left to right: or, and, not, comparison."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def column(self) -> int:
        return len(self._text) - len(self._text[self._at :].lstrip()) + 1

    def next(self) -> re.Match[str] | None:
        if not self._text[self._at :].strip():
            return None
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise Unreadable("sign-unknown", self.column())
        return found

    def take(self, word: str) -> bool:
        found = self.next()
        if found is None or found.group().strip() != word:
            return False
        self._at = found.end()
        return True

    def either(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise Unreadable("too-deep", self.column())
        parts = [self.each(depth)]
        while self.take("or"):
            parts.append(self.each(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def each(self, depth: int) -> Condition:
        parts = [self.one(depth)]
        while self.take("and"):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def one(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise Unreadable("too-deep", self.column())
        if self.take("not"):
            return Not(self.one(depth + 1))
        if self.take("("):
            inner = self.either(depth + 1)
            self.require(")")
            return inner
        question = self.value()
        if self.take("in"):
            self.require("(")
            values = [self.value()]
            while self.take(","):
                values.append(self.value())
            self.require(")")
            return Test(question, "in", tuple(values))
        found = self.next()
        if found is None or found["op"] is None:
            raise Unreadable("comparison-expected", self.column())
        self._at = found.end()
        return Test(question, found["op"], (self.value(),))  # type: ignore[arg-type]  # the pattern lists them

    def value(self) -> str:
        found = self.next()
        if found is None or found["text"] is None or found["text"] in _WORDS:
            raise Unreadable("value-expected", self.column())
        self._at = found.end()
        text = found["text"]
        return text[1:-1] if text[0] in "\"'" else text

    def require(self, mark: str) -> None:
        if not self.take(mark):
            raise Unreadable("bracket-expected", self.column())
