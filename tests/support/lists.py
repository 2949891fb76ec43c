"""Watchlists for tests: entries with good defaults, releases, indexes, publishers' formats in small."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata as Signed
from tuf.api.metadata import MetaFile, Role, Root, Snapshot, TargetFile, Targets, Timestamp

from fieldapp.screening.verdict import ListState
from fieldapp.watchlist.entry import Entry, EntryKind, ListedIdentifier, ListedName, Quality
from fieldapp.watchlist.index import Index, build
from fieldapp.watchlist.release import Header, write_release
from fieldapp.watchlist.trust import Metadata, pack_carried
from tests.support import advanced_list as markup

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


class Publisher:
    """Keys that publish releases, and whatever metadata a test asks of them: right, or wrong in one point."""

    def __init__(self, root: Ed25519PrivateKey | None = None, now: datetime = ISSUED) -> None:
        self.now = now
        self.root = root or Ed25519PrivateKey.generate()
        self.officers = [Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()]
        self.online = Ed25519PrivateKey.generate()
        self.roots = [self.new_root(1)]

    @property
    def anchor(self) -> str:
        """The root's public key, as an invitation carries it."""
        return self.root.public_key().public_bytes_raw().hex()

    def new_root(
        self, version: int, *, days: int = 1000, by: Iterable[Ed25519PrivateKey] | None = None
    ) -> bytes:
        """Sign a root that names the keys as they are now."""
        own, online = CryptoSigner(self.root).public_key, CryptoSigner(self.online).public_key
        two = [CryptoSigner(key).public_key for key in self.officers]
        made = Root(
            version=version,
            expires=self.now + timedelta(days=days),
            keys={key.keyid: key for key in (own, online, *two)},
            roles={
                "root": Role([own.keyid], 1),
                "targets": Role([key.keyid for key in two], 2),
                "snapshot": Role([online.keyid], 1),
                "timestamp": Role([online.keyid], 1),
            },
            consistent_snapshot=False,
        )
        return self._signed(made, by or [self.root])

    def rotate(self, **changed: object) -> None:
        """Append a root of the next version with other keys."""
        for name, value in changed.items():
            setattr(self, name, value)
        self.roots.append(self.new_root(len(self.roots) + 1))

    def metadata(
        self,
        content: bytes = b"a release",
        number: int = 1,
        *,
        version: int | None = None,
        snapshot: int | None = None,
        timestamp: int | None = None,
        days: tuple[int, int, int] = (365, 365, 45),
        officers: Iterable[Ed25519PrivateKey] | None = None,
        online: Ed25519PrivateKey | None = None,
        kind: str = "release",
        issued: datetime | None = None,
        custom: object = None,
    ) -> Metadata:
        """Sign a release; versions follow its number, `days` are those of targets, snapshot and timestamp.

        `custom` is said of the file instead of what headquarters says.
        """
        file = TargetFile.from_data(f"release-{number}.zst", content, ["sha256"])
        file.unrecognized_fields["custom"] = custom or {
            "kind": kind,
            "number": number,
            "name": "test list",
            "issued": (issued or self.now).isoformat(),
        }
        server = online or self.online
        one, two, three = (self.now + timedelta(days=each) for each in days)
        targets = self._signed(
            Targets(version=version or number, expires=one, targets={file.path: file}),
            self.officers if officers is None else officers,
        )
        named = MetaFile.from_data(version or number, targets, ["sha256"])
        listed = Snapshot(version=snapshot or number, expires=two, meta={"targets.json": named})
        middle = self._signed(listed, [server])
        last = Timestamp(
            version=timestamp or number,
            expires=three,
            snapshot_meta=MetaFile.from_data(snapshot or number, middle, ["sha256"]),
        )
        return Metadata(
            roots=tuple(self.roots),
            timestamp=self._signed(last, [server]),
            snapshot=middle,
            targets=targets,
        )

    @staticmethod
    def _signed(what: Root | Targets | Snapshot | Timestamp, by: Iterable[Ed25519PrivateKey]) -> bytes:
        made = Signed(what)
        for key in by:
            made.sign(CryptoSigner(key), append=True)
        return bytes(made.to_bytes())


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


