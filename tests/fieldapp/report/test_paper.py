import base64
import zlib
from datetime import UTC, datetime

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.inspection.disposition import DISPOSITIONS
from fieldapp.report.paper import (
    MAGIC,
    PREFIX,
    PaperFacts,
    PaperNewer,
    PaperRefused,
    PaperUnreadable,
    certificate_digest,
    facts_of,
    paper_code,
    read_paper_code,
)
from fieldapp.screening.verdict import WORDS
from tests.support import records

KEY = records.vault_key()
PUBLIC = KEY.public_key().public_bytes_raw()


def facts(**changes) -> PaperFacts:
    of = facts_of(records.record(), records.sealed())
    return PaperFacts(**({name: getattr(of, name) for name in PaperFacts.__struct_fields__} | changes))


def code(of: PaperFacts | None = None, certificate=None) -> str:
    return paper_code(of or facts(), PUBLIC, KEY.sign, certificate)


def test_facts_are_those_of_the_sealed_record():
    of = facts()
    assert (of.number, of.revision, of.verdict, of.disposition) == ("INS-2026-0412", 1, "hold", "hold")
    assert (of.consignee, of.scans, of.findings, of.photos) == ("Yuanchang Chem Tradng", 2, 1, 1)
    assert (of.seq, of.device) == (412, records.DEVICE.hex())


def test_a_withdrawn_finding_is_not_counted():
    kept, gone = records.finding(1), records.finding(2, withdrawn="Seen twice")
    record = records.record(inspection=records.inspection(findings=(kept, gone)))
    assert facts_of(record, records.sealed(record)).findings == 1


def test_a_code_gives_back_facts_key_and_certificate():
    certificate = records.Headquarters().certify(KEY)
    read = read_paper_code(code(certificate=certificate))
    assert read.facts == facts()
    assert read.public == PUBLIC.hex()
    assert read.certificate == certificate_digest(certificate).hex()


@settings(deadline=None)
@given(
    st.builds(
        PaperFacts,
        number=st.text(st.characters(codec="utf-8"), max_size=8),
        revision=st.integers(1, 9999),
        sealed=st.integers(1_577_836_800_000, 7_258_118_400_000).map(
            lambda ms: datetime.fromtimestamp(ms / 1000, UTC)
        ),
        verdict=st.sampled_from(WORDS),
        disposition=st.sampled_from(("", *DISPOSITIONS)),
        practice=st.booleans(),
        consignee=st.text(st.characters(codec="utf-8"), max_size=16),
        scans=st.integers(0, 100_000),
        findings=st.integers(0, 1000),
        photos=st.integers(0, 1000),
        device=st.binary(min_size=16, max_size=16).map(bytes.hex),
        seq=st.integers(1, 2**40),
        record=st.binary(min_size=32, max_size=32).map(bytes.hex),
    )
)
def test_every_code_reads_back_and_fits_a_version_15_code(of):
    text = code(of)
    assert read_paper_code(text).facts == of
    assert len(text) <= 600  # QR version 15-M, alphanumeric
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:")


def test_the_longest_names_still_fit():
    consignment = records.consignment(
        parties=(records.consignment().parties[1].__class__(role="consignee", name="प्राप्तकर्ता " * 40),)
    )
    record = records.record(inspection=records.inspection(number="N" * 200, consignment=consignment))
    text = code(facts_of(record, records.sealed(record)))
    assert len(text) <= 600
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(
        scale=1, add_quiet_zones=False
    )
    assert drawn.shape[0] <= 17 + 4 * 15


def test_white_space_and_small_letters_are_forgiven():
    text = code()
    spaced = "\n".join(text.lower()[at : at + 30] for at in range(0, len(text), 30))
    assert read_paper_code(spaced).facts == facts()


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 31))
def test_a_changed_letter_is_never_accepted(position, shift):
    text = code()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    at = len(PREFIX) + position % (len(text) - len(PREFIX) - 1)  # the last letter has spare bits
    letter = alphabet[(alphabet.index(text[at]) + shift) % 32]
    with pytest.raises(PaperRefused):
        read_paper_code(text[:at] + letter + text[at + 1 :])


def test_facts_signed_by_another_key_are_refused():
    other = records.vault_key(51)
    with pytest.raises(PaperRefused) as refused:
        read_paper_code(paper_code(facts(), PUBLIC, other.sign, None))
    assert refused.value.facts == {"why": "signature"}


@pytest.mark.parametrize(
    "text", ["", "hello", "FIR1:", "FIR1:????", "FIR1:" + "A" * 40, "FIR1:" + "A" * 5000, "https://x.y/FIR1:"]
)
def test_what_is_no_code_is_unreadable(text):
    with pytest.raises(PaperUnreadable):
        read_paper_code(text)


def test_a_later_form_asks_for_newer_software():
    with pytest.raises(PaperNewer) as newer:
        read_paper_code("FIR2:ABC")
    assert newer.value.facts == {"form": "FIR2"}


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_refused_by_one_of_the_three(text):
    with pytest.raises((PaperUnreadable, PaperNewer, PaperRefused)):
        read_paper_code(text)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_signed_rubbish_is_refused(content):
    head = PUBLIC + bytes(8)
    packed = zlib.compress(content)
    raw = head + KEY.sign(MAGIC + head + packed) + packed
    with pytest.raises(PaperRefused):
        read_paper_code(PREFIX + base64.b32encode(raw).decode().rstrip("="))


def test_a_bomb_is_not_unpacked():
    head = PUBLIC + bytes(8)
    packed = zlib.compress(bytes(500_000), 9)
    raw = head + KEY.sign(MAGIC + head + packed) + packed
    with pytest.raises(PaperRefused):
        read_paper_code(PREFIX + base64.b32encode(raw).decode().rstrip("="))
