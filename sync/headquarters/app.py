"""The HTTP face: every route of headquarters in one table, and the headers that every page carries.

The wire's routes speak frames and tokens, people's routes speak forms and cookies; neither accepts the
other's. Work that waits for the database runs in the thread pool; a blob's bytes are written as they come.
"""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import resources
from fieldapp.errors import FieldappError
from sync import wire
from sync.headquarters import desk, metrics, pages, store
from sync.headquarters.office import Office

_WRITE_AT = 1 << 18
STATUS = {
    "frame-refused": 400,
    "session-refused": 401,
    "device-unknown": 403,
    "device-revoked": 403,
    "blob-unwanted": 404,
    "blob-offset": 409,
    "blob-damaged": 422,
    "protocol-too-old": 426,
    "headquarters-busy": 503,
}
POLICY = (
    b"default-src 'none'; img-src 'self'; style-src 'self'; font-src 'self'; script-src 'self'; "
    b"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# Our style is asked for again, mostly to hear "not modified"; fonts do not change under their names.
KEPT = {"/static/": b"no-cache", "/fonts/": b"public, max-age=604800"}
HEADERS = (
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guarded:
    """Adds the headers that every answer carries, unless the answer set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; amend the beginning of the answer."""

        async def amended(message: Message) -> None:
            # No browser opens a frame, and on a slow line every byte is paid for.
            if message["type"] == "http.response.start" and not scope["path"].startswith("/v1/"):
                for begin, kept in KEPT.items():
                    if scope["path"].startswith(begin) and message["status"] in (200, 206, 304):
                        message["headers"] = [*message["headers"], (b"cache-control", kept)]
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in HEADERS if name not in present),
                ]
            await send(message)

        await self._app(scope, receive, amended)


def build(office: Office) -> Starlette:
    """Return the application over `office`."""
    people = pages.routes(office)
    static = StaticFiles(directory=resources.path("headquarters", "static"))
    app = Starlette(
        routes=[
            *(Route(path, _posted(office, answer), methods=["POST"]) for path, answer in desk.POSTS.items()),
            Route("/v1/blob/{h}", _blob(office), methods=["PATCH"]),
            Route("/v1/target/{h}", _target(office), methods=["GET"]),
            Route("/healthz", _healthz(office), methods=["GET"]),
            Route("/metrics", _metrics(office), methods=["GET"]),
            *people,
            Mount("/static", static),
            Mount("/fonts", StaticFiles(directory=resources.path("fonts", "ui"))),
        ],
        middleware=[Middleware(Guarded)],
    )
    app.state.office = office
    return app


def _frame(content: bytes, status: int = 200) -> Response:
    return Response(content, status, media_type=wire.CONTENT_TYPE)


def refused(error: FieldappError) -> Response:
    """Return the frame and the status for `error`."""
    return _frame(wire.pack(wire.refusal(error)), STATUS.get(error.code, 400))


def _token(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token if kind == "Bearer" else ""


def _posted(
    office: Office, answer: Callable[[Office, bytes, str], bytes]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            body = await _limited_body(request)
            return _frame(await run_in_threadpool(answer, office, body, _token(request)))
        except ClientDisconnect:
            return Response(status_code=400)
        except FieldappError as error:
            return refused(error)

    return endpoint


async def _limited_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > wire.MAX_FRAME:
            raise wire.FrameRefused(why="size")
    return bytes(body)


def _blob(office: Office) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        offset = _number(request.headers.get("upload-offset", ""))
        try:
            arriving = await run_in_threadpool(
                desk.open_blob, office, request.path_params["h"], offset, _token(request)
            )
        except FieldappError as error:
            return refused(error)
        try:
            await _receive(request, arriving)
            return _frame(await run_in_threadpool(arriving.finish))
        except ClientDisconnect:
            return Response(status_code=400)
        except FieldappError as error:
            return refused(error)
        finally:
            arriving.close()

    return endpoint


async def _receive(request: Request, arriving: desk.BlobDesk) -> None:
    waiting = bytearray()
    try:
        async for chunk in request.stream():
            waiting += chunk
            if len(waiting) >= _WRITE_AT:
                await run_in_threadpool(arriving.write, bytes(waiting))
                waiting.clear()
    finally:
        # Also after a cut: what came before it is kept.
        await run_in_threadpool(arriving.write, bytes(waiting))


def _target(office: Office) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        offset = _number(request.query_params.get("offset", "0"))
        try:
            h = request.path_params["h"]
            return _frame(await run_in_threadpool(desk.target, office, h, offset, _token(request)))
        except FieldappError as error:
            return refused(error)

    return endpoint


def _number(text: str) -> int:
    """Return the whole number in a header or query; -1, which fits nowhere, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def _healthz(office: Office) -> Callable[[Request], Response]:
    def endpoint(_request: Request) -> Response:
        with store.reading(office.engine) as connection:
            store.generation(connection)
        return PlainTextResponse("ok")

    return endpoint


def _metrics(office: Office) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        address = request.client.host if request.client else ""
        forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
        if not metrics.may_ask(office, address, forwarded, request.headers.get("authorization", "")):
            return PlainTextResponse("", 403)
        return Response(metrics.exposition(office), media_type=metrics.TYPE)

    return endpoint
