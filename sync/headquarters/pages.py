"""People's side: the table of pages, and what each shows. Works without JavaScript, in English and Hindi.

Real and practice are two trees of addresses with the same pages; no page of one asks about the other.
Whatever came from outside reaches a template as a plain string and is escaped there.
"""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fieldapp.errors import FieldappError
from fieldapp.inspection.review import Remark
from fieldapp.screening.verdict import WORDS
from sync.headquarters import (
    accounts,
    audit,
    enrolment,
    exports,
    intake,
    publish,
    reading,
    reports,
    review,
    store,
)
from sync.headquarters.door import Form, Page, guarded, open_form, redirect, set_visit
from sync.headquarters.office import Office

Endpoint = Callable[[Request], Awaitable[Response]]
OPEN = {"/sign-in", "/welcome/{token}"}  # pages that need no visit


def routes(office: Office) -> list[Route]:
    """Return every page, explicitly."""
    gets: list[tuple[str, Callable[[Page], Response]]] = [
        ("/", home),
        ("/sign-in", show_sign_in),
        ("/welcome/{token}", show_welcome),
        ("/reports", queue),
        ("/reports.csv", listing),
        ("/reports/{record}", report),
        ("/reports/{record}/evidence/{number:int}", evidence),
        ("/devices", devices),
        ("/health", health),
        ("/practice/reports", queue),
        ("/practice/reports.csv", listing),
        ("/practice/reports/{record}", report),
        ("/practice/reports/{record}/evidence/{number:int}", evidence),
        ("/practice/devices", devices),
    ]
    posts: list[tuple[str, Callable[[Page, Form], Response]]] = [
        ("/sign-in", sign_in),
        ("/sign-out", sign_out),
        ("/welcome/{token}", welcome),
        ("/reports/{record}/review", decide),
        ("/practice/reports/{record}/review", decide),
    ]
    return [
        *(Route(path, _shown(office, show, path), methods=["GET"]) for path, show in gets),
        *(Route(path, _taken(office, take, path), methods=["POST"]) for path, take in posts),
    ]


def _shown(office: Office, show: Callable[[Page], Response], path: str) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(guarded, office, request, show, path in OPEN)

    return endpoint


def _taken(office: Office, take: Callable[[Page, Form], Response], path: str) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        form = await open_form(request)
        return await run_in_threadpool(
            guarded, office, request, lambda page: take(page, form), path in OPEN, form
        )

    return endpoint


def home(_page: Page) -> Response:
    """Lead to the queue."""
    return redirect("/reports")


def show_sign_in(page: Page) -> Response:
    """Show the sign-in form."""
    if page.visitor is not None:
        return redirect("/reports")
    return page.render("sign_in.html", name="", error="")


def sign_in(page: Page, form: Form) -> Response:
    """Begin a visit."""
    name = form.text("name", 80)
    try:
        token = accounts.sign_in(page.office, name, form.text("password", 1000), page.address)
    except FieldappError as error:
        return page.render("sign_in.html", 403, name=name, error=page.words.error(error))
    return set_visit(page, redirect(form.local_path("next", "/reports")), token)


def sign_out(page: Page, _form: Form) -> Response:
    """End the visit."""
    accounts.sign_out(page.office, page.token)
    answer = redirect("/sign-in")
    answer.delete_cookie("visit")
    return answer


def show_welcome(page: Page) -> Response:
    """Show the form behind a one-time link."""
    name = accounts.welcomed(page.office, page.path("token"))
    return page.render("welcome.html", name=name, error="", least=accounts.SHORTEST)


def welcome(page: Page, form: Form) -> Response:
    """Set the first password and sign in."""
    token, password = page.path("token"), form.text("password", 1000)
    try:
        name = accounts.accept_welcome(page.office, token, password)
    except accounts.PasswordShort as error:
        told = page.words.error(error)
        name = accounts.welcomed(page.office, token)
        return page.render("welcome.html", 400, name=name, error=told, least=accounts.SHORTEST)
    visit = accounts.sign_in(page.office, name, password, page.address)
    return set_visit(page, redirect("/reports"), visit)


