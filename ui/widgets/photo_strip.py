"""Photos side by side: thumbnails with their captions, which can be pressed to mark them."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QWidget

from ui import theme
from ui.widgets.card import Clear, clear
from ui.widgets.label import plain_tip


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """One photo: `picture` is a small JPEG or PNG made by the reader, empty while it is awaited."""

    id: str
    caption: str
    picture: bytes = b""


class _Thumb(QAbstractButton):
    """One thumbnail; pressed means "belongs to the finding". Enter or a double press opens it."""

    opened = Signal(str)

    def __init__(self, photo: Photo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.photo = photo
        self.setCheckable(True)
        self.setAccessibleName(photo.caption)
        self.setToolTip(plain_tip(photo.caption))
        self.setFixedSize(QSize(116, 96))
        self._pixmap = QPixmap()
        if photo.picture:
            self._pixmap.loadFromData(photo.picture)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Space presses, as on every button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit(self.photo.id)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open it, pressed as it was before."""
        self.toggle()
        self.opened.emit(self.photo.id)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw picture, caption, and a ring or tick."""
        del event
        worn = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRect(4, 4, self.width() - 8, self.height() - 32)
        painter.fillRect(room, QColor(worn.sunken))
        if self._pixmap.isNull():
            painter.drawPixmap(
                room.center().x() - 12, room.center().y() - 12, theme.drawing("image", worn.muted, 24)
            )
        else:
            scaled = self._pixmap.scaled(
                room.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            painter.drawPixmap(
                room.center().x() - scaled.width() // 2, room.center().y() - scaled.height() // 2, scaled
            )
        if self.isChecked() or self.hasFocus():
            painter.setPen(QPen(QColor(worn.focus if self.hasFocus() else worn.accent), 3))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 6, 6)
        if self.isChecked():
            painter.fillRect(QRect(room.left(), room.top(), 26, 26), QColor(worn.accent))
            painter.drawPixmap(room.left() + 3, room.top() + 3, theme.drawing("check", worn.on_accent, 20))
        font = theme.font(13)
        painter.setFont(font)
        painter.setPen(QColor(worn.text))
        words = QFontMetrics(font).elidedText(
            self.photo.caption, Qt.TextElideMode.ElideMiddle, self.width() - 10
        )
        foot = QRect(4, self.height() - 27, self.width() - 8, 24)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, words)


class PhotoStrip(QScrollArea):
    """The strip. `marked()` are the pressed photos' ids; `opened` carries the id of one."""

    changed = Signal()
    opened = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(112)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = Clear(spacing=8)
        self.setWidget(self._row)
        self._thumbs: list[_Thumb] = []

    def show_photos(self, photos: Sequence[Photo], marked: Sequence[str] = ()) -> None:
        """Show `photos` with those in `marked` pressed."""
        clear(self._row.body)
        self._thumbs = []
        for photo in photos:
            thumb = _Thumb(photo)
            thumb.setChecked(photo.id in marked)
            thumb.toggled.connect(self.changed)
            thumb.opened.connect(self.opened)
            self._row.body.addWidget(thumb)
            self._thumbs.append(thumb)
        self._row.body.addStretch(1)
        self.setVisible(bool(photos))

    def marked(self) -> tuple[str, ...]:
        """Return the ids of the pressed photos."""
        return tuple(thumb.photo.id for thumb in self._thumbs if thumb.isChecked())
