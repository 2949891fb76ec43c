"""Watchlists for tests: entries with good defaults, releases, indexes, publishers' formats in small."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from fieldapp.screening.verdict import ListState
from fieldapp.watchlist.entry import Entry, EntryKind, ListedIdentifier, ListedName, Quality
from fieldapp.watchlist.index import Index, build
from fieldapp.watchlist.release import Header, write_release

ISSUED = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


def entry(
    name: str = "Rashid Trading Establishment",
    *aliases: str,
    number: str = "1",
    kind: EntryKind = "company",
    source: str = "test",
    quality: Quality = "aka",
    identifiers: Iterable[tuple[str, str]] = (),
    countries: tuple[str, ...] = (),
    birth_dates: tuple[str, ...] = (),
) -> Entry:
    """Return an entry; aliases share one quality."""
    return Entry(
        id=number,
        source=source,
        kind=kind,
        names=(ListedName(name), *(ListedName(alias, quality) for alias in aliases)),
        countries=countries,
        birth_dates=birth_dates,
        identifiers=tuple(ListedIdentifier(type_, value) for type_, value in identifiers),
        programme="TEST",
    )


def people(*names: str) -> list[Entry]:
    """Return one entry a name, numbered from 1."""
    return [entry(name, number=str(at), kind="person") for at, name in enumerate(names, start=1)]


def release_of(entries: Iterable[Entry], folder: Path, number: int = 1) -> Path:
    """Write `entries` as a release into `folder` and return its path."""
    path = folder / f"release-{number}.zst"
    write_release(path, Header(number=number, name="test list", issued=ISSUED), entries)
    return path


def connection(path: Path | None = None) -> sqlite3.Connection:
    """Return a plain SQLite connection as the vault hands one out: without transactions of its own."""
    return sqlite3.connect(path or ":memory:", isolation_level=None)


def index_of(entries: Iterable[Entry], folder: Path) -> Index:
    """Return an open index of `entries`."""
    opened = connection()
    build(opened, release_of(entries, folder))
    return Index(opened)


def list_state(index: Index) -> ListState:
    """Return the state of `index` as the screening wants it."""
    held = index.state
    return ListState(number=held.number, name=held.name, issued=held.issued, entries=held.entries)


def _ofac(folder: Path) -> list[Path]:
    sdn = (
        '36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
        '173,"BATARJEE, Adel","individual","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
        '"DOB 01 Jul 1946; citizen Saudi Arabia; Passport F 572010 issued 22 Dec 2004; '
        "Email:adelb@shabakah.net.sa; Website www.shabakah.net.sa; a.k.a. 'ABU-'UMAR'.\"\r\n"
        '306,"ARTAVIL","vessel","IRAN",-0- ,"T2EU4","Tanker","99,144","56,068","Iran",-0- ,'
        "\"Vessel Registration Identification IMO 9187629; f.k.a. 'ALPHA'.\"\r\n\x1a"
    )
    alt = '36,12,"aka","AERO-CARIBBEAN",-0- \r\n306,13,"fka","SHONA",-0- \r\n\x1a'
    add = '36,25,-0- ,"Havana","Cuba",-0- \r\n\x1a'
    return [
        _write(folder / "sdn.csv", sdn),
        _write(folder / "alt.csv", alt),
        _write(folder / "add.csv", add),
    ]


def _un(folder: Path) -> list[Path]:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09Z">'
        "<INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID>"
        "<FIRST_NAME>ERIC</FIRST_NAME><SECOND_NAME>BADEGE</SECOND_NAME>"
        "<UN_LIST_TYPE>DRC</UN_LIST_TYPE><REFERENCE_NUMBER>CDi.001</REFERENCE_NUMBER>"
        "<LISTED_ON>2012-12-31</LISTED_ON><GENDER>Male</GENDER><NATIONALITY><VALUE>Rwanda</VALUE></NATIONALITY>"
        "<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Erico</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        "<INDIVIDUAL_DATE_OF_BIRTH><YEAR>1971</YEAR></INDIVIDUAL_DATE_OF_BIRTH>"
        "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>PC 12345</NUMBER>"
        "</INDIVIDUAL_DOCUMENT></INDIVIDUAL></INDIVIDUALS>"
        "<ENTITIES><ENTITY><REFERENCE_NUMBER>CDe.001</REFERENCE_NUMBER>"
        "<FIRST_NAME>BUTEMBO AIRLINES</FIRST_NAME>"
        "<ENTITY_ADDRESS><CITY>Butembo</CITY>"
        "<COUNTRY>Democratic Republic of the Congo</COUNTRY></ENTITY_ADDRESS>"
        "</ENTITY></ENTITIES></CONSOLIDATED_LIST>\n"
    )
    return [_write(folder / "un.xml", text)]


def _eu(folder: Path) -> list[Path]:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<export xmlns="http://eu.europa.ec/fpi/fsd/export">'
        '<sanctionEntity euReferenceNumber="EU.27.28" logicalId="13"><remark>x</remark>'
        '<regulation programme="IRQ" publicationDate="2003-07-08"/><subjectType code="person"/>'
        '<nameAlias wholeName="Saddam Hussein Al-Tikriti" strong="true" gender="M"/>'
        '<nameAlias wholeName="Abu Ali" strong="false"/><citizenship countryIso2Code="IQ"/>'
        '<birthdate birthdate="1937-04-28"/><address city="Baghdad" countryIso2Code="IQ"/>'
        '<identification number="A12345" identificationTypeCode="passport"/></sanctionEntity>'
        '<sanctionEntity euReferenceNumber="EU.28.1"><subjectType code="enterprise"/>'
        '<nameAlias wholeName="Rasheed Bank" strong="true"/></sanctionEntity></export>\n'
    )
    return [_write(folder / "eu.xml", text)]


def _ftm(folder: Path) -> list[Path]:
    rows = [
        {
            "id": "Q1",
            "schema": "Person",
            "properties": {"name": ["Viktor Bout"], "weakAlias": ["Vic"], "birthDate": ["1967-01-13"]},
            "datasets": ["x"],
        },
        {"id": "A1", "schema": "Address", "properties": {"full": ["Moscow"]}},
        {"id": "V1", "schema": "Vessel", "properties": {"name": ["Sabiti"], "imoNumber": ["9172040"]}},
    ]
    return [_write(folder / "entities.ftm.json", "".join(json.dumps(row) + "\n" for row in rows))]


def _stix(folder: Path) -> list[Path]:
    objects = [
        {
            "type": "identity",
            "id": "identity--1",
            "name": "Canada Meds Direct",
            "identity_class": "organization",
        },
        {"type": "domain-name", "id": "domain-name--1", "value": "canadameds.example"},
        {
            "type": "indicator",
            "id": "indicator--1",
            "name": "shop",
            "pattern": "[url:value = 'http://pills.example/x']",
        },
        {"type": "relationship", "id": "relationship--1"},
    ]
    return [
        _write(
            folder / "bundle.json",
            json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects}, indent=1),
        )
    ]


def _csv(folder: Path) -> list[Path]:
    text = (
        "id,kind,name,aliases,countries,birth_dates,identifiers,programme\n"
        '7,company,"Hubei Vast Chemical Co., Ltd",HVC Chem;Vast Chem,China;in,,'
        "registration:9142;website:hvc.example,"
        "PRECURSORS\n8,person,Li Fangwei,,cn,1972-09-18,passport:G123,\n"
    )
    return [_write(folder / "list.csv", text)]


def _write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8"))
    return path


# What each source reads, in small; a new source adds its line here and passes the shared tests.
SAMPLES: dict[str, Callable[[Path], list[Path]]] = {
    "ofac-sdn": _ofac,
    "un": _un,
    "eu": _eu,
    "ftm": _ftm,
    "stix": _stix,
    "csv": _csv,
}
