"""Words on headquarters' pages: catalogue sentences, dates and sizes in one language.

A page may show a record made by a newer program, so a code without words is shown as the code with its
facts, never dropped and never an error.
"""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

import resources
from fieldapp import text
from fieldapp.errors import FieldappError
from fieldapp.screening.hit import Reason

_WORDED_FACTS = {"role": "role", "kind": "document", "why": "why"}


class Words(msgspec.Struct, frozen=True):
    """A language, and how it says things."""

    language: str

    def say(self, key: str, **facts: object) -> str:
        """Return the words of `key`."""
        return text.say(key, self.language, **facts)

    def count(self, key: str, number: int, **facts: object) -> str:
        """Return the words of `key` for `number` things."""
        return text.say_n(key, self.language, number, **facts)

    def code(self, family: str, code: str, facts: dict[str, Any] | None = None) -> str:
        """Return the words of `family.code`; the bare code and its facts where there are none."""
        known = {name: self._fact(name, value) for name, value in (facts or {}).items()}
        try:
            # Filled in here also when there are no facts: words with open places are no sentence.
            return text.say(f"{family}.{code}", self.language).format(**known)
        except KeyError:  # no words, or a place in them without a fact
            told = ", ".join(f"{name}: {value}" for name, value in known.items())
            return f"{code} ({told})" if told else code

    def _fact(self, name: str, value: object) -> object:
        family = _WORDED_FACTS.get(name)
        if family is not None and text.has(f"{family}.{value}", self.language):
            return text.say(f"{family}.{value}", self.language)
        return value

    def reason(self, reason: Reason) -> str:
        """Return the sentence of one reason."""
        return self.code("reason", reason.code, dict(reason.facts))

    def error(self, error: FieldappError) -> str:
        """Return the sentence of an error."""
        return self.code("error", error.code, dict(error.facts))

    def day(self, day: date | None) -> str:
        """Return a date as people write it, empty for none."""
        return f"{day.day} {self.say(f'hq.month.{day.month}')} {day.year}" if day else ""

    def moment(self, moment: datetime | None) -> str:
        """Return a moment in this machine's zone, with the zone named."""
        if moment is None:
            return ""
        try:
            local = moment.astimezone()
        except (OverflowError, OSError, ValueError):
            local = moment  # at the edge of what the machine's calendar holds: as it was written
        return f"{self.day(local.date())}, {local:%H:%M} {local.tzname()}"

    def span(self, seconds: int) -> str:
        """Return a span of time as people say it, in its two largest units."""
        days, hours, minutes = seconds // 86_400, seconds % 86_400 // 3600, seconds % 3600 // 60
        if days:
            return self.say("hq.span.days", days=days, hours=hours)
        return self.say("hq.span.hours", hours=hours, minutes=minutes)

    def size(self, count: int) -> str:
        """Return a number of bytes as people read it."""
        if count < 1000:
            return f"{count} B"
        return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


# Controls, and marks that hide or turn text round. Joiners stay: Devanagari is written with them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NAMES = {"\x1d": "GS", "\x1e": "RS", "\x04": "EOT"}


def visible(value: object) -> object:
    """Return a text with what cannot be seen written out, such as the separators of a barcode."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return _UNSEEN.sub(lambda found: f"\u27e8{_NAMES.get(found[0]) or f'U+{ord(found[0]):04X}'}\u27e9", value)


def icon(name: str) -> Markup:
    """Return an icon of the shelf to stand in a page, hidden from screen readers."""
    drawn = resources.path("icons", f"{Path(name).name}.svg").read_text("utf-8")
    body = drawn[drawn.index("<svg") :].replace("<svg", '<svg class="icon" aria-hidden="true"', 1)
    # Our own file from the shelf, not outside material. `class` of the drawing goes, ours stays.
    return Markup(body.replace(f'class="lucide lucide-{name}"', "", 1))  # noqa: S704
