"""What a revision changed: the parts of two inspections compared, each by what identifies it.

Findings and samples are matched by number; scans, evidence, tests, holds and additions by id; goods by line;
parties and persons by role and name; papers by kind and number; answers by question; steps of custody by
exhibit and number; clocks by kind and beginning; the rest by place. A checklist is named by its version. What
every revision changes (its number, state, parents) is left out.
"""

from typing import Any, Literal

import msgspec

from fieldapp import canonical
from fieldapp.inspection.inspection import Inspection

_LEFT_OUT = {"id", "number", "revision", "state", "parents", "answers", "reviews", "opened", "practice"}
_KEYS: dict[str, tuple[str, ...]] = {
    "findings": ("number",),
    "scans": ("id",),
    "evidence": ("id",),
    "adjudications": ("hit",),
    "goods": ("seq",),
    "parties": ("role", "name"),
    "documents": ("kind", "number"),
    "answered": ("question",),
    "found": ("field", "line"),
    "field_tests": ("id",),
    "samples": ("number",),
    "custody": ("exhibit", "seq"),
    "holds": ("id",),
    "deadlines": ("kind", "starts"),
    "present": ("role", "name"),
    "addenda": ("id",),
    "seen_before": ("mark",),
}
# Parts whose items people know by name; of the others the place in the list tells which.
_BY_NAME = ("findings", "goods", "answered", "samples", "custody")
LONGEST = 300


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: `part` is findings, scans, ...; `name` tells which; `field` what of it, "" for all."""

    what: Literal["added", "removed", "changed"]
    part: str
    name: str
    field: str = ""
    before: str = ""
    after: str = ""


def compare(before: Inspection, after: Inspection) -> tuple[Change, ...]:
    """Return how `after` differs from `before`, in the order of the report."""
    old, new = (msgspec.json.decode(canonical.encode(one)) for one in (before, after))
    changes: list[Change] = []
    for part in new:
        if part in _LEFT_OUT:
            continue
        if part == "checklist":
            _compare_part(changes, part, _version(old[part]), _version(new[part]))
            continue
        if part == "consignment":
            for inner in sorted({*old[part], *new[part]} - {"id"}):
                _compare_part(changes, inner, old[part].get(inner), new[part].get(inner))
        else:
            _compare_part(changes, part, old[part], new[part])
    return tuple(changes)


def _version(checklist: dict[str, Any] | None) -> str:
    return f"{checklist['id']} {checklist['version']}" if checklist else ""


def _compare_part(changes: list[Change], part: str, old: Any, new: Any) -> None:  # noqa: ANN401 - plain JSON
    if isinstance(old or new, list):
        _compare_lists(changes, part, old or [], new or [])
    elif isinstance(old or new, dict):
        _compare_fields(changes, part, "", old or {}, new or {})
    elif old != new:
        changes.append(Change(what="changed", part=part, name="", before=_text(old), after=_text(new)))


def _compare_lists(changes: list[Change], part: str, old: list[Any], new: list[Any]) -> None:
    was, now = _named(part, old), _named(part, new)
    for place, name in enumerate(dict.fromkeys((*was, *now)), 1):
        shown = name if part in _BY_NAME else str(place)
        if name not in was:
            changes.append(Change(what="added", part=part, name=shown, after=_gist(now[name])))
        elif name not in now:
            changes.append(Change(what="removed", part=part, name=shown, before=_gist(was[name])))
        elif isinstance(was[name], dict):
            _compare_fields(changes, part, shown, was[name], now[name])
        elif was[name] != now[name]:
            before, after = _text(was[name]), _text(now[name])
            changes.append(Change(what="changed", part=part, name=shown, before=before, after=after))


def _compare_fields(
    changes: list[Change], part: str, name: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    for field in (*new, *(gone for gone in old if gone not in new)):
        if old.get(field) != new.get(field):
            before, after = _text(old.get(field)), _text(new.get(field))
            changes.append(
                Change(what="changed", part=part, name=name, field=field, before=before, after=after)
            )


def _named(part: str, items: list[Any]) -> dict[str, Any]:
    keys = _KEYS.get(part)
    if keys is None:
        return {str(place): item for place, item in enumerate(items, 1)}
    return {" ".join(str(item.get(key, "")) for key in keys): item for item in items}


def _gist(item: Any) -> str:  # noqa: ANN401 - plain JSON
    """Return the words of an item that tell a reader which it is."""
    if not isinstance(item, dict):
        return _text(item)
    told = (
        "note", "reason", "caption", "description", "name", "original_name", "value", "text", "number",
        "receipt", "kind",
    )  # fmt: skip
    symbol = item.get("symbol")
    if isinstance(symbol, dict):
        return _text(symbol.get("text"))
    return next((_text(item[field]) for field in told if item.get(field)), "")


def _text(value: Any) -> str:  # noqa: ANN401 - plain JSON
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode("utf-8")
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
