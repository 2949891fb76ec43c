"""`instrument PROFILE... [--try RESULT]`: check mapping profiles and name every fault with its line.

With `--try` a result file is read by the sound profiles (by those that came with the program where none is
named) and what they make of it is printed, so that a profile can be written against a real file.
"""

import argparse
import json
from pathlib import Path

from fieldapp import canonical
from fieldapp.errors import FieldappError
from fieldapp.instrument import profile, result
from fieldapp.instrument.profile import Fault, Profile


def main(arguments: list[str]) -> int:
    """Return 0 when every profile is sound and the result, where one is tried, was read; else 1."""
    parser = argparse.ArgumentParser(prog="fieldapp instrument", description=__doc__)
    parser.add_argument("profiles", nargs="*", type=Path)
    parser.add_argument("--try", dest="result", type=Path)
    given = parser.parse_args(arguments)
    if not given.profiles and given.result is None:
        parser.error("name a profile, or a result with --try")
    sound: list[Profile] = []
    for file in given.profiles:
        found = _read(file)
        if isinstance(found, Profile):
            sound.append(found)
            print(_line({"path": str(file), "id": found.id, "version": found.version, "form": found.form}))
        else:
            print(_line({"path": str(file), "faults": json.loads(canonical.encode(found))}))
    whole = len(sound) == len(given.profiles)
    if given.result is None:
        return 0 if whole else 1
    return 0 if _tried(given.result, tuple(sound) or profile.shipped()) and whole else 1


def _line(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False)


def _tried(file: Path, profiles: tuple[Profile, ...]) -> bool:
    try:
        content = file.read_bytes() if file.is_file() else b""
        made = result.read(content, profiles, file.name)
    except FieldappError as error:
        print(_line({"path": str(file), "error": {"code": error.code, "facts": dict(error.facts)}}))
        return False
    print(_line({"path": str(file), "result": json.loads(canonical.encode(made))}))
    return True


def _read(file: Path) -> Profile | tuple[Fault, ...]:
    try:
        if not file.is_file():
            return (Fault(line=1, code="not-a-file"),)
        return profile.read(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return (Fault(line=1, code="not-a-file"),)
