"""Reviews that a backup did not hold, given back by the laptops they were delivered to.

Headquarters' own signature proves them: what a laptop gives back counts only where a key of this realm
signed it, where it is about a record that this very laptop made, and where nothing was decided on that record
since. A decision taken anew in the meantime stands; that the two differ is a line of the audit trail.
"""

import msgspec
from sqlalchemy import Connection, RowMapping, insert, select

from fieldapp import enrolment
from fieldapp.enrolment import HeadquartersKeys, Statement
from fieldapp.inspection.review import Review
from sync.headquarters import audit, feed, keys, store, tables
from sync.headquarters.office import Office


def take_back(
    connection: Connection, office: Office, device: RowMapping, statements: tuple[Statement, ...]
) -> int:
    """Enter again what is missing here; return how many reviews that were."""
    if not statements:
        return 0
    own = keys.realm(office.keyring, device["practice"])
    named = enrolment.open_statement(own.statement, "keys", HeadquartersKeys, (own.root,))
    return sum(_take_one(connection, office, device, one, named.signing) for one in statements)


def _take_one(
    connection: Connection, office: Office, device: RowMapping, statement: Statement, trusted: tuple[str, ...]
) -> bool:
    try:
        review = enrolment.open_statement(statement, "review", Review, trusted)
    except enrolment.StatementRefused:
        audit.note(connection, office.clock(), device["id"], "review-not-ours")
        return False
    record = tables.record
    made_by = select(record.c.device).where(record.c.id == review.record)
    if connection.execute(made_by).scalar() != device["id"]:
        return False
    kept = tables.review
    found = store.one(connection, select(kept.c.id).where(kept.c.record == review.record))
    if found is not None:
        if found["id"] != review.id:
            audit.note(connection, office.clock(), device["id"], "review-differs", review.record)
        return False
    pos = feed.append(connection, device["id"], statement, office.clock)
    connection.execute(
        insert(kept).values(
            id=review.id,
            record=review.record,
            outcome=review.outcome,
            by=review.by,
            at=store.text(review.at),
            statement=msgspec.msgpack.encode(statement),
            pos=pos,
        )
    )
    audit.note(connection, office.clock(), device["id"], "review-returned", review.record)
    return True
