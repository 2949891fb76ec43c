"""Installed forms as a table: every version is kept, the newest is the one in use."""

from datetime import datetime

from fieldapp import canonical
from fieldapp.inspection import form
from fieldapp.inspection.checklist import Checklist
from fieldapp.inspection.form import Form, FormRefused, FormRow, Kind, Source
from fieldapp.instrument.profile import Profile
from fieldapp.vault.connection import Connection

_NEWEST = "SELECT body, source, at FROM form WHERE kind = ? AND id = ? ORDER BY version DESC LIMIT 1"


class Forms:
    """The table `form`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, made: Form, source: Source, now: str) -> bool:
        """Keep a version; False where it is there already. Raises FormRefused."""
        kind: Kind = "checklist" if isinstance(made, Checklist) else "instrument"
        body = canonical.encode(made)
        known = self._known(kind, made.id)
        if known is not None and canonical.encode(known) == body:
            return False
        if known is not None and known.version >= made.version:
            why = "version-taken" if known.version == made.version else "older"
            raise FormRefused(why=why, name=made.id, version=made.version, known=known.version)
        self._connection.execute(
            "INSERT INTO form (kind, id, version, source, at, body) VALUES (?, ?, ?, ?, ?, ?)",
            (kind, made.id, made.version, source, now, body),
        )
        return True

    def checklist(self, name: str) -> Checklist | None:
        """Return the newest installed version of a checklist."""
        row = self._connection.execute(_NEWEST, ("checklist", name)).fetchone()
        return canonical.decode(bytes(row[0]), Checklist) if row is not None else None

    def profiles(self) -> tuple[Profile, ...]:
        """Return every installed profile, the newest version of each."""
        return tuple(canonical.decode(body, Profile) for body, _source, _at in self._newest("instrument"))

    def rows(self, kind: Kind) -> tuple[FormRow, ...]:
        """Return what can be used now: installed ones, and of those that came with the program the rest."""
        installed = [
            form.row(_decoded(kind, body), source, datetime.fromisoformat(at))
            for body, source, at in self._newest(kind)
        ]
        names = {row.id for row in installed}
        rest = [form.row(made, "shipped") for made in form.shipped(kind) if made.id not in names]
        return (*rest, *installed)

    def _newest(self, kind: Kind) -> list[tuple[bytes, Source, str]]:
        rows = self._connection.execute(
            "SELECT body, source, at FROM form AS f WHERE kind = ? AND version ="
            " (SELECT max(version) FROM form WHERE kind = f.kind AND id = f.id) ORDER BY id",
            (kind,),
        ).fetchall()
        return [(bytes(body), source, at) for body, source, at in rows]

    def _known(self, kind: Kind, name: str) -> Form | None:
        row = self._connection.execute(_NEWEST, (kind, name)).fetchone()
        if row is None:
            return next((made for made in form.shipped(kind) if made.id == name), None)
        return _decoded(kind, bytes(row[0]))


def _decoded(kind: Kind, body: bytes) -> Form:
    return canonical.decode(body, Checklist) if kind == "checklist" else canonical.decode(body, Profile)
