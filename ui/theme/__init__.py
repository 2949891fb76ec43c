"""Colours, sizes, fonts and icons: three themes as tokens, and the one style sheet made from them.

Promises: text on its ground has a contrast of at least 7:1, borders of controls and the focus ring at
least 3:1, in light, dark and outdoor (WCAG 2.2; a test computes them). The four verdicts look the same in
every theme. Icons are Lucide drawings in the colour of a token; a change of theme redraws them.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QCoreApplication, QRectF, QSize, Qt, QTranslator
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

import resources
from fieldapp import text
from fieldapp.settings import Theme
from ui.theme.sheet import style_sheet
from ui.theme.tokens import THEMES, VERDICTS, Look, Part, Tokens

__all__ = [
    "MAIN_TARGET", "TARGET", "THEMES", "VERDICTS", "Look", "Part", "StandardWords", "Tokens", "current",
    "drawing", "dress", "font", "kind", "load_fonts", "redress", "speak", "style_sheet", "tokens", "wear",
]  # fmt: skip

TARGET = 44  # logical pixels: nothing to press is smaller
MAIN_TARGET = 54
FAMILIES = ("Inter", "Noto Sans Devanagari")

# Size in logical pixels and weight of each kind of text. Set on the widgets and not in the style sheet:
# a style sheet picks a font by weight and gets a smeared copy of the regular one, not the font's own axis.
FONTS = {
    "word": (36, 750), "figure": (26, 650), "title": (24, 650), "sentence": (18, 550), "heading": (17, 650),
    "scan": (20, 500), "number": (16, 650), "place": (14, 400), "body": (15, 400), "strong": (15, 650),
    "next": (15, 600), "error": (15, 600), "muted": (14, 400), "code": (14, 500), "aside": (14, 600),
    "practice": (14, 650), "key": (12, 650), "action": (16, 650), "primary": (16, 650), "danger": (16, 650),
    "small": (15, 600), "primary-small": (15, 600), "chip": (14, 600), "chip-ok": (14, 600),
    "chip-warn": (14, 600), "choice": (15, 600),
}  # fmt: skip


class StandardWords(QTranslator):
    """The words Qt says by itself (Cut, Paste, the file dialog), in the language of the window.

    Qt ships no Hindi; the catalogue has them under `qt.<English words>`.
    """

    tongue = "en"

    def translate(
        self, context: str, source_text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Return our words for Qt's `source_text`, or nothing, which leaves Qt's own."""
        del context, disambiguation, n
        if self.tongue == "en":
            return None
        key = "qt." + source_text.replace("&", "").rstrip(".:… ").lower().replace(" ", "-")
        return text.say(key, self.tongue) if text.has(key, self.tongue) else None

    def isEmpty(self) -> bool:
        """Tell Qt that there is something to ask for."""
        return False


class _Worn:
    """What is worn now. The one piece of state of this package: a program has one look at a time."""

    name: Theme = "light"
    words: StandardWords | None = None
    fonts_loaded = False


def current() -> Theme:
    """Return the name of the theme worn now."""
    return _Worn.name


def tokens() -> Tokens:
    """Return the tokens of the theme worn now."""
    return THEMES[_Worn.name]


def load_fonts() -> None:
    """Make the window's two fonts known to Qt, once a process."""
    if not _Worn.fonts_loaded:
        for name in ("Inter.ttf", "NotoSansDevanagari.ttf"):
            QFontDatabase.addApplicationFont(str(resources.path("fonts", "ui", name)))
        _Worn.fonts_loaded = True


def wear(app: QApplication, name: Theme) -> None:
    """Dress the whole application in theme `name`, icons included."""
    load_fonts()
    _Worn.name = name
    app.setStyle("Fusion")
    app.setFont(font(15))
    app.setPalette(_palette(tokens()))
    app.setStyleSheet(style_sheet(tokens()))
    for widget in app.allWidgets():
        redress(widget)
        widget.update()


def speak(language: str) -> None:
    """Set the language of Qt's own words."""
    app = QCoreApplication.instance()
    assert app is not None
    if _Worn.words is None:
        _Worn.words = StandardWords()
    else:
        app.removeTranslator(_Worn.words)
    _Worn.words.tongue = language
    app.installTranslator(_Worn.words)


def font(size: int, weight: int = 400) -> QFont:
    """Return the window's font at `size` logical pixels and `weight` (100 to 900)."""
    made = QFont(list(FAMILIES))
    made.setPixelSize(size)
    made.setVariableAxis(QFont.Tag("wght"), weight)
    made.setVariableAxis(QFont.Tag("opsz"), min(32, max(14, size)))
    return made


def kind(widget: QWidget, name: str) -> None:
    """Say what `widget` is, so that it gets its font and its part of the style sheet; may change later."""
    widget.setProperty("kind", name)
    if name in FONTS:
        widget.setFont(font(*FONTS[name]))
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


@lru_cache(maxsize=512)
def drawing(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return the icon `name` in `colour`, `size` logical pixels wide, for a screen of `ratio`."""
    svg = resources.path("icons", f"{name}.svg").read_bytes().replace(b"currentColor", colour.encode("ascii"))
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def dress(button: QAbstractButton, icon: str, tone: str = "text", size: int = 22) -> None:
    """Give `button` an icon in the colour of the token `tone` (or a #RRGGBB of its own)."""
    button.setProperty("drawing", icon)
    button.setProperty("drawing_tone", tone)
    button.setProperty("drawing_size", size)
    redress(button)


def redress(widget: QWidget) -> None:
    """Draw the icon of `widget` again in the theme worn now, if it has one."""
    name = widget.property("drawing")
    if not name or not isinstance(widget, QAbstractButton):
        return
    size, tone = int(widget.property("drawing_size")), str(widget.property("drawing_tone"))
    colour = tone if tone.startswith("#") else str(getattr(tokens(), tone))
    icon = QIcon()
    for ratio in (1.0, 2.0):
        icon.addPixmap(drawing(name, colour, size, ratio))
        icon.addPixmap(drawing(name, tokens().muted, size, ratio), QIcon.Mode.Disabled)
    widget.setIcon(icon)
    widget.setIconSize(QSize(size, size))


def _palette(worn: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, worn.bg), (role.WindowText, worn.text), (role.Base, worn.surface),
        (role.AlternateBase, worn.sunken), (role.Text, worn.text), (role.Button, worn.surface),
        (role.ButtonText, worn.text), (role.Highlight, worn.accent), (role.HighlightedText, worn.on_accent),
        (role.ToolTipBase, worn.surface), (role.ToolTipText, worn.text), (role.PlaceholderText, worn.muted),
        (role.Link, worn.accent),
    ):  # fmt: skip
        palette.setColor(which, QColor(colour))
    return palette
