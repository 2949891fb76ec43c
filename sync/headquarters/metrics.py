"""Counts for a monitor, in the Prometheus text exposition format 0.0.4: numbers only, no names.

Asked for from this machine itself, or with the token in `metrics.token` in headquarters' folder.
"""

import hmac
from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from sync.headquarters import reports, store, tables
from sync.headquarters.office import Office

TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LOCAL = ("127.0.0.1", "::1")


def may_ask(office: Office, address: str, forwarded: bool, authorization: str) -> bool:
    """Say whether a monitor may read: by its token, or directly from this machine."""
    file = office.home / "metrics.token"
    if file.exists():
        token = file.read_text("utf-8").strip()
        return bool(token) and hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())
    return address in _LOCAL and not forwarded


def exposition(office: Office) -> str:
    """Return the page that a monitor reads."""
    with store.reading(office.engine) as connection:
        lines = [*_lines(connection, practice=False), *_lines(connection, practice=True), *_all(connection)]
    told: dict[str, list[str]] = {}
    for name, labels, value in lines:
        inner = ",".join(f'{key}="{text}"' for key, text in labels.items())
        told.setdefault(name, [f"# TYPE fieldapp_{name} gauge"]).append(
            f"fieldapp_{name}{{{inner}}} {value}" if inner else f"fieldapp_{name} {value}"
        )
    return "".join(f"{line}\n" for group in told.values() for line in group)


def _lines(connection: Connection, *, practice: bool) -> Iterable[tuple[str, dict[str, str], int]]:
    realm = {"realm": "practice" if practice else "real"}
    for standing, number in reports.counts(connection, practice).items():
        yield "reports", {**realm, "standing": standing}, number
    device = tables.device.c
    for name, condition in (("enrolled", device.revoked == ""), ("revoked", device.revoked != "")):
        question = select(func.count()).where(device.practice == practice, condition)
        yield "devices", {**realm, "state": name}, connection.execute(question).scalar_one()
    waiting = select(func.coalesce(func.sum(device.waiting), 0)).where(device.practice == practice)
    yield "outbox_entries", realm, int(connection.execute(waiting).scalar_one())
    aside = (
        select(func.count()).select_from(tables.quarantine).where(tables.quarantine.c.practice == practice)
    )
    yield "quarantined_entries", realm, connection.execute(aside).scalar_one()
    newest = select(func.coalesce(func.max(tables.release.c.number), 0)).where(
        tables.release.c.practice == practice
    )
    yield "watchlist_release", realm, connection.execute(newest).scalar_one()


def _all(connection: Connection) -> Iterable[tuple[str, dict[str, str], int]]:
    for name, table in (("records", tables.record), ("audit_lines", tables.audit), ("visits", tables.visit)):
        yield name, {}, connection.execute(select(func.count()).select_from(table)).scalar_one()
    missing = select(func.count()).select_from(tables.blob).where(tables.blob.c.done == "")
    yield "blobs_missing", {}, connection.execute(missing).scalar_one()
