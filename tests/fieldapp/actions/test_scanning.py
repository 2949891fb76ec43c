from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.actions import evidence, judging, opening, scanning
from fieldapp.inspection.inspection import NotFound, open_hits, standing_verdict
from fieldapp.scan.symbol import Symbol
from tests.support.laptops import LABELS, Laptop, laptop


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Laptop]:
    made = laptop(tmp_path)
    yield made
    made.close()


def test_a_precursor_for_a_listed_firm_is_held_with_its_reasons(desk: Laptop):
    scan = desk.examine(desk.open("1-intermediate"), LABELS / "drum-7-of-12.png")
    assert scan.verdict.word == "hold"
    assert scan.identified.identifiers["batch"] == "KX-2291"
    assert scan.goods_seq == 1
    parts = {line.part for line in scan.verdict.lines if line.word == "hold"}
    assert {"name", "substance", "papers"} <= parts
    papers = [line.reason.code for line in scan.verdict.lines if line.part == "papers"]
    assert "paper-wrong_authority" in papers  # a SUGAM NOC does not cover a precursor


def test_ordinary_medicine_passes(desk: Laptop):
    scan = desk.examine(desk.open("2-tablets"), LABELS / "paracetamol-carton.png")
    assert scan.verdict.word == "no_match", scan.verdict.lines


def test_a_name_near_a_listed_one_is_to_be_compared(desk: Laptop):
    scan = desk.examine(desk.open("3-active-ingredient"), LABELS / "ibuprofen-drum.png")
    assert scan.verdict.word in ("check", "hold")
    assert any(line.hit and line.hit.entry == "OFAC-21846" for line in scan.verdict.lines)


def test_an_old_list_is_its_own_verdict(tmp_path: Path):
    desk = laptop(tmp_path, hours_old=24 * 30)
    scan = desk.examine(desk.open("2-tablets"), LABELS / "paracetamol-carton.png")
    assert scan.verdict.word == "cannot_check"
    assert [line.reason.code for line in scan.verdict.lines if line.part == "list"] == ["list-too-old"]
    desk.close()


def test_without_a_list_nothing_passes(tmp_path: Path):
    from tests.support.vaults import enrolled_vault

    desk = Laptop(tmp_path, enrolled_vault(tmp_path))
    scan = desk.examine(desk.open("2-tablets"), LABELS / "paracetamol-carton.png")
    assert scan.verdict.word == "cannot_check"
    desk.close()


def test_a_code_with_a_bad_check_digit_is_never_screened_silently(desk: Laptop):
    inspection = desk.open("2-tablets")
    raw = b"01095212340000211729033110P26K11"  # the last digit of the GTIN is wrong
    symbol = Symbol(symbology="DataMatrix", aim="]d2", text=raw.decode(), hex=raw.hex())
    screened = scanning.screen_code(
        desk.screener, scanning.ScreenCode(symbol=symbol, consignment=inspection.consignment)
    )
    scan = scanning.remember(
        desk.vault,
        scanning.Remember(
            inspection=inspection.id,
            source="file",
            symbol=symbol,
            identified=screened.identified,
            screening=screened.screening,
        ),
    )
    assert scan.verdict.word == "cannot_check"
    assert "code-issue" in [line.reason.code for line in scan.verdict.lines]
    assert scan.identified.identifiers["batch"] == "P26K11"  # the good fields are kept


def test_an_unconfirmed_code_is_shown_as_such(desk: Laptop):
    inspection = desk.open("2-tablets")
    symbol = Symbol(symbology="Code39", aim="]A0", text="ABC-123", hex=b"ABC-123".hex(), confirmed=False)
    screened = scanning.screen_code(desk.screener, scanning.ScreenCode(symbol=symbol))
    scan = scanning.remember(
        desk.vault,
        scanning.Remember(
            inspection=inspection.id, source="camera", symbol=symbol,
            identified=screened.identified, screening=screened.screening,
        ),
    )  # fmt: skip
    assert "code-unconfirmed" in [line.reason.code for line in scan.verdict.lines]
    assert scan.verdict.word != "no_match"


def test_a_false_hit_judged_so_no_longer_counts_and_says_by_whom(desk: Laptop):
    inspection = desk.open("3-active-ingredient")
    desk.examine(inspection, LABELS / "ibuprofen-drum.png")
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))
    [hit] = open_hits(held)
    judged = judging.adjudicate(
        desk.vault,
        judging.Adjudicate(
            inspection=inspection.id, hit=hit.id, verdict="false", reason="Other owner, other address"
        ),
    )
    assert open_hits(judged) == ()
    assert standing_verdict(judged) == "no_match"
    [line] = [line for line in judged.scans[0].verdict.lines if line.hit and line.hit.id == hit.id]
    assert line.adjudication is not None
    assert line.adjudication.by == "R. Nair"


def test_a_confirmed_hit_holds(desk: Laptop):
    inspection = desk.open("3-active-ingredient")
    desk.examine(inspection, LABELS / "ibuprofen-drum.png")
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))
    judged = judging.adjudicate(
        desk.vault,
        judging.Adjudicate(
            inspection=inspection.id, hit=open_hits(held)[0].id, verdict="true", reason="Same owner"
        ),
    )
    assert standing_verdict(judged) == "hold"