def queue(page: Page) -> Response:
    """List the reports of one realm."""
    asked = page.query("standing")
    standing = asked if asked in (*reports.STANDINGS, "all") else "waiting"
    asked = page.query("verdict")
    verdict = asked if asked in WORDS else ""
    sought = page.query("q")[:100]
    with store.reading(page.office.engine) as connection:
        counts = reports.counts(connection, page.practice)
        rows = reports.queue(
            connection,
            page.practice,
            standing="" if standing == "all" else standing,
            verdict=verdict,
            text=sought,
        )
    return page.render(
        "queue.html",
        rows=rows,
        counts=counts,
        total=sum(counts.values()),
        standing=standing,
        verdict=verdict,
        sought=sought,
        standings=(*reports.STANDINGS, "all"),
        verdicts=WORDS,
    )


def listing(page: Page) -> Response:
    """Give every report of one realm as a file for a spreadsheet."""
    with store.reading(page.office.engine) as connection:
        rows = reports.queue(connection, page.practice, limit=100_000)
    name = "practice-reports.csv" if page.practice else "reports.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(
        exports.reports_csv(rows, page.words), media_type="text/csv; charset=utf-8", headers=headers
    )


def report(page: Page) -> Response:
    """Show one report."""
    return _report(page, "", "")


def _report(page: Page, error: str, kept: str, status: int = 200) -> Response:
    found = reading.read(page.office, page.path("record"), page.practice)
    return page.render(
        "revision.html",
        status,
        reading=found,
        made=found.record.inspection,
        review_id=review.new_id(page.office),
        error=error,
        kept=kept,
        pictures=reading.PICTURES,
        own=page.visitor is not None and found.line.officer.casefold() == page.visitor.name.casefold(),
    )


def decide(page: Page, form: Form) -> Response:
    """Approve or return one report."""
    assert page.visitor is not None, "the route is not open"
    written = zip(form.texts("remark"), form.texts("part"), strict=False)
    remarks = tuple(Remark(text=text.strip(), path=part[:60]) for text, part in written if text.strip())
    try:
        command = review.Decide(
            id=form.text("id", 40),
            record=page.path("record"),
            practice=page.practice,
            outcome=review.outcome_of(form.text("outcome", 20)),
            remarks=remarks,
        )
        review.decide(page.office, command, page.visitor.name)
    except review.ReviewRefused as error:
        kept = remarks[0].text if remarks else ""
        return _report(page, page.words.error(error), kept, 409)
    return redirect(f"{page.realm_path}/reports/{command.record}#decided")


def evidence(page: Page) -> Response:
    """Give one piece of evidence: a picture to look at, anything else to save."""
    number = int(page.path("number"))
    item, plain = reading.open_evidence(page.office, page.path("record"), page.practice, number)
    if item.mime in reading.PICTURES and page.query("save") == "":
        return Response(plain, media_type=item.mime)
    name = f"evidence-{number}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(plain, media_type="application/octet-stream", headers=headers)


def devices(page: Page) -> Response:
    """Show the vaults of one realm, and what waits in quarantine."""
    newest = publish.newest(page.office, page.practice)
    with store.reading(page.office.engine) as connection:
        rows = enrolment.devices(connection, page.practice)
        heads = {row["id"]: intake.head(connection, row["id"]).seq for row in rows}
        aside = intake.set_aside(connection, page.practice)
    return page.render(
        "devices.html", rows=rows, heads=heads, aside=aside, newest=newest["number"] if newest else 0
    )


def health(page: Page) -> Response:
    """Show whether headquarters itself is well."""
    with store.reading(page.office.engine) as connection:
        try:
            lines, broken = audit.verify(connection), 0
        except audit.AuditBroken as error:
            lines, broken = 0, int(error.facts["number"])
        life = store.generation(connection)
    newest = {practice: publish.newest(page.office, practice) for practice in (False, True)}
    return page.render("health.html", lines=lines, broken=broken, life=life, newest=newest)
