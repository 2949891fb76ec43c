"""Words of a report in one language or in both, and how it writes times, days and numbers.

In both, a label reads "Site / स्थल" and a sentence is said twice. Times are India's, with UTC beside them
where they matter; the form is the same on every machine.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import msgspec

from fieldapp import text
from fieldapp.inspection.checklist import Wording
from fieldapp.report.paper import Language
from fieldapp.screening.hit import Reason

IST = timezone(timedelta(hours=5, minutes=30))


class Words(msgspec.Struct, frozen=True):
    """The languages of one report, first one first."""

    languages: tuple[str, ...]
    zone: tzinfo = IST

    def label(self, key: str, **facts: object) -> str:
        """Return the words of `key` in every language, on one line."""
        said = dict.fromkeys(text.say(key, language, **facts) for language in self.languages)
        return " / ".join(said)

    def wording(self, of: Wording) -> str:
        """Return words that came with their data, in every language, on one line."""
        return " / ".join(dict.fromkeys(of.in_language(language) for language in self.languages))

    def sentences(self, key: str, **facts: object) -> tuple[str, ...]:
        """Return the words of `key`, one text a language."""
        return tuple(text.say(key, language, **facts) for language in self.languages)

    def explain(self, key: str, facts: Mapping[str, object]) -> tuple[str, ...]:
        """Return the words of a reason or an error, one text a language; the key itself where it has none."""
        return tuple(dict.fromkeys(_explain(key, language, facts) for language in self.languages))

    def reason(self, reason: Reason) -> tuple[str, ...]:
        """Return the sentence of a reason, one text a language."""
        return self.explain(f"reason.{reason.code}", reason.facts)

    def day(self, of: date) -> str:
        """Return a day as 22 Nov 2026, the month in the first language."""
        months = text.say("paper.months", self.languages[0]).split()
        return f"{of.day} {months[of.month - 1]} {of.year}"

    def time(self, of: datetime) -> str:
        """Return a time in India: 22 Nov 2026, 13:40 IST."""
        there = of.astimezone(self.zone)
        return f"{self.day(there.date())}, {there:%H:%M} IST"

    def times(self, of: datetime) -> str:
        """Return a time in India and in UTC, to the second."""
        there, utc = of.astimezone(self.zone), of.astimezone(UTC)
        return f"{self.day(there.date())}, {there:%H:%M:%S} IST ({utc:%Y-%m-%d %H:%M:%S} UTC)"

    def quantity(self, kilograms: float | None) -> str:
        """Return kilograms without trailing zeros, or a dash."""
        return "–" if kilograms is None else f"{kilograms:,.3f}".rstrip("0").rstrip(".") + " kg"


def words_of(language: Language) -> Words:
    """Return the words for a report in `language`."""
    return Words(("en", "hi") if language == "both" else (language,))


def _explain(key: str, language: str, facts: Mapping[str, object]) -> str:
    try:
        return text.explain(key, language, facts)
    except (KeyError, IndexError, ValueError):  # words that ask for a fact this one does not carry
        return f"{key} {dict(facts)}"
