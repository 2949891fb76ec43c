"""People's side: the table of pages. What each shows is in `people`, `casework` and `outlook`.

Real and practice are two trees of addresses with the same pages; no page of one asks about the other. Pages
work without JavaScript, in English and Hindi. Whatever came from outside reaches a template as a plain string
and is escaped there. Who may open which page stands in `permissions`.
"""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.headquarters import board, casework, factors, noticeboard, outlook, people
from sync.headquarters.door import Form, Page, guarded, may_upload, open_form
from sync.headquarters.office import Office

Endpoint = Callable[[Request], Awaitable[Response]]
Show = Callable[[Page], Response]
Take = Callable[[Page, Form], Response]

_REALM_GETS: list[tuple[str, Show]] = [
    ("/reports", casework.queue),
    ("/reports.csv", casework.listing),
    ("/reports.xlsx", casework.workbook),
    ("/reports.geojson", casework.mapped),
    ("/reports.stix", casework.shared),
    ("/reports.zip", casework.papers),
    ("/reports/{record}", casework.report),
    ("/reports/{record}/paper", casework.paper),
    ("/reports/{record}/evidence/{number:int}", casework.evidence),
    ("/figures", outlook.figured),
    ("/map", outlook.mapped),
    ("/devices", board.devices),
    ("/devices/{device}", board.device),
    ("/notices", noticeboard.show),
    ("/notices/{notice}", noticeboard.notice),
    ("/notices/{notice}/proposal", noticeboard.proposal),
    ("/quarantine", outlook.asides),
    ("/quarantine/{entry}", outlook.aside),
]
_REALM_POSTS: list[tuple[str, Take]] = [
    ("/reports/views", casework.keep_view),
    ("/reports/bulk", casework.decide_many),
    ("/reports/{record}/review", casework.decide),
    ("/reports/{record}/escalate", casework.escalate),
    ("/reports/{record}/stands", casework.rule),
    ("/quarantine/{entry}", outlook.settle),
    ("/devices/{device}", board.act),
    ("/devices/{device}/given", board.give),
    ("/notices/policy", noticeboard.propose_policy),
    ("/notices/{notice}", noticeboard.settle),
]
# Forms that bring a file.
_REALM_UPLOADS: list[tuple[str, Take]] = [
    ("/notices/checklist", noticeboard.propose_checklist),
    ("/notices/list", noticeboard.propose_list),
    ("/notices/{notice}/signed", noticeboard.bring),
]
GETS: list[tuple[str, Show]] = [
    ("/", people.home),
    ("/sign-in", people.show_sign_in),
    ("/welcome/{token}", people.show_welcome),
    ("/sign-in/provider", factors.leave),
    ("/sign-in/provider/back", factors.come_back),
    ("/factor", factors.show),
    ("/users", people.users_page),
    ("/health", outlook.health),
    ("/audit", outlook.trail),
    *_REALM_GETS,
    *((f"/practice{path}", show) for path, show in _REALM_GETS),
]
POSTS: list[tuple[str, Take]] = [
    ("/sign-in", people.sign_in),
    ("/sign-out", people.sign_out),
    ("/welcome/{token}", people.welcome),
    ("/factor", factors.take_code),
    ("/factor/new", factors.set_code),
    ("/factor/passkey", factors.take_passkey),
    ("/factor/passkey/new", factors.set_passkey),
    ("/users", people.propose),
    ("/users/{proposal}", people.settle),
    ("/audit", outlook.verify_trail),
    *_REALM_POSTS,
    *((f"/practice{path}", take) for path, take in _REALM_POSTS),
]

UPLOADS: list[tuple[str, Take]] = [
    *_REALM_UPLOADS,
    *((f"/practice{path}", take) for path, take in _REALM_UPLOADS),
]


def routes(office: Office) -> list[Route]:
    """Return every page, explicitly."""
    return [
        *(Route(path, _shown(office, show, path), methods=["GET"]) for path, show in GETS),
        *(Route(path, _uploaded(office, take, path), methods=["POST"]) for path, take in UPLOADS),
        *(Route(path, _taken(office, take, path), methods=["POST"]) for path, take in POSTS),
    ]


def _shown(office: Office, show: Show, path: str) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(guarded, office, request, show, path)

    return endpoint


def _taken(office: Office, take: Take, path: str) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        form = await open_form(request)
        return await run_in_threadpool(guarded, office, request, lambda page: take(page, form), path, form)

    return endpoint


def _uploaded(office: Office, take: Take, path: str) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        # Nobody fills this server's disk who may not post here.
        welcome = await run_in_threadpool(may_upload, office, request, path)
        form = await open_form(request, files=1) if welcome else Form(FormData())
        try:
            return await run_in_threadpool(
                guarded, office, request, lambda page: take(page, form), path, form
            )
        finally:
            await form.fields.close()

    return endpoint
