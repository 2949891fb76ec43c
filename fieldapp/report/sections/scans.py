"""Every code that was scanned, in its order, with the verdict of that moment."""

from fieldapp.inspection.scan import Scan
from fieldapp.report.block import Block, para
from fieldapp.report.sheet import Sheet, sentences, table
from fieldapp.report.style import STRONG_BODY, TABLE, TABLE_STRONG, Style
from fieldapp.report.words import Words

_SHARES = (0.055, 0.065, 0.34, 0.27, 0.115, 0.155)
_SHARES_OF_TWO = (0.05, 0.06, 0.345, 0.2, 0.13, 0.215)


def build(sheet: Sheet) -> list[Block]:
    """Return one row a scan, or a sentence that nothing was scanned."""
    words, scans = sheet.words, sheet.inspection.scans
    if not scans:
        return [*sentences(words.sentences("paper.scans.none")), *_seen_before(sheet)]
    goods = {line.seq: line.description for line in sheet.inspection.consignment.goods}
    rows = [
        (
            str(number),
            f"{scan.at.astimezone(words.zone):%H:%M}",
            scan.identified.text or scan.symbol.text,
            goods.get(scan.goods_seq or 0, "–"),
            _remarks(words, scan),
            para(words.label(_outcome(scan)), _emphasis(scan)),
        )
        for number, scan in enumerate(scans, start=1)
    ]
    titles = (
        words.label("paper.no"),
        "IST",
        words.label("paper.scanned"),
        words.label("paper.declared-goods"),
        words.label("paper.source"),
        words.label("paper.verdict"),
    )
    shares = _SHARES if len(words.languages) == 1 else _SHARES_OF_TWO
    return [table(zip(shares, titles, strict=True), rows), *_seen_before(sheet)]


def _seen_before(sheet: Sheet) -> list[Block]:
    """Return a sentence for each mark that another inspection bears too."""
    return [
        para(said, STRONG_BODY)
        for seen in sheet.inspection.seen_before
        for said in sheet.words.sentences(f"seen.{seen.mark.kind}", numbers=", ".join(seen.inspections))
    ]


def _outcome(scan: Scan) -> str:
    return "state.withdrawn" if scan.withdrawn else f"verdict.{scan.verdict.word}"


def _emphasis(scan: Scan) -> Style:
    return TABLE if scan.verdict.word == "no_match" else TABLE_STRONG


def _remarks(words: Words, scan: Scan) -> str:
    parts = [words.label(f"paper.source.{scan.source}")]
    if not scan.symbol.confirmed:
        parts.append(words.label("paper.unconfirmed"))
    if scan.identified.confidence == "inferred":
        parts.append(words.label("paper.inferred"))
    issues = (words.explain(f"rule.{issue.rule}", issue.facts) for issue in scan.identified.issues)
    return ", ".join((*parts, *(" / ".join(said).rstrip(".।") for said in issues)))
