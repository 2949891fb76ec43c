"""Mutants: the protocol broken on purpose, one line at a time, to see that the simulation notices.

Each mutant names a module and an edit that must fit exactly once. It is run in a process of its own, which
loads that one module with the edit, over as many seeds as it takes until an invariant breaks. `table` prints
after how many. A mutant that no seed of the first 200 notices has survived. Where two checks guard the same
thing (the offset of a photo and its hash, say), breaking one alone costs time and loses nothing; such pairs
are not in the list. What only a reply on an old stick can show is in `test_carrying`.
"""

import importlib.abc
import importlib.machinery
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import CodeType, ModuleType

import msgspec

from tests.sync.simulation.telling import tell

ROOT = Path(__file__).resolve().parents[3]
SEEDS = 200


class Mutant(msgspec.Struct, frozen=True):
    """What is broken: a name, a module, what stands there and what stands there instead."""

    name: str
    module: str
    old: str
    new: str


# ruff: noqa: E501 - an edit is quoted as it stands
MUTANTS = (
    Mutant("intake-known-twice", "sync.headquarters.intake", "elif own in place.known:", "elif False:"),
    Mutant("intake-gap-accepted", "sync.headquarters.intake",
           'Ack(seq=entry.seq, state="gap")', 'Ack(seq=entry.seq, state="new")'),
    Mutant("intake-fork-dropped", "sync.headquarters.intake",
           "            yield _row(entry,", "            if not branch: yield _row(entry,"),
    Mutant("intake-signature-unchecked", "sync.headquarters.intake",
           "        ledger.check_signature(entry, public, digest)", "        pass"),
    Mutant("intake-any-device", "sync.headquarters.intake",
           'if entry.device.hex() != device["id"]:', "if False:"),
    Mutant("intake-revoked-dropped", "sync.headquarters.intake",
           '            added["quarantined"].append(', '            if why != "revoked": added["quarantined"].append('),
    Mutant("intake-revoked-accepted", "sync.headquarters.intake", 'if device["revoked"]:', "if False:"),
    Mutant("intake-genesis-anywhere", "sync.headquarters.intake",
           "if (entry.seq == 1) != (entry.prev == ledger.GENESIS):", "if False:"),
    Mutant("intake-report-forgotten", "sync.headquarters.intake",
           "if read is not None and not flag:", "if read is not None and not flag and entry.seq % 7:"),
    Mutant("intake-blob-forgotten", "sync.headquarters.intake",
           '            added["named"].append({"record": own, "h": ref.h, "device": device["id"], "size": ref.n})', "            pass"),
    Mutant("intake-payload-reencoded", "sync.headquarters.intake",
           '"payload": entry.payload,', '"payload": entry.payload.rstrip(b"}"),'),
    Mutant("feed-off-by-one", "sync.headquarters.feed", '_kept.pos > bindparam("cursor")', '_kept.pos > bindparam("cursor") + 1'),
    Mutant("feed-of-another", "sync.headquarters.feed",
           '_kept.recipient.in_((bindparam("device"), bindparam("realm")))',
           '_kept.recipient.in_((bindparam("realm"), bindparam("device") + "x"))'),
    Mutant("desk-cursor-of-another-life", "sync.headquarters.desk",
           "taken = asked.cursor if asked.generation == life else 0", "taken = asked.cursor"),
    Mutant("desk-answers-before-commit", "sync.headquarters.desk",
           "    return _like(body, answer)\n\n\ndef _like",
           "    with store.writing(office.engine) as connection:\n        connection.execute(tables.record.select())\n"
           "    return _like(body, msgspec.structs.replace(answer, acks=tuple(msgspec.structs.replace(a, state='new') for a in answer.acks)))\n\n\ndef _like"),
    Mutant("desk-keys-withheld", "sync.headquarters.desk",
           "return held if asked.v > 1 and asked.keys != statements.mark(held) else None", "return None"),
    Mutant("desk-blob-whole-too-soon", "sync.headquarters.desk",
           "        done = last and self._keep(here)", "        done = last"),
    Mutant("desk-blob-forgotten-first", "sync.headquarters.desk",
           "            office.blobs.finish(h, device)", "            office.blobs.forget_partial(h, device)"),
    Mutant("blob-hash-unchecked", "sync.headquarters.blobs", "if digest.hexdigest() != h:", "if False:"),
    Mutant("restore-keeps-its-life", "sync.headquarters.backup",
           "        store.begin_generation(connection, office.clock())", "        pass"),
    Mutant("wire-damage-unseen", "sync.wire", "write_checksum=True", "write_checksum=False"),
    Mutant("session-acks-unmatched", "fieldapp.actions.exchanging",
           'if ack.state in ("new", "dup"):', 'if ack.state in ("new", "dup", "gap"):'),
    Mutant("session-not-opened-again", "sync.session",
           '            line.token = ""\n            continue', "            continue"),
    Mutant("session-blob-skipped", "sync.session", "    while 0 <= offset <= row.n:", "    while 0 <= offset < row.n // 2:"),
    Mutant("session-one-round", "sync.session",
           "        if not (following.entries or following.returned or answer.more):", "        if True:"),
    Mutant("vault-new-life-unseen", "fieldapp.actions.exchanging",
           "if state.generation and state.generation != command.generation:", "if False:"),
    Mutant("vault-not-offered-again", "fieldapp.actions.exchanging",
           "            tx.outbox.queue_again(command.head, tx.now)\n            tx.outbox.need_blobs_again()",
           "            tx.outbox.need_blobs_again()"),
    Mutant("vault-photos-not-offered-again", "fieldapp.actions.exchanging",
           "            tx.outbox.need_blobs_again()\n", ""),
    Mutant("vault-reviews-not-given-back", "fieldapp.actions.exchanging",
           "            hearing.return_all(tx)\n", ""),
    Mutant("vault-one-review-given-back", "fieldapp.actions.hearing",
           "    if tx.meta.get(_RETURNING, str) is not None and not to_return(tx):", "    if True:"),
    Mutant("returned-review-dropped", "sync.headquarters.returned",
           "    return sum(_take_one(connection, office, device, one, named.signing) for one in statements)", "    return 0"),
    Mutant("order-of-another-laptop", "sync.headquarters.ordering",
           "    feed.append(connection, device[\"id\"], signed, office.clock)", "    feed.append(connection, \"\", signed, office.clock)"),
    Mutant("order-refused", "fieldapp.actions.hearing",
           "    if order.device != vault.device.hex():", "    if order.device == vault.device.hex():"),
    Mutant("vault-quarantine-is-success", "fieldapp.actions.exchanging",
           'tx.outbox.note(ack.seq, "refused", ack.why or ack.state, tx.now)', "pass"),
    Mutant("vault-review-twice", "fieldapp.actions.hearing",
           "    if any(known.id == review.id for known in held.reviews):", "    if False:"),
    Mutant("vault-cursor-runs-ahead", "fieldapp.actions.hearing",
           "            last = command.items[-1].pos\n", "            last = command.items[-1].pos + 1\n"),
    Mutant("outbox-highest-first", "fieldapp.vault.outbox", "SELECT min(seq) FROM outbox", "SELECT max(seq) FROM outbox"),
    Mutant("outbox-one-too-few-again", "fieldapp.vault.outbox",
           "changed = ? WHERE seq > ?\", (at, above)", "changed = ? WHERE seq > ? + 1\", (at, above)"),
)  # fmt: skip


