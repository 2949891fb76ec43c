"""What people and devices did at headquarters, line by line, each line naming the hash of the one before.

Names and codes only: no report contents, no keys. The database refuses to change or delete a line; `verify`
finds a line changed behind its back.
"""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select

from fieldapp.errors import TrustError
from sync.headquarters import store, tables

_START = "0" * 64


class AuditBroken(TrustError):
    """A line of the audit trail was changed; `number` says which."""

    code = "audit-broken"


def _hash(prev: str, at: str, actor: str, what: str, subject: str) -> str:
    return hashlib.sha256("\x1f".join((prev, at, actor, what, subject)).encode("utf-8")).hexdigest()


def note(connection: Connection, at: datetime, actor: str, what: str, subject: str = "") -> None:
    """Add a line, inside the transaction that does what it tells of."""
    store.alone(connection, "audit")
    kept = tables.audit
    last = connection.execute(select(kept.c.hash).order_by(kept.c.number.desc()).limit(1)).scalar()
    prev = last or _START
    line = {"at": store.text(at), "actor": actor, "what": what, "subject": subject}
    connection.execute(insert(kept).values(**line, prev=prev, hash=_hash(prev, **line)))


def lines(connection: Connection, *, before: int, who: str, most: int) -> list[RowMapping]:
    """Return the newest lines, of before line `before` (0: all) and by `who` ("": anybody)."""
    kept = tables.audit
    question = select(kept).order_by(kept.c.number.desc()).limit(most)
    if before:
        question = question.where(kept.c.number < before)
    if who:
        question = question.where(kept.c.actor.icontains(who, autoescape=True))
    return list(connection.execute(question).mappings())


def verify(connection: Connection) -> int:
    """Check every line; return how many there are."""
    prev, count = _START, 0
    for line in connection.execute(select(tables.audit).order_by(tables.audit.c.number)).mappings():
        if line["prev"] != prev or line["hash"] != _hash(
            prev, line["at"], line["actor"], line["what"], line["subject"]
        ):
            raise AuditBroken(number=line["number"])
        prev, count = line["hash"], count + 1
    return count
