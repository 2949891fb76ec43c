"""The door for people: who is asking, in which language, whether a form is truly theirs.

A page is shown to a visitor whose role may open it (`permissions`), or leads to the sign-in. A form must come
from our own pages (Origin, or Sec-Fetch-Site) and carry this visit's token. Errors become a page with one
sentence.
"""

import hmac
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit

import jinja2
import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

import resources
from fieldapp import text
from fieldapp.errors import FieldappError, InspectorError
from sync.headquarters import accounts, permissions, store
from sync.headquarters.accounts import Visitor
from sync.headquarters.office import Office
from sync.headquarters.quarantine import EntryUnknown
from sync.headquarters.reading import ReportUnknown
from sync.headquarters.words import Words, icon, visible

COOKIE = "visit"
LANGUAGE = "language"
MAX_UPLOAD = 512 << 20  # bytes of a form with files: a watchlist of several million entries


class FormRefused(InspectorError):
    """The form did not come from a page of this visit; it is shown again."""

    code = "form-refused"


class NotAllowed(InspectorError):
    """This account's role, or its realm, does not open this page."""

    code = "not-allowed"


class Form(msgspec.Struct, frozen=True):
    """What a person sent."""

    fields: FormData

    def text(self, name: str, most: int) -> str:
        """Return the text of a field, cut at `most` characters."""
        value = self.fields.get(name, "")
        return value[:most] if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Return every text of a field that stands more than once."""
        return tuple(value for value in self.fields.getlist(name) if isinstance(value, str))

    def upload(self, name: str) -> UploadFile | None:
        """Return a file that came with the form, None where none was chosen."""
        value = self.fields.get(name)
        return value if isinstance(value, UploadFile) and (value.size or 0) > 0 else None

    def local_path(self, name: str, default: str) -> str:
        """Return a path of our own pages from a field; `default` for anything else."""
        path = self.text(name, 300)
        return path if path.startswith("/") and not path.startswith(("//", "/\\")) else default


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One request of a person, with everything a page asks for."""

    office: Office
    request: Request
    words: Words
    visitor: Visitor | None
    token: str

    @property
    def person(self) -> Visitor:
        """Who is signed in, on a page that is not open."""
        assert self.visitor is not None, "the route is not open"
        return self.visitor

    def say(self, key: str, **facts: object) -> str:
        """Return the words of `key` in this page's language."""
        return self.words.say(key, **facts)

    def may(self, path: str, method: str = "GET") -> bool:
        """Say whether this person may use a route; templates leave out what is not open to him."""
        visitor = self.visitor
        return visitor is not None and permissions.allowed(visitor.role, visitor.realm, method, path)

    @property
    def practice(self) -> bool:
        """Whether this page belongs to the practice realm."""
        return self.request.url.path.startswith("/practice/")

    @property
    def realm_path(self) -> str:
        """What every address of this realm begins with."""
        return "/practice" if self.practice else ""

    @property
    def address(self) -> str:
        """Where the person's machine stands, for the limit on guessing."""
        return self.request.client.host if self.request.client else ""

    def moment(self, kept: str) -> datetime:
        """Return the moment that a table keeps as text."""
        return store.moment(kept)

    def path(self, name: str) -> str:
        """Return a part of the address."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str:
        """Return a field of the query, empty if absent."""
        return self.request.query_params.get(name, "")

    def local_path(self, name: str, default: str) -> str:
        """Return a path of our own pages from the query; `default` for anything else."""
        path = self.query(name)[:300]
        return path if path.startswith("/") and not path.startswith(("//", "/\\")) else default

    def render(self, template: str, status: int = 200, **facts: object) -> Response:
        """Return the page made of `template` and `facts`."""
        made = (
            _templates()
            .get_template(template)
            .render(
                page=self,
                words=self.words,
                say=self.words.say,
                visitor=self.visitor,
                practice=self.practice,
                realm=self.realm_path,
                here=self.request.url.path,
                next=self.request.query_params.get("next", ""),
                icon=icon,
                headquarters=self.office.keyring.name,
                **facts,
            )
        )
        answer = HTMLResponse(made, status)
        if self.query("lang") in text.LANGUAGES:
            answer.set_cookie(LANGUAGE, self.query("lang"), max_age=31_536_000, samesite="lax", httponly=True)
        return answer


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(resources.path("headquarters", "templates")),
        autoescape=True,
        finalize=visible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def language(request: Request) -> str:
    """Return the language of this page: asked for, remembered, or what the browser prefers."""
    for asked in (request.query_params.get("lang", ""), request.cookies.get(LANGUAGE, "")):
        if asked in text.LANGUAGES:
            return asked
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower().split("-")[0]
        if tag in text.LANGUAGES:
            return tag
    return text.LANGUAGES[0]


async def open_form(request: Request, files: int = 0) -> Form:
    """Read a form within limits, with at most `files` files; one that cannot be read is empty."""
    try:
        return Form(await request.form(max_files=files, max_fields=100, max_part_size=1 << 20))
    except MultiPartException:
        return Form(FormData())


def may_upload(office: Office, request: Request, path: str) -> bool:
    """Say whether to read the files of a form at all: its sender may post there, and it is not too large."""
    token = request.cookies.get(COOKIE, "")
    visitor = accounts.visitor(office, token) if token else None
    size = request.headers.get("content-length", "")
    fits = size.isascii() and size.isdigit() and len(size) < 12 and int(size) <= MAX_UPLOAD
    open_to = visitor is not None and permissions.allowed(visitor.role, visitor.realm, "POST", path)
    return fits and open_to and visitor is not None and visitor.whole


def guarded(
    office: Office,
    request: Request,
    show: Callable[[Page], Response],
    path: str,
    form: Form | None = None,
) -> Response:
    """Show the page at the route `path` to whoever may see it; take a form from whoever may send it."""
    is_open = permissions.is_open("GET" if request.method == "HEAD" else request.method, path)
    token = request.cookies.get(COOKIE, "")
    visitor = accounts.visitor(office, token) if token else None
    page = Page(office=office, request=request, words=Words(language(request)), visitor=visitor, token=token)
    if visitor is None and not is_open:
        wanted = request.url.path if form is None else "/"
        return redirect(f"/sign-in?next={quote(wanted)}")
    if visitor is not None and not visitor.whole and not is_open and path not in permissions.BEFORE_FACTOR:
        return redirect("/factor")
    try:
        if visitor is not None and not is_open:
            _check_allowed(visitor, request.method, path)
        if form is not None:
            _check_origin(request)
            if visitor is not None and not is_open:
                _check_token(visitor, form)
        return show(page)
    except (ReportUnknown, EntryUnknown) as error:
        return page.render("trouble.html", 404, error=page.words.error(error))
    except NotAllowed as error:
        return page.render("trouble.html", 403, error=page.words.error(error))
    except FieldappError as error:
        return page.render("trouble.html", 400, error=page.words.error(error))


def _check_allowed(visitor: Visitor, method: str, path: str) -> None:
    """Refuse a page that the table does not open to this person."""
    if not permissions.allowed(visitor.role, visitor.realm, "GET" if method == "HEAD" else method, path):
        raise NotAllowed


def _check_origin(request: Request) -> None:
    """Refuse a form that another site made a browser send."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise FormRefused
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise FormRefused


def _check_token(visitor: Visitor, form: Form) -> None:
    """Refuse a form that was not made for this visit."""
    sent = form.text("token", 80).encode("utf-8")
    if not hmac.compare_digest(sent, visitor.form_token.encode("utf-8")):
        raise FormRefused


def redirect(path: str) -> Response:
    """Lead on with a GET."""
    return RedirectResponse(path, 303)


def set_visit(page: Page, answer: Response, token: str) -> Response:
    """Give the browser the token of its visit."""
    secure = page.request.url.scheme == "https"
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=secure)
    return answer
