"""`recovery new --out FOLDER` and `recovery answer REQUEST --share FILE... --officer NAME... --out FILE`.

For headquarters' offline machine. `new` makes a recovery key and writes its public half and three shares,
each to a file of its own, to be carried to three officers; the whole key is written nowhere. `answer` opens
a sealed vault's slot with two officers' shares and writes the file its laptop takes back.
"""

import argparse
import os
from pathlib import Path

from fieldapp import clock
from fieldapp.actions import recovering
from fieldapp.vault import recovery, sharing
from fieldapp.vault.connection import sync_folder

PUBLIC = "recovery.public"


def main(arguments: list[str]) -> int:
    """Make a key, or answer a request."""
    parser = argparse.ArgumentParser(prog="fieldapp recovery", description="Headquarters' way into a vault.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    new = verbs.add_parser("new", help="make a recovery key in three shares")
    new.add_argument("--out", required=True, type=Path, metavar="FOLDER")
    reply = verbs.add_parser("answer", help="answer a laptop's request with two officers' shares")
    reply.add_argument("request", type=Path)
    reply.add_argument("--share", action="append", required=True, type=Path, metavar="FILE")
    reply.add_argument("--officer", action="append", required=True, metavar="NAME")
    reply.add_argument("--out", required=True, type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    if given.verb == "new":
        return _make(given.out)
    shares = tuple(file.read_text("ascii", "replace") for file in given.share)
    made = recovering.answer(given.request.read_bytes(), shares, tuple(given.officer), clock.now())
    _keep(given.out, made)
    return 0


def _make(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = recovery.new_key()
    for share in recovery.split_key(key):
        _keep(folder / f"officer-{share.number}.share", sharing.to_text(share).encode("ascii") + b"\n")
    _keep(folder / PUBLIC, recovery.public_of(key).encode("ascii") + b"\n")
    return 0


def _keep(place: Path, content: bytes) -> None:
    """Write a file that only its owner reads; one that is there is never overwritten."""
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    sync_folder(place.parent)
