"""Bundles: whatever is carried, in whatever order, ends where the network would have brought both ends."""

import hashlib
import random
from pathlib import Path

import msgspec
import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import resources
from fieldapp import canonical, enrolment
from fieldapp.enrolment import CarriedReply, Policy, ReplySeal, StatementRefused
from fieldapp.vault.evidence import EvidenceAltered
from sync import bundle, carrying
from sync.bundle import BundleUnreadable
from sync.headquarters import ingest, ordering
from sync.headquarters.office import Office
from sync.worker import SyncNow, sync_now
from tests.support import records
from tests.support.headquarters import Chain
from tests.sync.simulation import laptops
from tests.sync.simulation.world import Laptop, World


@pytest.fixture
def world() -> World:
    """One headquarters and two laptops with a report each, on a line that does not fail."""
    made = World(1, count=2)
    for laptop in made.laptops:
        laptop.report()
    return made


def brought(at: Office, laptop: Laptop, file: Path) -> ingest.Ingested:
    carrying.export(laptop.ask, file)
    return ingest.ingest(at, file)


def replied(laptop: Laptop, done: ingest.Ingested, file: Path) -> carrying.TakenBack:
    file.write_bytes(done.reply)
    return carrying.take_reply(laptop.ask, file)


def kept(world: World) -> str:
    """One hash over everything headquarters holds that came from laptops."""
    digest = hashlib.sha256()
    for question in (
        "SELECT id, device, seq, branch, prev, kind, payload, signature, flag FROM record ORDER BY 1",
        "SELECT record, inspection, revision, verdict, disposition FROM report ORDER BY 1",
        "SELECT h, size, done != '' FROM blob ORDER BY 1",
        "SELECT record, h, size FROM record_blob ORDER BY 1, 2",
        "SELECT entry_id, why FROM quarantine ORDER BY 1",
    ):
        for row in world.database.execute(question):
            digest.update(repr(row).encode())
    return digest.hexdigest()


def test_a_bundle_brings_records_and_photos_and_its_reply_brings_the_answer(
    world: World, tmp_path: Path
) -> None:
    laptop = world.laptops[0]
    done = brought(world.at, laptop, tmp_path / "a.fbx")
    assert (done.whole, done.missing, done.quarantined) == (True, 0, 0)
    assert done.new == len(_entries(laptop))
    assert laptop.state().waiting == 1, "nothing is done before headquarters has said so"
    back = replied(laptop, done, tmp_path / "a.fbr")
    assert (back.waiting, back.acknowledged) == (0, done.new)
    world.heal()
    world.check()


def _entries(laptop: Laptop) -> tuple[object, ...]:
    with laptop.vault.reading() as tx:
        return tx.journal.entries(1, -1)


def test_the_same_bundle_again_changes_nothing(world: World, tmp_path: Path) -> None:
    laptop, file = world.laptops[0], tmp_path / "a.fbx"
    done = brought(world.at, laptop, file)
    before = kept(world)
    again = ingest.ingest(world.at, file)
    assert (again.new, again.known) == (0, done.new)
    assert kept(world) == before
    assert replied(laptop, again, tmp_path / "a.fbr").waiting == 0
    assert replied(laptop, done, tmp_path / "b.fbr").waiting == 0


