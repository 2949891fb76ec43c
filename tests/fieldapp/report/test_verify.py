import base64
import io
import zlib

import msgspec
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp import __version__, ledger
from fieldapp.inspection import record
from fieldapp.report import chain, recordfile
from fieldapp.report.paper import ReportInput, facts_of, paper_code
from fieldapp.report.render import render
from fieldapp.report.verify import (
    Verification,
    verify_codes,
    verify_entry_file,
    verify_file,
    verify_paper_code,
    verify_pdf,
)
from tests.support import records

HEADQUARTERS = records.Headquarters()
STRANGER = records.Headquarters(seed=7)


def outcome(verification: Verification) -> dict[str, bool | None]:
    return {check.name: check.ok for check in verification.checks}


def why(verification: Verification, name: str) -> tuple[str, object]:
    check = next(check for check in verification.checks if check.name == name)
    return check.code, check.facts.get("why")


def report(given: ReportInput | None = None, **changes) -> bytes:
    return render(msgspec.structs.replace(given or records.report_input(), **changes), "en")


def record_file(given: ReportInput) -> bytes:
    return recordfile.write(recordfile.of_input(given))


def test_a_report_holds_back_to_the_root_and_names_its_officer():
    verification = verify_pdf(report(), HEADQUARTERS.root_hex)
    assert outcome(verification) == {
        "paper-code": True,
        "embedded-record": True,
        "record-signature": True,
        "same-story": True,
        "anchor": True,
        "file-signature": None,
        "pages": True,
    }
    assert verification.ok
    assert verification.officer == "R. Nair"
    assert verification.facts is not None
    assert verification.facts.number == "INS-2026-0412"


@pytest.mark.parametrize("language", ["en", "hi", "both"])
def test_without_a_root_it_holds_but_is_not_anchored(language):
    verification = verify_pdf(render(records.report_input(), language))
    assert verification.ok
    assert verification.officer == ""
    assert why(verification, "anchor") == ("not-anchored", None)


def test_a_foreign_root_is_refused():
    verification = verify_pdf(report(), STRANGER.root_hex)
    assert not verification.ok
    assert why(verification, "anchor") == ("statement-refused", "key")


@pytest.mark.parametrize("root", ["", "zz", "é", "0" * 64])
def test_a_root_that_is_none_anchors_nothing(root):
    assert outcome(verify_pdf(report(), root))["anchor"] is False


def test_a_report_made_by_a_stranger_is_told_from_ours():
    own = records.report_input(headquarters=STRANGER, key=records.vault_key(9))
    verification = verify_pdf(report(own), HEADQUARTERS.root_hex)
    assert outcome(verification)["same-story"] is True  # it agrees with itself
    assert outcome(verification)["anchor"] is False
    assert not verification.ok


def test_another_record_inside_is_refused():
    other = records.report_input(records.record(inspection=records.inspection(number="INS-2026-0999")))
    verification = verify_pdf(
        report(other, paper_code=records.report_input().paper_code), HEADQUARTERS.root_hex
    )
    assert why(verification, "same-story") == ("record-mismatch", "number")
    assert not verification.ok


def test_a_record_signed_by_another_key_is_refused():
    other = records.report_input(key=records.vault_key(51))
    verification = verify_pdf(
        report(other, paper_code=records.report_input().paper_code), HEADQUARTERS.root_hex
    )
    assert why(verification, "record-signature") == ("ledger-broken", "signature")
    assert outcome(verification)["anchor"] is False


def test_a_code_of_another_report_is_refused():
    other = records.report_input(records.record(inspection=records.inspection(revision=2)))
    verification = verify_pdf(report(paper_code=other.paper_code), HEADQUARTERS.root_hex)
    assert why(verification, "same-story") == ("record-mismatch", "revision")


def test_a_code_that_names_another_certificate_is_refused():
    given = records.report_input()
    key = records.vault_key()
    facts = facts_of(records.record(), given.entry)
    code = paper_code(facts, key.public_key().public_bytes_raw(), key.sign, STRANGER.certify(key, name="X"))
    assert why(verify_pdf(report(paper_code=code)), "same-story") == ("record-mismatch", "certificate")


def test_a_paper_without_a_code_or_a_record_fails():
    assert outcome(verify_pdf(report(paper_code="")))["paper-code"] is False
    pdf = report().replace(recordfile.MAGIC, b"X" * len(recordfile.MAGIC))
    assert why(verify_pdf(pdf), "embedded-record") == ("record-file-unreadable", "missing")


def test_a_vault_that_is_not_enrolled_cannot_be_anchored():
    key = records.vault_key()
    given = records.report_input()
    facts = facts_of(records.record(), given.entry)
    code = paper_code(facts, key.public_key().public_bytes_raw(), key.sign, None)
    pdf = report(certificate=None, keys=None, paper_code=code)
    assert verify_pdf(pdf).ok
    assert why(verify_pdf(pdf, HEADQUARTERS.root_hex), "anchor") == ("record-mismatch", "no-certificate")


