"""Errors in three families, because a person's next step is one of three.

`InspectorError`: the person can put it right now; shown beside the field.
`SituationError`: the world is in the way; work is kept, a banner says what to do, with Retry.
`TrustError`: never go on quietly; a full stop, a line in the ledger, read-only.
Anything else that is raised is a bug.

An error carries a code and facts, never prose: the words for `error.<code>` come from the text
catalogues at the door (window, command line, web page). A test walks every subclass and demands its
words in every language.
"""

from collections.abc import Mapping

Fact = str | int | float


class FieldappError(Exception):
    """Root of the three families. `code` is stable and kebab-case; `facts` fill the sentence."""

    code = "bug"

    def __init__(self, **facts: Fact) -> None:
        super().__init__(self.code, facts)
        self.facts: Mapping[str, Fact] = facts

    def __str__(self) -> str:
        return self.code + "".join(f" {name}={value!r}" for name, value in self.facts.items())


class InspectorError(FieldappError):
    """The person at the laptop can put it right."""

    code = "inspector"


class SituationError(FieldappError):
    """The world is in the way: disk, camera, network, a missing library."""

    code = "situation"


class TrustError(FieldappError):
    """Something that must be true is not: a signature, a chain, a list's number."""

    code = "trust"
