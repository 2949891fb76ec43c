"""What of a subject could not be compared with the list, so that silence is not taken for NO MATCH.

A party without a name, or of whose name only a legal form is left, meets nothing on any list; its numbers
are compared all the same. Of a text longer than any declared field, the rest is not looked at.
"""

from fieldapp.screening.hit import Reason
from fieldapp.screening.subject import Subject
from fieldapp.screening.writings import MOST
from fieldapp.watchlist.names import only_forms


def unread(subject: Subject) -> tuple[Reason, ...]:
    """Return why `subject` counts as not checked, wholly or in part; nothing where all of it was compared."""
    found = []
    if subject.kind == "party" and only_forms(subject.name):
        found.append(Reason("party-unread", {"text": subject.name, "role": subject.role}))
    if subject.kind in ("party", "goods") and len(subject.name) > MOST:
        found.append(Reason("text-cut", {"text": subject.name[:80], "role": subject.role, "most": MOST}))
    return tuple(found)
