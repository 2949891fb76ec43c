"""`watchlist import SOURCE FILE... --out RELEASE`, `watchlist info RELEASE`, `watchlist columns FILE`.

While it imports, the share of the bytes read is told on standard error. A file that is refused leaves an
older RELEASE as it was. `columns` proposes how a CSV is to be read, shows what becomes of its first rows and
saves the proposal, which `import csv --mapping` then follows. `info --root` says whether a release that
headquarters wrote for a stick is signed under that root.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from fieldapp import clock
from fieldapp.text import say
from fieldapp.watchlist import release
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.release import Header
from fieldapp.watchlist.sources import SOURCES, csv_guess, csv_mapping, released, source
from fieldapp.watchlist.sources.refusal import SourceRefused

_STEP = 4 << 20  # bytes between two words about progress, where nobody watches


def main(arguments: list[str]) -> int:
    """Import publishers' files into a release, say what a release holds, or what a CSV's columns are."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.verb == "import" and given.mapping and given.source != csv_mapping.NAME:
        parser.error("--mapping goes with csv")
    if given.verb == "import":
        _import(given)
    elif given.verb == "columns":
        _columns(given.file, given.save)
    else:
        packed, anchored = released.opened(given.release, given.root)
        header, entries = release.open_release(packed)
        for _entry in entries:
            pass  # reading to the end proves the file is whole
        _show(header, signed=packed is not given.release, anchored=anchored)
    return 0


def _parser() -> argparse.ArgumentParser:
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
    taken.add_argument("--mapping", type=Path, help="how a CSV is to be read, as `columns` saves it")
    shown = verbs.add_parser("info", help="what a release holds")
    shown.add_argument("release", type=Path)
    shown.add_argument("--root", default="", help="headquarters' root key, 64 hex digits")
    looked = verbs.add_parser("columns", help="what the columns of a CSV seem to be")
    looked.add_argument("file", type=Path)
    looked.add_argument(
        "--save", type=Path, metavar="MAPPING", help="keep the proposal, to be corrected there"
    )
    return parser


def _import(given: argparse.Namespace) -> None:
    for file in given.files:
        if file.exists() and not file.is_file():  # a pipe cannot be read twice, and may never end
            raise SourceRefused(source=given.source, file=file.name, reason="files", line=0)
    progress = _Progress(sum(file.stat().st_size for file in given.files))
    header = Header(number=given.number, name=given.name or given.source, issued=clock.now())
    entries: Iterator[Entry] = source(given.source).read(given.files, progress.read)
    if given.mapping:
        mapping = csv_mapping.load_mapping(given.mapping)
        entries = csv_mapping.read_mapped(given.files, mapping, progress.read)
    try:
        header = release.write_release(given.out, header, entries, progress.taken)
    except SourceRefused as refused:
        if given.source == csv_mapping.NAME and refused.facts.get("reason") == "columns":
            sys.stderr.write(say("watchlist.try-columns", "en", file=str(refused.facts["file"])) + "\n")
        raise
    progress.end()
    _show(header, signed=False, anchored=False)


class _Progress:
    """Tells on standard error how far an import has come; in place on a terminal, in lines elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = max(1, total)
        self._read = self._told = 0.0
        self._entries = 0

    def read(self, more: float) -> None:
        """Count bytes."""
        self._read = min(self._total, self._read + more)
        if self._read - self._told >= (_STEP if not sys.stderr.isatty() else self._total / 200):
            self._tell()

    def taken(self, entries: int, _total: int) -> None:
        """Count entries."""
        self._entries = entries

    def end(self) -> None:
        """Say that all was read, if anything was said before."""
        if self._told:
            self._read = self._total
            self._tell()
            if sys.stderr.isatty():
                sys.stderr.write("\n")

    def _tell(self) -> None:
        self._told = self._read
        share = f"{self._read / self._total:4.0%}  {self._read / 1e6:.1f} of {self._total / 1e6:.1f} MB"
        line = f"{share}  {self._entries} entries"
        sys.stderr.write(f"\r{line}" if sys.stderr.isatty() else f"{line}\n")
        sys.stderr.flush()


def _columns(file: Path, save: Path | None) -> None:
    mapping = csv_guess.guess(file)
    seen = csv_guess.preview(file, mapping)
    if save is not None:
        csv_mapping.save_mapping(mapping, save)
    sys.stdout.buffer.write(msgspec.json.encode(seen) + b"\n")


def _show(header: Header, *, signed: bool, anchored: bool) -> None:
    told = {
        "number": header.number,
        "name": header.name,
        "version": header.number,
        "issued": header.issued,
        "age_hours": round(clock.age_hours(header.issued, clock.now()), 1),
        "entries": header.entries,
        "sources": {item.source: item.entries for item in header.sources},
        "sha256": header.sha256,
        "signed": signed,
        "anchored": anchored,
    }
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
