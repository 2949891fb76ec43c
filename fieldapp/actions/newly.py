"""What a comparison with a new list turned up that is news, and how a draft takes it in.

Promises: a hit is news by its id, or where the entry's earlier hit was judged another's or was weaker; what
was cleared for the same pair stays cleared. A draft takes news in as scans of their own beside the old ones.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from fieldapp import ids
from fieldapp.actions import drafting
from fieldapp.actions.scanning import code_subjects, consignment_subjects, judge, recall_clearances
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.scan import Scan
from fieldapp.screening.hit import BANDS, Hit
from fieldapp.screening.identity import subject_key
from fieldapp.screening.memory import pair_of
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ListState, Screening, list_unfit, too_old
from fieldapp.vault.vault import Tx, Vault


def screened(inspection: Inspection) -> dict[bytes, tuple[Subject, Scan]]:
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


def found(tx: Tx, inspection: Inspection, hits: list[tuple[Hit, Scan]]) -> list[tuple[Hit, Scan]]:
    """Return what is new among `hits`: not known to the inspection, not cleared before, or graver now."""
    known = hits_of_scans(inspection.scans, standing=True)
    verdicts = {judgement.hit: judgement.verdict for judgement in inspection.adjudications}
    cleared = {
        key
        for key, recalled in tx.adjudications.recalled(hit for hit, _ in hits).items()
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

    return [(hit, scan) for hit, scan in hits if is_news(hit)]


def hits_of_scans(scans: Iterable[Scan], *, standing: bool) -> dict[str, Hit]:
    """Return the hits of scans by id; of those that count alone where only `standing` ones are asked for."""
    return {
        hit.id: hit
        for scan in scans
        if not (standing and scan.withdrawn)
        for hit in scan.screening.every_hit()
    }


def put_draft(
    vault: Vault,
    tx: Tx,
    draft: Inspection,
    found: Iterable[tuple[Hit, Scan]],
    fresh: Iterable[tuple[Hit, Scan]],
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
    for hit, scan in fresh:
        of_scan.setdefault(scan.id, []).append(hit)
    after, at = draft, datetime.fromisoformat(tx.now)
    whole = checked and not too_old(used, tx.policy().list_max_age_hours, at)
    scans, made = list(draft.scans), []
    for place, scan in enumerate(draft.scans):
        instead = whole and not scan.withdrawn and list_unfit(scan.verdict)
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
    facts: dict[str, object] = {"list": used.number, "hits": sorted({hit.id for hit, _ in fresh})}
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
