"""What the substance lists cover, as a page of documentation, the rows nobody has checked by name.

    python -m fieldapp.substances.coverage > docs/substances.md

The page is made of the resources alone, so that a test can tell whether it is current.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from fieldapp.substances import isomers, lists, papers, rules
from fieldapp.substances.lists import Listing, Lists, Substance

_OPENING = """# Substances: what is covered

Made by `python -m fieldapp.substances.coverage > docs/substances.md` from `resources/substances`; a test
fails when it is out of date. Edition of the lists: {edition}.

An answer is `controlled`, `ask_headquarters`, `none` or `not_understood`. `none` means that nothing
controlled was recognised in something that could be read. It does not mean that the goods are lawful.

A row is *primary* where the legal text or its publisher was read, *secondary* where a copy or a table was
read, and *unchecked* where neither was. Unchecked rows count, and every answer that rests on one says so, in
the window, on the command line and on paper.
"""


def page(known: Lists) -> str:
    """Return the page as Markdown."""
    parts = [
        _OPENING.format(edition=known.edition),
        "## Lists\n",
        *_lists(known),
        "\n## Found by\n",
        *_found_by(known),
        "\n## Classes\n",
        *_classes(),
        "\n## Papers the law asks for\n",
        *_papers(),
        "\n## Isomers\n",
        *_isomers(),
        "\n## Unchecked rows\n",
        *_unchecked(known),
        "\n## Unchecked numbers and names\n",
        *_numbers(known),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _rows(known: Lists) -> Iterator[tuple[Substance, Listing]]:
    for substance in known.substances.values():
        for row in substance.listings:
            yield substance, row


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


def _lists(known: Lists) -> Iterator[str]:
    held: dict[tuple[str, str], Counter[str]] = {}
    for _, row in _rows(known):
        counted = held.setdefault((row.list, row.schedule), Counter())
        counted[row.verified] += 1
        counted["ended"] += not lists.in_force(row)
    yield from _table(
        ("List", "Schedule", "Rows", "Primary", "Secondary", "Unchecked", "No longer in force"),
        (
            (
                name,
                schedule,
                counted.total() - counted["ended"],
                *(counted[word] for word in _WORDS),
                counted["ended"],
            )
            for (name, schedule), counted in sorted(held.items())
        ),
    )
    whole = Counter(row.verified for _, row in _rows(known))
    yield (
        f"\n{len(known.substances)} substances in {whole.total()} rows: {whole['primary']} primary,"
        f" {whole['secondary']} secondary, {whole['no']} unchecked."
    )


_WORDS = ("primary", "secondary", "no")


def _found_by(known: Lists) -> Iterator[str]:
    some = known.substances.values()
    languages = Counter(row["language"] for row in lists.rows("names_languages.csv"))
    yield from _table(
        ("By", "How many"),
        (
            ("CAS number", sum(bool(one.cas) for one in some)),
            ("structure", sum(bool(one.smiles) for one in some)),
            ("HS subheading", sum(bool(one.hs6) for one in some)),
            ("names in Latin letters", len(known.names)),
            *((f"names in {language}", count) for language, count in sorted(languages.items())),
            ("UN number", len(known.un_numbers)),
            ("EC number", len(known.ec_numbers)),
            ("known salts, isomers and members by their own CAS number", len(known.forms)),
        ),
    )
    for field, title in (("cas", "Without a CAS number"), ("smiles", "Without a structure")):
        without = sorted(one.name for one in some if not getattr(one, field))
        yield f"\n{title}: {'; '.join(without) or 'none'}."


def _classes() -> Iterator[str]:
    yield from _table(
        ("Rule", "Tier", "What", "Lists", "Instrument", "Read"),
        (
            (one.id, one.tier, one.name, ", ".join(one.lists), one.instrument, _said(one.verified, one.tier))
            for one in rules.load()
        ),
    )


def _said(verified: str, tier: str = "law") -> str:
    return "" if tier != "law" else "unchecked" if verified == "no" else verified


def _papers() -> Iterator[str]:
    yield from _table(
        ("List", "Schedules", "Direction", "Paper", "Authority", "Source", "Read"),
        (
            (
                one.list,
                ", ".join(one.schedules) or "all",
                one.direction,
                one.paper,
                one.authority,
                one.source,
                _said(one.verified),
            )
            for one in papers.rules().rule
        ),
    )


def _isomers() -> Iterator[str]:
    yield "Whether another stereoisomer of a listed substance asks headquarters or is only noted.\n"
    yield from _table(
        ("List", "Schedules", "Substances", "Isomers", "Wording", "Source", "Read"),
        (
            (
                one.list,
                ", ".join(one.schedules) or "all",
                ", ".join(one.substances) or "all",
                "ask" if one.covered else "noted",
                one.wording,
                one.source,
                _said(one.verified),
            )
            for one in isomers.clauses()
        ),
    )


def _unchecked(known: Lists) -> Iterator[str]:
    rows = [(one.name, one.cas, row.label, row.note) for one, row in _rows(known) if row.verified == "no"]
    yield from _table(("Substance", "CAS", "List", "Note"), sorted(rows))


def _numbers(known: Lists) -> Iterator[str]:
    names = known.substances
    for title, numbers in (("UN", known.un_numbers), ("EC", known.ec_numbers)):
        listed = sorted(
            f"{number} ({names[one.substance].name})"
            for number, one in numbers.items()
            if one.verified == "no"
        )
        yield f"{title} numbers: {', '.join(listed) or 'none'}.\n"
    languages = [row for row in lists.rows("names_languages.csv") if row["verified"] == "no"]
    for language in sorted({row["language"] for row in languages}):
        some = [row for row in languages if row["language"] == language]
        written = ", ".join(f"{row['name']} ({names[row['substance']].name})" for row in some)
        yield f"Names in {language}, {len(some)}: {written}.\n"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a file or a pipe
    sys.stdout.write(page(lists.read()))
