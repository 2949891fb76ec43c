"""Pages that look over everything: figures, what was set aside, health and the audit trail."""

from datetime import timedelta

import msgspec
from starlette.responses import Response

from sync.headquarters import audit, casework, chart, figures, publish, quarantine, reports, store, subjects
from sync.headquarters.door import Form, Page, redirect
from sync.headquarters.reports import ReportLine

MOST = 100_000
TRAIL = 200  # lines on a page
SPANS = (7, 30, 90, 365)  # days that are one click away


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """The days that a page looks at: as the form has them, those one click away, and as an address."""

    since: str
    until: str
    presets: tuple[tuple[int, str], ...]  # how many days, and the first of them
    query: str


def figured(page: Page) -> Response:
    """Show figures over the days that are asked for."""
    lines, span = _span(page)
    return page.render("figures.html", figures=figures.count(lines), span=span)


def mapped(page: Page) -> Response:
    """Show where inspections took place, as a chart and as a table."""
    lines, span = _span(page)
    return page.render("map.html", chart=chart.draw(lines), width=chart.WIDTH, span=span)


def _span(page: Page) -> tuple[tuple[ReportLine, ...], Span]:
    """Return the reports sealed in the days that are asked for, and what the form for them shows."""
    asked = casework.sought(page, default="all")
    asked = reports.Sought(since=asked.since, until=asked.until)
    with store.reading(page.office.engine) as connection:
        lines = reports.queue(connection, page.practice, asked, limit=MOST)
    today = page.office.clock().astimezone().date()
    presets = tuple((days, (today - timedelta(days=days - 1)).isoformat()) for days in SPANS)
    span = Span(since=asked.since, until=asked.until, presets=presets, query=casework.query(asked))
    return lines, span


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
        about, laptops = subjects.subjects(connection, rows), subjects.actors(connection, rows)
    return page.render(
        "audit.html",
        rows=rows,
        about=about,
        laptops=laptops,
        checked=checked,
        lines=lines,
        broken=broken,
        who=who,
        most=TRAIL,
    )
