"""The world of the simulation: laptops, one headquarters, the line between them, their disks and clocks.

`World(seed)` is one history. Every die is cast from the seed, so `python -m tests.sync.simulation SEED`
replays it. Between the laptops and the database runs the program itself: session, courier, frames, desk,
intake, feed, bundles, vault actions, the vault's and headquarters' SQL. Made here are line, disks and clock.
"""

import atexit
import contextlib
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from fieldapp import ledger
from fieldapp.actions import exchanging, obeying
from fieldapp.enrolment import invitation_text
from fieldapp.errors import FieldappError
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.review import Remark
from fieldapp.ledger import Entry, Head
from fieldapp.vault.vault import VaultRolledBack
from sync import carrying, wire
from sync.headquarters import authority, backup, enrolment, ingest, keys, review, store, tables
from sync.headquarters.blobs import Blobs
from sync.headquarters.office import Office
from sync.transport import Call, HeadquartersUnreachable, Reply
from sync.worker import Courier, Enrol, SyncNow, enrol, sync_now
from tests.support import records
from tests.support.headquarters import PORTAL, Chain, at_the_desk, invitation
from tests.sync.simulation import desks, laptops
from tests.sync.simulation.laptops import Crash, SimulatedVault

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SHM = Path("/dev/shm")

ON_THE_LINE = (
    "drop_request", "drop_answer", "duplicate", "delay", "replay", "corrupt_request", "corrupt_answer",
    "cut_request", "cut_answer", "cut_upload", "stall", "half_close", "portal", "redirect", "gateway",
    "empty",
)  # fmt: skip
AT_HEADQUARTERS = (
    "headquarters_crash", "headquarters_restart", "headquarters_disk_full", "headquarters_busy",
    "torn_upload", "restore", "failover", "session_lost", "signing_key_rotation", "revocation", "intruder",
)  # fmt: skip
ON_THE_LAPTOP = (
    "crash_before_commit", "crash_after_commit", "laptop_disk_full", "clock_jump", "clock_back",
    "old_copy_put_back", "process_killed",
)  # fmt: skip
ON_THE_STICK = (
    "stick_partial",
    "stick_twice",
    "stick_reordered",
    "stick_corrupt",
    "two_sticks",
    "stick_stale",
)
FAULTS = (*ON_THE_LINE, *AT_HEADQUARTERS, *ON_THE_LAPTOP, *ON_THE_STICK)
ONCE = ("revocation", "old_copy_put_back", "intruder")  # rare: they end, or fork, a laptop's history


class Broken(AssertionError):
    """An invariant does not hold."""


@lru_cache(maxsize=1)
def _inspected() -> Inspection:
    return records.inspection(scans=(), adjudications=(), evidence=())


