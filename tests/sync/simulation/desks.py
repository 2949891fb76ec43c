"""What headquarters does of its own accord: it publishes, and after a loss it catches up before anybody asks.

A restored headquarters gives out again the places of the feed that its lost life had given out. Only where it
writes more than was lost, before a laptop comes back, do the old places and the new ones overlap; `catch_up`
makes such days.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

import resources
from fieldapp import canonical
from fieldapp.enrolment import Policy, Statement
from sync.headquarters import ordering, store

if TYPE_CHECKING:
    from tests.sync.simulation.world import Laptop, World

BY = "Meera Iyer"
MOST = 20  # statements to all: a crowd would spend its days on hearing them
KINDS = ("review", "policy", "checklist", "order")  # that a vault keeps as they were signed


@lru_cache(maxsize=1)
def _checklist() -> bytes:
    return resources.path("checklists", "air-cargo.toml").read_bytes()


def publish(world: "World") -> None:
    """Tell all laptops something: a policy or, now and then, a checklist."""
    said = world.database.execute("SELECT count(*) FROM feed WHERE recipient = 'real'").fetchone()[0]
    if said >= MOST:
        return
    if world.roll(4):
        policy = Policy(retention_days=365 + world.roll(1000))
        ordering.publish_policy(world.at, policy, practice=False, by=BY)
    else:
        ordering.publish_checklist(world.at, _checklist(), practice=False, by=BY)


def catch_up(world: "World") -> None:
    """A restored headquarters has its backlog decided, and says more than it had said before the loss."""
    for _ in range(world.roll(7)):
        if world.roll(2):
            world.review(world.laptops[world.roll(len(world.laptops))])
        else:
            publish(world)


def check_told(world: "World", laptop: "Laptop") -> None:
    """All that the feed holds for a laptop is on it, and no policy older than the one in force."""
    rows = world.database.execute(
        "SELECT statement FROM feed WHERE recipient IN ('real', ?) ORDER BY pos", (laptop.vault.device.hex(),)
    ).fetchall()
    said = [msgspec.msgpack.decode(raw, type=Statement) for (raw,) in rows]
    with laptop.vault.reading() as tx:
        heard = {digest for kind in KINDS for digest, _statement in tx.outbox.kept_feed(kind)}
        policy = tx.policy()
    for one in (one for one in said if one.kind in KINDS):
        digest = canonical.sha256(one.payload + one.signature)
        world.must(digest in heard, f"a {one.kind} never reached laptop {laptop.number}")
    with store.reading(world.at.engine) as connection:
        wanted = ordering.policy_in_force(connection, practice=False)
    if wanted.issued is not None:
        world.must(
            policy.issued is not None and policy.issued >= wanted.issued,
            f"laptop {laptop.number} keeps to policy {policy.number}, which policy {wanted.number} replaced",
        )
