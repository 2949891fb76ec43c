"""From a picture or a typed code to a remembered verdict, in three rooms.

`read_picture` runs in the reader, `screen_code` in the screener, `remember` in the vault: decode, then
identify and screen, then judge by policy, papers and earlier judgements, and commit. What only one room
needs is imported there, for every room and the window know this module.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from time import perf_counter

import msgspec

from fieldapp import canonical, clock, ids
from fieldapp.actions import drafting
from fieldapp.actions.rooms import Screener
from fieldapp.consignment.consignment import Consignment, line_for
from fieldapp.errors import InspectorError
from fieldapp.identifiers.identified import Identified
from fieldapp.inspection.belonging import of_the_code, strange
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.inspection.scan import Scan, Source
from fieldapp.scan.preview import Preview
from fieldapp.scan.reader import Reader
from fieldapp.scan.symbol import Reading, Symbol
from fieldapp.screening.hit import Hit, Reason
from fieldapp.screening.memory import adjudication_of
from fieldapp.screening.papers import paper_states
from fieldapp.screening.subject import Subject
from fieldapp.screening.unread import unread
from fieldapp.screening.verdict import Line, ListState, Screening, Verdict, decide, standing_answers
from fieldapp.vault.connection import VaultDamaged, known_errors
from fieldapp.vault.vault import Tx, Vault


class ReadPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Decode a picture or document, by path or by content."""

    path: str = ""
    content: bytes = b""


class PictureReading(Reading, frozen=True, kw_only=True):
    """A reading, and the SHA-256 of the very bytes that were read."""

    sha256: str = ""


class DrawPreview(msgspec.Struct, frozen=True, kw_only=True):
    """Draw one page of a picture or PDF, `width` pixels wide."""

    path: str = ""
    content: bytes = b""
    page: int = 1
    width: int = 900


class MakeThumbnail(msgspec.Struct, frozen=True, kw_only=True):
    """Prove that a file is a photo and make a small JPEG of it."""

    path: str = ""
    content: bytes = b""
    edge: int = 480


class Thumbnail(msgspec.Struct, frozen=True, kw_only=True):
    """A small JPEG."""

    jpeg: bytes


class ScreenCode(msgspec.Struct, frozen=True, kw_only=True):
    """Identify and screen one code, and what it says it is of, against the consignment it belongs to."""

    symbol: Symbol
    consignment: Consignment | None = None


class ScreenText(msgspec.Struct, frozen=True, kw_only=True):
    """Search the watchlist and the substances for a text; nothing is recorded."""

    text: str


class CodeScreening(msgspec.Struct, frozen=True, kw_only=True):
    """What a code names and what screening found."""

    identified: Identified
    screening: Screening
    goods_seq: int | None = None


class Remember(msgspec.Struct, frozen=True, kw_only=True):
    """Judge a screening and keep it in the inspection."""

    inspection: str
    source: Source
    symbol: Symbol
    identified: Identified
    screening: Screening
    goods_seq: int | None = None
    picture: str = ""  # the evidence it was read from
    device: str = ""
    typed: str = ""
    anomalies: tuple[str, ...] = ()


class WithdrawScan(msgspec.Struct, frozen=True, kw_only=True):
    """Say why a scan no longer counts."""

    inspection: str
    scan: str
    reason: str


class ScanCounts(InspectorError):
    """A scan with a hit or a controlled substance cannot be withdrawn."""

    code = "scan-counts"


class ListChanged(InspectorError):
    """Another list came into use while this was being compared with the one before: screen it again."""

    code = "list-changed"


def read_picture(reader: Reader, command: ReadPicture) -> PictureReading:
    """Decode; a picture that cannot be read answers with an error code in the reading."""
    from fieldapp.scan import picture  # loads an engine

    try:
        content = command.content or picture.load(Path(command.path))
    except InspectorError as problem:
        return PictureReading(path=command.path, error=problem.code, error_facts=dict(problem.facts))
    reading = reader.read(command.path, content)
    return PictureReading(**msgspec.structs.asdict(reading), sha256=canonical.sha256(content))


def draw_preview(reader: Reader, command: DrawPreview) -> Preview:
    """Draw one page for the window."""
    return reader.preview(command.path, command.content, command.page, command.width)


def make_thumbnail(reader: Reader, command: MakeThumbnail) -> Thumbnail:
    """Make a small JPEG; what is no photo is refused."""
    return Thumbnail(jpeg=reader.thumbnail(command.path, command.content, command.edge))


