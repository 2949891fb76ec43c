"""One line of the reasons: its own mark, what was compared, how near it came, the differing letters."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.screening.verdict import Word
from fieldapp.substances.drawing import Drawing
from ui import theme
from ui.widgets.highlighted import Highlighted
from ui.widgets.label import Elided, Label
from ui.widgets.mark import Mark
from ui.widgets.structure import Structure


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """What a why line shows. `spans` are (start, end) in code points of `sentence`."""

    word: Word
    part: str
    degree: str = ""
    sentence: str
    spans: tuple[tuple[int, int], ...] = ()
    detail: str = ""
    says: str = ""  # the mark's meaning for a screen reader
    drawing: Drawing | None = None
    key: tuple[str, ...] = ()  # what the grounds of the drawing stand for


class WhyLine(QWidget):
    """Shows a `Why`."""

    def __init__(self, why: Why, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 8)
        row.setSpacing(12)
        mark = Mark(theme.VERDICTS[why.word].icon, why.word, 24, says=why.says)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Elided(why.part, "strong"), 1)
        head.addWidget(Label(why.degree, "muted"))
        column.addLayout(head)
        column.addWidget(Highlighted(why.sentence, why.spans))
        if why.detail:
            column.addWidget(Label(why.detail, "muted", wrap=True))
        if why.drawing is not None:
            column.addWidget(Structure(why.drawing, why.key))
        row.addLayout(column, 1)
