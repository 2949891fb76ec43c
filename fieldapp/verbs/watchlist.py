"""`watchlist import SOURCE FILE... --out RELEASE` and `watchlist info RELEASE`."""

import argparse
import sys
from pathlib import Path

import msgspec

from fieldapp import clock
from fieldapp.watchlist import release
from fieldapp.watchlist.release import Header
from fieldapp.watchlist.sources import SOURCES, source


def main(arguments: list[str]) -> int:
    """Import publishers' files into a release, or say what a release holds."""
    parser = argparse.ArgumentParser(
        prog="fieldapp watchlist", description="Make and look into watchlist releases."
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    taken = verbs.add_parser("import", help="publishers' files into one release")
    taken.add_argument("source", choices=[item.name for item in SOURCES])
    taken.add_argument("files", nargs="+", type=Path)
    taken.add_argument("--out", required=True, type=Path, metavar="RELEASE")
    taken.add_argument("--number", type=int, default=1)
    taken.add_argument("--name", default="")
    shown = verbs.add_parser("info", help="what a release holds")
    shown.add_argument("release", type=Path)
    given = parser.parse_args(arguments)
    if given.verb == "import":
        header = Header(number=given.number, name=given.name or given.source, issued=clock.now())
        header = release.write_release(given.out, header, source(given.source).read(given.files), _progress)
    else:
        header, entries = release.open_release(given.release)
        for _entry in entries:
            pass  # reading to the end proves the file is whole
    _show(header)
    return 0


def _progress(done: int, _total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} entries")


def _show(header: Header) -> None:
    told = {
        "number": header.number,
        "name": header.name,
        "issued": header.issued,
        "age_hours": round(clock.age_hours(header.issued, clock.now()), 1),
        "entries": header.entries,
        "sources": {item.source: item.entries for item in header.sources},
        "sha256": header.sha256,
    }
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
