"""Goods subjects, answered by the substance lists, in the words of a verdict.

Systematic names that nothing else explained are read as structures, all of a consignment in one call, where
that is installed; a line with a name that could not be read was not understood. What a watchlist release adds
to the lists counts like the lists themselves.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from fieldapp import canonical
from fieldapp.screening.hit import Reason, SubstanceAnswer, SubstanceMatch
from fieldapp.screening.identity import subject_key
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ELSEWHERE
from fieldapp.substances import nomenclature, structure
from fieldapp.substances.additions import Addition, extend
from fieldapp.substances.answer import Answer, Direction, Match
from fieldapp.substances.answer import Reason as Told
from fieldapp.substances.drawing import Drawing
from fieldapp.substances.elsewhere import is_elsewhere
from fieldapp.substances.identify import identify, unexplained, unread
from fieldapp.substances.lists import Listing
from fieldapp.substances.reader import Reader, reader
from fieldapp.watchlist.entry import Entry

Names = Callable[[Iterable[str]], Mapping[str, str]]  # systematic names -> SMILES of those that can be read

_UN_TABLE = re.compile(r"\bUN\b.*\b1988\b.*\bTable (II?)\b")
_MARK = re.compile(r"[A-Z]{2,}[A-Z0-9/-]*-[A-Z0-9/-]+|[A-Z]{4,}")  # US-CSA, EU-273/2004, CDSCO
_MOST_DRAWN = 3  # structures shown for one goods line
_MOST_TOLD = 3  # names of one goods line that could not be read
_LONGEST_TOLD = 120  # characters of such a name
_WORST_FIRST = ("controlled", "ask_headquarters", "not_understood", "none")


def answer(
    subject: Subject,
    *,
    direction: Direction = "export",
    countries: Collection[str] = (),
    using: Reader | None = None,
) -> SubstanceAnswer:
    """Say what the goods of `subject` are, by name, CAS number, declared HS code and structure.

    `direction` and `countries` are those of the consignment; they decide which papers are asked for.
    `using` is a reader that also knows what a watchlist release adds (`reader_of`).
    """
    return answers((subject,), direction=direction, countries=countries, using=using)[0]


def answers(
    subjects: Sequence[Subject],
    *,
    direction: Direction = "export",
    countries: Collection[str] = (),
    using: Reader | None = None,
    names: Names = nomenclature.structures,
    draw: bool = True,
) -> tuple[SubstanceAnswer, ...]:
    """Answer all goods of a consignment; `names` reads the systematic names among them, in one call.

    `draw` says whether the answers carry pictures.
    """
    ready = using or reader()
    first = [_ask(subject, ready, direction, countries) for subject in subjects]
    open_names = [
        () if subject.smiles else unexplained(subject.name, given, ready)
        for subject, given in zip(subjects, first, strict=True)
    ]
    read = names(name for some in open_names for name in some) if any(open_names) else {}
    found = []
    for subject, given, some in zip(subjects, first, open_names, strict=True):
        smiles = [read[name] for name in some if read.get(name, nomenclature.UNREAD) != nomenclature.UNREAD]
        asked = [
            _ask(subject, ready, direction, countries, one)
            for one in dict.fromkeys(smiles)
            if identify("", smiles=one, using=ready).action != "none"
        ]
        best = min((given, *asked), key=lambda one: _WORST_FIRST.index(one.action))
        found.append(_made(subject, _with_unread(best, unread(some, read)), ready, countries, draw=draw))
    return tuple(found)


def _with_unread(given: Answer, names: tuple[str, ...]) -> Answer:
    """Say of an answer which names could not be read; what hides in them was not checked."""
    if not names:
        return given
    reasons = tuple(Told("name-unread", {"text": name[:_LONGEST_TOLD]}) for name in names[:_MOST_TOLD])
    action = "not_understood" if given.action == "none" else given.action
    return msgspec.structs.replace(given, action=action, reasons=(*given.reasons, *reasons))


def reader_of(entries: Iterable[Entry]) -> Reader:
    """Return a reader that knows the substances among a release's `entries` beside those of the program.

    An entry's identifiers of type cas, ec, inchikey, formula and class_rules are read; its programme is the
    list and schedule it is put on ("US-CSA Schedule I"), its remarks are the source.
    """
    additions = [_addition(entry) for entry in entries if entry.kind == "substance"]
    return extend(reader(), additions) if additions else reader()


def _ask(
    subject: Subject, ready: Reader, direction: Direction, countries: Collection[str], smiles: str = ""
) -> Answer:
    return identify(
        subject.name,
        cas=subject.cas,
        smiles=smiles or subject.smiles,
        hs=subject.hs,
        direction=direction,
        countries=(*countries, *subject.countries),
        using=ready,
    )


def _made(
    subject: Subject, given: Answer, ready: Reader, countries: Collection[str], *, draw: bool = True
) -> SubstanceAnswer:
    countries = {*countries, *subject.countries}
    drawn = draw and given.action in ("controlled", "ask_headquarters") and structure.available()
    return SubstanceAnswer(
        subject=subject,
        action=given.action,
        substances=tuple(
            _match(
                _placed(match, given, countries),
                subject,
                _drawing(match, ready) if drawn and at < _MOST_DRAWN else None,
            )
            for at, match in enumerate(given.substances)
        ),
        documents_required=given.documents_required,
        reasons=tuple(Reason(reason.code, reason.facts) for reason in given.reasons),
        edition=given.edition,
    )


def _placed(match: Match, given: Answer, countries: Collection[str]) -> Match:
    """Add to a match that it is controlled only where nobody in this consignment is, if that is so."""
    if given.action != "controlled" or given.documents_required or not is_elsewhere(match, countries):
        return match
    reason = Told(ELSEWHERE, {"name": match.name, "lists": ", ".join(match.lists)})
    return msgspec.structs.replace(match, reasons=(*match.reasons, reason))


def _drawing(match: Match, ready: Reader) -> Drawing | None:
    """Draw the structure as given where it is a class that it falls under, else the listed one."""
    from fieldapp.substances.structure.picture import draw  # the engine is optional

    rules = tuple(rule for rule in ready.lists.rules.values() if rule.tier != "screen")
    return draw(match.structure, match.name, rules) if match.structure else None


def _addition(entry: Entry) -> Addition:
    numbers = {number.type: number.value for number in entry.identifiers}
    name, schedule = _row_of(entry)
    return Addition(
        id=entry.key,
        listing=Listing(
            list=name,
            schedule=schedule,
            valid_from=entry.listed_on,
            verified="secondary" if entry.remarks else "no",
            source=entry.remarks,
        ),
        names=tuple(name.text for name in entry.names),
        cas=numbers.get("cas", ""),
        ec=numbers.get("ec", ""),
        inchikey=numbers.get("inchikey", ""),
        formula=numbers.get("formula", ""),
        class_rules=numbers.get("class_rules", ""),
    )


def _row_of(entry: Entry) -> tuple[str, str]:
    """Return the list and the schedule an entry is put on, as our rows name them where they do."""
    table = _UN_TABLE.search(entry.programme)
    if table:
        return "UN-1988", f"Table {table[1]}"
    name, _, schedule = entry.programme.partition(" ")
    if _MARK.fullmatch(name):
        return name, schedule
    return entry.programme or entry.source, ""


def _match(match: Match, subject: Subject, drawing: Drawing | None) -> SubstanceMatch:
    key = canonical.encode((match.name, match.cas, match.lists, match.rule, subject.cas, subject.smiles))
    return SubstanceMatch(
        id=canonical.sha256(b"substance\n" + subject_key(subject) + b"\n" + key)[:32],
        name=match.name,
        cas=match.cas,
        lists=match.lists,
        rule=match.rule,
        limb=match.limb,
        nearest=match.nearest,
        score=match.score,
        reasons=tuple(Reason(reason.code, reason.facts) for reason in match.reasons),
        verified=match.verified,
        drawing=drawing,
    )
