"""Why: every reason for a verdict, worst first, each once, with what a person judged.

Of what led to NO MATCH only hits (weak ones, and those judged false) and papers in order are told.
"""

from fieldapp.report.block import Block, para
from fieldapp.report.grid import Stack
from fieldapp.report.sheet import Sheet, sentences, table
from fieldapp.report.style import SMALL, TABLE, TABLE_STRONG
from fieldapp.screening.hit import Hit, Span
from fieldapp.screening.verdict import WORDS, Line


def build(sheet: Sheet) -> list[Block]:
    """Return a table of reasons, or a sentence that there are none."""
    words = sheet.words
    lines = _distinct(sheet)
    if not lines:
        return sentences(words.sentences("paper.why.none"))
    rows = [
        (
            para(words.label(f"verdict.{line.word}"), TABLE_STRONG),
            para(words.label(f"paper.part.{line.part}"), TABLE),
            Stack([para(said, TABLE) for said in words.reason(line.reason)] + _details(sheet, line)),
            ", ".join(str(number) for number in numbers),
        )
        for line, numbers in lines
    ]
    columns = (
        (0.16, words.label("paper.verdict")),
        (0.13, words.label("paper.part")),
        (0.60, words.label("paper.reason")),
        (0.11, words.label("paper.scan")),
    )
    return [table(columns, rows)]


def _distinct(sheet: Sheet) -> list[tuple[Line, list[int]]]:
    # The same hit on sixty packs is one reason that names sixty scans. A false hit stays, with its judge.
    found: dict[tuple[object, ...], tuple[Line, list[int]]] = {}
    for number, scan in enumerate(sheet.inspection.scans, start=1):
        for line in scan.verdict.lines:
            if line.word == "no_match" and line.hit is None and line.part != "papers":
                continue
            key = (line.part, line.word, line.reason.code, repr(sorted(line.reason.facts.items())))
            found.setdefault(key, (line, []))[1].append(number)
    return sorted(found.values(), key=lambda pair: WORDS.index(pair[0].word))


def _details(sheet: Sheet, line: Line) -> list[Block]:
    words = sheet.words
    details: list[Block] = []
    if line.hit is not None:
        details.append(para(_listing(sheet, line.hit), SMALL))
        details += _compared(sheet, line.hit)
        for reason in line.hit.reasons:
            details += [para(said, SMALL) for said in words.reason(reason)]
    if line.substance is not None and not line.substance.verified:
        details.append(para(words.label("paper.row-unverified"), SMALL))
    if line.memory is not None:
        details += [para(said, SMALL) for said in words.reason(line.memory)]
    judged = line.adjudication
    if judged is None and line.hit is not None:
        wanted = line.hit.id
        judged = next((one for one in reversed(sheet.inspection.adjudications) if one.hit == wanted), None)
    if judged is not None:
        outcome = words.label(f"paper.judged.{judged.verdict}")
        details.append(para(f"{outcome} · {judged.by} · {judged.reason}", SMALL))
    return details


def _compared(sheet: Sheet, hit: Hit) -> list[Block]:
    if not (hit.differs_query or hit.differs_listed):
        return []
    ours = _bracketed(hit.subject.name, hit.differs_query)
    listed = _bracketed(hit.listed_name, hit.differs_listed)
    return [para(f"{sheet.words.label('paper.compared')}: {ours} ~ {listed}", SMALL)]


def _bracketed(name: str, spans: tuple[Span, ...]) -> str:
    """Return `name` with what differs in single angle marks."""
    out, at = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        start, end = max(span.start, at), min(max(span.end, span.start), len(name))
        if start < end:
            out += [name[at:start], "‹", name[start:end], "›"]
            at = end
    return "".join([*out, name[at:]])


def _listing(sheet: Sheet, hit: Hit) -> str:
    words = sheet.words
    parts = [
        words.label("paper.alias") if hit.alias else "",
        f"{words.label('paper.list')} {hit.source}" if hit.source else "",
        hit.programme,
        f"{words.label('paper.listed-on')} {hit.listed_on}" if hit.listed_on else "",
        f"{words.label('paper.score')} {hit.score:.0%}",
    ]
    return " · ".join(part for part in parts if part)
