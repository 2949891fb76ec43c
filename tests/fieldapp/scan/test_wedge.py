"""Keystrokes as scanners and people make them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.scan.wedge import GS, Keystroke, Profile, Step, TypedCode, Wedge, as_symbol

DATA = "]d2010950600013435210AB\x1d21XY"


def strokes(text: str, gap: float = 8, start: float = 1000, end: bool = True) -> list[Keystroke]:
    """Type `text` with `gap` milliseconds between keys; GS as Ctrl+]."""
    made = []
    for number, character in enumerate(text):
        at = start + number * gap
        if character == GS:
            made.append(Keystroke(text=GS, key="]", control=True, at=at))
        else:
            made.append(Keystroke(text=character, key=character.lower(), shift=character.isupper(), at=at))
    if end:
        made.append(Keystroke(text="\r", key="return", at=start + len(text) * gap))
    return made


def run(wedge: Wedge, keys: list[Keystroke]) -> tuple[list[Step], str]:
    """Feed the keys; return the steps, and what a focused field would hold afterwards."""
    field, steps = "", []
    for key in keys:
        step = wedge.feed(key)
        steps.append(step)
        field += step.replay
        if step.retract:
            field = field[: len(field) - step.retract]
        if not step.swallow and key.text >= " ":
            field += key.text
    return steps, field


def codes(steps: list[Step]) -> list[TypedCode]:
    return [step.code for step in steps if step.code]


def test_a_scan_is_one_code_and_leaves_the_field_as_it_was() -> None:
    steps, field = run(Wedge(), strokes(DATA))
    assert [code.text for code in codes(steps)] == [DATA]
    assert field == ""
    assert steps[-1].swallow


def test_a_person_typing_is_left_alone() -> None:
    steps, field = run(Wedge(), strokes("acetic anhydride", gap=120))
    assert codes(steps) == []
    assert field == "acetic anhydride"
    assert not any(step.swallow for step in steps)


def test_a_short_fast_burst_is_given_back() -> None:
    steps, field = run(Wedge(), strokes("abcd"))
    assert codes(steps) == []
    assert field == "abcd"


def test_silence_ends_a_code_without_enter() -> None:
    wedge = Wedge()
    run(wedge, strokes(DATA, end=False))
    assert wedge.idle(1000 + len(DATA) * 8 + 50).code is None
    step = wedge.idle(1000 + len(DATA) * 8 + 150)
    assert step.code is not None
    assert step.code.text == DATA


def test_two_codes_without_enter_are_two() -> None:
    wedge = Wedge()
    steps, _ = run(wedge, strokes(DATA, end=False) + strokes(DATA, start=9000))
    assert [code.text for code in codes(steps)] == [DATA, DATA]


def separator(way: str, at: float) -> list[Keystroke]:
    return {
        "control text": [Keystroke(text=GS, key="]", control=True, at=at)],
        "control only": [Keystroke(text="", key="]", control=True, at=at)],
        "f8": [Keystroke(text="", key="f8", at=at)],
        "alt": [Keystroke(text="", key=digit, alt=True, at=at) for digit in "0029"],
        "alt typed": [Keystroke(text="", key=digit, alt=True, at=at) for digit in "029"]
        + [Keystroke(text=GS, key="", at=at)],
        "named": [Keystroke(text=character, key=character.lower(), at=at) for character in "{GS}"],
        "substitute": [Keystroke(text="|", key="|", at=at)],
    }[way]


@pytest.mark.parametrize(
    "way", ["control text", "control only", "f8", "alt", "alt typed", "named", "substitute"]
)
def test_the_separator_in_every_way(way: str) -> None:
    keys: list[Keystroke] = []
    for number, character in enumerate(DATA):
        at = 1000.0 + number * 8
        keys += separator(way, at) if character == GS else strokes(character, start=at, end=False)
    keys.append(Keystroke(text="\r", key="enter", at=1000.0 + len(DATA) * 8))
    (code,) = codes(run(Wedge(Profile(substitute="|")), keys)[0])
    assert code.text == DATA
    assert code.separators == 1


def test_shortcuts_inside_a_burst_are_swallowed() -> None:
    wedge = Wedge()
    run(wedge, strokes("]d2[)>", end=False))
    assert wedge.in_burst
    step = wedge.feed(Keystroke(text="\x04", key="d", control=True, at=1050))
    assert step.swallow


def test_caps_lock_is_noticed_and_undone() -> None:
    keys = [
        Keystroke(text=key.text.swapcase(), key=key.key, shift=key.shift, control=key.control, at=key.at)
        for key in strokes(DATA)
    ]
    (code,) = codes(run(Wedge(), keys)[0])
    assert code.caps_lock
    assert code.text == DATA


def test_bare_modifiers_do_not_break_a_burst() -> None:
    keys = []
    for key in strokes(DATA):
        keys += [Keystroke(text="", key="shift", at=key.at), key]
    (code,) = codes(run(Wedge(), keys)[0])
    assert code.text == DATA


def test_a_stalled_window_does_not_make_typing_a_scan() -> None:
    """Times are those of the events; that they are handled at once afterwards changes nothing."""
    steps, field = run(Wedge(), strokes("benzyl", gap=180))
    assert (codes(steps), field) == ([], "benzyl")


def test_the_symbol_of_a_typed_code() -> None:
    symbol = as_symbol(TypedCode(text=DATA))
    assert (symbol.aim, symbol.symbology, symbol.reader) == ("]d2", "DataMatrix", "wedge")
    assert bytes.fromhex(symbol.hex).decode() == DATA[3:]
    assert as_symbol(TypedCode(text="CSQU3054383")).symbology == "typed"


printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)


@given(printable, st.floats(1, 30))
def test_any_fast_text_comes_out_as_it_went_in(text: str, gap: float) -> None:
    text = "]C0" + text.replace("{", "").replace("<", "").replace("[", "")
    steps, field = run(Wedge(), strokes(text, gap=gap))
    assert [code.text for code in codes(steps)] == [text]
    assert field == ""


@given(
    st.lists(
        st.tuples(
            st.text(max_size=1),
            st.sampled_from(["", "a", "enter", "f8", "shift", "7"]),
            st.booleans(),
            st.booleans(),
            st.floats(0, 300),
        ),
        max_size=40,
    )
)
def test_no_keys_make_it_raise(keys: list[tuple[str, str, bool, bool, float]]) -> None:
    wedge, at = Wedge(), 0.0
    for text, key, control, alt, gap in keys:
        at += gap
        wedge.feed(Keystroke(text=text, key=key, control=control, alt=alt, at=at))
    wedge.idle(at + 1000)
    assert not wedge.in_burst
