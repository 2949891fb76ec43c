"""A goods subject, answered by the substance lists, in the words of a verdict."""

from collections.abc import Collection, Iterable

from fieldapp.screening.hit import Reason, SubstanceAnswer, SubstanceMatch
from fieldapp.screening.subject import Subject
from fieldapp.substances.additions import Addition, extend
from fieldapp.substances.answer import Direction, Match
from fieldapp.substances.identify import identify
from fieldapp.substances.lists import Listing
from fieldapp.substances.reader import Reader, reader
from fieldapp.watchlist.entry import Entry


def answer(
    subject: Subject,
    *,
    direction: Direction = "export",
    countries: Collection[str] = (),
    using: Reader | None = None,
) -> SubstanceAnswer:
    """Say what the goods of `subject` are, by its name, CAS number and structure.

    `direction` and `countries` are those of the consignment; they decide which papers are asked for.
    `using` is a reader that also knows what a watchlist release adds (`reader_of`).
    """
    found = identify(
        subject.name,
        cas=subject.cas,
        smiles=subject.smiles,
        direction=direction,
        countries=(*countries, *subject.countries),
        using=using,
    )
    return SubstanceAnswer(
        subject=subject,
        action=found.action,
        substances=tuple(_match(match) for match in found.substances),
        documents_required=found.documents_required,
    )


def reader_of(entries: Iterable[Entry]) -> Reader:
    """Return a reader that knows the substances among a release's `entries` beside those of the program.

    An entry's identifiers of type cas, inchikey, formula and class_rules are read; its programme is the
    list and schedule it is put on ("US-CSA Schedule I"), its remarks are the source.
    """
    return extend(reader(), (_addition(entry) for entry in entries if entry.kind == "substance"))


def _addition(entry: Entry) -> Addition:
    numbers = {number.type: number.value for number in entry.identifiers}
    name, _, schedule = entry.programme.partition(" ")
    return Addition(
        id=entry.key,
        listing=Listing(
            list=name or entry.source,
            schedule=schedule,
            valid_from=entry.listed_on,
            verified="secondary" if entry.remarks else "no",
            source=entry.remarks,
        ),
        names=tuple(name.text for name in entry.names),
        cas=numbers.get("cas", ""),
        inchikey=numbers.get("inchikey", ""),
        formula=numbers.get("formula", ""),
        class_rules=numbers.get("class_rules", ""),
    )


def _match(match: Match) -> SubstanceMatch:
    return SubstanceMatch(
        name=match.name,
        cas=match.cas,
        lists=match.lists,
        rule=match.rule,
        score=match.score,
        reasons=tuple(Reason(reason.code, reason.facts) for reason in match.reasons),
        verified=match.verified,
    )
