"""The file's own signature: the same every time, checked by others' tools, and told on when it is touched."""

import ast
import io
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from asn1crypto.x509 import Certificate
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from fieldapp.report import signature
from fieldapp.report.paper import Language
from fieldapp.report.render import render
from fieldapp.report.signature import SignatureBroken
from fieldapp.report.verify import Check, Verification, verify_pdf
from tests.support import papers, records

HOUSE = Path(__file__).resolve().parents[3]
HEADQUARTERS = records.Headquarters()
GIVEN = records.signing(records.report_input())
PDF = records.signed_pdf(GIVEN)


def check(verification: Verification, name: str = "file-signature") -> Check:
    return next(one for one in verification.checks if one.name == name)


def test_a_signed_report_holds_and_every_check_was_made() -> None:
    verification = verify_pdf(PDF, HEADQUARTERS.root_hex)
    assert {one.name: one.ok for one in verification.checks} == {
        "paper-code": True,
        "embedded-record": True,
        "record-signature": True,
        "same-story": True,
        "anchor": True,
        "file-signature": True,
        "pages": True,
    }


@pytest.mark.parametrize("copy", ["full", "court", "trader"])
def test_signing_twice_gives_the_same_bytes(copy: str) -> None:
    assert records.signed_pdf(GIVEN, "both", copy) == records.signed_pdf(GIVEN, "both", copy)


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "given").write_bytes(msgspec.msgpack.encode(GIVEN))
    code = (
        "import sys, msgspec; from pathlib import Path; from tests.support import records;"
        "from fieldapp.report.paper import ReportInput;"
        "given = msgspec.msgpack.decode(Path(sys.argv[1]).read_bytes(), type=ReportInput);"
        "sys.stdout.buffer.write(records.signed_pdf(given))"
    )
    made = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "given")], cwd=HOUSE, capture_output=True, check=True
    )
    assert made.stdout == PDF


def test_the_librarys_own_validation_agrees_down_to_the_authority() -> None:

    reader = PdfFileReader(io.BytesIO(PDF))
    roots = [Certificate.load(GIVEN.x509[1])]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=records.moment(42))
    (embedded,) = reader.embedded_signatures
    status = validate_pdf_signature(embedded, context)
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert embedded.self_reported_timestamp == records.moment(42)
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_a_viewers_checker_agrees(tmp_path: Path) -> None:
    if not shutil.which("pdfsig"):
        pytest.skip("pdfsig (poppler-utils) is not on this machine")
    (tmp_path / "report.pdf").write_bytes(PDF)
    said = subprocess.run(
        ["pdfsig", "-nocert", str(tmp_path / "report.pdf")], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "R. Nair" in said


def test_a_file_whose_signature_was_taken_away_is_told() -> None:
    stripped = signature.read(PDF).base
    verification = verify_pdf(stripped, HEADQUARTERS.root_hex)
    assert not verification.ok
    assert check(verification).facts["why"] == "stripped"


def test_a_signature_by_another_key_is_foreign() -> None:
    base = signature.read(PDF).base
    other = papers.paper_key(9)
    held, x509 = papers.certified(papers.claims(GIVEN), other.public, which=1)
    prepared = signature.prepare(base, x509, records.moment(42))
    forged = signature.bind(prepared, x509, other.sign(prepared.attributes))
    assert held.x509 != papers.claims(GIVEN).x509
    verification = verify_pdf(forged, HEADQUARTERS.root_hex)
    assert not verification.ok
    assert check(verification).facts["why"] == "foreign"


def test_a_signature_by_another_key_under_the_right_certificate_is_broken() -> None:
    base = signature.read(PDF).base
    prepared = signature.prepare(base, GIVEN.x509, records.moment(42))
    forged = signature.bind(prepared, GIVEN.x509, papers.paper_key(9).sign(prepared.attributes))
    assert check(verify_pdf(forged)).facts["why"] == "changed"


def test_an_update_after_the_signature_is_told() -> None:
    verification = verify_pdf(PDF + b"\n% more\n%%EOF\n")
    assert check(verification).facts["why"] == "changed"
    assert not verification.ok


def test_a_true_signature_with_another_time_is_not_ours() -> None:
    base = signature.read(PDF).base
    prepared = signature.prepare(base, GIVEN.x509, records.moment(9000))
    later = signature.bind(prepared, GIVEN.x509, papers.paper_key().sign(prepared.attributes))
    verification = verify_pdf(later)
    assert check(verification).ok
    assert check(verification, "pages").code == "pages-altered"
    assert not verification.ok


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, len(PDF) - 1), change=st.integers(1, 255))
def test_no_byte_of_a_signed_file_can_be_changed(position: int, change: int) -> None:
    altered = bytearray(PDF)
    altered[position] ^= change
    assert not verify_pdf(bytes(altered), HEADQUARTERS.root_hex).ok


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, signature.RESERVED - 1), digit=st.sampled_from([b"0", b"7", b"f", b"A", b" "]))
@example(position=474, digit=b"0")  # a kind of key that nobody knows
def test_no_digit_of_the_signatures_place_can_be_changed(position: int, digit: bytes) -> None:
    at = PDF.rindex(b"/Contents <") + 11 + position
    altered = PDF[:at] + digit + PDF[at + 1 :]
    if altered != PDF:
        with pytest.raises(SignatureBroken):
            signature.read(altered)