def screen_code(screener: Screener, command: ScreenCode) -> CodeScreening:
    """Identify the code, find its declared line, and screen the code, the line and the parties."""
    from fieldapp.identifiers.identify import identify

    started = perf_counter()
    today = clock.now().date()
    identified = identify(command.symbol, today)
    goods_seq = _goods_seq(identified, command.consignment)
    subjects = code_subjects(identified)
    if command.consignment is not None:
        subjects += consignment_subjects(command.consignment, goods_seq)
    return CodeScreening(
        identified=identified,
        screening=_screen_all(screener, subjects, command.consignment, started),
        goods_seq=goods_seq,
    )


def screen_text(screener: Screener, command: ScreenText) -> CodeScreening:
    """Screen a typed text as a party, as goods and as whatever code it may be."""
    symbol = Symbol(symbology="typed", aim="", text=command.text, hex=command.text.encode("utf-8").hex())
    return screen_code(screener, ScreenCode(symbol=symbol))


def _goods_seq(identified: Identified, consignment: Consignment | None) -> int | None:
    if consignment is None:
        return None
    found = line_for(
        consignment, identified.identifiers.get("gtin", ""), identified.identifiers.get("batch", "")
    )
    return found.seq if found else None


def code_subjects(identified: Identified) -> list[Subject]:
    """Return what a code itself gives to screen."""
    named = identified.identifiers
    subjects = [
        Subject(kind="identifier", name=named[key], role=key)
        for key in ("gtin", "sscc", "container", "licence")
        if key in named
    ]
    if "cas" in named:
        subjects.append(Subject(kind="goods", name=named["cas"], role="code", cas=named["cas"]))
    for key, kind in (("manufacturer", "party"), ("product", "goods"), ("domain", "domain")):
        if key in named:
            subjects.append(Subject(kind=kind, name=named[key], role="label"))  # type: ignore[arg-type]
    if identified.kind == "text" and identified.text.strip():
        subjects.append(Subject(kind="party", name=identified.text, role="text"))
        subjects.append(Subject(kind="goods", name=identified.text, role="text"))
    return subjects


def consignment_subjects(consignment: Consignment, goods_seq: int | None) -> list[Subject]:
    """Return the parties, containers and goods to screen; one goods line when the code belongs to it."""
    subjects = [
        Subject(
            kind="party",
            name=party.name,
            role=party.role,
            countries=(party.country.lower(),) if party.country else (),
            identifiers=party.identifiers,
            entity="company",
            address=party.address,
        )
        for party in consignment.parties
    ]
    subjects += [
        Subject(kind="identifier", name=number, role="container") for number in consignment.containers
    ]
    for line in consignment.goods:
        if goods_seq is None or line.seq == goods_seq:
            subjects.append(
                Subject(
                    kind="goods",
                    name=line.description,
                    role=f"goods line {line.seq}",
                    cas=line.cas,
                    hs=line.hs,
                )
            )
    return subjects


def _screen_all(
    screener: Screener, subjects: list[Subject], consignment: Consignment | None, started: float
) -> Screening:
    from fieldapp.screening import substances
    from fieldapp.screening.screen import screen

    index, used = screener.index(), screener.state()
    direction = consignment.direction if consignment else "export"
    countries = {party.country for party in consignment.parties if party.country} if consignment else set()
    hits: dict[str, Hit] = {}
    try:
        with known_errors():
            for subject in subjects:
                for hit in screen(subject, index, used) if index is not None else ():
                    if screener.is_substance(hit):
                        continue
                    # One text read as a party and as goods is one question to whoever judges it.
                    place = f"{hit.source}:{hit.entry}|{subject.role}|{subject.name}"
                    if place not in hits or hit.score > hits[place].score:
                        hits[place] = hit
    except VaultDamaged:
        screener.discard()
        hits, used = {}, ListState()  # half a comparison is none: the verdict says that there is no list
    found = sorted({hit.id: hit for hit in hits.values()}.values(), key=lambda hit: -hit.score)
    answers = substances.answers(
        [subject for subject in subjects if subject.kind == "goods"],
        direction=direction,
        countries=countries,
        using=screener.substances(),
    )
    return Screening(
        hits=tuple(found),
        substances=answers,
        watchlist=used,
        ms=round((perf_counter() - started) * 1000, 1),
    )


def code_reasons(symbol: Symbol, identified: Identified) -> tuple[Reason, ...]:
    """Return what keeps the code itself from being relied on: unconfirmed, or a broken field."""
    reasons = [] if symbol.confirmed else [Reason("code-unconfirmed", {"text": symbol.text})]
    if identified.kind == "text":
        reasons.append(Reason("code-unknown", {"text": identified.text[:80]}))
    reasons += [
        Reason("code-issue", {**issue.facts, "rule": issue.rule, "text": identified.text})
        for issue in identified.issues
    ]
    if identified.confidence == "inferred":
        reasons.append(Reason("code-inferred", {"text": identified.text}))
    return tuple(reasons)


