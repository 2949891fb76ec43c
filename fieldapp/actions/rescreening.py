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
from datetime import datetime
from time import perf_counter
from typing import Literal

import msgspec

from fieldapp import ids
from fieldapp.actions import drafting
from fieldapp.actions.rooms import Screener
from fieldapp.actions.scanning import code_subjects, consignment_subjects, judge, recall_clearances
from fieldapp.errors import InspectorError
from fieldapp.inspection.inspection import Inspection, NotFound, State, open_hits
from fieldapp.inspection.scan import Scan
from fieldapp.screening.hit import BANDS, Adjudication, Hit, hits_of
from fieldapp.screening.identity import subject_key
from fieldapp.screening.memory import pair_of
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ListState, Screening, list_unfit, too_old
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
            for key, (subject, _scan) in _screened(inspection).items():
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
            screened = _screened(inspection)
            compared += bool(screened)
            found = [
                (msgspec.structs.replace(hit, subject=subject), scan)
                for key, (subject, scan) in screened.items()
                for hit in by_subject.get(key, ())
            ]
            news = _news(tx, inspection, found)
            for hit, _scan in news:
                later = LaterHit(
                    inspection=inspection.id, hit=hit, release=command.watchlist.number, at=tx.now
                )
                fresh += tx.later_hits.put(later)
            if inspection.state == "draft":
                checked = _in_use(tx, command.watchlist)
                _put_draft(vault, tx, inspection, found, news, command.watchlist, checked=checked)
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


def _screened(inspection: Inspection) -> dict[bytes, tuple[Subject, Scan]]:
    """Return what the scans that count had screened, by subject, each with the last scan it belongs to."""
    found: dict[bytes, tuple[Subject, Scan]] = {}
    for scan in inspection.scans:
        if scan.withdrawn:
            continue
        for subject in _subjects_of(inspection, scan):
            found[subject_key(subject)] = (subject, scan)
    return found


def _subjects_of(inspection: Inspection, scan: Scan) -> list[Subject]:
    subjects = code_subjects(scan.identified)
    return subjects + consignment_subjects(inspection.consignment, scan.goods_seq)


def _news(tx: Tx, inspection: Inspection, found: list[tuple[Hit, Scan]]) -> list[tuple[Hit, Scan]]:
    known = _hits_of(inspection.scans, standing=True)
    verdicts = {judgement.hit: judgement.verdict for judgement in inspection.adjudications}
    cleared = {
        key
        for key, recalled in tx.adjudications.recalled(hit for hit, _ in found).items()
        if recalled.state == "cleared"
    }

    def is_news(hit: Hit) -> bool:
        if hit.id in known or hit.id in cleared:
            return False
        before = [
            old
            for old in known.values()
            if pair_of(old) == pair_of(hit) and subject_key(old.subject) == subject_key(hit.subject)
        ]
        return not before or any(
            verdicts.get(old.id) == "false" or BANDS.index(hit.band) < BANDS.index(old.band) for old in before
        )

    return [(hit, scan) for hit, scan in found if is_news(hit)]


def _hits_of(scans: Iterable[Scan], *, standing: bool) -> dict[str, Hit]:
    """Return the hits of scans by id; of those that count alone where only `standing` ones are asked for."""
    return {
        hit.id: hit
        for scan in scans
        if not (standing and scan.withdrawn)
        for hit in scan.screening.every_hit()
    }


def _put_draft(
    vault: Vault,
    tx: Tx,
    draft: Inspection,
    found: Iterable[tuple[Hit, Scan]],
    news: Iterable[tuple[Hit, Scan]],
    used: ListState,
    *,
    checked: bool,
) -> Inspection:
    """Put the new hits into the draft, as one scan more for each scan they concern.

    A scan that could not be checked for want of a list that is fresh enough is checked now, if all of it
    was `checked` against the list `used`: the scan made of it takes its place with every hit in `found` on
    what it had screened, new or not, and it stays, withdrawn, with the reason.
    """
    of_scan: dict[str, list[Hit]] = {}
    for hit, scan in news:
        of_scan.setdefault(scan.id, []).append(hit)
    after, at = draft, datetime.fromisoformat(tx.now)
    fresh = checked and not too_old(used, tx.policy().list_max_age_hours, at)
    scans, made = list(draft.scans), []
    for place, scan in enumerate(draft.scans):
        instead = fresh and not scan.withdrawn and list_unfit(scan.verdict)
        if not instead and scan.id not in of_scan:
            continue
        hits = _standing_in(draft, scan, found) if instead else of_scan[scan.id]
        screening = Screening(
            hits=tuple(hits), substances=scan.screening.substances if instead else (), watchlist=used
        )
        again = msgspec.structs.replace(
            scan, id=ids.uuid7(vault.clock()), at=at, source="new-list", screening=screening
        )
        after = recall_clearances(tx, after, hits)
        made.append(msgspec.structs.replace(again, verdict=judge(tx, after, again, at)))
        if instead:
            scans[place] = msgspec.structs.replace(scan, withdrawn=f"{used.name} ({used.number})")
    if not made:
        return draft
    facts: dict[str, object] = {"list": used.number, "hits": sorted({hit.id for hit, _ in news})}
    return drafting.keep(
        tx, draft, "screened-again", facts, scans=(*scans, *made), adjudications=after.adjudications
    )


def _standing_in(draft: Inspection, scan: Scan, found: Iterable[tuple[Hit, Scan]]) -> list[Hit]:
    """Return what was found on anything that `scan` had screened, each once; substances keep their answers.

    Several scans screen the same parties: a hit belongs to each of them.
    """
    answered = {hit.id for hit in scan.screening.every_hit()} - {hit.id for hit in scan.screening.hits}
    own = {subject_key(subject) for subject in _subjects_of(draft, scan)}
    standing = {hit.id: hit for hit, of in found if of.id == scan.id or subject_key(hit.subject) in own}
    return [hit for hit in standing.values() if hit.id not in answered]


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
        if later.hit.id in _hits_of(inspection.scans, standing=not draft):
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
    held = _hits_of(draft.scans, standing=True)
    screened = _screened(draft)
    news = [
        (later.hit, screened[subject_key(later.hit.subject)][1])
        for later in tx.later_hits.of(draft.id)
        if later.hit.id not in held and subject_key(later.hit.subject) in screened
    ]
    if not news:
        return draft
    used = tx.meta.get("watchlist", ListState) or ListState()
    # What was hit before stands: nothing says here that the list has dropped it since.
    before = [(hit, scan) for scan in draft.scans if not scan.withdrawn for hit in scan.screening.hits]
    checked = used.number == (tx.meta.get("rescreened", int) or 0)
    return _put_draft(vault, tx, draft, [*before, *news], news, used, checked=checked)
