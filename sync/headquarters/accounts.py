"""Who may sign in: accounts with a password, one-time links, visits, and a limit on guessing.

Passwords are kept as Argon2id, tokens as SHA-256. A visit ends after 15 minutes without a step and after 12
hours in any case. After five wrong passwords in 15 minutes the name, and the address they came from, wait.
"""

import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Sequence
from datetime import timedelta

import msgspec
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import Connection, RowMapping, delete, func, insert, or_, select, update

from fieldapp.errors import InspectorError, SituationError
from sync.headquarters import audit, store, tables
from sync.headquarters.office import Office
from sync.headquarters.permissions import REALMS, ROLES

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
WELCOME = timedelta(hours=48)
GUESSES, GUESS_WINDOW = 5, timedelta(minutes=15)
SHORTEST = 10


# Several at once, each with lanes of its own, wait for each other's for ever; and each takes 64 MiB.
_ONE_AT_A_TIME = threading.Lock()


class SignInRefused(InspectorError):
    """The name or the password is wrong; which of them is not said."""

    code = "sign-in-refused"


class TooManyGuesses(SituationError):
    """Too many wrong passwords; wait `minutes`."""

    code = "too-many-guesses"


class PasswordShort(InspectorError):
    """A password needs at least `least` characters."""

    code = "password-short"


class PasswordsDiffer(InspectorError):
    """A new password was not written the same twice: nobody sees what he types there."""

    code = "passwords-differ"


class WelcomeUnknown(InspectorError):
    """The one-time link was used, has run out, or never existed."""

    code = "welcome-unknown"