def remember(vault: Vault, command: Remember) -> Scan:
    """Judge with policy, papers and earlier judgements, and commit the scan."""
    with vault.transaction() as tx:
        draft = drafting.draft(tx, command.inspection)
        if command.picture and not any(
            item.id == command.picture and item.purpose == "scan" for item in draft.evidence
        ):
            raise NotFound(what="evidence", id=command.picture)
        used = tx.meta.get("watchlist", ListState) or ListState()
        if 0 < command.screening.watchlist.number < used.number:
            # What was screened before is being compared with the newer list, and would miss this scan.
            raise ListChanged(number=used.number, screened=command.screening.watchlist.number)
        if command.screening.watchlist.number == 0:
            _fetch_list_anew(tx)
        draft = recall_clearances(tx, draft, command.screening.hits)
        scan = Scan(
            id=ids.uuid7(vault.clock()),
            at=datetime.fromisoformat(tx.now),
            source=command.source,
            symbol=command.symbol,
            identified=command.identified,
            screening=command.screening,
            verdict=judge(tx, draft, command, datetime.fromisoformat(tx.now)),
            goods_seq=command.goods_seq,
            picture=command.picture,
            device=command.device,
            typed=command.typed,
            anomalies=command.anomalies,
        )
        facts: dict[str, object] = {"scan": scan.id, "verdict": scan.verdict.word}
        drafting.keep(tx, draft, "scanned", facts, scans=(*draft.scans, scan))
    return scan


def withdraw(vault: Vault, command: WithdrawScan) -> Inspection:
    """Take a mistyped or foreign code out of the count. It stays, with its screening and the reason.

    Only what the code itself caused goes with it: a hit is judged, and a list too old or goods that were
    not understood stay, for they are true of the consignment whatever was typed.
    """
    if not command.reason.strip():
        raise drafting.ReasonMissing
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        found = next((scan for scan in before.scans if scan.id == command.scan), None)
        if found is None:
            raise NotFound(what="scan", id=command.scan)
        if not of_the_code(found):
            raise ScanCounts(verdict=found.verdict.word)
        facts: dict[str, str | int | float] = {"by": tx.officer().name, "reason": command.reason.strip()}
        line = Line(part="code", word="no_match", reason=Reason("scan-withdrawn", facts))
        verdict = msgspec.structs.replace(found.verdict, word="no_match", lines=(line,))
        taken = msgspec.structs.replace(found, verdict=verdict, withdrawn=command.reason.strip())
        scans = tuple(taken if scan.id == found.id else scan for scan in before.scans)
        return drafting.keep(
            tx, before, "scan-withdrawn", {"scan": found.id, "reason": command.reason}, scans=scans
        )


def _fetch_list_anew(tx: Tx) -> None:
    """The screening process lost its list: the next exchange brings the one that is believed in.

    What was screened without it is then compared, though that list was compared with the past before.
    """
    tx.meta.put("release-number", 0)
    tx.meta.put("rescreened", 0)


def recall_clearances(tx: Tx, draft: Inspection, hits: Iterable[Hit]) -> Inspection:
    """Return the draft with the clearances of `hits` that were given before, each noted in the ledger."""
    judged = {judgement.hit for judgement in draft.adjudications}
    brought = tuple(
        adjudication_of(recalled)
        for hit, recalled in tx.adjudications.recalled(hits).items()
        if recalled.state == "cleared" and hit not in judged
    )
    for each in brought:
        tx.journal.note(
            "hit-recalled", tx.now, inspection=draft.id, hit=each.hit, by=each.by, judged_in=each.remembered
        )
    return msgspec.structs.replace(draft, adjudications=(*draft.adjudications, *brought))


def judge(tx: Tx, inspection: Inspection, scan: Remember | Scan, at: datetime) -> Verdict:
    """Return the verdict of a screening in its inspection."""
    answers, policy = standing_answers(scan.screening.substances, inspection.adjudications), tx.policy()
    return decide(
        scan.screening,
        papers=paper_states(inspection.consignment, answers, at.date()),
        papers_disagree=strange(scan.identified, inspection.consignment),
        code=code_reasons(scan.symbol, scan.identified),
        unread=tuple(
            reason
            for subject in consignment_subjects(inspection.consignment, None)
            for reason in unread(subject)
        ),
        adjudications=inspection.adjudications,
        recalled=tx.adjudications.recalled(scan.screening.every_hit()),
        max_list_age_hours=policy.list_max_age_hours,
        amber_list_age_hours=policy.list_amber_hours,
        at=at,
    )
