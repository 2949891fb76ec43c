"""The command line's verbs about watchlist releases.

    python -m sync.headquarters publish RELEASE|PROPOSAL --home DIR [--practice] [--key KEY --key KEY]
    python -m sync.headquarters prepare RELEASE --out PROPOSAL --home DIR [--practice]
    python -m sync.headquarters sign PROPOSAL --key KEY
    python -m sync.headquarters carry FILE --home DIR [--practice]
    python -m sync.headquarters newest --home DIR [--practice]
    python -m sync.headquarters officer KEY
    python -m sync.headquarters rotate --root KEY --officer HEX --officer HEX --home DIR [--practice]
                                       [--holder HEX ... --needed N]

In practice `publish RELEASE` does all at once. For real, `prepare` makes what each of two officers signs with
`sign` on a machine of his own, and `publish` announces it; or both keys are given to `publish` at one desk.
"""

import argparse
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from fieldapp import clock
from fieldapp.errors import InspectorError
from fieldapp.watchlist.trust import Target
from sync.headquarters import office, officers, publish
from sync.headquarters.office import Office

Verbs = Any  # what argparse calls its collection of verbs is private to it


class OutputTaken(InspectorError):
    """A file of that name is there already; nothing was written over it."""

    code = "output-taken"


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to the command line."""
    release = verbs.add_parser("publish", help="publish a watchlist release, or a proposal that is signed")
    release.add_argument("release", type=Path)
    release.add_argument("--key", type=Path, action="append", default=[], help="an officer's key; give both")
    proposal = verbs.add_parser("prepare", help="store a release and write what two officers sign")
    proposal.add_argument("release", type=Path)
    proposal.add_argument("--out", type=Path, required=True, metavar="PROPOSAL")
    signed = verbs.add_parser("sign", help="sign a proposal with an officer's key, anywhere")
    signed.add_argument("proposal", type=Path)
    signed.add_argument("--key", type=Path, required=True)
    carried = verbs.add_parser("carry", help="write the release in force as one file for a stick")
    carried.add_argument("out", type=Path)
    newest = verbs.add_parser("newest", help="say which release was published last; 0: none yet")
    key = verbs.add_parser("officer", help="make an officer's key; its public half goes into `rotate`")
    key.add_argument("out", type=Path)
    named = verbs.add_parser("rotate", help="name other officers in a new root")
    named.add_argument("--root", type=Path, action="append", required=True, metavar="KEY")
    named.add_argument("--officer", action="append", required=True, metavar="HEX", help="give both")
    named.add_argument("--holder", action="append", default=[], metavar="HEX", help="a root key from now on")
    named.add_argument("--needed", type=int, default=0, help="how many root keys sign from now on")
    named.add_argument("--server-key", action="store_true", help="also make another key for the server")
    for verb in (release, proposal, carried, newest, named):
        verb.add_argument("--home", type=Path, required=True, help="headquarters' folder")
        verb.add_argument("--practice", action="store_true")


def run(asked: argparse.Namespace) -> dict[str, object]:
    """Run the verb that was asked for; return what to print."""
    return VERBS[asked.verb](asked)


def _publish(asked: argparse.Namespace) -> dict[str, object]:
    keys = [officers.read_key(file) for file in asked.key]
    with closing(_Opened(asked.home)) as at:
        proposal = _proposal(asked.release)
        if proposal is None:
            target = publish.publish(at.office, asked.release, practice=asked.practice, keys=keys)
        else:
            for key in keys:
                proposal = publish.sign(proposal, key)
            target = publish.put_in_force(at.office, proposal, practice=asked.practice)
    return {**_shown(target), "practice": asked.practice}


def _prepare(asked: argparse.Namespace) -> dict[str, object]:
    with closing(_Opened(asked.home)) as at:
        made = publish.prepare(at.office, asked.release, practice=asked.practice)
    _write_new(asked.out, made)
    return {**_shown(publish.proposed(made)), "proposal": str(asked.out)}


def _sign(asked: argparse.Namespace) -> dict[str, object]:
    made = publish.sign(asked.proposal.read_bytes(), officers.read_key(asked.key))
    part = asked.proposal.with_name(asked.proposal.name + ".part")
    part.write_bytes(made)
    part.replace(asked.proposal)
    return {**_shown(publish.proposed(made)), "proposal": str(asked.proposal)}


def _carry(asked: argparse.Namespace) -> dict[str, object]:
    with closing(_Opened(asked.home)) as at:
        made = publish.carried(at.office, practice=asked.practice)
    _write_new(asked.out, made)
    return {"release": str(asked.out), "size": len(made), "practice": asked.practice}


def _newest(asked: argparse.Namespace) -> dict[str, object]:
    with closing(_Opened(asked.home)) as at:
        row = publish.newest(at.office, asked.practice)
    return {"number": 0 if row is None else row["number"], "practice": asked.practice}


def _officer(asked: argparse.Namespace) -> dict[str, object]:
    if asked.out.exists():
        raise OutputTaken(file=asked.out.name)
    return {"key": str(asked.out), "public": officers.make_key(asked.out)}


def _rotate(asked: argparse.Namespace) -> dict[str, object]:
    version = officers.rotate(
        asked.home,
        asked.practice,
        [officers.read_key(file) for file in asked.root],
        asked.officer,
        clock.now,
        holders=asked.holder,
        needed=asked.needed,
        new_server_key=asked.server_key,
    )
    return {"root": version, "practice": asked.practice}


VERBS: dict[str, Callable[[argparse.Namespace], dict[str, object]]] = {
    "publish": _publish,
    "prepare": _prepare,
    "sign": _sign,
    "carry": _carry,
    "newest": _newest,
    "officer": _officer,
    "rotate": _rotate,
}


class _Opened:
    """An office for one verb."""

    def __init__(self, home: Path) -> None:
        self.office: Office = office.open_office(home)

    def close(self) -> None:
        office.close(self.office)


def _proposal(file: Path) -> bytes | None:
    """Return the bytes of `file` if it is a proposal: JSON, which no release begins like."""
    with file.open("rb") as opened:
        raw = opened.read(publish.MAX_PROPOSAL + 1)
    return raw if raw.lstrip().startswith(b"{") else None


def _write_new(file: Path, content: bytes) -> None:
    try:
        with file.open("xb") as out:
            out.write(content)
    except FileExistsError:
        raise OutputTaken(file=file.name) from None


def _shown(target: Target) -> dict[str, object]:
    told: dict[str, object] = msgspec.structs.asdict(target)
    del told["permit"], told["base"]
    return told
