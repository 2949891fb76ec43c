"""Fonts, icons and the style sheet: what must be there is there, with its licence."""

import pytest
from PySide6.QtGui import QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication

import resources
from ui import theme
from ui.widgets.buttons import Button


@pytest.mark.parametrize("look", theme.THEMES)
def test_the_style_sheet_has_no_empty_place(look: str):
    sheet = theme.style_sheet(theme.THEMES[look])  # type: ignore[index]
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_both_fonts_come_with_their_licences(qapp: QApplication):
    theme.load_fonts()
    for name, family in (("Inter", "Inter"), ("NotoSansDevanagari", "Noto Sans Devanagari")):
        assert "Open Font License" in resources.path("fonts", "ui", f"{name}-OFL.txt").read_text("utf-8")
        made = theme.font(15)
        made.setFamilies([family])
        assert QFontInfo(made).family() == family


def test_weights_are_the_fonts_own(qapp: QApplication):
    theme.load_fonts()
    words = "Consignee matches a watchlist entry"
    widths = [
        QFontMetrics(theme.font(18, weight)).horizontalAdvance(words) for weight in (400, 550, 650, 750)
    ]
    assert widths == sorted(set(widths))


def test_every_icon_has_one_colour_to_change_and_a_licence():
    drawings = sorted(resources.path("icons").glob("*.svg"))
    assert len(drawings) >= 40
    for file in drawings:
        assert b"currentColor" in file.read_bytes(), file
    assert "ISC" in resources.path("icons", "LICENSE").read_text("utf-8")


def test_a_change_of_theme_draws_icons_anew(qapp: QApplication):
    theme.wear(qapp, "light")
    button = Button("Picture", "image")

    def colours() -> set[str]:
        image = button.icon().pixmap(22, 22).toImage()
        points = ((x, y) for x in range(image.width()) for y in range(image.height()))
        return {image.pixelColor(*at).name() for at in points if image.pixelColor(*at).alpha() == 255}

    light = colours()
    theme.wear(qapp, "dark")
    assert colours() != light
    theme.wear(qapp, "light")
    assert colours() == light
