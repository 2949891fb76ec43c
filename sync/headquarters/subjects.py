"""Whom and what lines of the audit trail are about, in names: laptops, invitations, what was published.

A line keeps ids, which never change; this reads the names that stand beside them today, for the page alone.
An id that nothing here knows is shown as the id.
"""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Column, Connection, RowMapping, Table, select

from sync.headquarters import tables
from sync.headquarters.notices import Told

_SENT = ("policy-published", "checklist-published")  # their subject is "<realm> <number>"


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What a line is about. `kind` has words `hq.notice.kind.*`, `path` leads to its page; each may be ""."""

    kind: str = ""
    name: str = ""
    number: int = 0
    path: str = ""


def actors(connection: Connection, lines: Sequence[RowMapping]) -> dict[str, str]:
    """Return the inspector's name for each laptop that wrote one of `lines`, by its id."""
    found = _rows(connection, tables.device, tables.device.c.id, {line["actor"] for line in lines})
    return {row["id"]: row["name"] for row in found}


def subjects(connection: Connection, lines: Sequence[RowMapping]) -> dict[str, Subject]:
    """Return what is known of the subjects of `lines`, by the subject as the line has it."""
    asked = {line["subject"] for line in lines if line["subject"]}
    found: dict[str, Subject] = {}
    for line in lines:
        if line["what"] in _SENT:
            realm, _, number = line["subject"].partition(" ")
            path = f"{_side(realm == 'practice')}/notices"
            found[line["subject"]] = Subject(number=int(number) if number.isdigit() else 0, path=path)
    for row in _rows(connection, tables.invitation, tables.invitation.c.id, asked):
        path = f"{_side(row['practice'])}/devices/{row['used_by']}" if row["used_by"] else ""
        found[row["id"]] = Subject(name=row["name"], path=path)
    for row in _rows(connection, tables.device, tables.device.c.id, asked):
        found[row["id"]] = Subject(name=row["name"], path=f"{_side(row['practice'])}/devices/{row['id']}")
    for row in _rows(connection, tables.notice, tables.notice.c.id, asked):
        told = msgspec.json.decode(row["told"], type=Told)
        path = f"{_side(row['practice'])}/notices/{row['id']}"
        found[row["id"]] = Subject(kind=row["kind"], name=row["name"], number=told.number, path=path)
    for row in _rows(connection, tables.release, tables.release.c.sha256, asked):
        path = f"{_side(row['practice'])}/notices"
        found[row["sha256"]] = Subject(kind="list", name=row["name"], number=row["number"], path=path)
    return found


def _side(practice: bool) -> str:
    return "/practice" if practice else ""


def _rows(connection: Connection, table: Table, key: Column[str], ids: Iterable[str]) -> list[RowMapping]:
    return list(connection.execute(select(table).where(key.in_(sorted(ids)))).mappings())
