"""The conversation: a real vault on one side, the real desk on the other, a lying network between."""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from fieldapp import enrolment as statements
from fieldapp import worker
from fieldapp.actions import evidence, exchanging, finding, opening, provisioning, reviewing
from fieldapp.actions.disposing import Decide, decide
from fieldapp.actions.exchanging import ListOutbox
from fieldapp.actions.rooms import Screener
from fieldapp.consignment.consignment import Consignment
from fieldapp.consignment.goods import GoodsLine
from fieldapp.enrolment import invitation_text
from fieldapp.errors import FieldappError
from fieldapp.inspection.review import Remark
from fieldapp.vault.vault import Vault
from sync import fetching, session, wire
from sync.headquarters import intake, office, review, store, tables
from sync.headquarters.office import Office
from sync.session import SyncStuck
from sync.transport import Call, HeadquartersUnreachable, Reply
from sync.transport.memory import Memory
from sync.worker import Courier, Enrol, SyncNow, enrol, sync_now
from tests.support import records
from tests.support.headquarters import Simulator, an_office, at_the_desk, invitation
from tests.support.vaults import new_vault, seal


class Field:
    """A vault in the field with its courier, on the line `net`."""

    def __init__(self, folder: Path, net: Simulator, *, at: Office) -> None:
        self.folder = folder
        self.vault = new_vault(folder)
        self.screener = Screener(folder / "vault", self.vault.watchlist_key)
        self.net = net
        self.courier = Courier(self.ask, net)
        self.asked: list[str] = []
        rate, net.rate = net.rate, 0.0
        enrol(self.courier, Enrol(text=invitation_text(invitation(at))))
        net.rate = rate

    def ask(self, action: Callable[..., Any], command: Any) -> Any:
        self.asked.append(action.__name__)
        return action(self.screener if action is provisioning.adopt_release else self.vault, command)

    def report(self, *, photo: bytes = b"", note: str = "Seal broken") -> str:
        """Inspect, record a finding, decide and seal; return the record's id."""
        lot = Consignment(id=note, reference=f"SB {note}", goods=(GoodsLine(seq=1, description="Drums"),))
        made = opening.open_inspection(self.vault, opening.OpenInspection(consignment=lot))
        finding.record(self.vault, finding.RecordFinding(inspection=made.id, severity="major", note=note))
        if photo:
            file = self.folder / "photo.jpg"
            file.write_bytes(photo)
            evidence.attach(self.vault, evidence.AttachEvidence(inspection=made.id, path=str(file)))
        decide(self.vault, Decide(inspection=made.id, disposition="hold", reason="To be examined"))
        return seal(self.vault, made.id).record

    def sync(self) -> session.Synced:
        return sync_now(self.courier, SyncNow())

    def sync_until_done(self, tries: int = 400) -> int:
        """Sync on a bad line until an exchange goes through and nothing waits; return how often it failed."""
        for failed in range(tries):
            try:
                if self.sync().waiting == 0:
                    return failed
            except FieldappError:
                self.courier.close()
        raise AssertionError(f"not done in {tries} tries: {self.net.faults}")

    def outbox(self) -> exchanging.OutboxState:
        return exchanging.outbox(self.vault, ListOutbox())

    def close(self) -> None:
        self.screener.close()
        self.vault.close()


@pytest.fixture
def net(at: Office) -> Simulator:
    return Simulator(at)


@pytest.fixture
def field(at: Office, net: Simulator, tmp_path: Path) -> Iterator[Field]:
    made = Field(tmp_path, net, at=at)
    yield made
    made.close()


def at_headquarters(at: Office, vault: Vault) -> tuple[int, str]:
    with store.reading(at.engine) as connection:
        head = intake.head(connection, vault.device.hex())
    return head.seq, head.id


def decided(at: Office, record: str, outcome: review.Outcome = "returned") -> None:
    remarks = (Remark(text="Name the seal", path="findings/1"),)
    command = review.Decide(
        id=review.new_id(at), record=record, practice=False, outcome=outcome, remarks=remarks
    )
    review.decide(at, command, "Meera Iyer")