def test_a_practice_record_under_a_real_certificate_is_refused():
    record = records.record(inspection=records.inspection(practice=True))
    given = records.report_input(record, headquarters=HEADQUARTERS)
    assert why(verify_pdf(report(given), HEADQUARTERS.root_hex), "anchor") == ("record-mismatch", "practice")


def test_a_certificate_of_another_device_is_refused():
    key = records.vault_key()
    certificate = HEADQUARTERS.certify(key, device=bytes(16))
    given = msgspec.structs.replace(records.report_input(), certificate=certificate)
    verification = verify_entry_file(record_file(given), HEADQUARTERS.root_hex)
    assert why(verification, "anchor") == ("record-mismatch", "device")


def test_a_record_file_holds_alone():
    verification = verify_entry_file(record_file(records.report_input()), HEADQUARTERS.root_hex)
    assert outcome(verification) == {"record-file": True, "record-signature": True, "anchor": True}
    assert verification.ok


@settings(deadline=None)
@given(st.data())
def test_a_flipped_byte_in_a_record_file_is_refused(data):
    content = bytearray(record_file(records.report_input()))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    assert not verify_entry_file(bytes(content), HEADQUARTERS.root_hex).ok


@settings(deadline=None)
@given(st.sampled_from(["kind", "device", "seq", "prev", "payload", "signature"]), st.integers(0, 63))
def test_no_part_of_an_entry_can_be_changed(part, position):
    given = records.report_input()
    value = getattr(given.entry, part)
    if isinstance(value, bytes):
        at = position % len(value)
        changed = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
    else:
        changed = value + (1 if part == "seq" else "é")
    forged = msgspec.structs.replace(given, entry=msgspec.structs.replace(given.entry, **{part: changed}))
    assert not verify_entry_file(record_file(forged), HEADQUARTERS.root_hex).ok


def test_a_code_alone_holds_without_an_anchor():
    code = records.report_input().paper_code
    assert outcome(verify_paper_code(code)) == {"paper-code": True, "anchor": None}
    assert outcome(verify_paper_code(code[:-20]))["paper-code"] is False


def test_a_code_alone_is_anchored_where_its_certificate_is_at_hand():
    given = records.report_input()
    held = {"certificate": given.certificate, "keys": given.keys}
    verification = verify_paper_code(given.paper_code, HEADQUARTERS.root_hex, **held)
    assert outcome(verification) == {"paper-code": True, "anchor": True}
    assert verification.officer == "R. Nair"
    other = held | {"certificate": HEADQUARTERS.certify(records.vault_key(9))}
    refused = verify_paper_code(given.paper_code, HEADQUARTERS.root_hex, **other)
    assert why(refused, "anchor") == ("record-mismatch", "certificate")
    foreign = verify_paper_code(given.paper_code, STRANGER.root_hex, **held)
    assert why(foreign, "anchor") == ("statement-refused", "key")


def test_a_changed_letter_on_a_page_is_noticed():
    pdf = report(photos={})
    at = pdf.index(b"(Consignment inspection report INS-")  # the title a viewer shows
    verification = verify_pdf(pdf[: at + 1] + b"K" + pdf[at + 2 :], HEADQUARTERS.root_hex)
    assert outcome(verification)["pages"] is False
    assert not verification.ok


@pytest.mark.parametrize(
    ("ours", "foreign"),
    [
        (b"/Creator (Fieldapp ", b"/Creator (fieldapp "),
        (b"/Creator (Fieldapp 0.1.0)", b"/Creator (Fieldapp 9.1.0)"),
        (b"/Keywords (report en full)", b"/Keywords (report en copy)"),
        (b"%%EOF", b"%%EOF\n% /Predictor 15\n"),
    ],
)
def test_a_painted_page_never_holds_whatever_label_is_changed_with_it(ours, foreign):
    pdf = report()
    painted = pdf.replace(b"(Consignment inspection report INS-", b"(Konsignment inspection report INS-")
    for content in (painted, pdf):
        changed = content.replace(ours, foreign)
        assert changed != content
        assert not verify_pdf(changed, HEADQUARTERS.root_hex).ok
        assert not verify_file(changed).ok


def test_a_report_of_another_version_has_a_state_of_its_own_and_does_not_hold():
    pdf = report().replace(f"/Creator (Fieldapp {__version__})".encode(), b"/Creator (Fieldapp 9.8.7)")
    verification = verify_pdf(pdf, HEADQUARTERS.root_hex)
    pages = next(check for check in verification.checks if check.name == "pages")
    assert (pages.ok, pages.code, dict(pages.facts)) == (None, "other-version", {"version": "9.8.7"})
    assert not verification.ok


