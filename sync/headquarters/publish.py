"""Publishing: a watchlist release goes into the store and its signed pointer into the feed of its realm.

The file is read to its end first, so what is damaged or cut is never announced. Numbers only grow.
"""

from pathlib import Path

from sqlalchemy import RowMapping, func, insert, select

from fieldapp import enrolment
from fieldapp.enrolment import ReleasePointer
from fieldapp.errors import InspectorError
from fieldapp.watchlist import release
from sync.headquarters import audit, feed, keys, store, tables
from sync.headquarters.office import Office


class ReleaseOld(InspectorError):
    """A release of this number, or a later one, is published already."""

    code = "release-old"


def publish(office: Office, file: Path, *, practice: bool, by: str = "command") -> ReleasePointer:
    """Publish the release in `file` to every vault of one realm."""
    header, entries = release.open_release(file)
    for _entry in entries:
        pass
    content = file.read_bytes()
    now = office.clock()
    kept = tables.release
    with store.writing(office.engine) as connection:
        newest = select(func.max(kept.c.number)).where(kept.c.practice == practice)
        latest = connection.execute(newest).scalar() or 0
        if header.number <= latest:
            raise ReleaseOld(number=header.number, latest=latest)
        pointer = ReleasePointer(
            number=header.number,
            name=header.name,
            issued=header.issued,
            sha256=office.blobs.put(content),
            size=len(content),
        )
        connection.execute(
            insert(kept).values(
                sha256=pointer.sha256,
                practice=practice,
                number=pointer.number,
                name=pointer.name,
                issued=store.text(pointer.issued),
                size=pointer.size,
                published=store.text(now),
            )
        )
        signing = keys.realm(office.keyring, practice).signing
        statement = enrolment.sign("watchlist_pointer", pointer, signing)
        feed.append(connection, feed.realm_recipient(practice), statement, office.clock)
        audit.note(connection, now, by, "published", pointer.sha256)
    return pointer


def newest(office: Office, practice: bool) -> RowMapping | None:
    """Return the row of the newest release of a realm."""
    kept = tables.release
    question = select(kept).where(kept.c.practice == practice).order_by(kept.c.number.desc()).limit(1)
    with store.reading(office.engine) as connection:
        return store.one(connection, question)
