"""A banner in a low window is one line, so that what stands below it stays in sight."""

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tests.support.window import settle
from ui.widgets.banner import Banner


@pytest.mark.parametrize(("height", "folded"), [(600, True), (768, True), (800, True), (900, False)])
def test_it_folds_on_the_screens_of_small_laptops(qapp: QApplication, height: int, folded: bool) -> None:
    window = QWidget()
    banner = Banner("Close", window)
    QVBoxLayout(window).addWidget(banner)
    window.resize(1366, height)
    window.show()
    banner.show_alert("The list is old", "It was issued nine days ago. Load a newer one.", "warn")
    settle()
    assert banner.sentence.isHidden() is folded
    assert banner.unfold.isHidden() is not folded
    if folded:
        banner.unfold.click()
        assert not banner.sentence.isHidden()  # nothing is lost by folding
    window.close()
