"""Accounts and their roles, changed by two persons: one admin proposes, another one confirms.

Nothing happens before the confirmation; who proposed cannot confirm, only withdraw. The first admins are made
at the command line. A disabled account keeps its history and loses its visits at once. The last admin stays.
"""

import msgspec
from sqlalchemy import Connection, RowMapping, func, insert, select, update

from fieldapp import ids
from fieldapp.errors import InspectorError
from sync.headquarters import accounts, audit, factor, store, tables
from sync.headquarters.office import Office
from sync.headquarters.permissions import REALMS, ROLES

WHATS = ("account", "role", "disable", "enable", "link", "factor-reset", "factor-rule")
RULES = ("required", "offered")


class ProposalRefused(InspectorError):
    """This change of accounts cannot be proposed or confirmed; `why` names the guard."""

    code = "account-proposal-refused"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change. `value` is "role/realm" for account and role, one of RULES for factor-rule."""

    what: str
    subject: str  # the account's name; of a factor-rule, the role
    value: str = ""


def people(connection: Connection) -> list[RowMapping]:
    """Return every account, without its secrets."""
    kept = tables.account.c
    has_factor = kept.factor.is_not(None).label("factor")
    question = select(kept.name, kept.role, kept.realm, kept.disabled, kept.created, has_factor)
    return list(connection.execute(question.order_by(kept.name)).mappings())


def proposals(connection: Connection, *, waiting: bool, limit: int = 50) -> list[RowMapping]:
    """Return the proposals that wait, or those decided, newest first."""
    kept = tables.proposal
    which = kept.c.outcome == "" if waiting else kept.c.outcome != ""
    question = select(kept).where(which).order_by(kept.c.at.desc()).limit(limit)
    return list(connection.execute(question).mappings())


def rules(connection: Connection) -> dict[str, str]:
    """Return for each role whether its second factor is required or offered."""
    kept = tables.setting.c
    rows = connection.execute(select(kept.name, kept.value).where(kept.name.startswith("second-factor:")))
    found = {row.name.partition(":")[2]: row.value for row in rows}
    return {role: found.get(role, "offered") for role in ROLES}


def propose(office: Office, wish: Wish, by: str) -> str:
    """Keep a proposal for another admin; return its id."""
    wish = msgspec.structs.replace(wish, subject=wish.subject.strip())
    with store.writing(office.engine) as connection:
        _check(connection, wish)
        now = office.clock()
        own = ids.uuid7(now)
        row = {"id": own, **msgspec.structs.asdict(wish), "by": by, "at": store.text(now)}
        connection.execute(insert(tables.proposal).values(**row))
        audit.note(connection, now, by, f"proposed-{wish.what}", f"{wish.subject} {wish.value}".strip())
    return own


def settle(office: Office, proposal: str, *, agreed: bool, by: str) -> Wish:
    """Confirm a proposal of another admin, or refuse it; one's own can only be withdrawn."""
    kept = tables.proposal
    with store.writing(office.engine) as connection:
        row = store.one(connection, select(kept).where(kept.c.id == proposal, kept.c.outcome == ""))
        if row is None:
            raise ProposalRefused(why="proposal-gone")
        if agreed and row["by"].casefold() == by.casefold():
            raise ProposalRefused(why="second-person")
        wish = Wish(what=row["what"], subject=row["subject"], value=row["value"])
        now = office.clock()
        if agreed:
            _check(connection, wish)
            _do(connection, office, wish, by)
        outcome = "confirmed" if agreed else "refused"
        decided = {"outcome": outcome, "decided_by": by, "decided_at": store.text(now)}
        connection.execute(update(kept).where(kept.c.id == proposal).values(**decided))
        audit.note(connection, now, by, f"{outcome}-{wish.what}", f"{wish.subject} {wish.value}".strip())
    return wish


def _check(connection: Connection, wish: Wish) -> None:
    if wish.what not in WHATS:
        raise ProposalRefused(why="form")
    if wish.what == "factor-rule":
        if wish.subject not in ROLES or wish.value not in RULES:
            raise ProposalRefused(why="form")
        return
    held = store.one(connection, select(tables.account).where(tables.account.c.name == wish.subject))
    if not 0 < len(wish.subject) <= 80:
        raise ProposalRefused(why="name-missing")
    if (held is None) != (wish.what == "account"):
        raise ProposalRefused(why="account-known" if held else "account-unknown")
    if wish.what in ("account", "role"):
        role, _, realm = wish.value.partition("/")
        if role not in ROLES or realm not in REALMS:
            raise ProposalRefused(why="form")
    leaves = wish.what == "disable" or (wish.what == "role" and not wish.value.startswith("admin/"))
    if held is not None and held["role"] == "admin" and leaves and _admins(connection) <= 2:
        raise ProposalRefused(why="two-admins")


def _admins(connection: Connection) -> int:
    kept = tables.account.c
    question = select(func.count()).where(kept.role == "admin", kept.disabled == "")
    return connection.execute(question).scalar_one()


def _do(connection: Connection, office: Office, wish: Wish, by: str) -> None:
    kept = tables.account
    named = update(kept).where(kept.c.name == wish.subject)
    role, _, realm = wish.value.partition("/")
    if wish.what == "account":
        accounts.make(connection, office, wish.subject, role, realm, by)
    elif wish.what == "role":
        connection.execute(named.values(role=role, realm=realm))
        accounts.end_visits(connection, wish.subject)
    elif wish.what == "link":
        accounts.end_visits(connection, wish.subject)  # the page makes the link itself
    elif wish.what == "disable":
        connection.execute(named.values(disabled=store.text(office.clock())))
        accounts.end_visits(connection, wish.subject)
    elif wish.what == "enable":
        connection.execute(named.values(disabled=""))
    elif wish.what == "factor-reset":
        factor.take_away(connection, wish.subject)
        accounts.end_visits(connection, wish.subject)
    else:
        name = f"second-factor:{wish.subject}"
        done = connection.execute(
            update(tables.setting).where(tables.setting.c.name == name).values(value=wish.value)
        )
        if done.rowcount == 0:
            connection.execute(insert(tables.setting).values(name=name, value=wish.value))
