"""Narrowing the list of inspections: the form of its filters, and the filters in words."""

import contextlib
from datetime import date

import msgspec

from fieldapp.consignment.assignment import LANES
from fieldapp.inspection.wanted import ORDERS, Wanted
from fieldapp.screening.verdict import WORDS
from fieldapp.text import say
from ui.models.moments import day
from ui.models.naming import printable
from ui.widgets.form import Field

STATES = ("draft", "sealed", "returned", "approved")
_FLAGS = ("hold", "sample", "second")


def fields(wanted: Wanted, sites: tuple[str, ...], language: str) -> tuple[Field, ...]:
    """Return the form's fields, filled with what is wanted now."""

    def choice(key: str, values: tuple[str, ...], words: str, value: str) -> Field:
        options = (
            ("", say("narrow.any", language)),
            *((one, say(f"{words}{one}", language)) for one in values),
        )
        return Field(key=key, words=say(f"narrow.{key}", language), kind="pick", options=options, value=value)

    def line(key: str, value: str, hint: str) -> Field:
        return Field(key=key, words=say(f"narrow.{key}", language), value=value, hint=hint)

    flag = next((name for name in _FLAGS if getattr(wanted, name)), "")
    place = (
        Field(
            key="site",
            words=say("narrow.site", language),
            kind="pick",
            options=(("", say("narrow.any", language)), *((site, printable(site)) for site in sites)),
            value=wanted.site,
        )
        if 1 < len(sites) <= 50
        else line("site", wanted.site, ", ".join(sites[:3]))
    )
    orders = tuple((one, say(f"narrow.order.{one}", language)) for one in ORDERS)
    return (
        choice("state", STATES, "state.", wanted.state),
        choice("verdict", WORDS, "verdict.", wanted.verdict),
        choice("lane", LANES, "lane.", wanted.lane),
        choice("due", ("today", "overdue"), "narrow.due.", wanted.due),
        choice("clock", ("running", "soon", "overdue"), "narrow.clock.", wanted.clock),
        choice("with", _FLAGS, "narrow.with.", flag),
        line("from", day(wanted.opened_from) if wanted.opened_from else "", "2026-11-01"),
        line("to", day(wanted.opened_to) if wanted.opened_to else "", "2026-11-30"),
        place,
        Field(
            key="order", words=say("narrow.order", language), kind="pick", options=orders,
            value=wanted.order,
        ),
        line("name", "", say("narrow.name-hint", language)),
    )  # fmt: skip


def wanted_of(values: dict[str, str]) -> Wanted:
    """Return the filters a form was filled with; a day that is none is left out."""
    return Wanted(
        state=values["state"],  # type: ignore[arg-type]  # the form offers just these, here and below
        verdict=values["verdict"],  # type: ignore[arg-type]
        lane=values["lane"],  # type: ignore[arg-type]
        due=values["due"],  # type: ignore[arg-type]
        clock=values["clock"],  # type: ignore[arg-type]
        site=values["site"],
        opened_from=_day(values["from"]),
        opened_to=_day(values["to"]),
        hold=values["with"] == "hold",
        sample=values["with"] == "sample",
        second=values["with"] == "second",
        order=values["order"] or "latest",  # type: ignore[arg-type]
    )


def _day(text: str) -> date | None:
    with contextlib.suppress(ValueError):
        return date.fromisoformat(text)
    return None


def in_words(wanted: Wanted, language: str) -> str:
    """Return the filters in words, "" when nothing is narrowed."""
    said = []
    for key, words in (("state", "state."), ("verdict", "verdict."), ("lane", "lane.")):
        value = getattr(wanted, key)
        if value:
            said.append(say(f"{words}{value}", language))
    said += [
        say(f"narrow.{key}.{getattr(wanted, key)}", language)
        for key in ("due", "clock")
        if getattr(wanted, key)
    ]
    said += [say(f"narrow.with.{flag}", language) for flag in _FLAGS if getattr(wanted, flag)]
    if wanted.site:
        said.append(printable(wanted.site))
    if wanted.opened_from:
        said.append(say("narrow.since", language, day=day(wanted.opened_from)))
    if wanted.opened_to:
        said.append(say("narrow.until", language, day=day(wanted.opened_to)))
    if wanted.order != "latest":
        said.append(say(f"narrow.order.{wanted.order}", language))
    return " · ".join(said)


def is_narrow(wanted: Wanted) -> bool:
    """Say whether anything is left out."""
    return msgspec.structs.replace(wanted, order="latest") != Wanted()