def test_a_record_too_long_to_make_again_says_so_and_does_not_hold():
    note = "Drums on the pallet counted one by one. " * 50
    many = tuple(records.finding(number, note=note) for number in range(1, 1200))
    long = records.report_input(records.record(inspection=records.inspection(findings=many)))
    small = recordfile.write(recordfile.of_input(records.report_input()))
    pdf = report().replace(small, record_file(long))
    verification = verify_pdf(pdf, HEADQUARTERS.root_hex)
    assert why(verification, "pages") == ("too-long", None)
    assert not verification.ok


def tampered(field: str, value: object) -> bytes:
    """A record's payload with one field of the signature or the inspection set to `value`."""
    tree = msgspec.json.decode(records.report_input().record)
    part, _, name = field.partition(".")
    tree[part][name] = value
    return msgspec.json.encode(tree)


BAD_PAYLOADS = {
    "letters": records.report_input().record.replace(b"Nhava", b"Nha\xff\xfe"),
    "deep": b'{"a":' + b"[" * 100_000,
    "empty": b"",
    "before": tampered("signature.at", "0001-01-01T00:00:00+14:00"),
    "after": tampered("signature.at", "9999-12-31T23:59:59-14:00"),
    "naive": tampered("signature.at", "2026-01-01T00:00:00"),
    "naive opened": tampered("inspection.opened", "2026-01-01T00:00:00"),
    "revision": records.report_input().record.replace(b'"revision":1,', b'"revision":1%s,' % (b"0" * 40)),
    "large": records.report_input().record.replace(b'"revision":1,', b'"revision":9223372036854775808,'),
}


def signed(payload: bytes) -> ReportInput:
    """An entry whose signature holds, whatever it carries."""
    given = records.report_input()
    head = ledger.Head(seq=411, id="5e" * 32)
    entry = ledger.append(head, record.KIND, records.DEVICE, payload, records.vault_key())
    return msgspec.structs.replace(given, entry=entry, record=payload)


@pytest.mark.parametrize("name", BAD_PAYLOADS)
def test_a_signed_record_that_cannot_be_read_is_refused(name):
    content = record_file(signed(BAD_PAYLOADS[name]))
    for verification in (verify_file(content), verify_file(content, HEADQUARTERS.root_hex)):
        assert why(verification, "record-signature") == ("record-mismatch", "content")
        assert not verification.ok
    with pytest.raises(recordfile.RecordFileUnreadable):
        recordfile.read_record(recordfile.read(content))


def test_a_certificate_that_cannot_be_read_is_refused():
    given = records.report_input()
    for payload in (b'{"name":"\xff\xfe"}', b'{"a":' + b"[" * 100_000):
        certificate = msgspec.structs.replace(given.certificate, payload=payload)
        content = record_file(msgspec.structs.replace(given, certificate=certificate))
        for root in (None, HEADQUARTERS.root_hex):
            assert why(verify_file(content, root), "record-signature") == ("record-mismatch", "certificate")


@pytest.mark.parametrize(
    "raw", [b"\x81\xa2\xff\xfe\x01", b"\x91" * 200_000, b"\x81\xa5other" + b"\x91" * 200_000]
)
def test_a_record_file_with_impossible_content_is_refused(raw):
    body = zlib.compress(raw, 9)
    content = recordfile.MAGIC + len(body).to_bytes(4, "big") + body
    assert why(verify_file(content), "record-file") == ("record-file-unreadable", "content")


def test_a_record_file_is_that_and_nothing_more():
    content = record_file(records.report_input())
    assert verify_entry_file(content).ok
    assert not verify_entry_file(content + b"x").ok
    assert not verify_entry_file(b"x" + content).ok


def test_a_picture_of_the_first_page_is_checked_by_its_code():
    given = records.report_input()
    document = pypdfium2.PdfDocument(report(given))
    out = io.BytesIO()
    document[0].render(scale=2.5).to_pil().rotate(3, expand=True, fillcolor="white").save(out, "JPEG")
    document.close()
    verification = verify_file(out.getvalue(), HEADQUARTERS.root_hex)
    assert outcome(verification) == {"paper-code": True, "anchor": None}
    assert verify_file(report(given), HEADQUARTERS.root_hex).ok
    assert verify_file(record_file(given), HEADQUARTERS.root_hex).ok
    assert not verify_file(records.photo()).ok


@pytest.mark.parametrize("depth", [2000, 100_000])
def test_a_code_nested_without_end_is_refused(depth):
    raw = b"\x91" * depth
    second = chain.PREFIX + base64.b32encode(zlib.compress(raw)).decode("ascii").rstrip("=")
    assert not verify_codes([records.report_input().paper_code, second], HEADQUARTERS.root_hex).ok


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=400))
def test_rubbish_is_answered_and_never_raises(content):
    assert not verify_pdf(content).ok
    assert not verify_pdf(b"%PDF-1.7\n" + content).ok
    assert not verify_entry_file(content).ok
