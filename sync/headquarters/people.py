"""Pages about the person at the desk and about accounts: sign-in, users."""

from starlette.responses import Response

from fieldapp.errors import FieldappError
from sync.headquarters import accounts, oidc, permissions, store, users
from sync.headquarters.door import Form, Page, redirect, set_visit


def home(page: Page) -> Response:
    """Lead to where a person of this role begins."""
    visitor = page.person
    return redirect(permissions.home(visitor.role, visitor.realm))


def show_sign_in(page: Page) -> Response:
    """Show the sign-in form."""
    if page.visitor is not None:
        return redirect("/")
    return page.render("sign_in.html", name="", error="", provider=oidc.label(page.office))


def sign_in(page: Page, form: Form) -> Response:
    """Begin a visit."""
    name = form.text("name", 80)
    try:
        token = accounts.sign_in(page.office, name, form.text("password", 1000), page.address)
    except FieldappError as error:
        facts = {"provider": oidc.label(page.office), "error": page.words.error(error)}
        return page.render("sign_in.html", 403, name=name, **facts)
    return set_visit(page, redirect(form.local_path("next", "/")), token)


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
        if form.text("again", 1000) != password:
            raise accounts.PasswordsDiffer
        name = accounts.accept_welcome(page.office, token, password)
    except (accounts.PasswordShort, accounts.PasswordsDiffer) as error:
        told = page.words.error(error)
        name = accounts.welcomed(page.office, token)
        return page.render("welcome.html", 400, name=name, error=told, least=accounts.SHORTEST)
    visit = accounts.sign_in(page.office, name, password, page.address)
    return set_visit(page, redirect("/"), visit)


def users_page(page: Page) -> Response:
    """Show accounts, what waits for a second admin, and the rules."""
    return _users(page)


def _users(page: Page, error: str = "", link: str = "", name: str = "", status: int = 200) -> Response:
    with store.reading(page.office.engine) as connection:
        facts: dict[str, object] = {
            "accounts": users.people(connection),
            "waiting": users.proposals(connection, waiting=True),
            "decided": users.proposals(connection, waiting=False, limit=20),
            "rules": users.rules(connection),
        }
    return page.render(
        "users.html",
        status,
        error=error,
        link=link,
        linked=name,
        roles=permissions.ROLES,
        realms=permissions.REALMS,
        whats=users.WHATS,
        may_change=page.person.role == "admin",
        **facts,
    )


def propose(page: Page, form: Form) -> Response:
    """Keep a proposal."""
    what = form.text("what", 20)
    value = form.text("value", 40)
    if what in ("account", "role"):
        value = f"{form.text('role', 20)}/{form.text('realm', 20)}"
    wish = users.Wish(what=what, subject=form.text("subject", 80), value=value)
    try:
        users.propose(page.office, wish, page.person.name)
    except FieldappError as error:
        return _users(page, page.words.error(error), status=409)
    return redirect("/users#waiting")


def settle(page: Page, form: Form) -> Response:
    """Confirm or refuse a proposal; a new account's link is shown once, to who confirmed it."""
    agreed = form.text("answer", 10) == "confirm"
    try:
        wish = users.settle(page.office, page.path("proposal"), agreed=agreed, by=page.person.name)
    except FieldappError as error:
        return _users(page, page.words.error(error), status=409)
    if agreed and wish.what in ("account", "link"):
        token = accounts.invite(page.office, wish.subject)
        base = str(page.request.base_url).rstrip("/")
        return _users(page, link=f"{base}/welcome/{token}", name=wish.subject)
    return redirect("/users")
