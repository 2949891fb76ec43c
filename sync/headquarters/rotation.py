"""The command line's verbs that change headquarters' keys, each with an overlap in which old and new hold.

    python -m sync.headquarters keys rotate --home DIR [--practice]
    python -m sync.headquarters keys authority --home DIR [--now]
    python -m sync.headquarters keys change NAME --home DIR [--now]

`rotate` puts a new signing key in use; what the old one signed holds as before, and laptops learn of the new
one from the statement that the root signs, with their next exchange or reply. `authority` names the next
certificate authority, and the server goes on with the old one until `change`. All three need the root medium
beside `keys/`, and the server started again, which they say (`restart`).

`change` refuses before `OVERLAP` has passed and every laptop that was not withdrawn has been heard since the
naming; a headquarters without an authority of its own refuses both, for its laptops trust somebody else.
`--now` does it all the same.
"""

import argparse
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from fieldapp import clock
from fieldapp.errors import SituationError
from sync.headquarters import audit, authority, keys, office, store, tables
from sync.headquarters.office import Office

OVERLAP = timedelta(days=14)  # in which the old authority serves and the next one is heard of

Verbs = Any  # what argparse calls its collection of verbs is private to it


class AuthorityEarly(SituationError):
    """The authority `named` that day takes over on `until` at the soonest; `unheard` laptops may lack it."""

    code = "authority-early"


class AuthorityNone(SituationError):
    """Laptops do not trust an authority of headquarters' own yet, and would trust no other from then on."""

    code = "authority-none"


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to the command line."""
    ways = verbs.add_parser("keys", help="change a signing key or the authority").add_subparsers(
        dest="way", required=True
    )
    signing = ways.add_parser("rotate", help="put a new signing key in use")
    signing.add_argument("--practice", action="store_true")
    named = ways.add_parser("authority", help="name the next certificate authority")
    changed = ways.add_parser("change", help="serve with the authority that was named")
    changed.add_argument("name", help="name or address of the server")
    for way in (named, changed):
        way.add_argument("--now", action="store_true", help="also where laptops lose the line by it")
    for way in (signing, named, changed):
        way.add_argument("--home", type=Path, required=True, help="headquarters' folder")


def run(asked: argparse.Namespace) -> dict[str, object]:
    """Run the verb that was asked for, write so into the audit trail; return what to print."""
    opened = office.open_office(asked.home)
    try:
        told = WAYS[asked.way](asked, opened)
        with store.writing(opened.engine) as connection:
            audit.note(connection, clock.now(), "command", f"keys-{asked.way}", str(told.get("realm", "")))
    finally:
        office.close(opened)
    return {**told, "restart": "every running server of this headquarters; until then it uses the old keys"}


def _rotate(asked: argparse.Namespace, _opened: Office) -> dict[str, object]:
    which = keys.REALMS[asked.practice]
    new = keys.rotate(asked.home, which, clock.now)
    return {"realm": which, "signing": new.signing.public_key().public_bytes_raw().hex()}


def _authority(asked: argparse.Namespace, opened: Office) -> dict[str, object]:
    if not asked.now and not authority.made(asked.home):
        raise AuthorityNone
    authority.prepare(asked.home, opened.keyring.name, clock.now)
    return {"named": True, "serving": "old"}


def _change(asked: argparse.Namespace, opened: Office) -> dict[str, object]:
    if not asked.now:
        check_heard(opened)
    authority.change(asked.home, asked.name, clock.now)
    return {"named": True, "serving": "new"}


def check_heard(opened: Office) -> None:
    """Refuse where the authority that waits would take over from laptops that may not have heard of it."""
    named = authority.named(opened.home)
    if not authority.made(opened.home):
        raise AuthorityNone
    kept = tables.device.c
    # The second is lost in a certificate: seen in the second of the naming is not seen since.
    since = store.text(named + timedelta(seconds=1))
    late = select(func.count()).where(kept.revoked == "", kept.last_seen < since)
    with store.reading(opened.engine) as connection:
        unheard = connection.execute(late).scalar_one()
    until = named + OVERLAP
    if unheard or opened.clock() < until:
        raise AuthorityEarly(named=f"{named:%Y-%m-%d}", until=f"{until:%Y-%m-%d}", unheard=unheard)


WAYS: dict[str, Callable[[argparse.Namespace, Office], dict[str, object]]] = {
    "rotate": _rotate,
    "authority": _authority,
    "change": _change,
}
