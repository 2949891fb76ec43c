"""The paragraph with highlights: positions in code points, height for width, the look of markup as text."""

from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.facts import broken
from ui.widgets.highlighted import Highlighted, utf16
from ui.widgets.label import Elided, Label


@given(st.text(max_size=40), st.integers(0, 40))
def test_positions_count_as_qt_counts(text: str, position: int):
    position = min(position, len(text))
    assert utf16(text, position) == len(text[:position].encode("utf-16-le", "surrogatepass")) // 2


def test_it_grows_taller_as_it_gets_narrower(qapp: object):
    shown = Highlighted(
        "“Yuanchang Chem Tradng” is listed as an alias: “Yuan Chang Chemical Trading”", [(5, 10)]
    )
    assert shown.heightForWidth(200) > shown.heightForWidth(600) > 0
    assert shown.text() == shown.accessibleName()


def test_markup_stays_text(qapp: object):
    label = Label("<b>Acme</b> <img src=x>")
    plain = Label("(b)Acme(/b) (img src=x)")
    assert label.sizeHint().width() > plain.sizeHint().width() * 0.8
    assert label.text() == "<b>Acme</b> <img src=x>"


def test_a_shortened_label_keeps_its_whole_text_for_readers(qapp: object):
    label = Elided("Maharashtra State Warehousing Corporation, gate three")
    label.resize(80, 20)
    label.show()
    assert "…" in label.text()
    assert label.accessibleName() == "Maharashtra State Warehousing Corporation, gate three"
    assert label.toolTip() == label.accessibleName()


@given(st.text(max_size=80))
def test_breaking_long_words_loses_nothing(value: str):
    assert broken(value).replace("\u200b", "") == value.replace("\u200b", "")
