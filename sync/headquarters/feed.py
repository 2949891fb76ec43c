"""The feed: headquarters' signed statements, each for one vault or for all of a realm, in one order.

A position is given once and never again, so a vault that remembers the last one it took asks for what
follows. Statements are kept as the bytes that were signed.
"""

from itertools import accumulate

import msgspec
from sqlalchemy import Connection, bindparam, insert, select

from fieldapp.clock import Clock
from fieldapp.enrolment import Statement
from sync.headquarters import store, tables
from sync.wire import FEED_BYTES, FEED_ITEMS, FeedItem

_kept = tables.feed.c
_AFTER = (
    select(tables.feed)
    .where(_kept.recipient.in_((bindparam("device"), bindparam("realm"))), _kept.pos > bindparam("cursor"))
    .order_by(_kept.pos)
    .limit(bindparam("most"))
)


def realm_recipient(practice: bool) -> str:
    """Return the name under which a realm's common statements stand."""
    return "practice" if practice else "real"


def append(connection: Connection, recipient: str, statement: Statement, clock: Clock) -> int:
    """Add `statement` for `recipient`; return its position."""
    store.alone(connection, "feed")
    kept = tables.feed
    row = {"recipient": recipient, "statement": msgspec.msgpack.encode(statement)}
    added = insert(kept).values(**row, added=store.text(clock())).returning(kept.c.pos)
    return int(connection.execute(added).scalar_one())


def after(
    connection: Connection, device: str, practice: bool, cursor: int, limit: int = FEED_ITEMS
) -> tuple[tuple[FeedItem, ...], int, bool]:
    """Return what follows `cursor` for a vault, the new cursor, and whether there is more.

    At most `limit` items, and of those about FEED_BYTES; one that is larger goes alone.
    """
    asked = {"device": device, "realm": realm_recipient(practice), "cursor": cursor, "most": limit + 1}
    rows = connection.execute(_AFTER, asked).mappings().all()
    fitting = rows[: _fitting([len(row["statement"]) for row in rows[:limit]])]
    items = tuple(
        FeedItem(pos=row["pos"], statement=msgspec.msgpack.decode(row["statement"], type=Statement))
        for row in fitting
    )
    return items, items[-1].pos if items else cursor, len(rows) > len(fitting)


def _fitting(sizes: list[int]) -> int:
    """Return how many of the first statements go into one answer."""
    together = accumulate(sizes)
    return max(1, sum(size <= FEED_BYTES for size in together)) if sizes else 0
