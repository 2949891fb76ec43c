"""Notices: a watchlist, a checklist or the policy of laptops, proposed by one person, published by another.

A proposal shows what it would change before anybody agrees: entries added, changed and removed, questions,
rules. What is dangerous is named (`Told.warnings`) and has to be confirmed by name. Nothing reaches a laptop
before the second person's word. A real watchlist needs more: two accounts each bring the signature of an
officer, made on a machine of his own, and only then does the list count. Nothing here is deleted.
"""

import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from sqlalchemy import Connection, RowMapping, insert, select, update

from fieldapp import canonical, ids
from fieldapp.enrolment import Policy
from fieldapp.errors import InspectorError
from fieldapp.inspection import checklist
from fieldapp.inspection import record as records
from fieldapp.inspection.checklist import Checklist
from fieldapp.watchlist import delta, release
from sync.headquarters import audit, officers, ordering, policies, publish, reworded, store, tables
from sync.headquarters.office import Office
from sync.headquarters.policies import Difference
from sync.headquarters.reworded import Reworded

Kind = Literal["list", "checklist", "policy"]
SHRINKS = 0.3  # of the list before: a list that loses more may be a file that was cut
EXAMPLES = 20
LOOKED_AT = 500  # newest HOLD reports whose confirmed hits must not vanish unseen


class NoticeRefused(InspectorError):
    """This cannot be proposed or published; `why` names the guard."""

    code = "notice-refused"