def test_a_sealed_record_and_its_photo_arrive(field: Field, at: Office) -> None:
    field.report(photo=records.photo())
    done = field.sync()
    assert (done.refused, done.waiting, done.blobs) == (0, 0, 1)
    (row,) = field.outbox().rows
    assert (row.state, row.blobs_done) == ("acknowledged", 1)
    assert at_headquarters(at, field.vault) == (field.outbox().head.seq, field.outbox().head.id)
    assert field.outbox().sync.witnessed == field.outbox().head


def test_nothing_new_is_one_round_trip(field: Field, net: Simulator) -> None:
    field.sync()
    net.calls.clear()
    up, down = net.bytes_up, net.bytes_down
    field.sync()
    assert [call.path for call in net.calls] == ["/v1/sync"]
    assert net.bytes_up - up + net.bytes_down - down < 400


def test_a_returned_report_comes_back_and_is_answered(field: Field, at: Office) -> None:
    record = field.report()
    field.sync()
    decided(at, record)
    done = field.sync()
    (returned,) = done.returned
    draft = reviewing.reopen(field.vault, reviewing.Reopen(inspection=returned))
    assert (draft.revision, draft.parents) == (2, (record,))
    decide(field.vault, Decide(inspection=draft.id, disposition="refer", reason="Seal named"))
    seal(field.vault, draft.id)
    assert field.sync().waiting == 0
    with store.reading(at.engine) as connection:
        rows = connection.execute(select(tables.report.c.revision)).scalars().all()
    assert sorted(rows) == [1, 2]


def test_a_run_out_session_is_opened_again_at_once(field: Field, at: Office, net: Simulator) -> None:
    field.sync()
    with store.writing(at.engine) as connection:
        connection.execute(tables.session.delete())
    net.calls.clear()
    field.sync()
    assert [call.path for call in net.calls] == ["/v1/sync", "/v1/session", "/v1/session", "/v1/sync"]


def test_many_records_go_in_batches(field: Field, at: Office, net: Simulator) -> None:
    for number in range(4):
        field.report(note=f"n{number}")
    field.courier.line.limit = 7
    net.calls.clear()
    assert field.sync().waiting == 0
    assert sum(call.path == "/v1/sync" for call in net.calls) > 2
    assert field.courier.line.limit == fetching.FULL_BATCH


def test_a_bad_line_halves_the_batch(field: Field, net: Simulator) -> None:
    net.rate, net.kinds = 1.0, ("drop_request",)
    for limit in (50, 25, 12, 6, 3, 1, 1):
        with pytest.raises(HeadquartersUnreachable):
            field.sync()
        assert field.courier.line.limit == limit


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("portal", wire.NotHeadquarters),
        ("redirect", wire.NotHeadquarters),
        ("empty", wire.NotHeadquarters),
        ("gateway", HeadquartersUnreachable),
    ],
)
def test_a_portal_changes_nothing(
    field: Field, net: Simulator, kind: str, error: type[FieldappError]
) -> None:
    field.report()
    before = field.outbox()
    net.rate, net.kinds = 1.0, (kind,)
    with pytest.raises(error):
        field.sync()
    assert field.outbox() == before


def test_a_forged_review_changes_nothing(field: Field, at: Office, net: Simulator, tmp_path: Path) -> None:
    record = field.report()
    field.sync()
    forger = office.open_office(tmp_path / "forger", name="Test headquarters")

    def forge(call: Call) -> Reply:
        reply = at_the_desk(at, call)
        if call.path != "/v1/sync":
            return reply
        answer = wire.unpack(reply.body, wire.SyncAnswer)
        made = records.review(record=record, outcome="approved")
        statement = statements.sign("review", made, forger.keyring.real.signing)
        item = wire.FeedItem(pos=answer.cursor + 1, statement=statement)
        return Reply(status=200, body=wire.pack(msgspec.structs.replace(answer, feed=(item,))))

    field.courier.close()
    field.courier = Courier(field.ask, lambda _url: Memory(forge))
    done = field.sync()
    assert (done.applied, done.returned) == (0, ())
    assert [row.state for row in opening.list_inspections(field.vault, opening.ListInspections()).rows] == [
        "sealed"
    ]
    office.close(forger)


