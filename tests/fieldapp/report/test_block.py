import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.report import fonts
from fieldapp.report.block import Text, break_lines, para
from fieldapp.report.plain import plain
from fieldapp.report.style import BODY

ROOM = 120.0
words = st.text(st.sampled_from("ab iW. कषक्िीप्र्रं श्री-/\n"), max_size=120)


def wide(line: str) -> float:
    return fonts.width(line, BODY.font) * BODY.size / 1000


@settings(deadline=None)
@given(words)
def test_no_line_is_wider_than_its_room(text):
    for line in break_lines(plain(text), BODY, ROOM):
        assert wide(line.rstrip(" ")) <= ROOM + 1


@settings(deadline=None)
@given(words)
def test_no_letter_is_lost_or_moved(text):
    said = plain(text)
    lines = break_lines(said, BODY, ROOM)
    assert "".join(lines) == said.replace("\n", "")


def test_a_word_wider_than_the_line_is_broken_between_letters_not_within_them():
    lines = break_lines("प्राप्तकर्ता" * 20, BODY, ROOM)
    assert len(lines) > 1
    assert not any(fonts.is_mark(line[0]) or line[0] in "ंः" for line in lines)
    assert not any(line.endswith("\u094d") for line in lines)


@pytest.mark.parametrize("text", ["x" * 20_000, "प्र" * 6_600, " " * 20_000, "\n" * 20_000, "a b " * 5_000])
def test_twenty_thousand_characters_are_laid_out(text):
    block = para(text)
    assert block.height(400) == len(block.lines(400)) * BODY.leading


def test_a_cut_keeps_every_line_and_at_least_two_on_either_side():
    block = para("word " * 200)
    total = block.lines(200)
    parts = block.cut(200, 5 * BODY.leading + 1)
    assert parts is not None
    head, rest = parts
    assert isinstance(head, Text)
    assert isinstance(rest, Text)
    assert head.lines(200) + rest.lines(200) == total
    assert len(head.lines(200)) == 5
    assert block.cut(200, BODY.leading * 1.5) is None
    assert para("one\ntwo\nthree").cut(200, 2 * BODY.leading) is None


def test_devanagari_is_shaped_into_fewer_glyphs():
    for text, glyphs in (("प्राप्तकर्ता", 8), ("क्ष", 1), ("श्री", 2)):
        assert len(fonts.shape(text, fonts.REGULAR)) == glyphs


def test_both_fonts_draw_the_same_characters_under_their_own_names():
    regular, strong = fonts.font(fonts.REGULAR), fonts.font(fonts.STRONG)
    assert regular.face.name != strong.face.name
    assert set(regular.face.charToGlyph) == set(strong.face.charToGlyph)


@pytest.mark.parametrize("room", [40.0, 60.0, 80.0])
def test_a_long_number_is_broken_after_a_mark_that_parts_it(room):
    number = "INS-2026-0412/17/12A"
    lines = break_lines(number, BODY, room)
    assert "".join(lines) == number
    assert len(lines) > 1
    assert all(line[-1] in "-/" for line in lines[:-1])
