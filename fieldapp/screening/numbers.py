"""Numbers and addresses on the net against the listed ones: exact first, then how they resemble.

A number either is the listed number or it is not: neighbours of a valid number are other people's
numbers. Domains resemble in ways that matter: the same host, a part of it, the same owner, drawn alike,
or a listed name inside a longer one.
"""

from fieldapp.screening.hit import Band, Hit, Reason
from fieldapp.screening.identity import hit_id
from fieldapp.screening.subject import Subject
from fieldapp.watchlist.identifier_keys import domain_query_keys, query_keys
from fieldapp.watchlist.index import IdentifierHit, Index

# how it agrees: score, band
_HOW: dict[str, tuple[float, Band]] = {
    "exact": (1.0, "strong"),
    "phone": (0.9, "strong"),
    "near": (0.85, "review"),
    "domain-exact": (1.0, "strong"),
    "domain-sub": (0.97, "strong"),
    "domain-same-owner": (0.93, "strong"),
    "domain-lookalike": (0.87, "review"),
    "domain-brand": (0.82, "review"),
}


def screen_identifier(subject: Subject, index: Index, value: str = "") -> list[Hit]:
    """Return the hits of the number `value`, or of the subject's own name when it is one."""
    text = value or subject.name
    found = index.identifiers(query_keys(text))
    return [_hit(subject, held, text) for held in found]


def screen_domain(subject: Subject, index: Index) -> list[Hit]:
    """Return the hits of a domain, web address or e-mail address."""
    wanted = {**query_keys(subject.name)} if "@" in subject.name else {}
    wanted.update(domain_query_keys(subject.name))
    return [_hit(subject, held, subject.name) for held in index.identifiers(wanted)]


def _hit(subject: Subject, held: IdentifierHit, text: str) -> Hit:
    score, band = _HOW[held.how]
    identifier = held.entry.identifiers[held.at]
    code = held.how if held.how.startswith("domain") else f"identifier-{held.how}"
    facts: dict[str, str | int | float] = {
        "query": text,
        "listed": identifier.value,
        "type": identifier.type or "number",
        "gain": score,
        "mass": 1.0,
    }
    return Hit(
        id=hit_id(subject, held.entry),
        subject=subject,
        entry=held.entry.id,
        listed_name=held.entry.primary,
        source=held.entry.source,
        programme=held.entry.programme,
        listed_on=held.entry.listed_on,
        score=score,
        band=band,
        reasons=(Reason(code, facts),),
    )
