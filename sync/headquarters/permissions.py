"""Who may do what: one table with every route of headquarters, and the roles that each is open to.

A route that the table does not name is refused to everybody. One headquarters is one tenant: its real and its
practice realm share a database and nothing else, and an account belongs to one of them or to both.
"""

from typing import Literal, get_args

Role = Literal["supervisor", "analyst", "admin", "auditor"]
Realm = Literal["both", "real", "practice"]
ROLES: tuple[Role, ...] = get_args(Role)
REALMS: tuple[Realm, ...] = get_args(Realm)
Who = frozenset[Role] | Literal["public", "vault", "monitor"]

_ALL: Who = frozenset(ROLES)
_READERS: Who = frozenset({"supervisor", "analyst", "auditor"})  # of what inspectors recorded
_DECIDERS: Who = frozenset({"supervisor"})
_WATCHERS: Who = frozenset({"supervisor", "admin", "auditor"})
_GIVERS: Who = frozenset({"supervisor", "analyst"})
_KEEPERS: Who = frozenset({"supervisor", "auditor"})
_PUBLISHERS: Who = frozenset({"analyst", "admin"})
_STEWARDS: Who = frozenset({"supervisor", "admin"})  # of laptops that were lost

# One realm's pages: the same addresses stand under /practice.
_REALM: dict[tuple[str, str], Who] = {
    ("GET", "/reports"): _READERS,
    ("GET", "/reports.csv"): _READERS,
    ("GET", "/reports.xlsx"): _READERS,
    ("GET", "/reports.geojson"): _READERS,
    ("GET", "/reports.stix"): _GIVERS,
    ("GET", "/reports.zip"): _KEEPERS,
    ("POST", "/reports/views"): _READERS,
    ("POST", "/reports/bulk"): _DECIDERS,
    ("GET", "/reports/{record}"): _READERS,
    ("GET", "/reports/{record}/paper"): _KEEPERS,
    ("GET", "/reports/{record}/evidence/{number:int}"): _READERS,
    ("POST", "/reports/{record}/review"): _DECIDERS,
    ("POST", "/reports/{record}/escalate"): _DECIDERS,
    ("POST", "/reports/{record}/stands"): _DECIDERS,
    ("GET", "/figures"): _READERS,
    ("GET", "/map"): _READERS,
    ("GET", "/devices"): _ALL,
    ("GET", "/devices/{device}"): _ALL,
    ("POST", "/devices/{device}"): _STEWARDS,
    ("POST", "/devices/{device}/given"): frozenset({"admin"}),
    ("GET", "/notices"): _ALL,
    ("GET", "/notices/{notice}"): _ALL,
    ("GET", "/notices/{notice}/proposal"): _PUBLISHERS,
    ("POST", "/notices/policy"): _PUBLISHERS,
    ("POST", "/notices/checklist"): _PUBLISHERS,
    ("POST", "/notices/list"): _PUBLISHERS,
    ("POST", "/notices/{notice}"): _PUBLISHERS,
    ("POST", "/notices/{notice}/signed"): _PUBLISHERS,
    ("GET", "/quarantine"): _WATCHERS,
    ("GET", "/quarantine/{entry}"): _WATCHERS,
    ("POST", "/quarantine/{entry}"): _DECIDERS,
}
TABLE: dict[tuple[str, str], Who] = {
    ("POST", "/v1/enrol"): "vault",
    ("POST", "/v1/session"): "vault",
    ("POST", "/v1/sync"): "vault",
    ("POST", "/v1/given"): "vault",
    ("PATCH", "/v1/blob/{h}"): "vault",
    ("GET", "/v1/target/{h}"): "vault",
    ("GET", "/healthz"): "public",
    ("GET", "/metrics"): "monitor",
    ("GET", "/static"): "public",
    ("GET", "/fonts"): "public",
    ("GET", "/sign-in"): "public",
    ("POST", "/sign-in"): "public",
    ("GET", "/sign-in/provider"): "public",
    ("GET", "/sign-in/provider/back"): "public",
    ("GET", "/welcome/{token}"): "public",
    ("POST", "/welcome/{token}"): "public",
    ("GET", "/"): _ALL,
    ("POST", "/sign-out"): _ALL,
    ("GET", "/factor"): _ALL,
    ("POST", "/factor"): _ALL,
    ("POST", "/factor/new"): _ALL,
    ("POST", "/factor/passkey"): _ALL,
    ("POST", "/factor/passkey/new"): _ALL,
    ("GET", "/health"): _ALL,
    ("GET", "/audit"): frozenset({"admin", "auditor"}),
    ("POST", "/audit"): frozenset({"admin", "auditor"}),
    ("GET", "/users"): frozenset({"admin", "auditor"}),
    ("POST", "/users"): frozenset({"admin"}),
    ("POST", "/users/{proposal}"): frozenset({"admin"}),
    **_REALM,
    **{(method, f"/practice{path}"): who for (method, path), who in _REALM.items()},
}
# Steps of a visit whose second factor is not shown yet.
BEFORE_FACTOR = {"/factor", "/factor/new", "/factor/passkey", "/factor/passkey/new", "/sign-out"}
HOME: dict[str, str] = {"admin": "/users"}


def who(method: str, path: str) -> Who:
    """Return who may use a route; nobody, where the table does not name it."""
    return TABLE.get((method, path), frozenset())


def is_open(method: str, path: str) -> bool:
    """Say whether a route asks for no visit."""
    return who(method, path) == "public"


def allowed(role: str, realm: str, method: str, path: str) -> bool:
    """Say whether an account may use a route. A practice account sees nothing real, and the reverse."""
    entry = who(method, path)
    if isinstance(entry, str):
        return entry == "public"
    if path.startswith("/practice/"):
        return role in entry and realm != "real"
    return role in entry and (realm != "practice" or (method, path) not in _REALM)


def home(role: str, realm: str = "both") -> str:
    """Return the page that a person of this role begins with."""
    at = HOME.get(role, "/reports")
    return f"/practice{at}" if realm == "practice" and at == "/reports" else at