class NameRefused(InspectorError):
    """A name of an account is 1 to 80 characters."""

    code = "name-refused"


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in. `form_token` belongs into every form of this visit."""

    name: str
    role: str
    form_token: str
    realm: str = "both"
    whole: bool = True  # False: the second factor is still to be shown, or to be set up


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()


def _kdf(salt: bytes) -> Argon2id:
    return Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=64 * 1024)


def _password(password: str) -> str:
    if len(password) < SHORTEST:
        raise PasswordShort(least=SHORTEST)
    with _ONE_AT_A_TIME:
        return _kdf(os.urandom(16)).derive_phc_encoded(password.encode("utf-8"))


def _matches(password: str, kept: str) -> bool:
    try:
        with _ONE_AT_A_TIME:
            Argon2id.verify_phc_encoded(password.encode("utf-8"), kept)
    except (InvalidKey, ValueError):
        return False
    return True


def invite(office: Office, name: str, role: str = "supervisor", realm: str = "both") -> str:
    """Make or renew the account `name`; return the token of a one-time link that sets its password."""
    token = secrets.token_urlsafe(24)
    until = store.text(office.clock() + WELCOME)
    with store.writing(office.engine) as connection:
        make(connection, office, name, role, realm)
        connection.execute(
            update(tables.account)
            .where(tables.account.c.name == name.strip())
            .values(welcome=_hash(token), welcome_until=until)
        )
    return token


def set_password(office: Office, name: str, password: str, role: str = "supervisor") -> None:
    """Make the account `name` where there is none, and give it a password."""
    kept = _password(password)
    with store.writing(office.engine) as connection:
        make(connection, office, name, role)
        connection.execute(
            update(tables.account).where(tables.account.c.name == name.strip()).values(password=kept)
        )


def make(
    connection: Connection, office: Office, name: str, role: str, realm: str = "both", by: str = "command"
) -> None:
    """Make the account `name` where there is none; one that is there keeps its role."""
    name = name.strip()
    if not 0 < len(name) <= 80 or role not in ROLES or realm not in REALMS:
        raise NameRefused
    known = connection.execute(select(tables.account.c.name).where(tables.account.c.name == name)).first()
    if known is None:
        now = office.clock()
        row = {"name": name, "role": role, "realm": realm, "created": store.text(now)}
        connection.execute(insert(tables.account).values(**row))
        audit.note(connection, now, by, "account-made", name)


def welcomed(office: Office, token: str) -> str:
    """Return the name a one-time link belongs to; refuses a used or old one."""
    kept = tables.account
    question = select(kept.c.name).where(
        kept.c.welcome == _hash(token),
        kept.c.welcome_until > store.text(office.clock()),
        kept.c.disabled == "",
    )
    with store.reading(office.engine) as connection:
        name: str | None = connection.execute(question).scalar()
    if name is None:
        raise WelcomeUnknown
    return name


def accept_welcome(office: Office, token: str, password: str) -> str:
    """Set the password through a one-time link, which is used up; return the name."""
    name, kept = welcomed(office, token), _password(password)
    with store.writing(office.engine) as connection:
        done = connection.execute(
            update(tables.account)
            .where(tables.account.c.name == name, tables.account.c.welcome == _hash(token))
            .values(password=kept, welcome=None, welcome_until="")
        )
        if done.rowcount != 1:
            raise WelcomeUnknown
        audit.note(connection, office.clock(), name, "password-set", name)
    return name


def sign_in(office: Office, name: str, password: str, address: str) -> str:
    """Check a name and its password; return the token of a new visit."""
    who = (f"name:{name.strip()[:80]}", f"address:{address[:80]}")
    guesses = _count_guess(office, who)
    kept = tables.account
    with store.reading(office.engine) as connection:
        row = store.one(connection, select(kept).where(kept.c.name == name.strip()))
    # A name nobody has costs as much time as a wrong password.
    right = _matches(password, row["password"] if row and row["password"] else _NOBODY)
    if row is None or row["disabled"] or not right:
        raise SignInRefused
    return begin(office, row, guesses)


def begin(office: Office, row: RowMapping, guesses: Sequence[int] = ()) -> str:
    """Begin a visit of the account `row`, who has shown who he is; his guesses are forgotten."""
    kept = tables.attempt.c
    with store.writing(office.engine) as connection:
        mine = or_(kept.number.in_(guesses), kept.who == f"name:{row['name']}")
        connection.execute(delete(tables.attempt).where(mine))
        audit.note(connection, office.clock(), row["name"], "signed-in")
    with store.reading(office.engine) as connection:
        passkey = tables.passkey.c
        has_passkey = connection.execute(select(passkey.id).where(passkey.account == row["name"])).first()
    whole = row["factor"] is None and has_passkey is None and not needs_factor(office, row["role"])
    return _begin_visit(office, row["name"], whole=whole)


_NOBODY = _kdf(bytes(16)).derive_phc_encoded(secrets.token_bytes(32))


def _count_guess(office: Office, who: tuple[str, ...]) -> list[int]:
    """Count a guess before it is looked at: many at the same moment are as many. Return where it stands."""
    with store.writing(office.engine, "guesses") as connection:
        _refuse_guessing(connection, office, who)
        at, kept = store.text(office.clock()), tables.attempt
        counted = [insert(kept).values(who=one, at=at).returning(kept.c.number) for one in who]
        return [connection.execute(one).scalar_one() for one in counted]


def _refuse_guessing(connection: Connection, office: Office, who: tuple[str, ...]) -> None:
    since = store.text(office.clock() - GUESS_WINDOW)
    kept = tables.attempt
    question = (
        select(kept.c.who)
        .where(kept.c.who.in_(who), kept.c.at > since)
        .group_by(kept.c.who)
        .having(func.count() >= GUESSES)
    )
    if connection.execute(question).first() is not None:
        raise TooManyGuesses(minutes=int(GUESS_WINDOW.total_seconds() // 60))


def note_wrong(office: Office, name: str) -> None:
    """Count a wrong code of `name` like a wrong password."""
    with store.writing(office.engine) as connection:
        at = store.text(office.clock())
        connection.execute(insert(tables.attempt).values(who=f"code:{name}", at=at))


def refuse_guessing(office: Office, name: str) -> None:
    """Refuse a code after too many wrong ones."""
    with store.reading(office.engine) as connection:
        _refuse_guessing(connection, office, (f"code:{name}",))


def needs_factor(office: Office, role: str) -> bool:
    """Say whether `role` has to show a second factor; off until two admins ask for it."""
    kept = tables.setting.c
    with store.reading(office.engine) as connection:
        asked = connection.execute(select(kept.value).where(kept.name == f"second-factor:{role}")).scalar()
    return asked == "required"


def _begin_visit(office: Office, name: str, *, whole: bool) -> str:
    token, now = secrets.token_urlsafe(32), store.text(office.clock())
    with store.writing(office.engine) as connection:
        oldest = store.text(office.clock() - LONGEST)
        connection.execute(delete(tables.visit).where(tables.visit.c.started < oldest))
        connection.execute(
            insert(tables.visit).values(token=_hash(token), account=name, started=now, seen=now, whole=whole)
        )
    return token


def visitor(office: Office, token: str) -> Visitor | None:
    """Return who this visit belongs to, None when it has ended; each step keeps it alive."""
    now = office.clock()
    kept = tables.visit
    question = (
        select(kept.c.account, kept.c.seen, kept.c.whole, tables.account.c.role, tables.account.c.realm)
        .join(tables.account, tables.account.c.name == kept.c.account)
        .where(
            kept.c.token == _hash(token),
            kept.c.started > store.text(now - LONGEST),
            kept.c.seen > store.text(now - IDLE),
            tables.account.c.disabled == "",
        )
    )
    with store.reading(office.engine) as connection:
        row = connection.execute(question).first()
    if row is None:
        return None
    if store.moment(row.seen) < now - timedelta(minutes=1):
        with store.writing(office.engine) as connection:
            connection.execute(update(kept).where(kept.c.token == _hash(token)).values(seen=store.text(now)))
    return Visitor(
        name=row.account,
        role=row.role,
        realm=row.realm,
        whole=row.whole,
        form_token=_form_token(office, token),
    )


def complete(connection: Connection, token: str) -> None:
    """The second factor was shown: this visit is whole."""
    connection.execute(update(tables.visit).where(tables.visit.c.token == _hash(token)).values(whole=True))


def is_whole(connection: Connection, token: str) -> bool:
    """Say whether this visit has shown what was asked of it."""
    kept = tables.visit.c
    return bool(connection.execute(select(kept.whole).where(kept.token == _hash(token))).scalar())


def end_visits(connection: Connection, name: str) -> None:
    """End every visit of `name`, and its one-time link."""
    connection.execute(delete(tables.visit).where(tables.visit.c.account == name))
    gone = {"welcome": None, "welcome_until": ""}
    connection.execute(update(tables.account).where(tables.account.c.name == name).values(**gone))


def sign_out(office: Office, token: str) -> None:
    """End a visit."""
    with store.writing(office.engine) as connection:
        connection.execute(delete(tables.visit).where(tables.visit.c.token == _hash(token)))


def _form_token(office: Office, token: str) -> str:
    return hmac.new(office.keyring.secret, b"form" + token.encode("utf-8"), hashlib.sha256).hexdigest()
