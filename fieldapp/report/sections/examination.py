"""What was done at the goods: the place, what was weighed and read, field tests, who was present.

A field test is never called more than presumptive, and what weakens it stands beside it.
"""

from fieldapp.inspection import fieldtest, position
from fieldapp.inspection.fieldtest import FieldTest
from fieldapp.report.block import Block, para
from fieldapp.report.sheet import Sheet, gap, pairs, sentences, table
from fieldapp.report.style import TABLE_STRONG
from fieldapp.report.words import Words


def build(sheet: Sheet) -> list[Block]:
    """Return the parts that have something to say."""
    inspection, words = sheet.inspection, sheet.words
    parts: list[list[Block]] = []
    if inspection.place or inspection.located:
        parts.append([_where(sheet)])
    if inspection.found:
        parts.append([_found(sheet)])
    if inspection.field_tests:
        parts.append(
            [
                _tests(words, inspection.field_tests),
                gap(3),
                *sentences(words.sentences("paper.tests.presumptive")),
            ]
        )
    if inspection.present:
        parts.append([_present(sheet)])
    return [block for part in parts for block in (*part, gap(7))][:-1]


def _where(sheet: Sheet) -> Block:
    words, inspection = sheet.words, sheet.inspection
    located = inspection.located
    told = [(words.label("paper.place"), inspection.place)]
    if located is not None:
        said = dict.fromkeys(position.words(located, language) for language in words.languages)
        told.append((words.label("paper.position"), " / ".join(said)))
    return pairs(told)


def _found(sheet: Sheet) -> Block:
    words = sheet.words
    rows = [
        (words.label(f"field.{one.field}"), str(one.line or "–"), one.value, one.uncertainty)
        for one in sheet.inspection.found
    ]
    columns = (
        (0.30, words.label("paper.found")),
        (0.10, words.label("paper.line")),
        (0.40, words.label("paper.value")),
        (0.20, words.label("paper.uncertainty")),
    )
    return table(columns, rows)


def _tests(words: Words, tests: tuple[FieldTest, ...]) -> Block:
    rows = [
        (
            words.time(test.at),
            f"{words.label(f'test.{test.kind}')} {_means(test)}".strip(),
            para(
                f"{words.label(f'test.word.{fieldtest.word(test)}')} {test.substance}".strip(), TABLE_STRONG
            ),
            "; ".join(
                (
                    *(words.label(f"test.limit.{limit}") for limit in fieldtest.limits(test)),
                    *(words.label(f"test.doubt.{doubt}") for doubt in test.doubts),
                )
            ),
            ", ".join(filter(None, (test.sample, test.operator))),
        )
        for test in tests
    ]
    columns = (
        (0.195, words.label("paper.time")),
        (0.225, words.label("paper.test")),
        (0.20, words.label("paper.result")),
        (0.22, words.label("paper.weakens")),
        (0.16, words.label("paper.sample-operator")),
    )
    return table(columns, rows)


def _means(test: FieldTest) -> str:
    if test.kind in fieldtest.INSTRUMENTS:
        score = f"{test.score:.2f}/{test.bar:.2f}" if test.score is not None and test.bar is not None else ""
        device = (test.device, test.serial, test.library, test.library_version, test.method, score)
        return ", ".join(filter(None, device))
    expires = test.kit_expires.isoformat() if test.kit_expires else ""
    return ", ".join(filter(None, (test.kit_lot, expires)))


def _present(sheet: Sheet) -> Block:
    words = sheet.words
    rows = [
        (
            words.label(f"presence.{one.role}"),
            one.name,
            one.address,
            f"{words.label(f'presence.{one.outcome}')}{': ' + one.reason if one.reason else ''}",
            one.read_over_in,
        )
        for one in sheet.inspection.present
    ]
    columns = (
        (0.18, words.label("paper.present")),
        (0.20, words.label("paper.name")),
        (0.24, words.label("paper.address")),
        (0.24, words.label("paper.signature-or-refusal")),
        (0.14, words.label("paper.read-over-in")),
    )
    return table(columns, rows)
