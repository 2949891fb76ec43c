"""A calm list: two lines a row, a mark before and a word after. Arrows move, Enter opens. Where many may be
chosen, Shift and Ctrl with the arrows or a click choose, and Ctrl+Space takes one in or out.

Rows come from a model that answers the roles of `theme.Part`; the list knows nothing of what they are. Long
words end in an ellipsis and stand whole in the tool tip and in the accessible text.
"""

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QSizePolicy,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui import theme
from ui.theme import Part
from ui.widgets.empty_state import EmptyState

ROW = 58


class _Painter(QStyledItemDelegate):
    """Draws one row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows are alike."""
        del option, index
        return QSize(200, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw ground, mark, two lines and the trailing words."""
        worn = theme.tokens()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(rect, QColor(worn.accent_soft))
            painter.fillRect(QRect(rect.left(), rect.top(), 5, rect.height()), QColor(worn.accent))
        painter.fillRect(
            QRect(rect.left(), rect.bottom() - worn.line_width + 1, rect.width(), worn.line_width),
            QColor(worn.line),
        )
        self._tie(painter, rect, str(index.data(Part.TIE) or ""))
        left = rect.left() + 14
        icon = index.data(Part.ICON)
        if icon:
            colour = str(getattr(worn, str(index.data(Part.TONE) or "text")))
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(left, rect.center().y() - 11, theme.drawing(str(icon), colour, 22, ratio))
            left += 34
        right = rect.right() - 14
        trailing = str(index.data(Part.TRAILING) or "")
        if trailing:
            small = theme.font(14)
            width = min(QFontMetrics(small).horizontalAdvance(trailing) + 2, rect.width() // 2)
            painter.setFont(small)
            painter.setPen(QColor(worn.muted))
            place = QRect(right - width, rect.top(), width, rect.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, trailing)
            right -= width + 12
        self._lines(painter, QRect(left, rect.top() + 8, max(20, right - left), rect.height() - 16), index)
        painter.restore()

    def _tie(self, painter: QPainter, rect: QRect, tie: str) -> None:
        """Draw a bracket down the left of rows that belong together."""
        if not tie:
            return
        middle, left = rect.center().y(), rect.left() + 8
        top = middle if tie == "first" else rect.top()
        foot = middle if tie == "last" else rect.bottom() + 1
        painter.setPen(QPen(QColor(theme.tokens().line_strong), 2))
        painter.drawLine(left, top, left, foot)
        if tie != "middle":
            painter.drawLine(left, middle, left + 5, middle)

    def _lines(self, painter: QPainter, room: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        worn = theme.tokens()
        title, subtitle = str(index.data() or ""), str(index.data(Part.SUBTITLE) or "")
        half = room.height() // 2
        first = QRect(room.left(), room.top(), room.width(), half if subtitle else room.height())
        for words, place, font, colour in (
            (title, first, theme.font(15, 600), worn.text),
            (subtitle, QRect(room.left(), room.top() + half, room.width(), half), theme.font(14), worn.muted),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            cut = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)


class _View(QListView):
    """The list itself; Enter and double click open a row."""

    chosen = Signal(QModelIndex)
    clicked_plainly = Signal(QModelIndex)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the row that was clicked, unless the click only chose it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.clicked_plainly.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the row on Enter; leave Tab to the window."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            if not event.isAutoRepeat():
                self.chosen.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class RowList(QWidget):
    """A list over `model`, or its empty state. `opened` and `moved` carry the row's `Part.VALUE`; `near_end`
    says that the last rows are nearly in sight. With `many`, several rows may be chosen.
    """

    opened = Signal(object)
    moved = Signal(object)
    near_end = Signal()

    def __init__(
        self,
        name: str,
        model: QAbstractItemModel,
        empty: EmptyState,
        parent: QWidget | None = None,
        *,
        many: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self.view = _View()
        self.view.setAccessibleName(name)
        self.view.setModel(model)
        self.view.setItemDelegate(_Painter(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setTabKeyNavigation(False)
        self.view.setMinimumHeight(ROW)
        self.empty = empty
        # A list that may be low must not be held high by the words it shows while it is empty.
        empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        self.view.chosen.connect(self._open)
        self.view.clicked_plainly.connect(self._open)
        if many:
            self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.view.selectionModel().currentChanged.connect(self._moved)
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._refresh)
        self._refresh()

    def hasHeightForWidth(self) -> bool:
        """Take any height: a scroll area would otherwise give the height that the empty state likes best."""
        return False

    def select(self, row: int, *, quietly: bool = False) -> None:
        """Put the cursor on `row`; `quietly` for one who shows it already."""
        before = self.blockSignals(quietly or self.signalsBlocked())
        self.view.setCurrentIndex(self.view.model().index(row, 0))
        self.blockSignals(before)

    def current(self) -> object:
        """Return the value of the row under the cursor, the first where there is no cursor."""
        index = self.view.currentIndex()
        return (index if index.isValid() else self.view.model().index(0, 0)).data(Part.VALUE)

    def selected(self) -> tuple[Any, ...]:
        """Return the values of the rows chosen, from the top."""
        chosen = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return tuple(self.view.model().index(row, 0).data(Part.VALUE) for row in chosen)

    def _scrolled(self, value: int) -> None:
        bar = self.view.verticalScrollBar()
        if value > bar.maximum() - 2 * bar.pageStep():
            self.near_end.emit()

    def _refresh(self) -> None:
        self._stack.setCurrentWidget(self.view if self.view.model().rowCount() else self.empty)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(Part.VALUE))

    def _moved(self, index: QModelIndex) -> None:
        if index.isValid():
            self.moved.emit(index.data(Part.VALUE))
