"""What headquarters tells its laptops to do: the policy in force, checklists, leases, orders to lock.

Each is a statement signed by the realm's signing key. Policy and checklists stand in the feed for all of a
realm, an order in the feed of its vault alone, a renewed certificate goes with the answer to an exchange.
Who may ask for which, and that two persons must agree, is the pages' business.
"""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, RowMapping, insert, select, update

from fieldapp import canonical, enrolment
from fieldapp.enrolment import Certificate, IssuedChecklist, Order, Policy, Statement
from sync.headquarters import audit, feed, keys, store, tables
from sync.headquarters.office import Office

LEASE_DAYS = 30  # of a certificate, where the policy in force gives no lease
REASON = 200  # characters


def policy_in_force(connection: Connection, practice: bool) -> Policy:
    """Return what laptops of a realm must keep to; before anything was published, the defaults."""
    kept = _setting(connection, f"policy.{feed.realm_recipient(practice)}")
    return Policy(number=1) if kept is None else canonical.decode(kept.encode("utf-8"), Policy)


def publish_policy(office: Office, policy: Policy, *, practice: bool, by: str) -> Policy:
    """Put `policy` in force under the next number and tell every laptop of the realm; return it as issued."""
    now = office.clock()
    with store.writing(office.engine) as connection:
        number = policy_in_force(connection, practice).number + 1
        issued = msgspec.structs.replace(policy, number=number, issued=now)
        _tell(connection, office, "policy", issued, practice)
        realm = feed.realm_recipient(practice)
        _set(connection, f"policy.{realm}", canonical.encode(issued).decode("utf-8"))
        audit.note(connection, now, by, "policy-published", f"{realm} {number}")
    return issued


def publish_checklist(office: Office, document: bytes, *, practice: bool, by: str) -> IssuedChecklist:
    """Hand a checklist (TOML, already checked) to every laptop of the realm."""
    now, realm = office.clock(), feed.realm_recipient(practice)
    with store.writing(office.engine) as connection:
        number = int(_setting(connection, f"checklists.{realm}") or 0) + 1
        issued = IssuedChecklist(number=number, document=document.decode("utf-8"), issued=now)
        _tell(connection, office, "checklist", issued, practice)
        _set(connection, f"checklists.{realm}", str(number))
        audit.note(connection, now, by, "checklist-published", f"{realm} {number}")
    return issued


def _tell(connection: Connection, office: Office, kind: str, value: object, practice: bool) -> None:
    statement = enrolment.sign(kind, value, keys.realm(office.keyring, practice).signing)
    feed.append(connection, feed.realm_recipient(practice), statement, office.clock)


def order_lock(connection: Connection, office: Office, device: RowMapping, why: str) -> None:
    """Order the vault `device` to seal itself; inside the transaction that withdraws it."""
    kept, now = tables.device, office.clock()
    # A laptop obeys a number once. Counted on from a backup alone, one that was given before the loss would
    # be given again, and not be obeyed: no number is below the second in which it is given.
    number = max(device["orders"] + 1, int(now.timestamp()))
    order = Order(device=device["id"], number=number, what="lock", why=why[:REASON], at=now)
    signed = enrolment.sign("order", order, keys.realm(office.keyring, device["practice"]).signing)
    feed.append(connection, device["id"], signed, office.clock)
    connection.execute(update(kept).where(kept.c.id == device["id"]).values(orders=number))


def renewed(connection: Connection, office: Office, device: RowMapping) -> Statement | None:
    """Return a certificate with a new lease once a third of the old one is over; none for a withdrawn one."""
    if device["revoked"]:
        return None
    now = office.clock()
    days = policy_in_force(connection, device["practice"]).lease_days or LEASE_DAYS
    until = now + timedelta(days=days)
    held = store.moment(device["lease_until"])
    if held <= until and until - held < timedelta(days=days) / 3:
        return None
    given = _enrolled_with(connection, device)
    if given is None:
        return None
    certificate = _prolonged(given, now, until)
    connection.execute(
        update(tables.device).where(tables.device.c.id == device["id"]).values(lease_until=store.text(until))
    )
    return enrolment.sign("certificate", certificate, keys.realm(office.keyring, device["practice"]).signing)


def certificate(connection: Connection, office: Office, device: RowMapping) -> Statement | None:
    """Return what certifies whose vault `device` is, or was, signed by today's key; it prolongs nothing."""
    given = _enrolled_with(connection, device)
    if given is None:
        return None
    signing = keys.realm(office.keyring, device["practice"]).signing
    if given.key == signing.public_key().public_bytes_raw():
        return given
    return enrolment.sign("certificate", canonical.decode(given.payload, Certificate), signing)


def _enrolled_with(connection: Connection, device: RowMapping) -> Statement | None:
    kept = tables.invitation
    answered = select(kept.c.answer).where(kept.c.used_by == device["id"]).order_by(kept.c.issued.desc())
    raw = connection.execute(answered.limit(1)).scalar()
    return None if raw is None else msgspec.msgpack.decode(raw, type=enrolment.Answer).certificate


def _prolonged(given: Statement, now: datetime, until: datetime) -> Certificate:
    """Everything that was certified at enrolment stays as it was; only the term is another."""
    before = canonical.decode(given.payload, Certificate)
    return msgspec.structs.replace(before, issued=now, lease_until=until)


def _setting(connection: Connection, name: str) -> str | None:
    kept = tables.setting.c
    value: str | None = connection.execute(select(kept.value).where(kept.name == name)).scalar()
    return value


def _set(connection: Connection, name: str, value: str) -> None:
    kept = tables.setting
    if _setting(connection, name) is None:
        connection.execute(insert(kept).values(name=name, value=value))
    else:
        connection.execute(update(kept).where(kept.c.name == name).values(value=value))
