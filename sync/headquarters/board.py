"""Pages about laptops: what each is known to hold, how its clock runs, and the order that locks one."""

from datetime import timedelta

from sqlalchemy import Connection, RowMapping, func, select
from starlette.responses import Response

from sync.headquarters import enrolment, inheritance, intake, publish, quarantine, store, tables
from sync.headquarters.door import Form, Page, redirect
from sync.wire import DeviceUnknown

CLOCK_OFF = 120  # seconds by which a clock may differ before the page speaks of it
SILENT = timedelta(days=7)
TRAIL = 30
MAX_WHY = 1000


def devices(page: Page) -> Response:
    """Show the vaults of one realm."""
    newest = publish.newest(page.office, page.practice)
    with store.reading(page.office.engine) as connection:
        rows = enrolment.devices(connection, page.practice)
        heads = {row["id"]: intake.head(connection, row["id"]).seq for row in rows}
        aside = len([one for one in quarantine.listed(connection, page.practice) if one.outcome == "open"])
        forks, rolled = _forks(connection), _rolled_back(connection)
    return page.render(
        "devices.html",
        rows=rows,
        heads=heads,
        aside=aside,
        newest=newest["number"] if newest else 0,
        silent=store.text(page.office.clock() - SILENT),
        off=CLOCK_OFF,
        forks=forks,
        rolled=rolled,
    )


def _forks(connection: Connection) -> dict[str, int]:
    kept = tables.record.c
    forked = select(kept.device, func.max(kept.branch)).where(kept.branch != 0).group_by(kept.device)
    return {row[0]: row[1] for row in connection.execute(forked)}


def _rolled_back(connection: Connection) -> dict[str, int]:
    trail = tables.audit.c
    back = select(trail.actor, func.count()).where(trail.what == "trust-rolled-back").group_by(trail.actor)
    return {row[0]: row[1] for row in connection.execute(back)}


def device(page: Page) -> Response:
    """Show one laptop."""
    return _device(page)


def _device(page: Page, error: str = "", why: str = "", status: int = 200) -> Response:
    newest = publish.newest(page.office, page.practice)
    with store.reading(page.office.engine) as connection:
        row = _one(connection, page)
        trail, reports = tables.audit.c, tables.report.c
        told = (
            select(tables.audit)
            .where((trail.actor == row["id"]) | (trail.subject == row["id"]))
            .order_by(trail.number.desc())
            .limit(TRAIL)
        )
        lines = list(connection.execute(told).mappings())
        sealed = connection.execute(
            select(func.count()).select_from(tables.report).where(reports.device == row["id"])
        ).scalar_one()
        head = intake.head(connection, row["id"]).seq
        forks = _forks(connection).get(row["id"], 0)
        rolled = _rolled_back(connection).get(row["id"], 0)
        lost = inheritance.candidates(connection, row)
    return page.render(
        "device.html",
        status,
        row=row,
        trail=lines,
        sealed=sealed,
        newest=newest["number"] if newest else 0,
        off=CLOCK_OFF,
        error=error,
        why=why,
        head=head,
        forks=forks,
        rolled=rolled,
        lost=lost,
    )


def give(page: Page, form: Form) -> Response:
    """Give the records of a withdrawn laptop to this one, of the same officer."""
    with store.reading(page.office.engine) as connection:
        row = _one(connection, page)
        named = {each["id"] for each in inheritance.candidates(connection, row)}
    earlier = form.text("earlier", 32)
    if earlier not in named or form.text("sure", 3) != "yes":
        return _device(page, page.say("hq.given.not-sure"), status=409)
    inheritance.give(page.office, earlier, row["id"], page.person.name)
    return redirect(f"{page.realm_path}/devices/{row['id']}")


def _one(connection: Connection, page: Page) -> RowMapping:
    """Return the laptop of this page, of this realm and no other."""
    row = enrolment.get(connection, page.path("device"))
    if row["practice"] != page.practice:
        raise DeviceUnknown
    return row


def act(page: Page, form: Form) -> Response:
    """Lock a laptop for good: it is told to seal itself, and what it still sends is set aside."""
    why = form.text("why", MAX_WHY).strip()
    with store.reading(page.office.engine) as connection:
        row = _one(connection, page)
    if row["revoked"]:
        return _device(page, page.say("hq.lock.already"), why, 409)
    if not why or form.text("sure", 3) != "yes":
        return _device(page, page.say("hq.lock.not-sure"), why, 409)
    enrolment.revoke(page.office, row["id"], page.person.name, why)
    return redirect(f"{page.realm_path}/devices/{row['id']}")