def _eu_csv(folder: Path) -> list[Path]:
    text = (
        "Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_SubjectType;NameAlias_WholeName;BirthDate_BirthDate;"
        "Citizenship_CountryIso2Code\n13;EU.27.28;P;Saddam Hussein Al-Tikriti;;\n13;EU.27.28;P;Abu Ali;;\n"
        "13;EU.27.28;P;;1937-04-28;\n13;EU.27.28;P;;;IQ\n28;EU.28.1;E;Rasheed Bank;;\n"
    )
    return [_write(folder / "eu.csv", text)]


def _ofac_advanced(folder: Path) -> list[Path]:
    airline = markup.party(
        "36", "3",
        markup.alias("1403", {"1525": "AEROCARIBBEAN AIRLINES"}, Primary="true"),
        markup.alias("1400", {"1525": "AERO-CARIBBEAN"}),
        said=markup.said("25", place="48"),
    )  # fmt: skip
    man = markup.party(
        "173", "4",
        markup.alias("1403", {"1520": "BATARJEE", "1521": "Adel"}, Primary="true"),
        markup.alias("1400", {"1521": "ABU-UMAR"}, LowQuality="true"),
        said=markup.born("1946-07-01", "1946-07-01") + markup.said("10", place="49")
        + markup.said("21", "adelb@shabakah.net.sa") + markup.said("224", reference="91526"),
    )  # fmt: skip
    ship = markup.party(
        "306", "1",
        markup.alias("1403", {"1526": "ARTAVIL"}, Primary="true"),
        markup.alias("1401", {"1526": "SHONA"}),
    )  # fmt: skip
    papers = markup.paper("1571", "173", "F 572010") + markup.paper("1626", "306", "IMO 9187629")
    return [_write(folder / "sdn_advanced.xml", markup.advanced(airline, man, ship, papers=papers) + "\n")]


def _released(folder: Path) -> list[Path]:
    return [release_of(people("Ali Hassan", "Viktor Bout"), folder)]


def _carried(folder: Path) -> list[Path]:
    content = release_of(people("Ali Hassan", "Viktor Bout"), folder).read_bytes()
    (folder / "release-1.zst").unlink()
    path = folder / "stick.fieldlist"
    path.write_bytes(pack_carried(Publisher().metadata(content), content))
    return [path]


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


def _ftm_with_delta(folder: Path) -> list[Path]:
    delta = [
        {"op": "MOD", "entity": {"id": "Q1", "schema": "Person", "properties": {"name": ["Victor Bout"]}}},
        {"op": "ADD", "entity": {"id": "N1", "schema": "Company", "properties": {"name": ["New Co"]}}},
        {"op": "DEL", "entity": {"id": "V1"}},
    ]
    text = "".join(json.dumps(row) + "\n" for row in delta)
    return [*_ftm(folder), _write(folder / "entities.delta.json", text)]


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


class Sample(NamedTuple):
    """What a source reads, in small: the source's name, what its entries are marked with, the files."""

    source: str
    mark: str
    make: Callable[[Path], list[Path]]


# Every form of every source; a new one adds its line here and passes the shared tests.
SAMPLES: dict[str, Sample] = {
    "ofac-sdn": Sample("ofac-sdn", "ofac-sdn", _ofac),
    "ofac-advanced": Sample("ofac-sdn", "ofac-sdn", _ofac_advanced),
    "un": Sample("un", "un", _un),
    "eu": Sample("eu", "eu", _eu),
    "eu-csv": Sample("eu", "eu", _eu_csv),
    "ftm": Sample("ftm", "ftm", _ftm),
    "ftm-delta": Sample("ftm", "ftm", _ftm_with_delta),
    "stix": Sample("stix", "stix", _stix),
    "csv": Sample("csv", "csv", _csv),
    "release": Sample("release", "test", _released),
    "release-carried": Sample("release", "test", _carried),
}
