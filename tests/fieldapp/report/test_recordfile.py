import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.report import recordfile
from fieldapp.report.recordfile import MAGIC, RecordFileUnreadable, SealedRecord
from tests.support import records


def sealed() -> SealedRecord:
    headquarters = records.Headquarters()
    certificate = headquarters.certify(records.vault_key())
    return SealedRecord(entry=records.sealed(), certificate=certificate, keys=headquarters.keys)


def why(content: bytes) -> object:
    with pytest.raises(RecordFileUnreadable) as refused:
        recordfile.read(content)
    return refused.value.facts["why"]


def test_a_file_gives_back_what_was_sealed_to_the_byte():
    assert recordfile.read(recordfile.write(sealed())) == sealed()


def test_a_report_can_be_made_of_the_file_alone():
    given = records.report_input(history=("ab" * 32,))
    read = recordfile.read(recordfile.write(recordfile.of_input(given)))
    assert recordfile.as_input(read, given.photos) == given


def test_it_is_found_inside_another_file():
    assert recordfile.read(b"%PDF-1.7 ..." + recordfile.write(sealed()) + b"endstream") == sealed()


def test_nothing_two_or_half_a_record_are_refused():
    content = recordfile.write(sealed())
    assert why(b"%PDF-1.7") == "missing"
    assert why(content + content) == "several"
    assert why(content[:-1]) == "cut-short"
    assert why(MAGIC) == "cut-short"


def test_a_bomb_and_other_content_are_refused():
    for body in (zlib.compress(bytes(80_000_000)), zlib.compress(b"other"), b"not zlib"):
        assert why(MAGIC + len(body).to_bytes(4, "big") + body) == "content"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_rubbish_is_refused_by_name(rubbish):
    why(MAGIC + rubbish)
