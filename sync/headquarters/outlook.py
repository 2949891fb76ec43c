"""Pages that look over everything: figures, laptops, what was set aside, health and the audit trail."""

from sqlalchemy import func, select
from starlette.responses import Response

from sync.headquarters import (
    audit,
    enrolment,
    figures,
    intake,
    publish,
    quarantine,
    reports,
    store,
    tables,
)
from sync.headquarters.door import Form, Page, redirect

MOST = 100_000
TRAIL = 200  # lines on a page


def figured(page: Page) -> Response:
    """Show figures and the places."""
    with store.reading(page.office.engine) as connection:
        lines = reports.queue(connection, page.practice, limit=MOST)
    return page.render("figures.html", figures=figures.count(lines))


def devices(page: Page) -> Response:
    """Show the vaults of one realm."""
    newest = publish.newest(page.office, page.practice)
    kept = tables.record.c
    forked = select(kept.device, func.max(kept.branch)).where(kept.branch != 0).group_by(kept.device)
    trail = tables.audit.c
    back = select(trail.actor, func.count()).where(trail.what == "trust-rolled-back").group_by(trail.actor)
    with store.reading(page.office.engine) as connection:
        rows = enrolment.devices(connection, page.practice)
        heads = {row["id"]: intake.head(connection, row["id"]).seq for row in rows}
        forks = {row[0]: row[1] for row in connection.execute(forked)}
        rolled = {row[0]: row[1] for row in connection.execute(back)}
        aside = len([one for one in quarantine.listed(connection, page.practice) if one.outcome == "open"])
    return page.render(
        "devices.html",
        rows=rows,
        heads=heads,
        forks=forks,
        rolled=rolled,
        aside=aside,
        newest=newest["number"] if newest else 0,
    )


def asides(page: Page) -> Response:
    """List what was set aside, and the reports of which two records exist."""
    with store.reading(page.office.engine) as connection:
        rows = quarantine.listed(connection, page.practice)
        asked = reports.Sought(standing="diverged")
        diverged = reports.queue(connection, page.practice, asked)
    return page.render("quarantine.html", rows=rows, diverged=diverged)


def aside(page: Page) -> Response:
    """Show one entry that was set aside."""
    return _aside(page, "")


def _aside(page: Page, error: str, status: int = 200) -> Response:
    with store.reading(page.office.engine) as connection:
        found = quarantine.one(connection, page.practice, page.path("entry"))
    return page.render("aside.html", status, found=found, outcomes=quarantine.OUTCOMES, error=error)


def settle(page: Page, form: Form) -> Response:
    """Keep what was found out about an entry."""
    entry, outcome, note = page.path("entry"), form.text("outcome", 20), form.text("note", 4000)
    try:
        quarantine.settle(page.office, page.practice, entry, outcome, note, page.person.name)
    except quarantine.NoteMissing as error:
        return _aside(page, page.words.error(error), 409)
    return redirect(f"{page.realm_path}/quarantine")


def health(page: Page) -> Response:
    """Show whether headquarters itself is well."""
    lines, broken = _verified(page)
    with store.reading(page.office.engine) as connection:
        life = store.generation(connection)
    newest = {practice: publish.newest(page.office, practice) for practice in (False, True)}
    return page.render("health.html", lines=lines, broken=broken, life=life, newest=newest)


def _verified(page: Page) -> tuple[int, int]:
    """Return how many lines of the trail are whole, and the number of the first that is not."""
    with store.reading(page.office.engine) as connection:
        try:
            return audit.verify(connection), 0
        except audit.AuditBroken as error:
            return 0, int(error.facts["number"])


def trail(page: Page) -> Response:
    """Show the newest lines of the audit trail."""
    return _trail(page, checked=False)


def verify_trail(page: Page, _form: Form) -> Response:
    """Check every line of the audit trail, now."""
    return _trail(page, checked=True)


def _trail(page: Page, *, checked: bool) -> Response:
    lines, broken = _verified(page) if checked else (0, 0)
    before, who = page.query("before"), page.query("who")[:80]
    with store.reading(page.office.engine) as connection:
        rows = audit.lines(
            connection,
            before=int(before) if before.isdigit() and len(before) < 16 else 0,
            who=who,
            most=TRAIL,
        )
    return page.render(
        "audit.html", rows=rows, checked=checked, lines=lines, broken=broken, who=who, most=TRAIL
    )