class ChecklistFaulty(InspectorError):
    """A checklist has faults; `line` and `why` name the first, `count` says how many."""

    code = "hq-checklist-faulty"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a proposal changes, worked out when it was made. Counts are of entries or of questions."""

    number: int = 0
    before_number: int = 0
    issued: datetime | None = None
    count: int = 0
    before_count: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    examples_added: tuple[str, ...] = ()
    examples_removed: tuple[str, ...] = ()
    relied_on: tuple[str, ...] = ()  # removed names that a confirmed hit of a HOLD report rests on
    differences: tuple[Difference, ...] = ()
    reworded: tuple[Reworded, ...] = ()
    reworded_count: int = 0  # also of those that were left out of `reworded`

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what a second person has to have read: shrinks, relied-on, looser."""
        found = {
            "shrinks": self.before_count > 0 and self.removed > SHRINKS * self.before_count,
            "relied-on": bool(self.relied_on),
            "looser": any(one.looser for one in self.differences),
        }
        return tuple(name for name, true in found.items() if true)


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One proposal and what became of it. `outcome` is empty while it waits."""

    id: str
    practice: bool
    kind: Kind
    name: str
    content: bytes
    told: Told
    by: str
    at: datetime
    signed_by: tuple[str, ...] = ()
    outcome: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None

    @property
    def needs_signatures(self) -> bool:
        """Say whether officers sign it on machines of their own."""
        return self.kind == "list" and not self.practice


def listed(connection: Connection, practice: bool, *, waiting: bool, most: int = 50) -> tuple[Notice, ...]:
    """Return the notices of one realm that wait, or those decided, newest first."""
    kept = tables.notice
    which = kept.c.outcome == "" if waiting else kept.c.outcome != ""
    question = select(kept).where(kept.c.practice == practice, which).order_by(kept.c.at.desc()).limit(most)
    return tuple(_read(row) for row in connection.execute(question).mappings())


def one(connection: Connection, own: str, practice: bool) -> Notice:
    """Return one notice of one realm."""
    kept = tables.notice
    row = store.one(connection, select(kept).where(kept.c.id == own, kept.c.practice == practice))
    if row is None:
        raise NoticeRefused(why="notice-gone")
    return _read(row)


def _read(row: RowMapping) -> Notice:
    return Notice(
        id=row["id"],
        practice=row["practice"],
        kind=row["kind"],
        name=row["name"],
        content=row["content"],
        told=msgspec.json.decode(row["told"], type=Told),
        by=row["by"],
        at=store.moment(row["at"]),
        signed_by=tuple(msgspec.json.decode(row["signed_by"], type=list[str])),
        outcome=row["outcome"],
        decided_by=row["decided_by"],
        decided_at=store.moment(row["decided_at"]) if row["decided_at"] else None,
    )


def checklists(connection: Connection, practice: bool) -> dict[str, Checklist]:
    """Return the checklists in force by id: those that came with the program, and newer ones published."""
    found = {name: checklist.shipped(name) for name in checklist.SHIPPED}
    kept = tables.notice
    question = select(kept.c.content).where(
        kept.c.practice == practice, kept.c.kind == "checklist", kept.c.outcome == "published"
    )
    for content in connection.execute(question.order_by(kept.c.decided_at)).scalars():
        made = checklist.read(content.decode("utf-8"))
        if isinstance(made, Checklist):
            found[made.id] = made
    return found


def propose_policy(office: Office, wanted: Policy, *, practice: bool, by: str) -> str:
    """Keep a proposal of other rules; return its id."""
    with store.reading(office.engine) as connection:
        before = ordering.policy_in_force(connection, practice)
    changed = policies.differences(before, wanted)
    if not changed:
        raise NoticeRefused(why="nothing-changes")
    told = Told(before_number=before.number, differences=changed)
    return _keep(office, practice, "policy", "", canonical.encode(wanted), told, by)


def propose_checklist(office: Office, text: str, *, practice: bool, by: str) -> str:
    """Keep a proposal of a checklist, the text of its file; return its id."""
    made = checklist.read(text)
    if not isinstance(made, Checklist):
        raise ChecklistFaulty(line=made[0].line, why=made[0].code, count=len(made))
    with store.reading(office.engine) as connection:
        before = checklists(connection, practice).get(made.id)
    if before is not None and made.version <= before.version:
        raise NoticeRefused(why="version-not-newer")
    told = _compared(before, made)
    return _keep(office, practice, "checklist", made.words.en, text.encode("utf-8"), told, by)


def _compared(before: Checklist | None, made: Checklist) -> Told:
    was = {question.id: question for question in before.questions()} if before else {}
    now = {question.id: question for question in made.questions()}
    added, removed = ([name for name in one if name not in other] for one, other in ((now, was), (was, now)))
    lines = reworded.compare(before, made)
    return Told(
        number=made.version,
        before_number=before.version if before else 0,
        count=len(now),
        before_count=len(was),
        added=len(added),
        changed=sum(name in was and was[name] != question for name, question in now.items()),
        removed=len(removed),
        reworded=lines[: reworded.MOST],
        reworded_count=len(lines),
    )


def propose_list(office: Office, file: Path, *, practice: bool, by: str) -> str:
    """Store the release in `file` and keep the proposal to publish it; return its id."""
    proposal = publish.prepare(office, file, practice=practice)
    target = publish.proposed(proposal)
    told = _listed_changes(office, file, practice)
    return _keep(office, practice, "list", target.name, proposal, told, by)


def _listed_changes(office: Office, file: Path, practice: bool) -> Told:
    header = release.read_header(file)
    told = Told(number=header.number, issued=header.issued, count=header.entries, added=header.entries)
    last = publish.newest(office, practice)
    if last is None:
        return told
    with tempfile.TemporaryDirectory(dir=office.home, prefix=".preview-") as folder:
        before = Path(folder) / "before"
        before.write_bytes(office.blobs.read(last["sha256"]))
        counts: Counter[str] = Counter()
        new: list[str] = []
        gone: set[str] = set()
        for change in delta.changes_between(before, file):
            counts[change.op] += 1
            if change.op == "DEL":
                gone.add(change.key)
            elif change.op == "ADD" and change.entry is not None and len(new) < EXAMPLES:
                new.append(change.entry.primary)
        relied = _relied_on(office, practice) if gone else set()
        removed: list[str] = []
        missed: list[str] = []
        for entry in release.open_release(before)[1] if gone else ():
            if entry.key in gone:
                removed += [entry.primary] if len(removed) < EXAMPLES else []
                missed += [entry.primary] if (entry.source, entry.id) in relied else []
        return msgspec.structs.replace(
            told,
            before_number=last["number"],
            before_count=release.read_header(before).entries,
            added=counts["ADD"],
            changed=counts["MOD"],
            removed=counts["DEL"],
            examples_added=tuple(new),
            examples_removed=tuple(removed),
            relied_on=tuple(missed[:EXAMPLES]),
        )


def _relied_on(office: Office, practice: bool) -> set[tuple[str, str]]:
    """Return source and number of the entries that confirmed hits of the newest HOLD reports rest on."""
    lines, kept = tables.report.c, tables.record.c
    question = (
        select(kept.payload)
        .join(tables.report, lines.record == kept.id)
        .where(lines.practice == practice, lines.verdict == "hold")
        .order_by(lines.received.desc())
        .limit(LOOKED_AT)
    )
    found: set[tuple[str, str]] = set()
    with store.reading(office.engine) as connection:
        for payload in connection.execute(question).scalars():
            made = records.read(payload).inspection
            refuted = {judged.hit for judged in made.adjudications if judged.verdict == "false"}
            hits = (hit for scan in made.scans if not scan.withdrawn for hit in scan.screening.every_hit())
            found |= {
                (hit.source, hit.entry) for hit in hits if hit.band == "strong" and hit.id not in refuted
            }
    return found


def _keep(office: Office, practice: bool, kind: Kind, name: str, content: bytes, told: Told, by: str) -> str:
    now = office.clock()
    own = ids.uuid7(now)
    row = {"id": own, "practice": practice, "kind": kind, "name": name[:200], "content": content, "by": by}
    with store.writing(office.engine) as connection:
        connection.execute(
            insert(tables.notice).values(**row, told=msgspec.json.encode(told), at=store.text(now))
        )
        audit.note(connection, now, by, f"proposed-{kind}", own)
    return own


def settle(office: Office, own: str, *, practice: bool, agreed: bool, read: bool, by: str) -> Notice:
    """Publish another person's proposal, or refuse it; one's own can only be withdrawn.

    `read` says that the warnings were confirmed. A real list is published by its signatures: see `bring`.
    """
    notice = _waiting(office, own, practice)
    if not agreed:
        return _decide(office, notice, "refused", by)
    if _same(notice.by, by):
        raise NoticeRefused(why="second-person")
    if notice.needs_signatures:
        raise NoticeRefused(why="signatures-missing")
    _require_read(notice, read)
    if notice.kind == "policy":
        wanted = canonical.decode(notice.content, Policy)
        with store.reading(office.engine) as connection:
            before = ordering.policy_in_force(connection, practice)
        if before.number != notice.told.before_number:
            raise NoticeRefused(why="policy-changed")  # what was shown is no longer what it changes
        ordering.publish_policy(office, wanted, practice=practice, by=by)
    elif notice.kind == "checklist":
        _require_version(office, notice)
        ordering.publish_checklist(office, notice.content, practice=practice, by=by)
    else:
        signed = notice.content
        for key in officers.own_officers(office.home, practice):
            signed = publish.sign(signed, key)
        publish.put_in_force(office, signed, practice=practice, by=by)
    return _decide(office, notice, "published", by)


def _require_version(office: Office, notice: Notice) -> None:
    made = checklist.read(notice.content.decode("utf-8"))
    assert isinstance(made, Checklist), "read when it was proposed"
    with store.reading(office.engine) as connection:
        before = checklists(connection, notice.practice).get(made.id)
    if before is not None and made.version <= before.version:
        raise NoticeRefused(why="version-not-newer")
    if (before.version if before else 0) != notice.told.before_number:
        raise NoticeRefused(why="checklist-changed")  # what was shown is no longer what it changes


def bring(office: Office, own: str, signed: bytes, *, practice: bool, read: bool, by: str) -> Notice:
    """Take a proposal with an officer's signature; the last one needed publishes the list.

    Two signatures come from two accounts. Returns the notice as it then stands.
    """
    notice = _waiting(office, own, practice)
    if not notice.needs_signatures:
        raise NoticeRefused(why="notice-gone")
    if any(_same(name, by) for name in notice.signed_by):
        raise NoticeRefused(why="second-person")
    _require_read(notice, read)
    _, before, _ = publish.merge(office, notice.content, notice.content, practice=practice)
    merged, count, needed = publish.merge(office, notice.content, signed, practice=practice)
    if count != before + 1:
        # None is no signature; two at once would be one account's word for both officers.
        raise NoticeRefused(why="no-new-signature" if count <= before else "second-person")
    if count >= needed:
        publish.put_in_force(office, merged, practice=practice, by=by)
    with store.writing(office.engine) as connection:
        names = msgspec.json.encode([*notice.signed_by, by]).decode("utf-8")
        kept = tables.notice
        connection.execute(update(kept).where(kept.c.id == own).values(content=merged, signed_by=names))
        audit.note(connection, office.clock(), by, "signed-list", own)
    return _decide(office, notice, "published", by) if count >= needed else _waiting(office, own, practice)


def _waiting(office: Office, own: str, practice: bool) -> Notice:
    with store.reading(office.engine) as connection:
        notice = one(connection, own, practice)
    if notice.outcome:
        raise NoticeRefused(why="notice-gone")
    return notice


def _require_read(notice: Notice, read: bool) -> None:
    if notice.told.warnings and not read:
        raise NoticeRefused(why="warnings-unread")


def _decide(office: Office, notice: Notice, outcome: str, by: str) -> Notice:
    now, kept = office.clock(), tables.notice
    decided = {"outcome": outcome, "decided_by": by, "decided_at": store.text(now)}
    with store.writing(office.engine) as connection:
        connection.execute(update(kept).where(kept.c.id == notice.id).values(**decided))
        audit.note(connection, now, by, f"{outcome}-{notice.kind}", notice.id)
        return one(connection, notice.id, notice.practice)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
