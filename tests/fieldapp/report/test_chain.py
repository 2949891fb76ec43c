import io
import secrets
from contextlib import closing

import msgspec
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fieldapp import canonical
from fieldapp.actions import disposing, finding, opening
from fieldapp.actions.provisioning import (
    AcceptEnrolment,
    PrepareEnrolment,
    accept_enrolment,
    prepare_enrolment,
)
from fieldapp.actions.rooms import Press
from fieldapp.enrolment import HeadquartersKeys, Statement, invitation_text, sign, sign_keys
from fieldapp.report.chain import LONGEST, OLD, PREFIX, chain_code, read_chain_code
from fieldapp.report.paper import PaperUnreadable, ReportInput
from fieldapp.report.render import render
from fieldapp.report.verify import verify_codes, verify_file, verify_pdf
from fieldapp.scan.decode import decode_picture
from fieldapp.text import say
from sync.headquarters.enrolment import enrol
from tests.support import records
from tests.support.headquarters import an_office, invitation
from tests.support.laptops import consignment
from tests.support.vaults import new_vault, seal, signed_report

HEADQUARTERS = records.Headquarters()
STRANGER = records.Headquarters(seed=7)
KEY = records.vault_key()


def code(headquarters: records.Headquarters = HEADQUARTERS, **changes) -> str:
    return chain_code(headquarters.certify(KEY, **changes), headquarters.keys)


def scanned(given: ReportInput, dpi: int) -> tuple[list[str], Image.Image]:
    """Every code on the paper as a scanner would see it, and the pages one under another."""
    return scanned_pdf(render(given, "en"), dpi)


def scanned_pdf(pdf: bytes, dpi: int) -> tuple[list[str], Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
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


def without_signers() -> Statement:
    """The keys statement of a headquarters of before there were words for single keys."""
    tree = msgspec.json.decode(HEADQUARTERS.keys.payload)
    del tree["signers"]
    return sign("keys", tree, HEADQUARTERS.root)


def test_a_chain_gives_back_the_certificate_and_the_word_for_its_signer():
    certificate = HEADQUARTERS.certify(KEY)
    chain = read_chain_code(chain_code(certificate, HEADQUARTERS.keys), HEADQUARTERS.root_hex)
    named = canonical.decode(HEADQUARTERS.keys.payload, HeadquartersKeys)
    assert (chain.certificate, (chain.keys,)) == (certificate, named.signers)


def test_the_keys_of_an_older_headquarters_are_carried_whole_and_anchor():
    keys, certificate = without_signers(), HEADQUARTERS.certify(KEY)
    text = chain_code(certificate, keys)
    assert text.startswith(OLD)
    chain = read_chain_code(text, HEADQUARTERS.root_hex)
    assert (chain.certificate, chain.keys) == (certificate, keys)
    paper = records.report_input().paper_code
    assert verify_codes([paper, text], HEADQUARTERS.root_hex).officer == "R. Nair"


def test_ten_keys_make_no_longer_a_code_than_one():
    named = canonical.decode(HEADQUARTERS.keys.payload, HeadquartersKeys)
    others = tuple(records.public_hex(records.vault_key(seed)) for seed in range(60, 69))
    keys = sign_keys(msgspec.structs.replace(named, signing=(*others, *named.signing)), HEADQUARTERS.root)
    assert chain_code(HEADQUARTERS.certify(KEY), keys) == code()


def test_usual_names_stay_within_a_version_19_code():
    assert len(code(unit="Central Drugs Standard Control Organisation, West Zone")) <= 909


def test_a_word_for_a_signer_is_no_word_for_another():
    own, word = (
        records.report_input(),
        canonical.decode(HEADQUARTERS.keys.payload, HeadquartersKeys).signers[0],
    )
    forged = sign_keys(
        HeadquartersKeys(
            headquarters="", practice=False, signing=(records.public_hex(STRANGER.signing),),
            evidence_recipients=(), recovery_recipients=(), issued=records.moment(1),
        ),
        STRANGER.root,
    )  # fmt: skip
    tree = msgspec.json.decode(forged.payload)
    tree["signers"] = [word]
    text = chain_code(STRANGER.certify(KEY), sign("keys", tree, STRANGER.root))
    refused = verify_codes([own.paper_code, text], HEADQUARTERS.root_hex)
    assert [check.code for check in refused.checks] == ["ok", "statement-refused"]


def test_where_no_code_fits_the_paper_says_so():
    given = records.report_input()
    keys = canonical.decode(without_signers().payload, HeadquartersKeys)
    long = sign(
        "keys",
        msgspec.structs.replace(keys, recovery_recipients=(secrets.token_hex(1000),)),
        HEADQUARTERS.root,
    )
    for held in (long, None):
        for language in ("en", "hi"):
            document = pypdfium2.PdfDocument(render(msgspec.structs.replace(given, keys=held), language))
            text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
            document.close()
            assert "".join(say("paper.chain.none", language).split()) in text


def test_an_officer_whom_a_real_headquarters_enrolled_is_known_from_the_paper_alone(tmp_path):
    """Enrolled by headquarters itself, hybrid recovery key and certificate for papers and all."""
    with an_office(tmp_path / "headquarters") as at, closing(new_vault(tmp_path)) as vault:
        text = invitation_text(invitation(at, unit="Central Drugs Standard Control Organisation, West Zone"))
        asked = prepare_enrolment(vault, PrepareEnrolment(text=text))
        answer = enrol(at, asked.request)
        accept_enrolment(vault, AcceptEnrolment(invitation=asked.invitation, answer=answer))
        opened = opening.open_inspection(vault, opening.OpenInspection(consignment=consignment()))
        finding.record(
            vault, finding.RecordFinding(inspection=opened.id, severity="major", note="Label over a label")
        )
        disposing.decide(
            vault, disposing.Decide(inspection=opened.id, disposition="hold", reason="awaits the test")
        )
        seal(vault, opened.id)
        pdf = signed_report(vault, Press(), opened.id, "both")
        root = asked.invitation.root
    assert verify_pdf(pdf, root).ok
    verification = verify_codes(scanned_pdf(pdf, 150)[0], root)
    assert {check.name: check.ok for check in verification.checks} == {"paper-code": True, "anchor": True}
    assert (verification.officer, verification.facts.device) == ("R. Nair", asked.request.device.hex())


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
    wordy = HEADQUARTERS.certify(KEY, name=secrets.token_hex(LONGEST))
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
