"""Devices in: invitations issued, requests checked, certificates and policy handed out; and out: revoked.

An invitation enrols one vault, once, before it expires. The same request again gets the same answer, so an
answer lost on the way costs nothing. Refused, and the invitation stays good: another key under a device id
already known, a known vault on the other side (real or practice), bytes that are no public key.
"""

import secrets
from datetime import timedelta

import msgspec
from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from fieldapp import canonical, enrolment, ids
from fieldapp.enrolment import Answer, Certificate, Invitation, InvitationExpired, Request
from sync import identity
from sync.headquarters import audit, authority, keys, ordering, store, tables
from sync.headquarters.office import Office
from sync.wire import DeviceUnknown, InvitationRealm, InvitationUnknown, InvitationUsed

INVITATION_DAYS = 7


_DEVICE = select(tables.device).where(tables.device.c.id == bindparam("device"))


def invite(
    office: Office,
    *,
    url: str,
    name: str,
    role: str = "",
    unit: str = "",
    site: str = "",
    practice: bool = False,
    by: str = "command",
) -> Invitation:
    """Issue an invitation for the vault of one officer."""
    now = office.clock()
    made = Invitation(
        id=ids.uuid7(now),
        url=url,
        headquarters=office.keyring.name,
        practice=practice,
        root=keys.realm(office.keyring, practice).root,
        secret=secrets.token_hex(16),
        authority=authority.certificate(office.home),
        expires=now + timedelta(days=INVITATION_DAYS),
    )
    with store.writing(office.engine) as connection:
        connection.execute(
            insert(tables.invitation).values(
                id=made.id,
                practice=practice,
                secret=made.secret,
                name=name,
                role=role,
                unit=unit,
                site=site,
                issued=store.text(now),
                expires=store.text(made.expires),
            )
        )
        audit.note(connection, now, by, "invited", made.id)
    return made


def enrol(office: Office, request: Request) -> Answer:
    """Answer a vault that asks to be enrolled."""
    now = office.clock()
    with store.writing(office.engine) as connection:
        asked = select(tables.invitation).where(tables.invitation.c.id == request.invitation)
        invited = store.one(connection, asked)
        # One error for both: nobody learns from outside which invitations exist.
        if invited is None or not identity.check_request(request, invited["secret"]):
            raise InvitationUnknown
        if invited["used_by"]:
            return _same_again(connection, invited, request)
        if now > store.moment(invited["expires"]):
            raise InvitationExpired(on=invited["expires"][:10])
        _check_key(connection, invited, request)
        answer = _answer(connection, office, invited, request)
        _admit(connection, invited, request, answer, store.text(now))
        audit.note(connection, now, request.device.hex(), "enrolled", invited["id"])
        return answer


def _same_again(connection: Connection, invited: RowMapping, request: Request) -> Answer:
    known = find(connection, request.device.hex())
    if invited["used_by"] != request.device.hex() or known is None or known["public"] != request.public:
        raise InvitationUsed
    return msgspec.msgpack.decode(invited["answer"], type=Answer)


def _check_key(connection: Connection, invited: RowMapping, request: Request) -> None:
    if len(request.device) != 16 or not identity.is_public_key(request.public):
        raise InvitationUnknown
    known = find(connection, request.device.hex())
    if known is None:
        return
    if known["public"] != request.public:
        raise InvitationUsed
    if known["practice"] != invited["practice"]:
        # Its records so far belong to the side it is on; it never changes sides with them.
        raise InvitationRealm


def _answer(connection: Connection, office: Office, invited: RowMapping, request: Request) -> Answer:
    own, now = keys.realm(office.keyring, invited["practice"]), office.clock()
    policy = ordering.policy_in_force(connection, invited["practice"])
    certificate = Certificate(
        device=request.device.hex(),
        public=request.public.hex(),
        name=invited["name"],
        role=invited["role"],
        unit=invited["unit"],
        site=invited["site"],
        practice=invited["practice"],
        issued=now,
        lease_until=now + timedelta(days=policy.lease_days or ordering.LEASE_DAYS),
    )
    x509 = _papers(office, certificate, request)
    if x509:
        certificate = msgspec.structs.replace(certificate, x509=canonical.sha256(x509[0]))
    policy = msgspec.structs.replace(policy, issued=policy.issued or now)
    return Answer(
        keys=own.statement,
        certificate=enrolment.sign("certificate", certificate, own.signing),
        policy=enrolment.sign("policy", policy, own.signing),
        x509=x509,
    )


def _papers(office: Office, certificate: Certificate, request: Request) -> tuple[bytes, ...]:
    if not request.paper_key:
        return ()
    try:
        return authority.certify_papers(office.home, certificate, request.paper_key, office.clock)
    except ValueError:
        raise InvitationUnknown from None


def _admit(connection: Connection, invited: RowMapping, request: Request, answer: Answer, at: str) -> None:
    certificate = canonical.decode(answer.certificate.payload, Certificate)
    row = {
        "public": request.public,
        "recipient": request.recipient,
        "practice": invited["practice"],
        "name": invited["name"],
        "role": invited["role"],
        "unit": invited["unit"],
        "site": invited["site"],
        "host": request.host[:200],
        "enrolled": at,
        "lease_until": store.text(certificate.lease_until),
    }
    device = request.device.hex()
    if find(connection, device) is None:
        connection.execute(insert(tables.device).values(id=device, **row))
    else:
        connection.execute(update(tables.device).where(tables.device.c.id == device).values(**row))
    connection.execute(
        update(tables.invitation)
        .where(tables.invitation.c.id == invited["id"])
        .values(used_by=device, answer=msgspec.msgpack.encode(answer))
    )


def find(connection: Connection, device: str) -> RowMapping | None:
    """Return the row of a device, None if headquarters does not know it."""
    return connection.execute(_DEVICE, {"device": device}).mappings().first()


def get(connection: Connection, device: str) -> RowMapping:
    """Return the row of a device; refuses one that headquarters does not know."""
    known = find(connection, device)
    if known is None:
        raise DeviceUnknown
    return known


def devices(connection: Connection, practice: bool) -> list[RowMapping]:
    """Return the devices of one realm, those seen last first."""
    kept = tables.device
    question = select(kept).where(kept.c.practice == practice).order_by(kept.c.last_seen.desc(), kept.c.name)
    return list(connection.execute(question).mappings())


def revoke(office: Office, device: str, by: str, why: str = "") -> None:
    """Withdraw a device: it is ordered to seal itself, and what it still sends is kept in quarantine."""
    now = office.clock()
    with store.writing(office.engine) as connection:
        known = get(connection, device)
        connection.execute(
            update(tables.device).where(tables.device.c.id == device).values(revoked=store.text(now))
        )
        ordering.order_lock(connection, office, known, why)
        audit.note(connection, now, by, "revoked", device)
