"""Codes typed under foreign keyboards, by simulated layouts and by those others recorded."""

import json

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.scan import calibration
from fieldapp.scan.calibration import CODE, GS, NOTHING, calibrate, restore
from tests.support.shared import shared_data

DATA = "]d2010950600013435210AB-12\x1d21xyZ!"


def typed(text: str, layout: dict[str, str]) -> str:
    """Type under a layout; a dead key (NUL and accent) before a space gives its accent and eats the space."""
    out, place = "", 0
    while place < len(text):
        token = layout.get(text[place], text[place])
        out += token
        place += 1
        if len(token) == 2 and place < len(text) and text[place] == " ":
            place += 1
    return out


def test_the_american_layout_fits() -> None:
    keyboard = calibrate("]d1" + CODE + "\r")
    assert keyboard.advice == ("layout-fits",)
    assert restore(keyboard, DATA + "\r") == calibration.Restored(text=DATA, sure=True)


def test_a_foreign_layout_is_undone() -> None:
    layout = {"y": "z", "z": "y", "Y": "Z", "Z": "Y", "-": "ß", "]": "+", "!": "'", "'": "!", GS: "\x1b"}
    keyboard = calibrate(typed("]d1" + CODE, layout))
    assert "layout-differs" in keyboard.advice
    assert restore(keyboard, typed(DATA, layout)).text == DATA


def test_dead_keys_alone_and_merged_with_the_next() -> None:
    layout = {"+": NOTHING + "`"}
    keyboard = calibrate(typed("]d1" + CODE, layout))
    assert "dead-keys" in keyboard.advice
    assert restore(keyboard, "12\0`P3").text == "12+P3"
    assert restore(keyboard, "12\0è3").text == "12+e3"


def test_caps_lock_and_a_dropped_separator_are_advised() -> None:
    assert "caps-lock" in calibrate(("]d1" + CODE).swapcase()).advice
    assert "no-separator" in calibrate(("]d1" + CODE).replace(GS, "")).advice


def test_two_origins_are_never_decided_in_silence() -> None:
    keyboard = calibrate(typed("]d1" + CODE, {"A": "x"}))
    assert "ambiguous" in keyboard.advice
    restored = restore(keyboard, "1x2")
    assert not restored.sure
    assert restored.places == (1,)


def test_anything_else_is_not_the_code() -> None:
    for text in ("", "hello", "]d2010950600013435210AB", "\0\0\0"):
        assert calibrate(text).advice == ("not-the-code",)
        assert not restore(calibrate(text), "abc").sure


@given(
    st.permutations([chr(code) for code in range(33, 127)]), st.text(st.sampled_from(list(DATA)), min_size=1)
)
def test_any_rearranged_keyboard_is_undone(keys: list[str], text: str) -> None:
    layout = dict(zip((chr(code) for code in range(33, 127)), keys, strict=True))
    restored = restore(calibrate(typed("]d1" + CODE, layout)), typed(text, layout))
    assert restored.sure
    assert restored.text == text


@given(st.text(max_size=300), st.text(max_size=60))
def test_nothing_makes_it_raise(code: str, text: str) -> None:
    restore(calibrate(code), text)


def test_recorded_layouts_are_restored_or_said_to_be_in_doubt() -> None:
    path = shared_data("keyboards", "typed_barcodes.jsonl")
    right = count = 0
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        restored = restore(calibrate(row["baseline"] or ""), row["typed"])
        assert restored.text == row["truth"] or not restored.sure, row["layout"]
        count += 1
        right += restored.sure
    assert right >= 0.9 * count
