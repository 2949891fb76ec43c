"""The sheet of keys (F1): everything that can be done without a mouse."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from fieldapp.text import say
from ui.widgets.buttons import Button
from ui.widgets.label import Label

KEYS: tuple[tuple[str, str], ...] = (
    ("F1", "keys.help"),
    ("Ctrl+1", "nav.home"),
    ("F2", "nav.scan"),
    ("F3", "nav.search"),
    ("F4", "nav.inspection"),
    ("F5", "act.hold"),
    ("F6", "act.refer"),
    ("F7", "act.release"),
    ("F8", "act.photo"),
    ("F9", "nav.report"),
    ("F10", "nav.outbox"),
    ("F11", "keys.outdoor"),
    ("F12", "keys.lock"),
    ("Ctrl+,", "nav.settings"),
    ("Ctrl+F", "keys.find"),
    ("Ctrl+Shift+F", "keys.filter"),
    ("Ctrl+T", "story.open"),
    ("Ctrl+Shift+E", "export.title"),
    ("Shift+↑ ↓", "keys.several"),
    ("Alt+1 … 6", "keys.sections"),
    ("Ctrl+N", "keys.finding"),
    ("Ctrl+S", "keys.save"),
    ("Ctrl+P", "keys.print"),
    ("Ctrl+E", "card.open-entry"),
    ("Ctrl+↵", "keys.finish"),
    ("Del", "withdraw.title"),
    ("Ctrl+K", "camera.open"),
    ("Ctrl+L", "camera.light.torch"),
    ("Ctrl+V", "keys.paste"),
    ("Ctrl+R", "outbox.send"),
    ("1 2 3", "judge.title"),
    ("Ctrl+Shift+C", "entry.copy"),
    ("Esc", "keys.back"),
    ("↑ ↓ ↵", "keys.lists"),
)
COLUMNS = 3


class KeySheet(QDialog):
    """Three columns of keys and what they do."""

    def __init__(self, parent: QWidget, language: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(say("keys.title", language))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 22)
        column.setSpacing(14)
        column.addWidget(Label(say("keys.title", language), "title"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(9)
        height = -(-len(KEYS) // COLUMNS)
        for number, (key, words) in enumerate(KEYS):
            row, side = number % height, number // height
            cap = Label(key, "key")
            cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
            cap.setMinimumWidth(max(64, cap.sizeHint().width()))
            grid.addWidget(cap, row, side * 3)
            grid.addWidget(Label(say(words, language)), row, side * 3 + 1)
        for side in range(1, COLUMNS):
            grid.setColumnMinimumWidth(side * 3 - 1, 24)
        column.addLayout(grid)
        close = Button(say("do.close", language))
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        close.setFocus()