def test_headquarters_restored_from_a_backup_gets_everything_back(
    field: Field, at: Office, net: Simulator, tmp_path: Path
) -> None:
    first = field.report(photo=records.photo())
    field.sync()
    backup = tmp_path / "backup.db"
    with contextlib.closing(sqlite3.connect(at.home / "headquarters.db")) as source:
        source.execute("VACUUM INTO ?", (str(backup),))
    second = field.report(note="after the backup")
    decided(at, first)
    field.sync()

    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copytree(at.home / "keys", restored / "keys")
    shutil.copy(backup, restored / "headquarters.db")
    now = office.open_office(restored)
    with store.writing(now.engine) as connection:
        store.begin_generation(connection, now.clock())
    field.courier.close()
    field.courier = Courier(field.ask, Simulator(now))
    done = field.sync()
    assert done.waiting == 0
    assert at_headquarters(now, field.vault) == (field.outbox().head.seq, field.outbox().head.id)
    with store.reading(now.engine) as connection:
        kept = set(connection.execute(select(tables.report.c.record)).scalars())
    assert kept == {first, second}
    office.close(now)


@pytest.mark.parametrize("seed", range(6))
def test_a_lying_network_loses_and_doubles_nothing(at: Office, tmp_path: Path, seed: int) -> None:
    net = Simulator(at, seed=seed, rate=0.4)
    field = Field(tmp_path, net, at=at)
    sealed = [field.report(photo=records.photo(number), note=f"n{number}") for number in range(3)]
    field.sync_until_done()
    decided(at, sealed[0])
    sealed.append(field.report(note="later"))
    field.sync_until_done()
    net.rate = 0.0
    field.sync()
    with store.reading(at.engine) as connection:
        kept = connection.execute(select(tables.record.c.seq).order_by(tables.record.c.seq)).scalars().all()
        reports = connection.execute(select(tables.report.c.record)).scalars().all()
        blobs = connection.execute(select(tables.blob.c.done)).scalars().all()
    assert kept == list(range(1, field.outbox().head.seq + 1)), "each entry once, none missing"
    assert sorted(reports) == sorted(sealed)
    assert len(blobs) == 3
    assert all(blobs)
    states = {row.state for row in opening.list_inspections(field.vault, opening.ListInspections()).rows}
    assert states == {"returned", "sealed"}
    assert net.faults, "the line was as bad as it was meant to be"
    field.close()


def test_an_answer_that_moves_nothing_is_an_error_and_not_a_loop(field: Field, at: Office) -> None:
    field.report()

    def gaps(call: Call) -> Reply:
        reply = at_the_desk(at, call)
        if call.path != "/v1/sync":
            return reply
        asked = wire.unpack(call.body, wire.SyncRequest)
        answer = wire.unpack(reply.body, wire.SyncAnswer)
        held = tuple(wire.Ack(seq=entry.seq, state="held") for entry in asked.entries)
        return Reply(status=200, body=wire.pack(msgspec.structs.replace(answer, acks=held)))

    field.courier = Courier(field.ask, lambda _url: Memory(gaps))
    field.asked.clear()
    with pytest.raises(SyncStuck):
        field.sync()
    assert field.asked.count("note_acks") <= 3


def test_acknowledgements_of_other_entries_are_refused(field: Field, at: Office) -> None:
    field.report()

    def others(call: Call) -> Reply:
        reply = at_the_desk(at, call)
        if call.path != "/v1/sync":
            return reply
        answer = wire.unpack(reply.body, wire.SyncAnswer)
        shifted = tuple(wire.Ack(seq=ack.seq + 1, state="new") for ack in answer.acks)
        return Reply(status=200, body=wire.pack(msgspec.structs.replace(answer, acks=shifted)))

    field.courier = Courier(field.ask, lambda _url: Memory(others))
    before = field.outbox().rows
    with pytest.raises(wire.FrameRefused):
        field.sync()
    assert field.outbox().rows == before


def sealed_file(field: Field, number: int = 0) -> Path:
    """The sealed file of the report `number` in the order they were sealed."""
    h = exchanging.needed_blobs(field.vault, exchanging.NeededBlobs()).rows[number].h
    return field.folder / "vault" / "evidence" / h[:2] / f"{h}.age"


