"""`export RECORD... --as epcis|json`: what a sealed record says, for a partner's system or a spreadsheet.

The record is checked first; one that does not hold is not exported.
"""

import argparse
import json
import sys
from pathlib import Path

from fieldapp import canonical
from fieldapp.errors import FieldappError
from fieldapp.inspection import epcis
from fieldapp.report import recordfile
from fieldapp.report.verify import verify_entry_file


def main(arguments: list[str]) -> int:
    """Print one document a record; 1 if one of them was refused."""
    parser = argparse.ArgumentParser(prog="fieldapp export", description=__doc__)
    parser.add_argument("records", nargs="+", type=Path)
    parser.add_argument("--as", dest="form", choices=("epcis", "json"), default="epcis")
    parser.add_argument("--root", help="headquarters' root key, 64 hex digits")
    given = parser.parse_args(arguments)
    worst = 0
    for path in given.records:
        told = _export(path, given.form, given.root)
        worst = max(worst, int("error" in told))
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return worst


def _export(path: Path, form: str, root: str | None) -> dict[str, object]:
    try:
        if not path.is_file():
            return {"path": str(path), "error": {"code": "file-unreadable", "facts": {"name": path.name}}}
        content = path.read_bytes()
        if not verify_entry_file(content, root).ok:
            return {"path": str(path), "error": {"code": "record-refused", "facts": {"name": path.name}}}
        record = recordfile.read_record(recordfile.read_whole(content))
    except FieldappError as error:
        return {"path": str(path), "error": {"code": error.code, "facts": dict(error.facts)}}
    except OSError:
        return {"path": str(path), "error": {"code": "file-unreadable", "facts": {"name": path.name}}}
    if form == "json":
        return {"path": str(path), "record": json.loads(canonical.encode(record))}
    return epcis.document(record.inspection)
