"""The second step: what size a blob has is said by each record that names it, no longer by the first one."""

import msgspec
from alembic import op
from sqlalchemy import Column, text

from sync.headquarters.migrations import WHOLE

revision = "0002"
down_revision = "0001"


class _Ref(msgspec.Struct):
    h: str
    n: int


class _Record(msgspec.Struct):
    blobs: tuple[_Ref, ...] = ()


def upgrade() -> None:
    """Read the claims again from the records; forget those of blobs that are not whole here."""
    op.add_column("record_blob", Column("size", WHOLE, nullable=False, server_default="0"))
    connection = op.get_bind()
    naming = text("SELECT id, payload FROM record WHERE id IN (SELECT record FROM record_blob)")
    claim = text("UPDATE record_blob SET size = :n WHERE record = :record AND h = :h")
    for record, payload in connection.execute(naming).all():
        for ref in _claims(payload):
            connection.execute(claim, {"n": ref.n, "record": record, "h": ref.h})
    connection.execute(text("UPDATE blob SET size = 0 WHERE done = ''"))


def _claims(payload: bytes) -> tuple[_Ref, ...]:
    try:
        return msgspec.json.decode(payload, type=_Record).blobs
    except (msgspec.DecodeError, ValueError, RecursionError):
        return ()


def downgrade() -> None:
    """Refused: records are never dropped."""
    raise NotImplementedError("headquarters' records are never dropped; restore a backup instead")
