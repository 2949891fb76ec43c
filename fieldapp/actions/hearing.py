"""What headquarters says: the feed of signed statements, the lease, and giving back what it may have lost.

Every statement is checked against the keys that the root names before it changes anything; one that does not
hold is counted, written down and left aside, and holds up none of the others. Statements are kept as they
were signed. A headquarters that was restored from a backup is given its own reviews back: its signature on
them proves that it once decided so.
"""

from datetime import datetime

import msgspec

from fieldapp import canonical, enrolment
from fieldapp.actions import inheriting, installing
from fieldapp.enrolment import Certificate, IssuedChecklist, Order, Policy, Statement
from fieldapp.inspection.review import Review
from fieldapp.vault.outbox import SyncState
from fieldapp.vault.vault import Enrolment, Tx, Vault

MOST_RETURNED = 100  # statements given back with one push
_EARLIER = "certificates"  # meta: those that were renewed
_RETURNING = "returning"  # meta: the last statement that headquarters has been given back, "" for none yet


class FeedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One signed statement of the feed."""

    pos: int
    statement: Statement


class TakeFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the feed, in order; of one that was carried `since` says what it follows."""

    generation: str
    items: tuple[FeedItem, ...]
    since: int | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What the feed changed: how many items were new, which inspections came back, whether it orders."""

    applied: int
    refused: int
    returned: tuple[str, ...] = ()
    ordered: bool = False


class Earlier(msgspec.Struct, frozen=True):
    """A certificate that was renewed, and the last entry of the ledger that was written under it."""

    upto: int
    statement: Statement


class _Heard(msgspec.Struct):
    """What a stretch of the feed brought so far."""

    returned: list[str] = []
    ordered: bool = False
    given: int = 0  # records of an earlier laptop that were new


def take_feed(vault: Vault, command: TakeFeed) -> Taken:
    """Check and apply feed items and move the cursor, in one transaction; a refused item is only counted."""
    applied = refused = 0
    heard = _Heard()
    with vault.transaction() as tx:
        enrolled = tx.require_enrolment()
        state = tx.meta.get("sync", SyncState) or SyncState()
        if command.since is not None and not (
            command.generation == state.generation and command.since <= state.cursor
        ):
            return Taken(applied=0, refused=0)  # what it follows is not here yet; the next exchange brings it
        for item in command.items:
            statement = item.statement
            digest = canonical.sha256(statement.payload + statement.signature)
            try:
                _apply(vault, tx, enrolled, statement, heard)
            except enrolment.StatementRefused:
                refused += 1
                tx.journal.note("feed-refused", tx.now, pos=item.pos, kind=statement.kind[:40])
                continue
            if statement.kind != "given":  # what it brought is kept by itself
                applied += tx.outbox.put_feed(digest, command.generation, item.pos, statement)
        if command.items:
            last = command.items[-1].pos
            if command.since is not None:
                last = max(last, state.cursor)
            tx.meta.put("sync", msgspec.structs.replace(state, generation=command.generation, cursor=last))
    applied += heard.given
    return Taken(applied=applied, refused=refused, returned=tuple(heard.returned), ordered=heard.ordered)


def _apply(vault: Vault, tx: Tx, enrolled: Enrolment, statement: Statement, heard: _Heard) -> None:
    trusted = enrolled.keys.signing
    if statement.kind == "review":
        review = enrolment.open_statement(statement, "review", Review, trusted)
        _take_review(tx, review, heard.returned)
    elif statement.kind == "policy":
        policy = enrolment.open_statement(statement, "policy", Policy, trusted)
        if _supersedes(policy, tx.policy()):
            tx.meta.put("policy", policy)
            tx.journal.note("policy-adopted", tx.now, number=policy.number)
    elif statement.kind == "order":
        order = enrolment.open_statement(statement, "order", Order, trusted)
        _take_order(vault, tx, order, heard)
    elif statement.kind == "checklist":
        issued = enrolment.open_statement(statement, "checklist", IssuedChecklist, trusted)
        installing.take_published(tx, issued.document)
        tx.journal.note("checklist-received", tx.now, number=issued.number)
    elif statement.kind == "given":
        heard.given += inheriting.take_given(vault, tx, statement)
    else:
        enrolment.open_statement(statement, statement.kind, dict, trusted)  # kept for a newer program


def _supersedes(policy: Policy, held: Policy) -> bool:
    """Say whether `policy` was issued after the one held.

    The time counts before the number: a headquarters restored from a backup goes on counting where the backup
    was made, and gives out numbers that this vault has already heard.
    """
    if policy.issued is None or held.issued is None:
        return policy.number > held.number
    return (policy.issued, policy.number) > (held.issued, held.number)


def _take_review(tx: Tx, review: Review, returned: list[str]) -> None:
    """Put the review on the revision it names; a second copy changes nothing."""
    place = tx.inspections.by_record(review.record)
    if place is None:
        return
    held = tx.inspections.get(*place)
    if any(known.id == review.id for known in held.reviews):
        return
    newest = tx.inspections.get(held.id)
    state = review.outcome if newest.revision == held.revision and held.state != "approved" else held.state
    tx.inspections.put(msgspec.structs.replace(held, state=state, reviews=(*held.reviews, review)))
    tx.journal.note("review-received", tx.now, inspection=held.id, review=review.id, outcome=review.outcome)
    if state == "returned":
        returned.append(held.id)


def _take_order(vault: Vault, tx: Tx, order: Order, heard: _Heard) -> None:
    """Note an order to this vault; one for another vault is refused, an old one told again does nothing."""
    if order.device != vault.device.hex():
        raise enrolment.StatementRefused(kind="order", why="content")
    if order.number <= (tx.meta.get("orders", int) or 0):
        return
    tx.meta.put("orders", order.number)
    tx.meta.put("order", order)
    tx.journal.note(
        "order-received", tx.now, number=order.number, what=order.what, ordered=order.at.isoformat()
    )
    heard.ordered = True


def take_certificate(vault: Vault, tx: Tx, statement: Statement) -> None:
    """Take in a newer certificate of this vault: its lease was renewed. An older one changes nothing."""
    enrolled = tx.require_enrolment()
    held = enrolment.open_statement(statement, "certificate", Certificate, enrolled.keys.signing)
    own = (held.device, held.public, held.practice)
    if own != (vault.device.hex(), vault.public.hex(), enrolled.certificate.practice):
        raise enrolment.StatementRefused(kind="certificate", why="content")
    if held.issued <= enrolled.certificate.issued:
        return
    tx.meta.put(
        "enrolment", msgspec.structs.replace(enrolled, certificate=held, certificate_statement=statement)
    )
    earlier = tx.meta.get(_EARLIER, tuple[Earlier, ...]) or ()
    replaced = Earlier(tx.journal.head().seq, enrolled.certificate_statement)
    tx.meta.put(_EARLIER, (*earlier, replaced))
    raise_floor(tx, held.issued)
    tx.journal.note("lease-renewed", tx.now, until=held.lease_until.isoformat())


def certificate_at(tx: Tx, seq: int) -> Statement:
    """Return the certificate under which entry `seq` was written: papers name it for ever."""
    for one in tx.meta.get(_EARLIER, tuple[Earlier, ...]) or ():
        if seq <= one.upto:
            return one.statement
    return tx.require_enrolment().certificate_statement


def raise_floor(tx: Tx, moment: datetime) -> None:
    """Remember that headquarters' clock has stood at `moment`: no earlier time is believed from now on."""
    floor = tx.meta.get("time-floor", datetime)
    if floor is None or moment > floor:
        tx.meta.put("time-floor", moment)


def return_all(tx: Tx) -> None:
    """Headquarters began a new life: give it back what it had decided in the last one."""
    tx.meta.put(_RETURNING, "")


def to_return(tx: Tx) -> tuple[Statement, ...]:
    """Return the next reviews to give back, none where headquarters lost nothing."""
    after = tx.meta.get(_RETURNING, str)
    if after is None:
        return ()
    return tuple(statement for _hash, statement in tx.outbox.kept_feed("review", after, MOST_RETURNED))


def note_returned(tx: Tx, given: tuple[Statement, ...]) -> None:
    """Note what headquarters has been given back; the rest follows, or there is none."""
    if given:
        tx.meta.put(_RETURNING, canonical.sha256(given[-1].payload + given[-1].signature))
    if tx.meta.get(_RETURNING, str) is not None and not to_return(tx):
        tx.meta.delete(_RETURNING)
