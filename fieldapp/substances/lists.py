"""The legal lists: substances, the lists each stands on, and the names and numbers it goes by.

Facts with source and state of checking, read from `resources/substances/*.csv`. A row holds from
`valid_from` to `valid_to` (ISO 8601, whole or in part, empty for open). `verified` is "primary" (the
legal text or its publisher was read), "secondary" (a copy or a table was read) or "no".
"""

import csv
import tomllib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Literal

import msgspec

import resources
from fieldapp.substances import rules
from fieldapp.substances.rules import ClassRule

NameKind = Literal["official", "name", "brand", "short", "ambiguous", "form"]

FormKind = Literal["same", "salt", "isomer", "member", "filed"]
LATIN = ("de", "es", "la", "pt")  # languages of names_languages.csv that are read like the English names
_WATCH = frozenset({"INCB-ISSL"})  # special surveillance, no control

_FIELDS = (
    "id", "name", "cas", "cas_note", "hs6", "official_name", "smiles", "inchikey", "parent_key", "flat_key",
    "formula",
)  # fmt: skip


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One substance on one schedule of one list."""

    list: str
    schedule: str
    valid_from: str = ""
    valid_to: str = ""
    verified: Literal["primary", "secondary", "no"] = "no"
    source: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """The list and schedule in one string, as answers carry it."""
        return f"{self.list} {self.schedule}".strip()


class Substance(msgspec.Struct, frozen=True, kw_only=True):
    """One listed substance with its identifiers; empty where the lists give none.

    `inchikey` is of the structure as listed, `parent_key` of its organic part without counter-ions,
    `flat_key` of that without stereochemistry; `formula` is of the organic part too. `hs_named` says that
    the HS subheading names the substance.
    """

    id: str
    name: str
    cas: str = ""
    cas_note: str = ""
    hs6: str = ""
    hs_named: bool = False
    official_name: str = ""
    smiles: str = ""
    inchikey: str = ""
    parent_key: str = ""
    flat_key: str = ""
    formula: str = ""
    listings: tuple[Listing, ...] = ()


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A known chemical that is a listed substance under another number, its salt or isomer, or of a class.

    `substance` is the listed substance, `rule` the class rule; one of them is set. "filed" is a number that
    the dictionary files under the substance without saying why: an old number, a salt, an isomer.
    """

    cas: str
    name: str
    kind: FormKind
    substance: str = ""
    rule: str = ""


class Name(msgspec.Struct, frozen=True):
    """A name, what kind of name it is, and what it names: a substance's id, or a form's CAS number."""

    substance: str
    name: str
    kind: NameKind


class EcNumber(msgspec.Struct, frozen=True, kw_only=True):
    """An EC number of one substance, and whether it was checked."""

    substance: str
    verified: Literal["primary", "secondary", "no"]


class UnNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A UN number of one substance in transport, and whether it was checked."""

    substance: str
    verified: Literal["primary", "secondary", "no"]


class Lists(msgspec.Struct, frozen=True):
    """Everything that was read. `by_cas` leads to a substance's id, `un_numbers` from four digits.

    `edition` is the day the lists were last compared with their sources, and what was added since.
    """

    substances: dict[str, Substance]
    by_cas: dict[str, str]
    un_numbers: dict[str, UnNumber]
    names: tuple[Name, ...]
    forms: dict[str, Form] = {}  # by CAS number
    rules: dict[str, ClassRule] = {}
    ec_numbers: dict[str, EcNumber] = {}
    edition: str = ""


def in_force(listing: Listing, on: date | None = None) -> bool:
    """Say whether `listing` holds on the day `on`; without a day, whether nothing has ended it."""
    if on is None:
        return not listing.valid_to
    day = on.isoformat()
    return listing.valid_from <= day and (not listing.valid_to or day < listing.valid_to)


def is_law(substance: Substance) -> bool:
    """Say whether a list that binds names `substance`: a watch list or a proposal only asks for attention."""
    return any(
        in_force(listing) and listing.list not in _WATCH and "proposed" not in listing.schedule
        for listing in substance.listings
    )


def rows(name: str) -> list[dict[str, str]]:
    """Read one CSV file of the resource."""
    with resources.path("substances", name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read() -> Lists:
    """Read the lists from the resource files."""
    listings: dict[str, list[Listing]] = {}
    for row in rows("listings.csv"):
        listings.setdefault(row.pop("substance"), []).append(msgspec.convert(row, Listing))
    substances = {row["id"]: _substance(row, listings.get(row["id"], ())) for row in rows("substances.csv")}
    by_cas = {one.cas: one.id for one in substances.values() if one.cas}
    forms = (msgspec.convert(row, Form) for row in rows("forms.csv"))
    return Lists(
        substances=substances,
        by_cas=by_cas,
        un_numbers={
            row["un"]: msgspec.convert(
                {"substance": by_cas[row["cas"]], "verified": row["verified"]}, UnNumber
            )
            for row in rows("un_numbers.csv")
        },
        names=(*(msgspec.convert(row, Name) for row in rows("names.csv")), *_latin_names()),
        forms={form.cas: form for form in forms},
        rules={rule.id: rule for rule in rules.load()},
        ec_numbers={
            row["ec"]: msgspec.convert(
                {"substance": by_cas[row["cas"]], "verified": row["verified"]}, EcNumber
            )
            for row in rows("ec_numbers.csv")
        },
        edition=edition(),
    )


def _latin_names() -> Iterable[Name]:
    for row in rows("names_languages.csv"):
        if row["language"] in LATIN:
            yield Name(row["substance"], row["name"], "name")


def edition() -> str:
    """Return the edition of the lists in the resources, an ISO 8601 day."""
    return str(tomllib.loads(resources.path("substances", "edition.toml").read_text("utf-8"))["edition"])


def _substance(row: dict[str, str], listings: Iterable[Listing]) -> Substance:
    return Substance(
        **{field: row[field] for field in _FIELDS},
        hs_named=row["hs_named"] == "yes",
        listings=tuple(listings),
    )


@lru_cache(maxsize=1)
def load() -> Lists:
    """Return the lists, read once in this process."""
    return read()