@pytest.mark.parametrize("share", [0.05, 0.4, 0.8, 0.99])
def test_what_came_before_a_cut_counts(world: World, tmp_path: Path, share: float) -> None:
    laptop, file = world.laptops[0], tmp_path / "a.fbx"
    inspection = records.inspection(id=records.part_id(7), scans=(), evidence=())
    laptop.sealed.append(laptops.seal(laptop.vault, inspection, (world.dice.randbytes(400_000),)))
    laptop.sealed.append(
        laptops.seal(laptop.vault, msgspec.structs.replace(inspection, id=records.part_id(8)), ())
    )
    carrying.export(laptop.ask, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    if share > 0.2:
        assert not ingest.ingest(world.at, file).whole
    else:
        with pytest.raises(BundleUnreadable):
            ingest.ingest(world.at, file)
    file.write_bytes(whole)
    assert ingest.ingest(world.at, file).whole
    world.heal()
    world.check()


def test_a_bundle_for_another_headquarters_is_refused(world: World, at: Office, tmp_path: Path) -> None:
    file = tmp_path / "a.fbx"
    carrying.export(world.laptops[0].ask, file)
    with pytest.raises(BundleUnreadable):
        ingest.ingest(at, file)


@pytest.mark.parametrize("content", [b"", b"not a bundle", b"age-encryption.org/v1\n"])
def test_another_file_is_refused(at: Office, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.fbx"
    file.write_bytes(content)
    with pytest.raises(BundleUnreadable):
        ingest.ingest(at, file)


def test_a_bundle_signed_by_another_vault_is_refused(at: Office, tmp_path: Path) -> None:
    victim, thief = Chain(at), Chain(at)
    state = bundle.SyncRequest(cursor=10)
    forged = bundle.Manifest(
        device=victim.device,
        state=state,
        signature=thief.key.sign(b"FIELDSES1" + bundle.manifest_nonce(state)),
    )
    file = tmp_path / "a.fbx"
    named = at.keyring.real.evidence
    recipient = str(pyrage.x25519.Identity.from_str(named).to_public())
    bundle.seal(file, [forged], (recipient,))
    with pytest.raises(BundleUnreadable):
        ingest.ingest(at, file)


def test_a_reply_for_another_laptop_is_refused(world: World, tmp_path: Path) -> None:
    done = brought(world.at, world.laptops[0], tmp_path / "a.fbx")
    before = world.laptops[1].state()
    with pytest.raises(EvidenceAltered):
        replied(world.laptops[1], done, tmp_path / "a.fbr")
    assert world.laptops[1].state() == before


def test_a_reply_that_headquarters_did_not_sign_is_refused(world: World, tmp_path: Path) -> None:
    laptop = world.laptops[0]
    seal = ReplySeal(device=laptop.vault.device.hex(), sha256=canonical.sha256(b"x"), at=world.now)
    forged = CarriedReply(
        statement=enrolment.sign("reply", seal, Ed25519PrivateKey.generate()),
        keys=world.at.keyring.real.statement,
        content=b"x",
    )
    to = pyrage.x25519.Recipient.from_str(laptop.vault.recipient)
    file = tmp_path / "a.fbr"
    file.write_bytes(pyrage.encrypt(msgspec.msgpack.encode(forged), [to]))
    with pytest.raises(StatementRefused):
        carrying.take_reply(laptop.ask, file)


def test_an_old_reply_does_not_answer_for_entries_of_a_lost_copy(world: World, tmp_path: Path) -> None:
    laptop = world.laptops[0]
    image = laptop.image()
    laptop.report()
    done = brought(world.at, laptop, tmp_path / "a.fbx")
    laptop.put_back(image)
    laptop.report()
    replied(laptop, done, tmp_path / "a.fbr")
    with laptop.vault.reading() as tx:
        newest = tx.journal.head().seq
        assert tx.outbox.first_open() == newest, "the entry made after the old copy was put back still waits"


def test_an_old_reply_of_a_life_that_has_ended_changes_nothing(world: World, tmp_path: Path) -> None:
    laptop = world.laptops[0]
    done = brought(world.at, laptop, tmp_path / "a.fbx")
    world._restore(0)
    sync_now(laptop.courier, SyncNow())
    before = laptop.state()
    replied(laptop, done, tmp_path / "a.fbr")
    assert laptop.state() == before
    world.heal()
    world.check()


def mixture(seed: int, folder: Path) -> tuple[str, str]:
    """Bring one set of reports by a random mixture of network and sticks, and again by network only.

    Meanwhile headquarters publishes; at the end it sends every report back. Both ends must hold the same.
    """
    hashes = []
    for mixed in (False, True):
        world = World(seed, count=2, rate=0.0)
        for _ in range(6):
            world.laptops[world.roll(2)].report()
        ordering.publish_policy(world.at, Policy(retention_days=9), practice=False, by="Meera Iyer")
        dice = random.Random(seed)
        sticks: list[tuple[Laptop, bytes]] = []
        replies: list[tuple[Laptop, bytes]] = []
        for _ in range(dice.randint(3, 9) if mixed else 0):
            laptop = world.laptops[dice.randrange(2)]
            what = dice.random()
            file = folder / "mixture"
            if what < 0.25:
                sync_now(laptop.courier, SyncNow())
            elif what < 0.55 or not sticks:
                carrying.export(laptop.ask, file, blobs=dice.random() < 0.7)
                sticks.append((laptop, file.read_bytes()))
            elif what < 0.85 or not replies:
                owner, content = dice.choice(sticks)
                file.write_bytes(content if dice.random() < 0.7 else content[: dice.randrange(len(content))])
                try:
                    replies.append((owner, ingest.ingest(world.at, file).reply))
                except BundleUnreadable:
                    continue
            else:
                owner, reply = dice.choice(replies)
                file.write_bytes(reply)
                carrying.take_reply(owner.ask, file)
        for laptop in world.laptops:
            _bring_the_rest(world, laptop, folder, by_stick=mixed and dice.random() < 0.5)
        document = resources.path("checklists", "air-cargo.toml").read_bytes()
        ordering.publish_checklist(world.at, document, practice=False, by="Meera Iyer")
        ordering.publish_policy(world.at, Policy(retention_days=8), practice=False, by="Meera Iyer")
        for laptop in world.laptops:
            while len(set(laptop.sealed) & set(world.reviewed())) < len(laptop.sealed):
                world.review(laptop)
            _bring_the_rest(world, laptop, folder, by_stick=mixed and dice.random() < 0.5)
        hashes.append(_ledger(world) + "".join(_told(laptop) for laptop in world.laptops))
    return hashes[0], hashes[1]


def _bring_the_rest(world: World, laptop: Laptop, folder: Path, *, by_stick: bool) -> None:
    for _attempt in range(4):
        if by_stick:
            replied(laptop, brought(world.at, laptop, folder / "rest.fbx"), folder / "rest.fbr")
        else:
            sync_now(laptop.courier, SyncNow())
    assert laptop.state().waiting == 0


def _ledger(world: World) -> str:
    """One hash over every report, byte for byte, and every photo; what the audit trail says may differ."""
    digest = hashlib.sha256()
    for question in (
        "SELECT device, count(*) FROM record WHERE kind = 'inspection' AND flag = '' GROUP BY 1 ORDER BY 1",
        "SELECT payload FROM record WHERE kind = 'inspection' ORDER BY 1",
        "SELECT h, size, done != '' FROM blob ORDER BY 1",
        "SELECT h, size FROM record_blob ORDER BY 1, 2",
    ):
        for row in world.database.execute(question):
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _told(laptop: Laptop) -> str:
    """One hash over what a laptop was told: the state of each report, the remarks, the policy, checklists."""
    with laptop.vault.reading() as tx:
        states = sorted(
            (held.id, held.state, [remark.text for one in held.reviews for remark in one.remarks])
            for record in laptop.sealed
            if (place := tx.inspections.by_record(record)) and (held := tx.inspections.get(*place))
        )
        checklists = len(tx.outbox.kept_feed("checklist"))
        policy = (tx.policy().number, tx.policy().retention_days)
    assert all(state == "returned" for _id, state, _remarks in states)
    return canonical.sha256(repr((states, checklists, policy)).encode())


def same_in_any_mixture(seeds: range, folder: Path) -> None:
    for seed in seeds:
        online, mixed = mixture(seed, folder)
        assert online == mixed, f"seed {seed}"


@pytest.mark.parametrize("first", range(0, 50, 10))
def test_network_and_sticks_in_any_mixture_end_in_the_same(tmp_path: Path, first: int) -> None:
    same_in_any_mixture(range(first, first + 10), tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, 1000, 20))
def test_a_thousand_mixtures_of_network_and_sticks(tmp_path: Path, first: int) -> None:
    same_in_any_mixture(range(first, first + 20), tmp_path)
