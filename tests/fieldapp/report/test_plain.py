import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.report.plain import LIMIT, plain


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("<b>bold</b> & =CMD() &amp;", "<b>bold</b> & =CMD() &amp;"),
        ("प्राप्तकर्ता का नाम", "प्राप्तकर्ता का नाम"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),  # a joiner inside Devanagari is spelling
        ("a\u200db", "a[U+200D]b"),  # elsewhere it hides something
        ("invoice\u202efdp.exe", "invoice[U+202E]fdp.exe"),
        ("bell\x07 \x1b[31mred", "bell[U+0007] [U+001B][31mred"),
        ("line\r\nnext\rlast\ttab", "line\nnext\nlast tab"),
        ("no\u00a0break\u3000wide", "no break wide"),
        ("远昌 Co", "[YuanChang = U+8FDC U+660C] Co"),
        ("شركة", "[shrkh = U+0634 U+0631 U+0643 U+0629]"),
        ("\ue000", "[U+E000]"),
        ("\ud800", "[U+D800]"),
        ("p\u0336a\u0336y", "p[U+0336]a[U+0336]y"),  # nothing is struck out
        ("e\u0301" + "\u0301" * 4, "e\u0301\u0301\u0301[U+0301 U+0301]"),
        ("zero\u200bwidth\ufeff", "zero[U+200B]width[U+FEFF]"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_its_code(given_text, shown):
    assert plain(given_text) == shown


def test_a_long_text_is_cut_and_says_by_how_much():
    assert plain("x" * (LIMIT + 5)) == "x" * LIMIT + " … [+5]"
    assert plain("x" * LIMIT) == "x" * LIMIT


@settings(deadline=None)
@given(st.text())
def test_only_visible_characters_are_left(text):
    for char in plain(text):
        category = unicodedata.category(char)
        assert char == "\n" or char in "\u200c\u200d" or category[0] in "LMNPS" or char == " "


@settings(deadline=None)
@given(st.text())
def test_showing_twice_is_showing_once(text):
    assert plain(plain(text)) == plain(text)
