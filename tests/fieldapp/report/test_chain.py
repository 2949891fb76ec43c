import io

import msgspec
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fieldapp.report.chain import LONGEST, PREFIX, chain_code, read_chain_code
from fieldapp.report.paper import PaperUnreadable, ReportInput
from fieldapp.report.render import render
from fieldapp.report.verify import verify_codes, verify_file
from fieldapp.scan.decode import decode_picture
from tests.support import records

HEADQUARTERS = records.Headquarters()
STRANGER = records.Headquarters(seed=7)
KEY = records.vault_key()


def code(headquarters: records.Headquarters = HEADQUARTERS, **changes) -> str:
    return chain_code(headquarters.certify(KEY, **changes), headquarters.keys)


def scanned(given: ReportInput, dpi: int) -> tuple[list[str], Image.Image]:
    """Every code on the paper as a scanner would see it, and the pages one under another."""
    document = pypdfium2.PdfDocument(render(given, "en"))
    pages = [page.render(scale=dpi / 72).to_pil() for page in document]
    document.close()
    whole = Image.new("RGB", (pages[0].width, sum(page.height for page in pages)))
    for number, page in enumerate(pages):
        whole.paste(page, (0, number * pages[0].height))
    texts = []
    for page in pages:
        out = io.BytesIO()
        page.save(out, "PNG")
        texts += [symbol.text for symbol in decode_picture(out.getvalue()).symbols]
    return texts, whole


def test_a_chain_gives_back_both_statements():
    certificate = HEADQUARTERS.certify(KEY)
    chain = read_chain_code(chain_code(certificate, HEADQUARTERS.keys), HEADQUARTERS.root_hex)
    assert (chain.certificate, chain.keys) == (certificate, HEADQUARTERS.keys)


def test_usual_names_stay_within_a_version_19_code():
    assert len(code(unit="Central Drugs Standard Control Organisation, West Zone")) <= 909


@pytest.mark.parametrize("dpi", [150, 300])
def test_the_paper_and_the_root_key_are_enough(dpi):
    given = records.report_input()
    texts, _ = scanned(given, dpi)
    verification = verify_codes(texts, HEADQUARTERS.root_hex)
    assert {check.name: check.ok for check in verification.checks} == {"paper-code": True, "anchor": True}
    assert verification.officer == "R. Nair"
    assert verification.facts is not None
    assert verification.facts.consignee == "Yuanchang Chem Tradng"


def test_a_picture_of_the_whole_paper_is_anchored():
    _, whole = scanned(records.report_input(), 150)
    out = io.BytesIO()
    whole.save(out, "PNG")
    assert verify_file(out.getvalue(), HEADQUARTERS.root_hex).officer == "R. Nair"


def test_a_strangers_chain_is_refused():
    own = records.report_input()
    texts = [own.paper_code, code(STRANGER)]
    refused = verify_codes(texts, HEADQUARTERS.root_hex)
    assert not refused.ok
    assert [check.code for check in refused.checks] == ["ok", "statement-refused"]


def test_a_chain_of_another_vault_is_refused():
    own = records.report_input()
    other = chain_code(HEADQUARTERS.certify(records.vault_key(9)), HEADQUARTERS.keys)
    refused = verify_codes([own.paper_code, other], HEADQUARTERS.root_hex)
    assert [check.facts.get("why") for check in refused.checks] == [None, "certificate"]


def test_two_chains_or_none_leave_it_not_anchored():
    own = records.report_input()
    for texts in ([own.paper_code], [own.paper_code, code(), code(name="Other")]):
        assert [check.ok for check in verify_codes(texts, HEADQUARTERS.root_hex).checks] == [True, None]
    assert not verify_codes([], HEADQUARTERS.root_hex).ok


def test_what_does_not_fit_or_hold_is_left_out_and_the_paper_is_made_all_the_same():
    assert chain_code(HEADQUARTERS.certify(KEY), STRANGER.keys) == ""
    given = records.report_input()
    wordy = HEADQUARTERS.certify(KEY, name="".join(chr(0x905 + n % 50) for n in range(LONGEST)))
    assert chain_code(wordy, HEADQUARTERS.keys) == ""
    assert render(msgspec.structs.replace(given, certificate=wordy), "en")


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_other_text_is_unreadable(text):
    for tried in (text, PREFIX + text):
        with pytest.raises(PaperUnreadable):
            read_chain_code(tried, HEADQUARTERS.root_hex)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 31))
def test_a_changed_letter_never_anchors(position, shift):
    text, alphabet = code(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    at = len(PREFIX) + position % (len(text) - len(PREFIX) - 1)
    letter = alphabet[(alphabet.index(text[at]) + shift) % 32]
    changed = text[:at] + letter + text[at + 1 :]
    paper = records.report_input().paper_code
    assert not verify_codes([paper, changed], HEADQUARTERS.root_hex).ok
