"""Somebody, or a bad sector, changes files while nobody looks: every change must be found, and by its name.

Each harness changes one thing in a copy of a vault that was worked with for a while, opens it and asks for
the full check. A loss is a change that went unseen although what the vault tells is another than before. What
comes out the same, word for word, was not changed: an old page of nothing but counters, padding of a file.
"""

import atexit
import functools
import io
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from fieldapp import enrolment
from fieldapp.enrolment import Witness
from fieldapp.errors import FieldappError
from fieldapp.vault import anchor, evidence, export, header, health, keys
from fieldapp.vault.health import Health
from fieldapp.vault.vault import Vault
from sync import bundle
from sync.bundle import BlobPart, Frame
from tests.durability import session
from tests.support.vaults import Headquarters, enrolled_vault

PAGE = 4096
STEPS = 40
DATABASE, ANCHOR = "vault/vault.db", f"vault/{anchor.FILE}"
Look = Callable[[Vault], Health]


class Made(NamedTuple):
    """A vault as it is, the database as it was halfway, the key, and what it tells."""

    folder: Path
    data_key: bytes
    earlier: bytes
    told: str
    root: str


def _witness(vault: Vault, office: Headquarters) -> None:
    with vault.transaction() as tx:
        head = tx.journal.head()
        seen = Witness(device=vault.device.hex(), seq=head.seq, id=head.id, at=vault.clock())
        statement = enrolment.sign("witness", seen, office.signing)
        tx.meta.put("witness", statement)
    anchor.keep(vault.folder, statement)


