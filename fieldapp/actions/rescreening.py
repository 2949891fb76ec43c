"""After a list came: what was screened before, compared again, and what that turned up.

`next_work` (vault) names the subjects of some inspections; `screen_again` (screening) compares them; `keep`
(vault) works out for some inspections which hits are new, and at the end writes into the ledger against
which list it was done. All three do a little at a time, so that nobody's scan or save waits. A hit is new
by its id: the entry was added or changed, came back after it had left the list, or the list was missing
when the scan was made. A hit that was judged "the listed one" is no news when its entry changes.

A draft takes its new hits in at once, as a scan of its own beside the old one: they block its seal until
judged. A sealed record is never edited: its new hits wait in a list until the officer opens an addendum
(the next revision) or writes why the hit is not the same party.
"""

from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import Literal

import msgspec

from fieldapp.actions import drafting, newly
from fieldapp.actions.rooms import Screener
from fieldapp.errors import InspectorError
from fieldapp.inspection.inspection import Inspection, NotFound, State, open_hits
from fieldapp.screening.hit import BANDS, Adjudication, Hit, hits_of
from fieldapp.screening.identity import subject_key
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ListState
from fieldapp.vault.adjudications import LaterHit
from fieldapp.vault.connection import VaultDamaged, known_errors
from fieldapp.vault.vault import Tx, Vault

PAGE = 40  # inspections read at once
BUDGET = 0.06  # seconds of comparing before `screen_again` lets others in
_COUNTING = ("strong", "review")


class NotSealed(InspectorError):
    """Only a sealed record gets an addendum; a draft is worked on as it is."""

    code = "not-sealed"


class NextWork(msgspec.Struct, frozen=True, kw_only=True):
    """Ask what must be compared with the list in use, of the inspections behind `after`."""

    after: str = ""


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """The list in use and subjects to compare with it; not `due` when that was done.

    `after` is where to go on, "" when these were the last.
    """

    watchlist: ListState
    subjects: tuple[Subject, ...] = ()
    due: bool = False
    after: str = ""


class ScreenAgain(msgspec.Struct, frozen=True, kw_only=True):
    """Compare these subjects, as far as the time allows."""

    subjects: tuple[Subject, ...]


class ScreenedAgain(msgspec.Struct, frozen=True, kw_only=True):
    """What the first `done` subjects hit on the list that was used."""

    watchlist: ListState
    hits: tuple[Hit, ...]
    done: int


class KeepScreened(msgspec.Struct, frozen=True, kw_only=True):
    """All hits of all subjects, on one list; to be kept for the inspections behind `after`.

    `so_far` is what was kept for those before.
    """

    watchlist: ListState
    hits: tuple[Hit, ...]
    after: str = ""
    so_far: tuple[int, int] = (0, 0)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """How many inspections were compared again, and how many hits were new to them.

    `after` is where to go on, "" when all is kept.
    """

    inspections: int
    hits: int
    after: str = ""