def test_a_damaged_picture_answers_with_a_code(desk: Laptop, tmp_path: Path):
    torn = tmp_path / "torn.png"
    torn.write_bytes((LABELS / "drum-7-of-12.png").read_bytes()[:2000])
    reading = scanning.read_picture(desk.reader, scanning.ReadPicture(path=str(torn)))
    assert reading.error == "picture-damaged"
    assert reading.symbols == ()


def test_typed_text_is_searched_and_nothing_is_recorded(desk: Laptop):
    found = scanning.screen_text(desk.screener, scanning.ScreenText(text="Boyle Chemical Co"))
    assert any(hit.entry == "OFAC-16907" and hit.band == "strong" for hit in found.screening.hits)


def test_a_damaged_list_checks_nothing_and_the_next_one_takes_its_place(desk: Laptop):
    inspection = desk.open("2-tablets")
    desk.screener.close()
    file = desk.screener.file
    damaged = bytearray(file.read_bytes())
    for place in range(5000, len(damaged), 4096):
        damaged[place] ^= 1
    file.write_bytes(damaged)
    scan = desk.examine(inspection, LABELS / "paracetamol-carton.png")
    assert scan.verdict.word == "cannot_check"
    desk.adopt()
    scan = desk.examine(inspection, LABELS / "paracetamol-carton.png")
    assert scan.verdict.word == "no_match"


def typed(desk: Laptop, inspection: str, text: str):
    symbol = Symbol(symbology="typed", aim="", text=text, hex=text.encode().hex())
    screened = scanning.screen_code(desk.screener, scanning.ScreenCode(symbol=symbol))
    return scanning.remember(
        desk.vault,
        scanning.Remember(
            inspection=inspection, source="typed", symbol=symbol,
            identified=screened.identified, screening=screened.screening,
        ),
    )  # fmt: skip


def test_a_word_that_is_no_code_is_never_a_green_verdict(desk: Laptop):
    scan = typed(desk, desk.open("2-tablets").id, "hello")
    assert scan.verdict.word == "cannot_check"
    assert "code-unknown" in [line.reason.code for line in scan.verdict.lines]


def test_a_mistyped_code_can_be_taken_back_and_says_why(desk: Laptop):
    inspection = desk.open("2-tablets")
    desk.examine(inspection, LABELS / "paracetamol-carton.png")
    wrong = typed(desk, inspection.id, "09521234000021")
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))
    assert standing_verdict(held) == "cannot_check"
    after = scanning.withdraw(
        desk.vault,
        scanning.WithdrawScan(inspection=inspection.id, scan=wrong.id, reason="Mistyped"),
    )
    assert standing_verdict(after) == "no_match"
    assert after.scans[1].withdrawn == "Mistyped"
    assert after.scans[1].screening == wrong.screening


def test_a_scan_with_a_hit_cannot_be_taken_back(desk: Laptop):
    inspection = desk.open("1-intermediate")
    scan = desk.examine(inspection, LABELS / "drum-7-of-12.png")
    with pytest.raises(scanning.ScanCounts):
        scanning.withdraw(
            desk.vault, scanning.WithdrawScan(inspection=inspection.id, scan=scan.id, reason="Oops")
        )


def test_an_old_list_cannot_be_withdrawn_away(tmp_path: Path):
    desk = laptop(tmp_path, hours_old=24 * 30)
    inspection = desk.open("2-tablets")
    wrong = typed(desk, inspection.id, "09521234000021")
    with pytest.raises(scanning.ScanCounts):
        scanning.withdraw(
            desk.vault, scanning.WithdrawScan(inspection=inspection.id, scan=wrong.id, reason="Oops")
        )
    desk.close()


def test_with_every_scan_withdrawn_nothing_was_checked(desk: Laptop):
    inspection = desk.open("2-tablets")
    assert standing_verdict(inspection) == "cannot_check"
    wrong = typed(desk, inspection.id, "hello")
    after = scanning.withdraw(
        desk.vault, scanning.WithdrawScan(inspection=inspection.id, scan=wrong.id, reason="Mistyped")
    )
    assert standing_verdict(after) == "cannot_check"


def test_a_scan_names_only_a_picture_that_was_kept_as_its_own(desk: Laptop, tmp_path: Path):
    inspection = desk.open("2-tablets").id
    photo = tmp_path / "lunch.jpg"
    photo.write_bytes(b"\xff\xd8\xff lunch")
    command = evidence.AttachEvidence(inspection=inspection, path=str(photo))
    (exhibit,) = evidence.attach(desk.vault, command).evidence
    symbol = Symbol(symbology="typed", aim="", text="KX", hex=b"KX".hex())
    screened = scanning.screen_code(desk.screener, scanning.ScreenCode(symbol=symbol))
    with pytest.raises(NotFound):
        scanning.remember(
            desk.vault,
            scanning.Remember(
                inspection=inspection, source="file", symbol=symbol, identified=screened.identified,
                screening=screened.screening, picture=exhibit.id,
            ),
        )  # fmt: skip
