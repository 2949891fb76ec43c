"""Trains the dictionary that both ends ship: `python -m tests.sync.dictionary` writes it to resources/sync.

It is trained on records that are made up here and by the practice journey's builders, never on records of
real people. `made(seed)` invents parties, goods and findings from syllables, so that no name in the
dictionary, and none in a measurement with other seeds, is a name.
"""

import random
import re
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import resources
from fieldapp import canonical, ledger
from fieldapp.inspection import record as records_format
from fieldapp.inspection.record import Record
from fieldapp.ledger import Entry, Head
from sync import wire
from tests.support import records

SIZE = 32_768
NUMBER = 1_094_926_849  # the dictionary's id: above 32,768, where zstd leaves them to applications
_SYLLABLES = re.findall("..", "karatimosunelavidoshapragubetominhaichelofejazukianesporobrameche")
_PLACES = ("Nhava Sheva", "Mundra", "Chennai", "Kandla", "Cochin", "Hazira", "Vizag", "Haldia")


def _word(dice: random.Random) -> str:
    return "".join(dice.choice(_SYLLABLES) for _ in range(dice.randint(2, 4))).title()


def _id(dice: random.Random) -> str:
    raw = dice.randbytes(16).hex()
    return f"{raw[:8]}-{raw[8:12]}-7{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"


def made(seed: int) -> Record:
    """Invent a record: two parties, two goods lines, a scan or three, a finding or two, some photos."""
    dice = random.Random(seed)
    base = records.inspection()
    at = timedelta(seconds=dice.randrange(30_000_000))
    site = f"{dice.choice(_PLACES)}, CFS gate {dice.randint(1, 9)}"
    officer = records.officer(name=f"{_word(dice)[0]}. {_word(dice)}", unit=f"{_word(dice)} Zone")
    parties = tuple(
        msgspec.structs.replace(
            one,
            name=f"{_word(dice)} {_word(dice)} {dice.choice(('Pvt Ltd', 'GmbH', 'FZE', 'Ltd', 'SA de CV'))}",
            address=f"Plot {dice.randint(1, 400)}, {_word(dice)} {dice.randint(10**5, 10**6)}",
        )
        for one in base.consignment.parties
    )
    consignment = msgspec.structs.replace(
        base.consignment, id=_id(dice), reference=f"SB {dice.randint(10**6, 10**7)}", parties=parties
    )
    scans = tuple(
        msgspec.structs.replace(
            records.scan(n) if dice.random() < 0.5 else records.clean_scan(n),
            id=_id(dice),
            at=base.opened + at,
        )
        for n in range(1, dice.randint(2, 4))
    )
    findings = tuple(
        msgspec.structs.replace(
            records.finding(n),
            id=_id(dice),
            note=" ".join(_word(dice).lower() for _ in range(dice.randint(6, 30))),
        )
        for n in range(1, dice.randint(2, 3))
    )
    photos = tuple(
        records.evidence(
            n, b"x", id=_id(dice), sealed_sha256=dice.randbytes(32).hex(),
            sealed_size=dice.randint(10**5, 10**7), plain_sha256=dice.randbytes(32).hex(),
        )
        for n in range(1, dice.randint(2, 5))
    )  # fmt: skip
    inspection = msgspec.structs.replace(
        base, id=_id(dice), number=f"INS-2026-{dice.randint(1, 9999):04d}",
        opened=base.opened + at, site=site, officer=officer, consignment=consignment,
        scans=scans, findings=findings,
        evidence=photos, adjudications=(), decisions=base.decisions,
    )  # fmt: skip
    return records.record(inspection=inspection)


def chain(seeds: range, head: Head | None = None) -> list[Entry]:
    """Return the entries of a vault that sealed a record a seed."""
    dice = random.Random(seeds.start)
    key, device = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32)), dice.randbytes(16)
    head, entries = head or Head(), []
    for seed in seeds:
        entry = ledger.append(head, records_format.KIND, device, records_format.payload(made(seed)), key)
        head = ledger.head_after(entry)
        entries.append(entry)
    return entries


def _audit(dice: random.Random, device: bytes, key: Ed25519PrivateKey) -> Entry:
    event = dice.choice(("unlocked", "inspection-opened", "review-received", "watchlist-adopted", "exported"))
    told = {"event": event, "at": records.moment(dice.randrange(10**5)).isoformat(), "inspection": _id(dice)}
    return ledger.append(Head(seq=dice.randint(1, 900), id=dice.randbytes(32).hex()), "audit", device,
                         canonical.encode(told), key)  # fmt: skip


def samples(count: int = 400) -> list[bytes]:
    """Return messages as they travel: batches of one to four entries, and what headquarters answers."""
    told: list[bytes] = []
    for number in range(count):
        dice = random.Random(-1 - number)
        key, device = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32)), dice.randbytes(16)
        entries = [*chain(range(number * 4, number * 4 + dice.randint(0, 3))), _audit(dice, device, key)]
        asked = wire.SyncRequest(
            software="fieldapp 0.1.0", generation=_id(dice), cursor=dice.randint(0, 500),
            keys=dice.randbytes(8), head=ledger.head_after(entries[-1]), entries=tuple(entries),
            watchlist=dice.randint(1, 60),
        )  # fmt: skip
        answer = wire.SyncAnswer(
            generation=asked.generation, time=records.moment(number), head=asked.head, cursor=asked.cursor,
            acks=tuple(wire.Ack(seq=entry.seq, state="new") for entry in entries),
        )  # fmt: skip
        told += [msgspec.msgpack.encode(asked), msgspec.msgpack.encode(answer)]
    return told


def main() -> int:
    """Train and write."""
    trained = zstandard.train_dictionary(SIZE, samples(), dict_id=NUMBER, level=wire.LEVEL)
    Path(resources.path("sync", "records.dict")).write_bytes(trained.as_bytes())
    sys.stdout.write(f"{len(trained.as_bytes())} bytes, id {trained.dict_id()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
