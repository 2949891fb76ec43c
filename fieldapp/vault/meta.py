"""Small facts of this vault under a name: its keys, its enrolment, where sync stands."""

from typing import TypeVar

from fieldapp import canonical
from fieldapp.vault.connection import Connection

T = TypeVar("T")


class Meta:
    """The table `meta`. Values are canonical JSON, but for keys, which are raw bytes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def raw(self, key: str) -> bytes | None:
        """Return the bytes kept under `key`."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return bytes(row[0]) if row else None

    def put_raw(self, key: str, value: bytes) -> None:
        """Keep bytes under `key`."""
        self._connection.execute(
            "INSERT INTO meta (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def delete(self, key: str) -> None:
        """Forget what is kept under `key`."""
        self._connection.execute("DELETE FROM meta WHERE key = ?", (key,))

    def get(self, key: str, kind: type[T]) -> T | None:
        """Return the value kept under `key`, read as `kind`."""
        raw = self.raw(key)
        return None if raw is None else canonical.decode(raw, kind)

    def put(self, key: str, value: object) -> None:
        """Keep a value under `key`."""
        self.put_raw(key, canonical.encode(value))
