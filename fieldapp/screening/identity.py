"""The id of a hit, by which a person's judgement of it is remembered.

It stays the same while neither the subject nor the list entry changes, in whatever release the entry
stands; when either changes the id changes too, and with it an old judgement lapses.
"""

from fieldapp import canonical
from fieldapp.screening.subject import Subject
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.names import fold
from fieldapp.watchlist.release import line


def subject_key(subject: Subject) -> bytes:
    """Return what makes two subjects the same one: kind, name, birth date, countries, numbers, address.

    Name, numbers and address are folded. A subject without an address has the key it always had.
    """
    address = (fold(subject.address),) if fold(subject.address) else ()
    return canonical.encode(
        (
            subject.kind,
            fold(subject.name),
            subject.entity,
            subject.birth_date,
            sorted(subject.countries),
            sorted(fold(value) for value in subject.identifiers),
            *address,
        )
    )


def hit_id(subject: Subject, entry: Entry) -> str:
    """Return the id of a hit: the same while neither the subject nor the entry changes."""
    return canonical.sha256(subject_key(subject) + b"\n" + line(entry))[:32]