@lru_cache(maxsize=1)
def _home() -> Path:
    made = Path(tempfile.mkdtemp(dir=SHM if SHM.is_dir() else None, prefix="simulation-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@lru_cache(maxsize=1)
def _template() -> tuple[Office, sqlite3.Connection, bytes]:
    """One headquarters a process: its keys, its engine in memory, and the image of its empty database."""
    home = _home() / "headquarters"
    home.mkdir()
    keys.make(home, "Simulated", lambda: START)
    authority.make_missing(home, "Simulated", lambda: START)
    engine = store.open_engine("sqlite://")
    with store.writing(engine) as connection:
        store.begin_generation(connection, START)
        real = connection.connection.driver_connection
    assert isinstance(real, sqlite3.Connection)
    made = Office(home=home, engine=engine, keyring=keys.load(home), blobs=Blobs(home), clock=lambda: START)
    return made, real, real.serialize()


class Laptop:
    """One vault, its courier, and what the world knows of it."""

    def __init__(self, world: "World", number: int) -> None:
        self.world = world
        self.number = number
        self.skew = timedelta(0)
        self.vault: SimulatedVault = laptops.vault(_home(), world.dice, number, self.clock)
        self.courier = Courier(self.ask, lambda _url: Line(self))
        self.sealed: list[str] = []
        self.made: dict[str, Entry] = {}  # every entry this laptop ever had, by its id
        self.cursor = ("", 0)
        self.revoked = self.old = self.ordered = False
        self.before: set[str] = set()  # what headquarters had of it when it was revoked

    def clock(self) -> datetime:
        return self.world.now + self.skew

    def ask(self, action: Callable[..., Any], command: Any) -> Any:
        if action is obeying.obey:
            self.ordered = True  # without a header there is nothing to seal: it goes on, as a thief's would
            return obeying.Obeyed()
        return action(self.vault, command)

    def report(self) -> None:
        world = self.world
        number = len(self.sealed) + 1
        inspection = msgspec.structs.replace(
            _inspected(), id=records.part_id(world.dice.getrandbits(40)), number=f"INS-{self.number}-{number}"
        )
        files = tuple(
            world.dice.randbytes(200 + int(world.dice.random() * 3000)) for _ in range(world.roll(3))
        )
        self.sealed.append(laptops.seal(self.vault, inspection, files))

    def remember(self) -> None:
        """Take note of what the ledger holds now, before anything can take it away."""
        with self.vault.reading() as tx:
            for entry in tx.journal.entries(max(1, self._known()), -1):
                self.made[laptops.entry_id(entry).hex()] = entry

    def _known(self) -> int:
        return max((entry.seq for entry in self.made.values()), default=0) if not self.old else 0

    def image(self) -> bytes:
        return self.vault._connection.image()  # type: ignore[attr-defined]  # the simulated disk

    def put_back(self, image: bytes) -> None:
        files = self.vault.files
        self.vault._connection.put_back(image)  # type: ignore[attr-defined]
        self.vault = SimulatedVault(self.vault.folder, self.vault._connection, self.clock)  # type: ignore[arg-type]
        self.vault.files = files
        self.cursor = ("", 0)
        self.restart()

    def restart(self) -> None:
        with self.vault.reading() as tx:
            self.ordered = self.ordered or tx.meta.raw("order") is not None  # as an unlock finds it
        self.courier.close()
        self.courier = Courier(self.ask, lambda _url: Line(self))

    def state(self) -> exchanging.OutboxState:
        return exchanging.outbox(self.vault, exchanging.ListOutbox())


class Line:
    """A transport to the desk over a line that lies."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop
        self.world = laptop.world

    def carry(self, call: Call) -> Reply:
        world = self.world
        world.calls += 1
        if world.late and world.dice.random() < 0.5:
            world.deliver(world.late.pop(world.roll(len(world.late))))
        fault = world.fault(ON_THE_LINE)
        world.past.append(call)
        if fault:
            return self._spoil(fault, call)
        reply = world.deliver(call)
        world.check_answer(call, reply)
        return reply

    def _spoil(self, fault: str, call: Call) -> Reply:
        world = self.world
        if fault in ("drop_request", "stall"):
            raise HeadquartersUnreachable(why="connect" if fault == "drop_request" else "stalled")
        if fault == "delay":
            world.late.append(call)
            raise HeadquartersUnreachable(why="stalled")
        strange = {
            "portal": (200, PORTAL),
            "redirect": (302, b""),
            "gateway": (502, b"Bad"),
            "empty": (200, b""),
        }
        if fault in strange:
            return Reply(status=strange[fault][0], body=strange[fault][1])
        if fault == "duplicate":
            world.deliver(call)
            return world.deliver(call)
        if fault == "replay":
            world.deliver(world.past[world.roll(len(world.past))])
            return world.deliver(call)
        if fault in ("corrupt_request", "cut_request"):
            body = world.flip(call.body) if fault == "corrupt_request" else world.cut(call.body)
            if call.method == "PATCH":  # TCP and TLS keep order and bytes; a file's stretch can only be short
                body = world.cut(call.body)
            return world.deliver(msgspec.structs.replace(call, body=body))
        if fault == "cut_upload" and call.method == "PATCH":
            world.deliver(msgspec.structs.replace(call, body=world.cut(call.body)), finish=False)
            raise HeadquartersUnreachable(why="cut")
        reply = world.deliver(call)
        if fault == "corrupt_answer":
            return Reply(status=reply.status, body=world.flip(reply.body))
        if fault in ("cut_answer", "half_close"):
            return Reply(status=reply.status, body=world.cut(reply.body) if fault == "cut_answer" else b"")
        raise HeadquartersUnreachable(why="cut")  # drop_answer, and cut_upload of a post: done, but unheard

    def close(self) -> None:
        """Nothing to let go of."""


class World:
    """One history of `steps` steps with `count` laptops; `rate` is how often a fault comes when it can."""

    def __init__(self, seed: int, *, count: int = 3, steps: int = 120, rate: float = 0.7) -> None:
        self.seed, self.steps = seed, steps
        self.dice = random.Random(seed)
        self.rate = 0.0
        self.now = START
        self.faults: Counter[str] = Counter()
        self.calls = 0
        self.late: list[Call] = []
        self.past: list[Call] = []
        self.rotations = 0
        template, self.database, empty = _template()
        self.database.deserialize(empty)
        self.keyring = template.keyring
        shutil.rmtree(template.home / "partial", ignore_errors=True)
        shutil.rmtree(template.home / "blobs", ignore_errors=True)
        self.at = msgspec.structs.replace(template, blobs=Blobs(template.home), clock=lambda: self.now)
        with store.writing(self.at.engine) as connection:
            store.begin_generation(connection, self.now)
        self.images: list[bytes] = []
        self.laptops = [Laptop(self, number) for number in range(count)]
        for laptop in self.laptops:
            enrol(
                laptop.courier,
                Enrol(text=invitation_text(invitation(self.at, name=f"Officer {laptop.number}"))),
            )
        self.strangers: list[Chain] = []
        self.sticks: list[tuple[Laptop, bytes]] = []
        self.replies: list[tuple[Laptop, bytes]] = []
        self._wanted_rate = rate
        self._image()

    # What the dice say.

    def roll(self, sides: int) -> int:
        return int(self.dice.random() * sides)

    def fault(self, kinds: tuple[str, ...], rate: float = 1.0) -> str:
        if self.dice.random() >= self.rate * rate:
            return ""
        kind = kinds[self.roll(len(kinds))]
        self.faults[kind] += 1
        return kind

    def flip(self, raw: bytes) -> bytes:
        if not raw:
            return raw
        spoiled = bytearray(raw)
        spoiled[self.roll(len(spoiled))] ^= 1 << self.roll(8)
        return bytes(spoiled)

    def cut(self, raw: bytes) -> bytes:
        return raw[: self.roll(len(raw))]

    # Headquarters.

    def deliver(self, call: Call, *, finish: bool = True) -> Reply:
        """Have headquarters answer, if nothing happens to it on the way."""
        kind = self.fault(AT_HEADQUARTERS, 0.2)
        if kind in ("restore", "failover", "signing_key_rotation", "revocation", "intruder", "session_lost"):
            self.happen(kind)
        elif kind == "headquarters_restart":
            self.at = msgspec.structs.replace(self.at, blobs=Blobs(self.at.home))
        elif kind == "headquarters_busy":
            return Reply(status=503, body=wire.pack(wire.refusal(wire.HeadquartersBusy(retry_after=5))))
        elif kind == "torn_upload":
            self._tear()
        elif kind == "headquarters_crash":
            before = self.database.serialize()
            with contextlib.suppress(Exception):
                at_the_desk(self.at, call)
            self.database.deserialize(before)  # it died before its commit
            raise HeadquartersUnreachable(why="cut")
        elif kind == "headquarters_disk_full":
            return self._full(call)
        if not finish:
            return self._partly(call)
        return at_the_desk(self.at, call)

    def _partly(self, call: Call) -> Reply:
        from sync.headquarters import desk

        with contextlib.suppress(FieldappError):
            arriving = desk.open_blob(self.at, call.path.rpartition("/")[2], call.offset, call.token)
            arriving.write(call.body)
            arriving.close()
        return Reply(status=400, body=b"")

    def _full(self, call: Call) -> Reply:
        """SQLite itself says that the disk is full."""
        pages = self.database.execute("PRAGMA page_count").fetchone()[0]
        self.database.execute(f"PRAGMA max_page_count={pages}")
        try:
            return at_the_desk(self.at, call)
        finally:
            self.database.execute("PRAGMA max_page_count=1073741823")

    def _image(self) -> None:
        self.images.append(self.database.serialize())
        del self.images[1:-6]  # the first stays: a backup may be old

    def happen(self, kind: str) -> None:
        """Something that changes headquarters for good."""
        if kind in ONCE and self.faults[kind] > 1:
            self.faults[kind] -= 1
            return
        if kind == "session_lost":
            with store.writing(self.at.engine) as connection:
                connection.execute(tables.session.delete())
        elif kind in ("restore", "failover"):
            last = len(self.images) - 1
            self._restore(last if kind == "failover" else self.roll(last + 1) * self.roll(2))
        elif kind == "signing_key_rotation":
            self._rotate_signing()
        elif kind == "revocation":
            victim = self.laptops[-1]
            victim.revoked = True
            victim.before = self._kept_of(victim)
            enrolment.revoke(self.at, victim.vault.device.hex(), "command")
        elif kind == "intruder":
            self._intrude()

    def _restore(self, which: int) -> None:
        if any(laptop.old for laptop in self.laptops):
            return  # two losses of the same entry, at both ends: no protocol brings that back
        self.database.deserialize(self.images[which])
        del self.images[which + 1 :]
        shutil.rmtree(self.at.home / "partial", ignore_errors=True)
        self.at = msgspec.structs.replace(self.at, blobs=Blobs(self.at.home))
        backup.begin_life(self.at)
        for laptop in self.laptops:
            laptop.revoked = laptop.revoked and self._is_revoked(laptop)
        desks.catch_up(self)

    def _is_revoked(self, laptop: Laptop) -> bool:
        with store.reading(self.at.engine) as connection:
            return bool(enrolment.get(connection, laptop.vault.device.hex())["revoked"])

    def _kept_of(self, laptop: Laptop) -> set[str]:
        kept = "SELECT id FROM record WHERE device = ?"
        return {own for (own,) in self.database.execute(kept, (laptop.vault.device.hex(),))}

    def _rotate_signing(self) -> None:
        """The root names one more signing key; from now on that one signs."""
        self.rotations += 1
        root = Ed25519PrivateKey.from_private_bytes(
            (self.at.home / "root" / "real" / "root.key").read_bytes()
        )
        new = Ed25519PrivateKey.from_private_bytes(self.dice.randbytes(32))
        real = keys.renewed(self.at.keyring.real, root, new, self.at.clock)
        self.at = msgspec.structs.replace(
            self.at, keyring=msgspec.structs.replace(self.at.keyring, real=real)
        )

    def _intrude(self) -> None:
        """A stranger with a vault of his own brings entries that are another's, unsigned, or torn."""
        stranger = Chain(self.at, name="Stranger")
        self.strangers.append(stranger)
        good = stranger.append()
        victim = self.laptops[0].vault.device
        stranger.entries.append(ledger.append(Head(), "note", victim, b"{}", stranger.key))
        stranger.push(
            stranger.entries[-1],
            msgspec.structs.replace(good, device=victim),
            msgspec.structs.replace(good, signature=bytes(64)),
            self._rootless(stranger),
        )

    def _rootless(self, stranger: Chain) -> Entry:
        """A first entry that names one before it, signed all the same."""
        prev = b"\x01" * 32
        signature = stranger.key.sign(ledger.preimage("note", stranger.device, 1, prev, b"{}"))
        return Entry("note", stranger.device, 1, prev, b"{}", signature)

    def _tear(self) -> None:
        """The power went while photos were arriving: what the disk had not written is zeros."""
        for part in sorted(one for one in (self.at.home / "partial").rglob("*") if one.is_file()):
            size = part.stat().st_size
            keep = self.roll(size + 1)
            part.write_bytes(part.read_bytes()[:keep] + bytes(size - keep))

    # A history.

    def run(self) -> "World":
        self.rate = self._wanted_rate
        for _step in range(self.steps):
            self.now += timedelta(minutes=1 + self.roll(600))
            laptop = self.laptops[self.roll(len(self.laptops))]
            self._step(laptop)
            if self.dice.random() < 0.15:
                self._image()
        self.heal()
        self.check()
        return self

    def _step(self, laptop: Laptop) -> None:
        what = self.dice.random()
        if what < 0.25:
            with contextlib.suppress(VaultRolledBack):
                laptop.report()
        elif what < 0.38:
            self.review(laptop)
        elif what < 0.40:
            desks.publish(self)
        elif what < 0.47:
            self._trouble_at(laptop)
        elif what < 0.56:
            self._stick(laptop)
        else:
            self._sync(laptop)
        laptop.remember()

    def _trouble_at(self, laptop: Laptop) -> None:
        kind = self.fault(("clock_jump", "clock_back", "process_killed", "old_copy_put_back"))
        if kind == "clock_jump":
            laptop.skew = timedelta(days=30 * (1 if self.dice.random() < 0.5 else -1))
        elif kind == "clock_back":
            laptop.skew -= timedelta(hours=self.roll(100))
        elif kind == "process_killed":
            laptop.restart()
        elif kind == "old_copy_put_back":
            self._put_back(laptop)

    def _put_back(self, laptop: Laptop) -> None:
        """An older image of the disk is put back and work goes on from there: the chain forks."""
        if any(one.old for one in self.laptops) or self.faults["restore"] + self.faults["failover"]:
            self.faults["old_copy_put_back"] -= 1
            return
        image = laptop.image()
        rate, self.rate = self.rate, 0.0  # what only the lost disk had is lost; here headquarters has it too
        laptop.report()
        self._sync(laptop)
        self.rate = rate
        laptop.remember()
        laptop.old = True
        laptop.put_back(image)
        laptop.report()

    def _sync(self, laptop: Laptop) -> None:
        kind = self.fault(("crash_before_commit", "crash_after_commit", "laptop_disk_full"), 0.3)
        disk = laptop.vault._connection
        if kind:
            disk.trouble = "disk_full" if kind == "laptop_disk_full" else kind  # type: ignore[attr-defined]
        try:
            sync_now(laptop.courier, SyncNow())
        except FieldappError:
            pass
        except Crash:
            laptop.restart()
        finally:
            disk.trouble = ""  # type: ignore[attr-defined]
        self._check_cursor(laptop)

    def _stick(self, laptop: Laptop) -> None:
        """A bundle is written, or an older one brought, or a reply comes back: whole or not, late or not."""
        fault = self.fault(ON_THE_STICK)
        if not self.sticks or self.dice.random() < 0.4:
            self._export(laptop)
            if fault != "two_sticks":
                return
            self._export(laptop)
        order = [self.roll(len(self.sticks))] if fault in ("stick_reordered", "stick_stale") else [-1]
        if fault in ("stick_twice", "two_sticks"):
            order = [-1, 0]
        for which in order:
            owner, content = self.sticks[which]
            if fault == "stick_partial":
                content = self.cut(content)
            if fault == "stick_corrupt":
                content = self.flip(content)
            self._bring(owner, content)
        if self.replies and self.dice.random() < 0.7:
            self._take_reply(self.replies[self.roll(len(self.replies)) if fault == "stick_stale" else -1])

    def _export(self, laptop: Laptop) -> None:
        file = _home() / "stick.fbx"
        carrying.export(laptop.ask, file, blobs=self.dice.random() < 0.7)
        self.sticks.append((laptop, file.read_bytes()))
        del self.sticks[:-6]

    def _bring(self, owner: Laptop, content: bytes) -> None:
        file = _home() / "brought.fbx"
        file.write_bytes(content)
        with contextlib.suppress(FieldappError):
            done = ingest.ingest(self.at, file)
            self.must(not self.database.in_transaction, "a reply before its commit")
            self.replies.append((owner, done.reply))
            del self.replies[:-6]

    def _take_reply(self, reply: tuple[Laptop, bytes]) -> None:
        owner, content = reply
        file = _home() / "reply.fbr"
        file.write_bytes(content)
        with contextlib.suppress(FieldappError):
            carrying.take_reply(owner.ask, file)
        self._check_cursor(owner)
        owner.remember()

    def review(self, laptop: Laptop) -> None:
        with store.reading(self.at.engine) as connection:
            kept = tables.report
            question = select(kept.c.record).where(kept.c.device == laptop.vault.device.hex())
            decided = self.reviewed()
            waiting = [one for one in connection.execute(question).scalars() if one not in decided]
        if not waiting:
            return
        record = sorted(waiting)[self.roll(len(waiting))]
        remark = (Remark(text="Name the seal"),)
        command = review.Decide(
            id=review.new_id(self.at), record=record, practice=False, outcome="returned", remarks=remark
        )
        review.decide(self.at, command, "Meera Iyer")

    def reviewed(self) -> dict[str, str]:
        """What headquarters has decided, as far as it knows: the review of each record."""
        return dict(self.database.execute("SELECT record, id FROM review").fetchall())

    def heal(self) -> None:
        """Everything works from here on; both ends must come to the same state within a few exchanges."""
        self.rate = 0.0
        for call in self.late:
            self.deliver(call)
        self.late.clear()
        self.calls = 0
        for laptop in self.laptops:
            laptop.remember()
            for _attempt in range(6):
                with contextlib.suppress(VaultRolledBack):
                    done = sync_now(laptop.courier, SyncNow())
                    if done.waiting == 0:
                        break
            with contextlib.suppress(VaultRolledBack):
                sync_now(laptop.courier, SyncNow())
            laptop.remember()
        bound = 20 * len(self.laptops) + 4 * sum(len(laptop.made) for laptop in self.laptops)
        self.must(self.calls <= bound, f"{self.calls} calls to heal, {bound} at most")

    # What must hold.

    def must(self, holds: bool, what: str) -> None:
        if not holds:
            raise Broken(f"{what} (seed {self.seed}: python -m tests.sync.simulation {self.seed})")

    def check_answer(self, call: Call, reply: Reply) -> None:
        """No entry is acknowledged that is not in committed state."""
        if call.path != "/v1/sync" or reply.status != 200:
            return
        self.must(not self.database.in_transaction, "an answer before its commit")
        asked, answer = wire.unpack(call.body, wire.SyncRequest), wire.unpack(reply.body, wire.SyncAnswer)
        for entry, ack in zip(asked.entries, answer.acks, strict=True):
            if ack.state not in ("gap", "held"):
                own = laptops.entry_id(entry).hex()
                self.must(self._is_kept(own), f"{ack.state} without a durable record")

    def _is_kept(self, own: str) -> bool:
        kept = "SELECT 1 FROM record WHERE id = ? UNION SELECT 1 FROM quarantine WHERE entry_id = ?"
        return self.database.execute(kept, (own, own)).fetchone() is not None

    def _check_cursor(self, laptop: Laptop) -> None:
        state = laptop.state().sync
        generation, cursor = laptop.cursor
        same = state.generation == generation
        self.must(not same or state.cursor >= cursor, "the cursor went back within one life")
        laptop.cursor = (state.generation, state.cursor)

    def check(self) -> None:
        for laptop in self.laptops:
            self._check_laptop(laptop)
        for stranger in self.strangers:
            ids = [laptops.entry_id(entry).hex() for entry in stranger.entries]
            marks = ",".join("?" * len(ids))
            found = self.database.execute(
                f"SELECT count(*) FROM record WHERE device = ? OR id IN ({marks})",
                (stranger.device.hex(), *ids),
            ).fetchone()[0]
            self.must(found == 0, "a stranger's entry was taken for an inspector's")
        twice = "SELECT device, branch, seq FROM record GROUP BY 1, 2, 3 HAVING count(*) > 1"
        self.must(self.database.execute(twice).fetchone() is None, "doubled")

    def _check_laptop(self, laptop: Laptop) -> None:
        device = laptop.vault.device.hex()
        rows = self.database.execute(
            "SELECT id, kind, seq, prev, payload, signature, branch, flag FROM record WHERE device = ?",
            (device,),
        ).fetchall()
        kept = {row[0]: row for row in rows}
        for own, entry in laptop.made.items():
            if own in kept:
                self.must(kept[own][4] == entry.payload and kept[own][5] == entry.signature, "altered")
                self.must(kept[own][7] == "", f"flagged {kept[own][7]}")
            elif not laptop.revoked:
                self.must(False, f"lost: entry {entry.seq} of laptop {laptop.number}")
            else:
                self.must(self._is_kept(own), f"dropped: entry {entry.seq} of a revoked laptop")
        self.must(set(kept) <= set(laptop.made), "a record that no laptop made")
        if laptop.revoked:
            self.must(set(kept) <= laptop.before, "a revoked laptop's entry was taken for good")
        by_place = {(row[6], row[2]): row for row in rows}
        for row in rows:
            self.must(row[2] == 1 or self._parent(row, kept), "a record whose parent is missing")
            self.must((row[6], row[2]) in by_place, "out of order")
        if laptop.old:
            self.must(any(row[6] for row in rows) or laptop.revoked, "a fork was not kept aside")
        else:
            self.must(all(row[6] == 0 for row in rows) or laptop.revoked, "a branch nobody made")
            self._check_way_back(laptop)
        if not laptop.revoked:
            self._check_reports(laptop, device)

    def _parent(self, row: tuple[Any, ...], kept: dict[str, tuple[Any, ...]]) -> bool:
        parent = kept.get(row[3])
        return (parent is not None and parent[2] == row[2] - 1) or self._is_kept(row[3])

    def _check_reports(self, laptop: Laptop, device: str) -> None:
        reports = self.database.execute("SELECT record FROM report WHERE device = ?", (device,)).fetchall()
        self.must(
            sorted(one for (one,) in reports) == sorted(laptop.sealed), "reports differ from what was sealed"
        )
        blobs = self.database.execute(
            "SELECT b.h, b.done FROM blob b JOIN record_blob r ON r.h = b.h WHERE r.device = ?", (device,)
        ).fetchall()
        for h, done in blobs:
            if not laptop.old:
                self.must(bool(done), "a photo is missing")
            if done:
                self.must(self.at.blobs.read(h) == laptop.vault.files[h], "a photo is not what was sealed")

    def _check_way_back(self, laptop: Laptop) -> None:
        """What headquarters decided is on the laptop, once; its outbox says what headquarters says."""
        state = laptop.state()
        if not laptop.revoked:
            self.must(state.waiting == 0, f"{state.waiting} still waiting")
        else:
            self.must(laptop.ordered, "a laptop that was withdrawn was not told")
        desks.check_told(self, laptop)
        decided = self.reviewed()
        with laptop.vault.reading() as tx:
            open_entry = tx.outbox.first_open()
            self.must(open_entry is None, f"entry {open_entry} never answered")
            for record in laptop.sealed:
                place = tx.inspections.by_record(record)
                held = [one.id for one in tx.inspections.get(*place).reviews] if place is not None else []
                if record in decided and place is not None:
                    count = held.count(decided[record])
                    self.must(count == 1, f"review delivered {count} times")
                if held and not laptop.revoked:
                    self.must(record in decided, "headquarters forgot what it had decided")
