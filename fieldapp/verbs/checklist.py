"""`checklist FILE...`: check checklist files (TOML, or XLSForm) and name every fault with its line.

With `--out FOLDER` a sound spreadsheet is written as canonical JSON, ready to be published.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from fieldapp import canonical
from fieldapp.inspection import checklist, xlsform
from fieldapp.inspection.checklist import SITES, Checklist


def main(arguments: list[str]) -> int:
    """Return 0 when every file is sound, else 1."""
    parser = argparse.ArgumentParser(prog="fieldapp checklist", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--site", default="port_container", choices=SITES)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    sound = True
    for file in given.files:
        found = _read(file, given.site)
        if isinstance(found, Checklist):
            told: dict[str, Any] = {"path": str(file), "id": found.id, "version": found.version}
            told["questions"] = len(found.questions())
            if given.out is not None:
                (given.out / f"{found.id}.json").write_bytes(canonical.encode(found))
        else:
            sound = False
            told = {"path": str(file), "faults": json.loads(canonical.encode(found))}
        print(json.dumps(told, ensure_ascii=False))
    return 0 if sound else 1


def _read(file: Path, site: checklist.SiteKind) -> Checklist | tuple[checklist.Fault, ...]:
    try:
        if not file.is_file():
            return (checklist.Fault(line=1, code="not-a-file"),)
        if file.suffix.casefold() == ".xlsx":
            return xlsform.read(file.read_bytes(), site)
        return checklist.read(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return (checklist.Fault(line=1, code="not-a-file"),)