def test_an_authority_whose_number_is_negative_is_refused() -> None:
    number = Certificate.load(GIVEN.x509[1]).serial_number
    digits = number.to_bytes(number.bit_length() // 8 + 1, "big").hex().encode()
    start = PDF.rindex(b"/Contents <")
    at = PDF.index(b"02" + b"%02x" % (len(digits) // 2) + digits, start) + 4
    with pytest.raises(SignatureBroken):
        signature.read(PDF[:at] + b"80" + PDF[at + 2 :])


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=4000), position=st.integers(0, 4000))
def test_no_rubbish_in_the_place_of_the_signature_raises_anything_else(content: bytes, position: int) -> None:
    start = PDF.rindex(b"/Contents <") + 11 + 2 * (position % 200)
    digits = content.hex().encode()[: signature.RESERVED - 2 * (position % 200)]
    try:
        signature.read(PDF[:start] + digits + PDF[start + len(digits) :])
    except SignatureBroken:
        return
    assert PDF[start : start + len(digits)] == digits


def test_a_copy_made_without_the_certificate_says_so_and_holds() -> None:
    unsigned = render(msgspec.structs.replace(GIVEN, x509=()), "en")
    verification = verify_pdf(unsigned, HEADQUARTERS.root_hex)
    assert verification.ok
    assert check(verification).code == "unsigned"


@pytest.mark.parametrize("language", ["en", "hi", "both"])
def test_a_traders_copy_says_whose_signature_it_bears(language: Language) -> None:
    pdf = records.signed_pdf(GIVEN, language, "trader")
    anchored = verify_pdf(pdf, HEADQUARTERS.root_hex)
    assert (check(anchored).ok, check(anchored, "anchor").ok, anchored.officer) == (True, True, "R. Nair")
    assert check(anchored).facts["unit"] == "CDSCO West Zone"
    assert not anchored.ok  # what stands on its pages is compared with nothing


def test_without_the_root_a_traders_copy_names_but_does_not_vouch() -> None:
    pdf = records.signed_pdf(GIVEN, "en", "trader")
    for root in (None, records.Headquarters(seed=7).root_hex):
        found = verify_pdf(pdf, root)
        assert (check(found).ok, check(found).code, found.officer) == (None, "signer-unknown", "")
        assert (check(found).facts["name"], check(found, "anchor").ok) == (
            "R. Nair",
            None if root is None else False,
        )


def test_a_traders_copy_signed_by_another_than_its_code_names_is_foreign() -> None:
    key = papers.paper_key(9)
    _held, x509 = papers.certified(papers.claims(GIVEN), key.public)
    base = render(GIVEN, "en", "trader")
    prepared = signature.prepare(base, x509, records.moment(42))
    found = verify_pdf(signature.bind(prepared, x509, key.sign(prepared.attributes)), HEADQUARTERS.root_hex)
    assert (check(found).ok, check(found).facts["why"], found.officer) == (False, "foreign", "")


def test_practice_has_an_authority_of_its_own() -> None:
    practice = records.record(inspection=records.inspection(practice=True))
    x509 = records.signing(records.report_input(practice)).x509
    assert Certificate.load(x509[1]).subject.native["common_name"].endswith("(practice)")
    assert x509[1] != GIVEN.x509[1]


def test_the_library_is_known_to_one_module_and_nobody_imports_what_fetches() -> None:
    """It brings an HTTP client along; no module of the house may lean on any of that."""
    inside = ("pyhanko.sign.timestamps", "pyhanko_certvalidator.fetchers", "pyhanko_certvalidator.context")
    for room in ("fieldapp", "ui", "sync"):
        for file in (HOUSE / room).rglob("*.py"):
            names = _imported(file)
            assert not any(name.split(".")[0] in ("aiohttp", "requests") for name in names), file
            assert not any(name.startswith(inside) for name in names), file
            if file != HOUSE / "fieldapp" / "report" / "signature.py":
                assert not any(name.split(".")[0].startswith(("pyhanko", "asn1crypto")) for name in names), (
                    file
                )


def test_a_process_that_signs_nothing_does_not_load_the_library() -> None:
    code = (
        "import sys, fieldapp.worker, ui.app; sys.exit('pyhanko' in sys.modules or 'aiohttp' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=HOUSE, check=False).returncode == 0


def test_signing_and_checking_open_no_connection() -> None:
    code = (
        "import sys\n"
        "def guard(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.bind'): sys.exit(event)\n"
        "sys.addaudithook(guard)\n"
        "from tests.support import records\n"
        "from fieldapp.report.verify import verify_pdf\n"
        "given = records.signing(records.report_input())\n"
        "assert verify_pdf(records.signed_pdf(given), records.Headquarters().root_hex).ok\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr


def _imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names
