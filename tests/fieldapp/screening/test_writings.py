"""Readings of a name that hides itself; a name that does not has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.screening.writings import writings


def listed(words):
    return dict.fromkeys({"golden", "star", "gold"} & set(words), 0.1)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("G o l d e n  S t a r", "Golden Star"),
        ("G o l d e n S t a r", "Golden Star"),
        ("G.o.l.d.e.n.S.t.a.r", "Golden Star"),
        ("Golden&nbsp;Star", "Golden\xa0Star"),
        ("\u202eratS nedloG\u202c Ltd", "Golden Star Ltd"),
    ],
)
def test_other_readings(written, read):
    assert writings(written, listed) == (read,)


@pytest.mark.parametrize(
    "name", ["Golden Star", "J. R. R. Tolkien", "A & B Trading", "AT&T; Co", "A B C Ltd", ""]
)
def test_an_ordinary_name_has_no_other_reading(name):
    assert writings(name, listed) == ()


@given(st.text(alphabet="ab .&;#\u202e\u202c\n1", max_size=200))
def test_any_text_is_read(text):
    assert all(other != text for other in writings(text, listed))