class ListLater(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for what would now have hit: of one inspection, or of all."""

    inspection: str = ""


class LaterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One new hit on one inspection that still waits for a person."""

    inspection: str
    number: str
    revision: int
    state: State
    reference: str
    hit: Hit
    release: int
    at: str


class LaterRows(msgspec.Struct, frozen=True, kw_only=True):
    """What waits, worst first, and the number of the list that everything was compared with."""

    rows: tuple[LaterRow, ...]
    compared_with: int = 0


class JudgeLater(msgspec.Struct, frozen=True, kw_only=True):
    """Say of a new hit on a sealed record that it is the listed one, is not, or cannot be told, and why."""

    inspection: str
    hit: str
    verdict: Literal["true", "false", "unsure"]
    reason: str


class Addend(msgspec.Struct, frozen=True, kw_only=True):
    """Open an addendum to a sealed record."""

    inspection: str


def next_work(vault: Vault, command: NextWork) -> Work:
    """Return subjects that were screened, each once and without its role, unless this list was compared."""
    with vault.reading() as tx:
        used = tx.meta.get("watchlist", ListState) or ListState()
        if used.number == 0 or used.number == (tx.meta.get("rescreened", int) or 0):
            return Work(watchlist=used)
        subjects: dict[bytes, Subject] = {}
        page = tx.inspections.page(command.after, PAGE)
        for inspection in page:
            for key, (subject, _scan) in newly.screened(inspection).items():
                subjects.setdefault(key, msgspec.structs.replace(subject, role=""))
    return Work(watchlist=used, subjects=tuple(subjects.values()), due=True, after=_end(page))


def _end(page: tuple[Inspection, ...]) -> str:
    return page[-1].id if len(page) == PAGE else ""


def screen_again(screener: Screener, command: ScreenAgain) -> ScreenedAgain:
    """Compare one subject after the other until the time is used up; at least one."""
    from fieldapp.screening import substances
    from fieldapp.screening.screen import screen

    index, used, started = screener.index(), screener.state(), perf_counter()
    hits: list[Hit] = []
    done = 0
    try:
        with known_errors():
            for subject in command.subjects:
                if done and perf_counter() - started > BUDGET:
                    break
                found = screen(subject, index, used) if index is not None else ()
                hits += (hit for hit in found if hit.band in _COUNTING and not screener.is_substance(hit))
                if subject.kind == "goods":
                    hits += hits_of(substances.answer(subject, using=screener.substances()))
                done += 1
    except VaultDamaged:
        screener.discard()
        return ScreenedAgain(watchlist=ListState(), hits=(), done=len(command.subjects))
    return ScreenedAgain(watchlist=used, hits=tuple(hits), done=done)


def keep(vault: Vault, command: KeepScreened) -> Kept:
    """Give inspections their new hits; after the last note in the ledger that this list was compared."""
    by_subject: dict[bytes, list[Hit]] = {}
    for hit in command.hits:
        by_subject.setdefault(subject_key(hit.subject), []).append(hit)
    compared, fresh = command.so_far
    with vault.transaction() as tx:
        page = tx.inspections.page(command.after, PAGE)
        for inspection in page:
            screened = newly.screened(inspection)
            compared += bool(screened)
            found = [
                (msgspec.structs.replace(hit, subject=subject), scan)
                for key, (subject, scan) in screened.items()
                for hit in by_subject.get(key, ())
            ]
            unknown = newly.found(tx, inspection, found)
            for hit, _scan in unknown:
                later = LaterHit(
                    inspection=inspection.id, hit=hit, release=command.watchlist.number, at=tx.now
                )
                fresh += tx.later_hits.put(later)
            if inspection.state == "draft":
                checked = _in_use(tx, command.watchlist)
                newly.put_draft(vault, tx, inspection, found, unknown, command.watchlist, checked=checked)
        if not _end(page) and _in_use(tx, command.watchlist):
            tx.meta.put("rescreened", command.watchlist.number)
        if not _end(page):
            tx.journal.note(
                "rescreened", tx.now, number=command.watchlist.number, name=command.watchlist.name,
                inspections=compared, hits=fresh,
            )  # fmt: skip
    return Kept(inspections=compared, hits=fresh, after=_end(page))


def _in_use(tx: Tx, compared: ListState) -> bool:
    """Say whether that list is still the one in use: it was not lost or followed by another meanwhile."""
    return (tx.meta.get("release-number", int) or 0) == compared.number


def list_later(vault: Vault, command: ListLater) -> LaterRows:
    """Return the new hits that wait: open in a draft, or on a sealed record neither judged nor taken up."""
    with vault.reading() as tx:
        rows = tuple(_waiting(tx, tx.later_hits.of(command.inspection)))
        compared = tx.meta.get("rescreened", int) or 0
    ranked = sorted(rows, key=lambda row: (BANDS.index(row.hit.band), -row.hit.score, row.number, row.hit.id))
    return LaterRows(rows=tuple(ranked), compared_with=compared)


def _waiting(tx: Tx, held: Iterable[LaterHit]) -> Iterator[LaterRow]:
    newest: dict[str, Inspection] = {}
    for later in held:
        if later.inspection not in newest:
            newest[later.inspection] = tx.inspections.get(later.inspection)
        inspection = newest[later.inspection]
        draft = inspection.state == "draft"
        if later.hit.id in newly.hits_of_scans(inspection.scans, standing=not draft):
            waits = draft and any(hit.id == later.hit.id for hit in open_hits(inspection))
        else:
            waits = not _judged_since(tx, later)
        if waits:
            yield LaterRow(
                inspection=inspection.id,
                number=inspection.number,
                revision=inspection.revision,
                state=inspection.state,
                reference=inspection.consignment.reference,
                hit=later.hit,
                release=later.release,
                at=later.at,
            )


def _judged_since(tx: Tx, later: LaterHit) -> bool:
    """Say whether the hit was judged another party after it came up. "True" and "unsure" keep it waiting."""
    found = tx.adjudications.recalled((later.hit,)).get(later.hit.id)
    if found is None or found.remembered.hit.id != later.hit.id:
        return False
    judgement = found.remembered.judgement
    return judgement.verdict == "false" and judgement.at >= later.at


def judge_later(vault: Vault, command: JudgeLater) -> LaterRows:
    """Note the judgement in the ledger and remember it; the sealed record stays as it is."""
    if not command.reason.strip():
        raise drafting.ReasonMissing
    with vault.transaction() as tx:
        found = next(
            (each for each in tx.later_hits.of(command.inspection) if each.hit.id == command.hit), None
        )
        if found is None:
            raise NotFound(what="hit", id=command.hit)
        inspection = tx.inspections.get(command.inspection)
        if inspection.state == "draft":
            raise NotSealed(number=inspection.number)
        made = Adjudication(
            hit=command.hit, verdict=command.verdict, reason=command.reason, by=tx.officer().name, at=tx.now
        )
        tx.adjudications.put(found.hit, made, inspection.number)
        tx.journal.note(
            "later-hit-judged", tx.now, inspection=inspection.id, revision=inspection.revision,
            hit=command.hit, verdict=command.verdict, reason=command.reason,
        )  # fmt: skip
    return list_later(vault, ListLater())


def addend(vault: Vault, command: Addend) -> Inspection:
    """Return the next revision as a draft, with the new hits in it and the sealed record as its parent."""
    with vault.transaction() as tx:
        before = tx.inspections.get(command.inspection)
        held = tx.inspections.record_of(before.id, before.revision)
        if before.state == "draft" or held is None:
            raise NotSealed(number=before.number)
        answers = before.reviews[-1].id if before.state == "returned" and before.reviews else ""
        after = msgspec.structs.replace(
            before, revision=before.revision + 1, state="draft", parents=(held[1],), answers=answers
        )
        tx.inspections.put(after)
        tx.journal.note("addendum-opened", tx.now, inspection=after.id, revision=after.revision)
        return take_up(vault, tx, after)


def take_up(vault: Vault, tx: Tx, draft: Inspection) -> Inspection:
    """Put into a fresh draft what later lists hit since its record was sealed."""
    held = newly.hits_of_scans(draft.scans, standing=True)
    screened = newly.screened(draft)
    fresh = [
        (later.hit, screened[subject_key(later.hit.subject)][1])
        for later in tx.later_hits.of(draft.id)
        if later.hit.id not in held and subject_key(later.hit.subject) in screened
    ]
    if not fresh:
        return draft
    used = tx.meta.get("watchlist", ListState) or ListState()
    # What was hit before stands: nothing says here that the list has dropped it since.
    before = [(hit, scan) for scan in draft.scans if not scan.withdrawn for hit in scan.screening.hits]
    checked = used.number == (tx.meta.get("rescreened", int) or 0)
    return newly.put_draft(vault, tx, draft, [*before, *fresh], fresh, used, checked=checked)
