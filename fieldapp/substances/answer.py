"""What a text, a number or a structure turned out to be, and which papers the law asks for.

`none` means only that nothing controlled was recognised in something that could be read; what could not
be read is `not_understood`. Reasons are codes with facts; the sentence for `reason.<code>` is in the
catalogues.
"""

from typing import Literal

import msgspec

Action = Literal["controlled", "ask_headquarters", "none", "not_understood"]
Direction = Literal["export", "import", "transit"]
# The kinds of paper that a list can ask for, by the same names as the papers of a consignment.
PaperKind = Literal["export_noc", "cbn_noc", "pen", "dea_486"]


class Reason(msgspec.Struct, frozen=True):
    """Why, as a code and the facts that fill its sentence."""

    code: str
    facts: dict[str, str | int | float] = {}


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """One substance that was recognised.

    `lists` holds "LIST Schedule" strings; `rule` names the class rule where the law controls a class, `limb`
    the limbs of it that the changes fall under, `nearest` the nearest listed substance where it is not listed
    itself. `structure` is that of the listed substance, or as it was given. `score` runs from 0 to 1.
    `verified` is False where a row that controls it was never checked.
    """

    name: str
    cas: str = ""
    lists: tuple[str, ...] = ()
    rule: str = ""
    limb: str = ""
    nearest: str = ""
    structure: str = ""
    score: float = 1.0
    reasons: tuple[Reason, ...] = ()
    verified: bool = True


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The action, the substances behind it (best first), and the papers the law asks for.

    `reasons` say what could not be read, and what was noticed and counts for nothing; `edition` is that of
    the lists.
    """

    action: Action
    substances: tuple[Match, ...] = ()
    documents_required: tuple[PaperKind, ...] = ()
    reasons: tuple[Reason, ...] = ()
    edition: str = ""
