"""The id of a hit, by which a person's judgement of it is remembered.

It stays the same while neither the subject nor the list entry changes, in whatever release the entry
stands; when either changes the id changes too, and with it an old judgement lapses.
"""

from fieldapp import canonical
from fieldapp.screening.subject import Subject
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.names import fold
from fieldapp.watchlist.release import line


def hit_id(subject: Subject, entry: Entry) -> str:
    """Return the id of a hit: the same while neither the subject nor the entry changes."""
    mine = (
        subject.kind,
        fold(subject.name),
        subject.entity,
        subject.birth_date,
        sorted(subject.countries),
        sorted(fold(value) for value in subject.identifiers),
    )
    return canonical.sha256(canonical.encode(mine) + b"\n" + line(entry))[:32]