@pytest.mark.parametrize("from_another_process", [False, True])
def test_a_missing_photo_does_not_hold_up_the_photos_of_other_reports(
    field: Field, at: Office, net: Simulator, from_another_process: bool
) -> None:
    field.report(photo=records.photo(1), note="first")
    lost = sealed_file(field)
    field.report(photo=records.photo(2), note="second")
    lost.unlink()

    def ask(action: Callable[..., Any], command: Any) -> Any:
        try:
            return field.ask(action, command)
        except FieldappError as error:
            raise worker.error_of(worker.failure_of(error)) from None

    field.courier = Courier(ask if from_another_process else field.ask, net)
    done = field.sync()
    assert (done.altered, done.blobs, done.waiting) == (1, 1, 1)
    assert {row.inspection for row in field.outbox().rows if row.blobs_done == 1} != set()
    assert field.sync().altered == 1, "it is told again until it is put right"


def test_a_truncated_photo_ends(field: Field, net: Simulator) -> None:
    field.report(photo=records.photo())
    file = sealed_file(field)
    file.write_bytes(file.read_bytes()[:-100])
    net.calls.clear()
    done = field.sync()
    assert (done.altered, done.blobs, done.waiting) == (1, 0, 1)
    assert sum(call.method == "PATCH" for call in net.calls) < 5


def test_after_a_cut_a_photo_goes_on_from_the_byte_that_headquarters_has(
    field: Field, at: Office, net: Simulator
) -> None:
    field.report(photo=records.photo())
    net.kinds = ("cut_upload",)

    def cut(call: Call) -> Reply:
        if call.method != "PATCH":
            return at_the_desk(at, call)
        net.rate = 1.0
        return net.carry(call)

    field.courier = Courier(field.ask, lambda _url: Memory(cut))
    with pytest.raises(HeadquartersUnreachable):
        field.sync()
    net.rate = 0.0
    net.calls.clear()
    field.courier = Courier(field.ask, net)
    assert field.sync().waiting == 0
    (only,) = (call for call in net.calls if call.method == "PATCH")
    assert only.offset > 0, "nothing that arrived is sent twice"


@pytest.mark.parametrize("told", [0, -5, 1 << 40])
def test_a_photo_that_does_not_move_on_is_left_for_the_next_exchange(
    field: Field, at: Office, told: int
) -> None:
    field.report(photo=records.photo())
    seen: list[int] = []

    def stands(call: Call) -> Reply:
        if call.method != "PATCH":
            return at_the_desk(at, call)
        seen.append(call.offset)
        assert len(seen) < 10, "a loop"
        return Reply(status=200, body=wire.pack(wire.BlobAnswer(h=call.path, offset=told, done=False)))

    field.courier = Courier(field.ask, lambda _url: Memory(stands))
    done = field.sync()
    assert (done.blobs, done.waiting) == (0, 1)
    (row,) = exchanging.needed_blobs(field.vault, exchanging.NeededBlobs()).rows
    assert row.offset == 0, "what moved nothing is not noted"


def test_an_offset_outside_the_photo_is_not_followed(field: Field, at: Office) -> None:
    field.report(photo=records.photo())
    seen: list[int] = []

    def elsewhere(call: Call) -> Reply:
        if call.method != "PATCH":
            return at_the_desk(at, call)
        seen.append(call.offset)
        refused = wire.refusal(wire.BlobOffset(offset=-1))
        return Reply(status=409, body=wire.pack(refused))

    field.courier = Courier(field.ask, lambda _url: Memory(elsewhere))
    assert field.sync().waiting == 1
    assert seen == [0]


def test_the_pause_grows_and_is_spread() -> None:
    assert session.pause(0, 0.5) == 0.5
    assert session.pause(3, 0.0) == 0.0
    assert session.pause(99, 0.999) < 900.0
    assert session.pause(99, 0.5) > session.pause(2, 0.5)


@pytest.mark.soak
def test_a_lying_network_by_night(tmp_path: Path) -> None:
    for seed in range(100, 400):
        folder = tmp_path / str(seed)
        with an_office(folder / "headquarters") as at:
            test_a_lying_network_loses_and_doubles_nothing(at, folder, seed)
        shutil.rmtree(folder)
