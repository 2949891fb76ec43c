"""A lost laptop's records, given to the new laptop of the same officer.

Only those of a withdrawn laptop, only within a realm, only to a laptop certified for the same name. The
records go as the lost laptop signed them, in statements of the new one's feed. A file of theirs is sealed
anew when the new laptop asks for it, to that laptop alone, once its plain bytes agree with the record.
"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select

from fieldapp import enrolment as trade
from fieldapp.enrolment import GivenBack
from fieldapp.errors import InspectorError
from fieldapp.inspection import record as records
from fieldapp.ledger import Entry
from fieldapp.vault import evidence
from sync.headquarters import audit, enrolment, feed, intake, keys, ordering, reading, store, tables
from sync.headquarters.office import Office
from sync.wire import BlobDamaged, BlobUnwanted, GivenAnswer

BYTES = 256 << 10  # of records in one statement; a larger one goes alone


class NotInherited(InspectorError):
    """These records cannot go to this laptop; `why` says what stands against it."""

    code = "not-inherited"


def candidates(connection: Connection, device: RowMapping) -> list[RowMapping]:
    """Return the withdrawn laptops whose records may be given to `device`, with when that was done last."""
    kept, done = tables.device.c, tables.given.c
    if device["revoked"]:
        return []
    question = (
        select(tables.device, done.at.label("given"))
        .outerjoin(tables.given, (done.earlier == kept.id) & (done.device == device["id"]))
        .where(kept.name == device["name"], kept.practice == device["practice"])
        .where(kept.revoked != "", kept.id != device["id"])
        .order_by(kept.revoked.desc())
    )
    return list(connection.execute(question).mappings())


def give(office: Office, earlier: str, device: str, by: str) -> int:
    """Put the records of `earlier` into the feed of `device`; return how many. Twice does no harm."""
    now = office.clock()
    with store.writing(office.engine) as connection:
        lost, new = enrolment.get(connection, earlier), enrolment.get(connection, device)
        _require(lost, new)
        certificate = ordering.certificate(connection, office, lost)
        if certificate is None:
            raise NotInherited(why="certificate")
        entries = _records(connection, earlier)
        signing = keys.realm(office.keyring, new["practice"]).signing
        for some in _parts(entries):
            back = GivenBack(device=device, certificate=certificate, entries=some, at=now)
            feed.append(connection, device, trade.sign("given", back, signing), office.clock)
        known = select(tables.given).where(tables.given.c.device == device, tables.given.c.earlier == earlier)
        if store.one(connection, known) is None:
            row = {"device": device, "earlier": earlier, "by": by, "at": store.text(now)}
            connection.execute(insert(tables.given).values(**row))
        audit.note(connection, now, by, "records-given-back", device)
        audit.note(connection, now, by, "records-given-away", earlier)
    return len(entries)


def _require(lost: RowMapping, new: RowMapping) -> None:
    if not lost["revoked"] or new["revoked"] or lost["id"] == new["id"]:
        raise NotInherited(why="revoked")
    if (lost["name"], lost["practice"]) != (new["name"], new["practice"]):
        raise NotInherited(why="officer")


def _records(connection: Connection, device: str) -> tuple[Entry, ...]:
    kept = tables.record
    question = (
        select(kept)
        .where(kept.c.device == device, kept.c.kind == records.KIND)
        .where(kept.c.branch == 0, kept.c.flag == "")
        .order_by(kept.c.seq)
    )
    return tuple(intake.entry_of(row) for row in connection.execute(question).mappings())


def _parts(entries: tuple[Entry, ...]) -> Iterator[tuple[Entry, ...]]:
    """Part the records so that each statement fits into an answer."""
    some: list[Entry] = []
    size = 0
    for entry in entries:
        if some and size + len(entry.payload) > BYTES:
            yield tuple(some)
            some, size = [], 0
        some.append(entry)
        size += len(entry.payload)
    if some:
        yield tuple(some)


def reseal(office: Office, device: RowMapping, sealed: str) -> GivenAnswer:
    """Seal a file of given records to `device`; refuses one that no record given to it names, or not here."""
    with store.reading(office.engine) as connection:
        done = _file(connection, device["id"], tables.given_file.c.sealed == sealed)
        named = _record_of(connection, device["id"], sealed)
    if named is None:
        raise BlobUnwanted
    if done is not None:
        return GivenAnswer(h=done["h"], size=done["size"])
    plain = _plain(office, named, device["practice"], sealed)
    content = evidence.seal(plain, (device["recipient"],))
    h = office.blobs.put(content)
    row = {"device": device["id"], "sealed": sealed, "h": h, "size": len(content)}
    with store.writing(office.engine, device["id"]) as connection:
        other = _file(connection, device["id"], tables.given_file.c.sealed == sealed)
        if other is not None:
            return GivenAnswer(h=other["h"], size=other["size"])  # the same question, a moment earlier
        connection.execute(insert(tables.given_file).values(**row))
        audit.note(connection, office.clock(), device["id"], "file-given-back", sealed)
    return GivenAnswer(h=h, size=len(content))


def _plain(office: Office, record: str, practice: bool, sealed: str) -> bytes:
    try:
        pieces = reading.read(office, record, practice).evidence
        places = [n for n, piece in enumerate(pieces, 1) if piece.evidence.sealed_sha256 == sealed]
        return reading.open_evidence(office, record, practice, places[0])[1]
    except (IndexError, reading.ReportUnknown):
        raise BlobUnwanted from None
    except reading.EvidenceAltered:
        raise BlobDamaged from None


def _record_of(connection: Connection, device: str, sealed: str) -> str | None:
    """Return a record that was given to `device` and names the file."""
    named, given = tables.record_blob.c, tables.given.c
    question = (
        select(named.record)
        .join(tables.given, given.earlier == named.device)
        .where(given.device == device, named.h == sealed)
        .order_by(named.record)
    )
    found: str | None = connection.execute(question.limit(1)).scalar()
    return found


def size_of(connection: Connection, device: str, h: str) -> int | None:
    """Return the size of a file that was sealed anew to `device`, None for any other."""
    row = _file(connection, device, tables.given_file.c.h == h)
    return None if row is None else int(row["size"])


def _file(connection: Connection, device: str, which: ColumnElement[bool]) -> RowMapping | None:
    return store.one(connection, select(tables.given_file).where(tables.given_file.c.device == device, which))