class _Altering(importlib.abc.MetaPathFinder):
    """Loads one module with its edit; every other as it is."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._mutant.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _AlteredLoader(self._mutant, name, spec.origin)
        return spec


class _AlteredLoader(importlib.machinery.SourceFileLoader):
    def __init__(self, mutant: Mutant, name: str, path: str) -> None:
        super().__init__(name, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:  # never the cached bytecode
        source = altered(self._mutant, Path(self.get_filename(fullname)).read_text("utf-8"))
        return compile(source, fullname, "exec")


def altered(mutant: Mutant, source: str) -> str:
    """Return `source` with the mutant's edit; the edit must fit exactly once."""
    if source.count(mutant.old) != 1:
        raise LookupError(f"{mutant.name} fits {source.count(mutant.old)} times")
    return source.replace(mutant.old, mutant.new)


def killed_by(name: str, seeds: int = SEEDS) -> tuple[int, str]:
    """Run a mutant in this process; return the seed that notices it, -1 for none, and what was noticed."""
    mutant = next(one for one in MUTANTS if one.name == name)
    sys.meta_path.insert(0, _Altering(mutant))
    from tests.sync.simulation.world import World

    for seed in range(seeds):
        try:
            World(seed).run()
        except Exception as error:  # noqa: BLE001 - any trouble at all is noticed
            return seed, f"{type(error).__name__}: {str(error).splitlines()[0][:60] if str(error) else ''}"
    return -1, "survived"


def _apart(name: str) -> tuple[str, str]:
    command = [sys.executable, "-m", "tests.sync.simulation.mutants", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return name, done.stdout.strip() or f"?\t{done.stderr.strip().splitlines()[-1]}"


def table(processes: int) -> int:
    """Run every mutant, print after how many seeds each is noticed; return the exit code."""
    survived = []
    with ThreadPoolExecutor(processes) as pool:
        for name, told in pool.map(_apart, [mutant.name for mutant in MUTANTS]):
            seed, _tab, what = told.partition("\t")
            tell(f"{name:<32}{seed:>5}  {what}")
            if not seed.isdigit():
                survived.append(name)
    killed = len(MUTANTS) - len(survived)
    tell(f"{len(MUTANTS)} mutants, {killed} killed within {SEEDS} seeds; survived: {survived or 'none'}")
    return int(bool(survived))


if __name__ == "__main__":
    tell("{}\t{}".format(*killed_by(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else SEEDS)))
