"""A picture that is drawn on: strokes set by mouse or by keyboard, and taken back one by one.

The picture itself never changes; strokes are in ten-thousandths of its width and height.
"""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from fieldapp.scan.stroke import MOST, Shape, Stroke
from ui import theme

WHOLE = 10_000
STEP, FINE = 100, 10  # of an arrow key, and with Ctrl
SMALLEST = 60  # a shape dragged smaller than this was a slip of the mouse
INK, EDGE = QColor("#D60000"), QColor("#FFFFFF")
_WAYS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class PictureMarks(QWidget):
    """`strokes` are set, `pending` is the one being placed. `changed` says that either is another now."""

    changed = Signal()

    def __init__(self, picture: bytes, name: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QImage.fromData(picture)
        self._name = name
        self.strokes: tuple[Stroke, ...] = ()
        self.pending: Stroke | None = None
        self._shape: Shape = "arrow"
        self._words = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(480, 320)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._tell()

    def take_up(self, shape: Shape, *, begin: bool = False) -> None:
        """Draw this shape from now on; with `begin` put one in the middle."""
        self._shape = shape
        if begin:
            self._pend(Stroke(shape=shape, x1=4000, y1=4000, x2=6000, y2=5000 if shape == "text" else 6000))

    def write(self, words: str) -> None:
        """Take the words that a text stroke is to bear."""
        self._words = words
        self.update()

    def set_pending(self) -> None:
        """Set what is being placed; words need some."""
        made = self.pending
        if made is None or (made.shape == "text" and not self._words) or len(self.strokes) >= MOST:
            return
        words = self._words if made.shape == "text" else ""
        self.strokes = (*self.strokes, msgspec.structs.replace(made, text=words))
        self._pend(None)

    def let_go(self) -> None:
        """Forget what is being placed."""
        self._pend(None)

    def undo(self) -> None:
        """Take back what is being placed, else the last stroke."""
        if self.pending is None:
            self.strokes = self.strokes[:-1]
        self._pend(None)

    def _pend(self, stroke: Stroke | None) -> None:
        self.pending = stroke
        self._tell()
        self.update()
        self.changed.emit()

    def _tell(self) -> None:
        self.setAccessibleName(self._name(len(self.strokes)))

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, with Shift they size, with Ctrl finely; Enter sets; Backspace takes back."""
        way = _WAYS.get(Qt.Key(event.key()))
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if way is not None:
            if self.pending is None:
                self.take_up(self._shape, begin=True)
            size = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move(way, FINE if control else STEP, size=size)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            if not event.isAutoRepeat():
                self.set_pending()
        elif event.key() == Qt.Key.Key_Backspace:
            self.undo()
        else:
            super().keyPressEvent(event)

    def _move(self, way: tuple[int, int], step: int, *, size: bool) -> None:
        made = self.pending
        if made is None:
            return
        across, down = way[0] * step, way[1] * step
        if not size:  # a whole shape stops at the edge, and keeps its size
            across = max(-min(made.x1, made.x2), min(across, WHOLE - max(made.x1, made.x2)))
            down = max(-min(made.y1, made.y2), min(down, WHOLE - max(made.y1, made.y2)))
        moved = {"x2": _within(made.x2 + across), "y2": _within(made.y2 + down)}
        if not size:
            moved |= {"x1": made.x1 + across, "y1": made.y1 + down}
        self._pend(msgspec.structs.replace(made, **moved))

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin where the mouse is pressed."""
        self.setFocus()
        if event.button() == Qt.MouseButton.LeftButton and not self._picture.isNull():
            x, y = self._place_of(event.position().toPoint())
            self._pend(Stroke(shape=self._shape, x1=x, y1=y, x2=x, y2=y))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the other end."""
        if self.pending is not None and event.buttons() & Qt.MouseButton.LeftButton:
            x, y = self._place_of(event.position().toPoint())
            self._pend(msgspec.structs.replace(self.pending, x2=x, y2=y))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Set what was dragged; a click without a drag draws nothing."""
        made = self.pending
        if event.button() != Qt.MouseButton.LeftButton or made is None:
            return
        if max(abs(made.x2 - made.x1), abs(made.y2 - made.y1)) < SMALLEST:
            self.let_go()
        else:
            self.set_pending()

    def _room(self) -> QRect:
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        return QRect(left, top, max(1, size.width()), max(1, size.height()))

    def _place_of(self, point: QPoint) -> tuple[int, int]:
        room = self._room()
        across = (point.x() - room.left()) * WHOLE / room.width()
        down = (point.y() - room.top()) * WHOLE / room.height()
        return _within(round(across)), _within(round(down))

    # Picture

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, the strokes, and the one being placed in dashes."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room, worn = self._room(), theme.tokens()
        painter.fillRect(self.rect(), QColor(worn.sunken))
        painter.drawImage(room, self._picture)
        for stroke in sorted(self.strokes, key=lambda each: each.shape != "redact"):
            _draw(painter, stroke, room, stroke.text)
        if self.pending is not None:
            _draw(painter, self.pending, room, self._words or "…", pending=True)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(worn.focus), 3))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))


def _within(value: int) -> int:
    return max(0, min(WHOLE, value))


def _draw(painter: QPainter, stroke: Stroke, room: QRect, words: str, *, pending: bool = False) -> None:
    ends = [
        QPointF(room.left() + x * room.width() / WHOLE, room.top() + y * room.height() / WHOLE)
        for x, y in ((stroke.x1, stroke.y1), (stroke.x2, stroke.y2))
    ]
    box = QRectF(ends[0], ends[1]).normalized()
    if stroke.shape == "redact":
        painter.setPen(QPen(EDGE, 1, Qt.PenStyle.DashLine) if pending else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170 if pending else 255))
        painter.drawRect(box)
        return
    if stroke.shape == "text":
        _write(painter, box, words, pending=pending)
        return
    line = Qt.PenStyle.DashLine if pending else Qt.PenStyle.SolidLine
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((EDGE, 6), (INK, 3)):
        painter.setPen(QPen(colour, width, line))
        if stroke.shape == "box":
            painter.drawRect(box)
        elif stroke.shape == "circle":
            painter.drawEllipse(box)
        else:
            painter.drawPolyline(QPolygonF(ends))
            painter.setPen(QPen(colour, width))
            painter.drawPolyline(_head(ends[0], ends[1]))


def _write(painter: QPainter, box: QRectF, words: str, *, pending: bool) -> None:
    font = theme.font(max(10, round(box.height() * 0.62)), 650)
    painter.setFont(font)
    ground = QRectF(box)
    ground.setWidth(painter.fontMetrics().horizontalAdvance(words) + 8.0)
    painter.fillRect(ground, EDGE)
    painter.setPen(QPen(INK, 1, Qt.PenStyle.DashLine))
    if pending:
        painter.drawRect(ground)
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, words)


def _head(start: QPointF, end: QPointF) -> QPolygonF:
    """Return the two lines of an arrow's head."""
    back = start - end
    length = max(1.0, (back.x() ** 2 + back.y() ** 2) ** 0.5)
    along = back * (min(24.0, length * 0.4) / length)
    across = QPointF(-along.y(), along.x()) * 0.5
    return QPolygonF([end + along + across, end, end + along - across])
