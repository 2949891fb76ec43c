"""Findings: numbered observations with their severity and what proves them. A withdrawn one stays."""

from fieldapp.inspection.finding import Finding
from fieldapp.report.block import Block, para
from fieldapp.report.grid import Stack
from fieldapp.report.sheet import Sheet, sentences, table
from fieldapp.report.style import SMALL, TABLE, TABLE_STRONG


def build(sheet: Sheet) -> list[Block]:
    """Return the findings, or a sentence that none was recorded."""
    words, inspection = sheet.words, sheet.inspection
    if not inspection.findings:
        return sentences(words.sentences("paper.findings.none"))
    photos = {item.id: number for number, item in enumerate(inspection.evidence, start=1)}
    rows = [
        (
            str(finding.number),
            para(words.label(f"severity.{finding.severity}"), TABLE_STRONG),
            Stack([para(finding.note, TABLE), *_withdrawn(sheet, finding)]),
            ", ".join(str(photos[item]) for item in finding.evidence if item in photos) or "–",
            words.time(finding.at),
        )
        for finding in inspection.findings
    ]
    columns = (
        (0.06, words.label("paper.no")),
        (0.13, words.label("paper.severity")),
        (0.51, words.label("paper.observation")),
        (0.11, words.label("paper.exhibit")),
        (0.19, words.label("paper.time")),
    )
    return [table(columns, rows)]


def _withdrawn(sheet: Sheet, finding: Finding) -> list[Block]:
    if not finding.withdrawn:
        return []
    return [para(f"{sheet.words.label('paper.withdrawn')}: {finding.withdrawn}", SMALL)]
