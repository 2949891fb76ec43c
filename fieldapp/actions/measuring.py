"""Taking in an instrument's result file: read in the reader, shown, recorded as a presumptive field test.

The file is a stranger's, so nothing but the reader opens it as anything but bytes. The vault keeps the very
bytes that were read as evidence, by their hash, before the test that rests on them is recorded.
"""

from pathlib import Path

import msgspec

from fieldapp import canonical
from fieldapp.actions import evidence, examining
from fieldapp.actions.examining import RecordFieldTest
from fieldapp.inspection.inspection import Inspection
from fieldapp.instrument import profile
from fieldapp.instrument.cell import FILE_BYTES, ResultUnreadable
from fieldapp.instrument.profile import Profile
from fieldapp.instrument.result import Result
from fieldapp.scan.reader import Reader
from fieldapp.vault.vault import Vault


class ReadResult(msgspec.Struct, frozen=True, kw_only=True):
    """Read a result file by the installed `profiles` and those that came with the program; or by `chosen`."""

    path: str
    profiles: tuple[Profile, ...] = ()
    chosen: str = ""


class ResultSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What the file says, the SHA-256 of its bytes, and the words of the profile that read it."""

    result: Result
    sha256: str
    en: str
    hi: str


class RecordResult(msgspec.Struct, frozen=True, kw_only=True):
    """Keep the file at `path`, whose bytes have that hash, and record the test that was made of it."""

    path: str
    sha256: str
    test: RecordFieldTest


def read_result(reader: Reader, command: ReadResult) -> ResultSeen:
    """Read the file; raises ResultUnmatched and ResultUnreadable."""
    del reader
    from fieldapp.instrument import result  # loads the parsers

    path = Path(command.path)
    try:
        if not path.is_file():
            raise ResultUnreadable(why="missing", line=0)
        with path.open("rb") as file:
            content = file.read(FILE_BYTES + 1)
    except OSError:
        raise ResultUnreadable(why="missing", line=0) from None
    if len(content) > FILE_BYTES:
        raise ResultUnreadable(why="too-large", line=0)
    installed = {each.id for each in command.profiles}
    known = (*command.profiles, *(each for each in profile.shipped() if each.id not in installed))
    made = result.read(content, known, path.name, command.chosen)
    words = next(each.words for each in known if each.id == made.profile)
    return ResultSeen(result=made, sha256=canonical.sha256(content), en=words.en, hi=words.hi)


def record_result(vault: Vault, command: RecordResult) -> Inspection:
    """Keep the file as evidence, then record the test with it."""
    kept = evidence.keep_result(vault, command.test.inspection, command.path, command.sha256)
    return examining.record_field_test(vault, msgspec.structs.replace(command.test, evidence=kept.id))
