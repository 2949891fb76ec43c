"""The declared side: parties, goods lines, papers, containers, as they stood on the papers."""

from fieldapp.report.block import Block
from fieldapp.report.sheet import Sheet, gap, table
from fieldapp.report.words import Words


def build(sheet: Sheet) -> list[Block]:
    """Return the tables of what is declared; a table with no rows is left out."""
    words, consignment = sheet.words, sheet.inspection.consignment
    tables: list[Block] = []
    if consignment.parties:
        tables.append(_parties(sheet, words))
    if consignment.goods:
        tables.append(_goods(sheet, words))
    if consignment.documents:
        tables.append(_papers(sheet, words))
    numbers = (*consignment.containers, *(f"(00){code}" for code in consignment.sscc))
    if numbers:
        tables.append(table(((1.0, words.label("paper.units")),), [[", ".join(numbers)]]))
    return [block for pair in tables for block in (pair, gap(7))][:-1]


def _parties(sheet: Sheet, words: Words) -> Block:
    rows = [
        (
            words.label(f"role.{party.role}"),
            party.name,
            ", ".join(filter(None, (party.address, party.country.upper()))),
            ", ".join(party.identifiers),
        )
        for party in sheet.inspection.consignment.parties
    ]
    columns = (
        (0.17, words.label("paper.role")),
        (0.30, words.label("paper.name")),
        (0.33, words.label("paper.address")),
        (0.20, words.label("paper.numbers")),
    )
    return table(columns, rows)


def _goods(sheet: Sheet, words: Words) -> Block:
    rows = [
        (
            str(line.seq),
            line.description,
            " · ".join(
                filter(None, (line.cas and f"CAS {line.cas}", line.hs and f"HS {line.hs}", line.gtin))
            ),
            " ".join(filter(None, (line.batch, words.day(line.expires) if line.expires else ""))),
            "–" if line.packages is None else str(line.packages),
            words.quantity(line.net_kg),
        )
        for line in sheet.inspection.consignment.goods
    ]
    columns = (
        (0.06, words.label("paper.no")),
        (0.29, words.label("paper.declared-goods")),
        (0.26, words.label("paper.codes")),
        (0.16, words.label("paper.batch-expiry")),
        (0.11, words.label("paper.packages")),
        (0.12, words.label("paper.net")),
    )
    return table(columns, rows)


def _papers(sheet: Sheet, words: Words) -> Block:
    rows = [
        (
            words.label(f"document.{paper.kind}"),
            paper.number,
            paper.issuer,
            words.day(paper.issued) if paper.issued else "–",
            words.day(paper.valid_to) if paper.valid_to else "–",
            f"{words.quantity(paper.quantity_kg)} / {words.quantity(paper.used_kg)}"
            if paper.quantity_kg is not None
            else "–",
        )
        for paper in sheet.inspection.consignment.documents
    ]
    columns = (
        (0.25, words.label("paper.paper")),
        (0.18, words.label("paper.number")),
        (0.13, words.label("paper.issuer")),
        (0.13, words.label("paper.issued")),
        (0.14, words.label("paper.valid-to")),
        (0.17, words.label("paper.sanctioned-used")),
    )
    return table(columns, rows)