def told(vault: Vault) -> str:
    """Return all that the tables say, and the files."""
    with vault.reading() as tx:
        run = tx.inspections._connection.execute
        names = [row[0] for row in run("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()]
        rows = {name: sorted(map(repr, run(f"SELECT * FROM {name}").fetchall())) for name in sorted(names)}
    return repr(rows)


@functools.cache
def made(seed: int) -> Made:
    """Return a vault that was worked with, made once for each seed of a process."""
    folder = Path(tempfile.mkdtemp(prefix="tamper-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    rng, office = random.Random(seed), Headquarters()
    vault = enrolled_vault(folder, office)
    data_key = keys.open_slots(header.read_header(vault.folder), session.PASSPHRASE)
    earlier = b""
    for number in range(STEPS):
        if number == STEPS // 2:
            vault.close()
            earlier = (folder / DATABASE).read_bytes()
            vault = session.open_vault(folder, data_key)
        session.step(vault, rng, 1)
    _witness(vault, office)
    said = told(vault)
    vault.close()
    return Made(folder, data_key, earlier, said, office.root_hex)


def _unseen(folder: Path, case: Made, look: Look) -> str:
    """Open what lies in `folder`; return what went unseen, "" when it was found or nothing is different."""
    try:
        vault = session.open_vault(folder, case.data_key)
    except FieldappError:
        return ""  # refused, by name
    try:
        found = look(vault)
        return "" if found.faults or told(vault) == case.told else "what it tells is another"
    except FieldappError:
        return ""
    finally:
        vault.close()


Change = Callable[[Path, Made, int], None]


def _tamper(count: int, seed: int, change: Change, look: Look = health.full) -> list[str]:
    lost = []
    case = made(1)
    with tempfile.TemporaryDirectory(prefix="tampered-") as place:
        for number in range(seed, seed + count):
            folder = Path(place) / "one"
            shutil.copytree(case.folder, folder)
            change(folder, case, number)
            if unseen := _unseen(folder, case, look):
                lost.append(f"{change.__name__} {number}: {unseen}")
            shutil.rmtree(folder)
    return lost


def _flip_page(folder: Path, _case: Made, number: int) -> None:
    """Page after page, so that every one has its turn, at any place in it."""
    file, rng = folder / DATABASE, random.Random(number)
    raw = bytearray(file.read_bytes())
    raw[number % (len(raw) // PAGE) * PAGE + rng.randrange(PAGE)] ^= 1 << rng.randrange(8)
    file.write_bytes(raw)


def _replay_page(folder: Path, case: Made, number: int) -> None:
    file = folder / DATABASE
    raw = bytearray(file.read_bytes())
    changed = [at for at in _pages(case.earlier) if case.earlier[at : at + PAGE] != raw[at : at + PAGE]]
    at = changed[number % len(changed)]
    raw[at : at + PAGE] = case.earlier[at : at + PAGE]
    file.write_bytes(raw)


def _pages(raw: bytes) -> Iterator[int]:
    return iter(range(0, len(raw), PAGE))


def _damaged(raw: bytes, rng: random.Random) -> bytes:
    kind = rng.choice(("flip", "flip", "cut", "noise"))
    if kind == "cut":
        return raw[: rng.randrange(len(raw))]
    torn = bytearray(raw)
    at = rng.randrange(len(raw))
    if kind == "flip":
        torn[at] ^= 1 << rng.randrange(8)
    else:
        torn[at : at + 64] = rng.randbytes(len(torn[at : at + 64]))
    return bytes(torn)


def _damage_header(folder: Path, _case: Made, number: int) -> None:
    """One copy torn, or both, or one rewritten by somebody who knows how it is written."""
    rng, place = random.Random(number), folder / session.FOLDER
    if number % 5 == 0:
        found = header.read_header(place)
        slots = tuple(slot for slot in found.slots if slot.kind != header.RECOVERY)
        header.write_header(place, type(found)(**{**_fields(found), "slots": slots}))
        return
    for name in header.COPIES[: 1 + number % 2]:
        (place / name).write_bytes(_damaged((place / name).read_bytes(), rng))


def _fields(found: header.Header) -> dict[str, object]:
    return {name: getattr(found, name) for name in found.__struct_fields__}


def _bundled(place: Path) -> bytes:
    """Return a bundle of 20 frames for a stick; its identity lies beside it."""
    rng = random.Random(3)
    parts = [BlobPart(h="ab" * 32, offset=at, content=rng.randbytes(9_000)) for at in range(20)]
    identity, recipient = evidence.new_identity()
    (place / "identity").write_text(identity)
    bundle.seal(place / "whole.fbx", parts, (recipient,))
    return (place / "whole.fbx").read_bytes()


def bundles(count: int, seed: int) -> list[str]:
    """Damage bundles: none may be taken for whole, and every frame handed on before must be as it was."""
    lost = []
    with tempfile.TemporaryDirectory(prefix="bundles-") as name:
        place = Path(name)
        whole, identity = _bundled(place), (place / "identity").read_text()
        frames: list[Frame] = []
        assert bundle.unseal(io.BytesIO(whole), (identity,), frames.append)
        for number in range(seed, seed + count):
            damaged, seen = _damaged(whole, random.Random(number)), list[Frame]()
            try:
                taken = bundle.unseal(io.BytesIO(damaged), (identity,), seen.append)
            except FieldappError:
                continue
            if (taken and damaged != whole) or seen != frames[: len(seen)]:
                lost.append(f"bundle {number}: taken for whole")
    return lost


def exports(count: int, seed: int) -> list[str]:
    """Damage exports of a ledger: refused, or what is signed in them says the same."""
    case, lost = made(1), []
    vault = session.open_vault(case.folder, case.data_key)
    whole = export.ledger_file(vault)
    vault.close()
    front, lines = export._read(whole)
    for number in range(seed, seed + count):
        damaged = _damaged(whole, random.Random(number))
        if not export.verify_export(damaged, case.root).ok:
            continue
        other, said = export._read(damaged)
        if (msgspec.structs.replace(other, at=front.at), said) != (front, lines):
            lost.append(f"export {number}: nothing found")
    return lost


def _damage_evidence(folder: Path, _case: Made, number: int) -> None:
    rng = random.Random(number)
    file = rng.choice(sorted(folder.rglob("*.age")))
    if number % 10 == 0:
        file.unlink()
    else:
        file.write_bytes(_damaged(file.read_bytes(), rng))


def _roll_back(folder: Path, case: Made, _number: int) -> None:
    (folder / DATABASE).write_bytes(case.earlier)


def _roll_back_all(folder: Path, case: Made, number: int) -> None:
    _roll_back(folder, case, number)
    (folder / ANCHOR).unlink()


def _engine_alone(vault: Vault) -> Health:
    """What SQLite and SQLCipher find by themselves."""
    return Health(faults=tuple(health._pages(vault)))


def pages(count: int, seed: int) -> list[str]:
    return _seen(count, seed, _flip_page)


def replays(count: int, seed: int) -> list[str]:
    return _tamper(count, seed, _replay_page)


def headers(count: int, seed: int) -> list[str]:
    return _seen(count, seed, _damage_header)


def files(count: int, seed: int) -> list[str]:
    return _seen(count, seed, _damage_evidence)


def rollbacks(count: int, seed: int) -> list[str]:
    return _tamper(count, seed, _roll_back, health.quick)


def pages_unlooked(count: int, seed: int) -> list[str]:
    return _seen(count, seed, _flip_page, health.quick)


def replays_engine(count: int, seed: int) -> list[str]:
    return _tamper(count, seed, _replay_page, _engine_alone)


def rollbacks_unanchored(count: int, seed: int) -> list[str]:
    return _tamper(count, seed, _roll_back_all)


def files_unlooked(count: int, seed: int) -> list[str]:
    return _seen(count, seed, _damage_evidence, lambda vault: health.full(vault, with_files=False))


def _seen(count: int, seed: int, change: Change, look: Look = health.full) -> list[str]:
    """Like `_tamper`, where the tables stay the same and the change must be named all the same."""
    lost = []
    case = made(1)
    with tempfile.TemporaryDirectory(prefix="tampered-") as place:
        for number in range(seed, seed + count):
            folder = Path(place) / "one"
            shutil.copytree(case.folder, folder)
            change(folder, case, number)
            try:
                vault = session.open_vault(folder, case.data_key)
            except FieldappError:
                shutil.rmtree(folder)
                continue
            if not look(vault).faults:
                lost.append(f"{change.__name__} {number}: nothing found")
            vault.close()
            shutil.rmtree(folder)
    return lost
