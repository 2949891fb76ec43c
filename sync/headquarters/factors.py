"""Pages of the ways to show who one is beside the password: codes, passkeys, an identity provider."""

from importlib.util import find_spec
from typing import Any

from starlette.responses import Response

from fieldapp.errors import FieldappError
from sync.headquarters import factor, oidc, passkey
from sync.headquarters.door import Form, Page, redirect, set_visit

_COOKIE = "provider"


def show(page: Page) -> Response:
    """Ask for the second factor, offer to set one up, or tell how it stands."""
    return _factor(page, "")


def _factor(page: Page, error: str, status: int = 200) -> Response:
    office, visitor = page.office, page.person
    codes, left = factor.standing(office, visitor.name)
    keys, known = passkey.held(office, visitor.name), find_spec("webauthn") is not None
    about = (office, visitor.name, page.token, _host(page))
    may_add = visitor.whole or not (codes or keys)
    return page.render(
        "factor.html",
        status,
        held=codes,
        left=left,
        keys=keys,
        offered=factor.offer(office, visitor.name) if may_add and not codes else None,
        making=passkey.offer(*about) if may_add and known else None,
        showing=passkey.ask(*about) if keys and known and not visitor.whole else None,
        codes=(),
        error=error,
    )


def take_code(page: Page, form: Form) -> Response:
    """Take the code of a sign-in."""
    try:
        factor.show(page.office, page.person.name, page.token, form.text("code", 40))
    except FieldappError as error:
        return _factor(page, page.words.error(error), 403)
    return redirect("/")


def set_code(page: Page, form: Form) -> Response:
    """Set the offered second factor up; show the recovery codes, once."""
    sealed, code = form.text("offer", 400), form.text("code", 40)
    try:
        codes = factor.set_up(page.office, page.person.name, page.token, sealed, code)
    except FieldappError as error:
        return _factor(page, page.words.error(error), 403)
    facts: dict[str, Any] = {"making": None, "showing": None, "offered": None, "error": "", "keys": 0}
    return page.render("factor.html", held=True, left=len(codes), codes=codes, **facts)


def take_passkey(page: Page, form: Form) -> Response:
    """Take the answer of a passkey at a sign-in."""
    sealed, answer = form.text("offer", 1000), form.text("answer", 20_000)
    try:
        passkey.show(page.office, page.person.name, page.token, _host(page), _origin(page), sealed, answer)
    except FieldappError as error:
        return _factor(page, page.words.error(error), 403)
    return redirect("/")


def set_passkey(page: Page, form: Form) -> Response:
    """Keep a passkey that the browser made."""
    sealed, answer = form.text("offer", 1000), form.text("answer", 20_000)
    try:
        passkey.keep(page.office, page.person.name, page.token, _host(page), _origin(page), sealed, answer)
    except FieldappError as error:
        return _factor(page, page.words.error(error), 403)
    return redirect("/factor")


def leave(page: Page) -> Response:
    """Lead to the identity provider."""
    at, sealed = oidc.leave(page.office, page.local_path("next", "/"))
    answer = redirect(at)
    secure = page.request.url.scheme == "https"
    answer.set_cookie(
        _COOKIE, sealed, max_age=oidc.SECONDS, path="/sign-in", httponly=True, samesite="lax", secure=secure
    )
    return answer


def come_back(page: Page) -> Response:
    """Take the identity provider's answer and begin a visit."""
    sealed = page.request.cookies.get(_COOKIE, "")
    try:
        token, then = oidc.come_back(page.office, sealed, page.request.query_params)
        answer = set_visit(page, redirect(then), token)
    except FieldappError as error:
        label = oidc.label(page.office)
        answer = page.render("sign_in.html", 403, name="", provider=label, error=page.words.error(error))
    answer.delete_cookie(_COOKIE, path="/sign-in")
    return answer


def _host(page: Page) -> str:
    return page.request.url.hostname or ""


def _origin(page: Page) -> str:
    return f"{page.request.url.scheme}://{page.request.url.netloc}"
