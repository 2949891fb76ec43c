"""The camera on the scan station: its picture, what it sees in words, and what to do when it fails.

Promises: a camera that is missing, busy or pulled out is a sentence with Retry and the cameras there are. A
code that is seen but not yet certain is said to be so. Light and picture size are offered where the driver
takes them, and nowhere else.
"""

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from fieldapp.actions import filming
from fieldapp.actions.filming import AdjustCamera, CameraList, ListCameras, OpenCamera, Sighting
from fieldapp.scan.abilities import CameraAbilities, CameraWish
from fieldapp.text import say
from fieldapp.worker import Failure
from ui import alerts
from ui.camera import CameraView
from ui.jobs import Jobs
from ui.widgets.buttons import Button
from ui.widgets.card import Card, Clear
from ui.widgets.choice import Choice
from ui.widgets.dropdown import Dropdown
from ui.widgets.label import Label


class CameraCard(Card):
    """Opened and closed by `button`. `found` carries an arrival of confirmed codes, `chosen` the number of a
    camera that was picked. `stand_in` is a picture or video in place of a camera.
    """

    found = Signal(object)
    chosen = Signal(int)

    def __init__(self, jobs: Jobs, language: str, button: Button, parent: QWidget | None = None) -> None:
        super().__init__(margin=10, spacing=8, parent=parent)
        self._jobs, self._language, self._button = jobs, language, button
        button.setAccessibleDescription("Ctrl+K")
        button.clicked.connect(self.toggle)
        self.stand_in = ""
        self.index = 0
        self.view = CameraView(jobs, say("camera.view", language))
        self.view.seen.connect(self._tell)
        self.view.found.connect(self.found)
        self.view.failed.connect(self._failed)
        self.words = Label("", "strong", wrap=True)
        self._trouble = Clear(row=False, spacing=8)
        self.retry = Button(say("camera.retry", language), "refresh-cw")
        self.retry.clicked.connect(self.open_camera)
        self._trouble.body.addWidget(self.retry)
        self._cameras: Choice | None = None
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(8)
        said = Clear(row=False, spacing=8)
        said.body.addWidget(self.words)
        said.body.addWidget(self._trouble)
        said.body.addWidget(self._wishes())
        self._row.addWidget(self.view)
        self._row.addWidget(said, 1)
        self.body.addLayout(self._row)
        self.hide()
        self._name_button()

    def _wishes(self) -> QWidget:
        """Light, picture size, another camera."""
        self._asked = False
        self._abilities = CameraAbilities()
        row = self._options = Clear(spacing=8)
        self.light = Button("", "sun")
        self.light.setCheckable(True)
        self.light.setAccessibleDescription("Ctrl+L")
        self.light.clicked.connect(lambda on: self._adjust(CameraWish(light=on)))
        self.size_list = Dropdown(say("camera.size", self._language))
        self.size_list.activated.connect(
            lambda _row: self._adjust(CameraWish(size=self.size_list.currentData()))
        )
        self.other = Button("", "refresh-cw")
        self.other.setAccessibleName(say("camera.other", self._language))
        self.other.setToolTip(say("camera.other", self._language))
        self.other.clicked.connect(self._look_for_others)
        for each in (self.light, self.size_list, self.other):
            row.body.addWidget(each)
        row.body.addStretch(1)
        row.hide()
        return row

    def toggle(self) -> None:
        """Open the camera, or close it."""
        if self.isHidden():
            self.open_camera()
        else:
            self.close_camera()

    def open_camera(self) -> None:
        """Show the card and open the camera."""
        self._clear_list()
        self._trouble.hide()
        self._options.hide()
        self._asked = False
        self.view.show()
        self.words.setText(say("camera.opening", self._language))
        self.show()
        self._name_button()
        self.view.start(OpenCamera(index=self.index, path=self.stand_in))

    def close_camera(self) -> None:
        """Let go of the camera and go away."""
        self.view.stop()
        self.hide()
        self._name_button()

    def fold(self, *, beside: bool) -> None:
        """Put the words beside the picture, or below it."""
        way = QBoxLayout.Direction
        self._row.setDirection(way.LeftToRight if beside else way.TopToBottom)
        self.view.fold(beside)
        margin = 6 if beside else 10
        self.body.setContentsMargins(margin, margin, margin, margin)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another screen is in front: the camera is closed, and stays so until it is asked for."""
        super().hideEvent(event)
        if not self.isHidden():
            self.close_camera()

    def _name_button(self) -> None:
        words = say("camera.open" if self.isHidden() else "camera.close", self._language)
        self._button.setAccessibleName(words)
        self._button.setToolTip(f"{words}  Ctrl+K")

    def _tell(self, sighting: Sighting) -> None:
        if not self._asked:
            self._asked = True
            self._adjust(CameraWish())
        certain = [symbol for symbol in sighting.symbols if symbol.confirmed]
        if len(certain) < len(sighting.symbols):
            key = "camera.unsure"
        else:
            key = "camera.taken" if certain else "camera.aim"
        words = say(key, self._language, count=len(certain))
        if words != self.words.text():
            self.words.setText(words)

    def _adjust(self, wish: CameraWish) -> None:
        """Ask for light or size, or only what there is; a camera that went away says so by itself."""

        def answered(abilities: CameraAbilities) -> None:
            if shiboken6.isValid(self) and self.view.running:
                self._show_abilities(abilities)

        self._jobs.run(
            filming.adjust_camera, AdjustCamera(wish=wish), done=answered, failed=lambda _failure: None
        )

    def _show_abilities(self, can: CameraAbilities) -> None:
        self._abilities = can
        words = say(f"camera.light.{can.light}", self._language)
        self.light.setVisible(can.light != "none")
        self.light.setAccessibleName(words)
        self.light.setToolTip(f"{words}  Ctrl+L")
        self.light.setChecked(can.lit)
        self.size_list.clear()
        for size in can.sizes:
            self.size_list.addItem(f"{size[0]} × {size[1]}", size)
        self.size_list.setCurrentIndex(self.size_list.findData((can.width, can.height)))
        self.size_list.setVisible(len(can.sizes) > 1)
        self._options.show()

    def _look_for_others(self) -> None:
        """Let go of this camera and list all there are."""
        self.view.stop()
        self._show_trouble(say("camera.choose", self._language))

    def _failed(self, failure: Failure) -> None:
        alerts.keep_trace(failure)
        self._show_trouble(alerts.explain(failure, self._language).sentence)

    def _show_trouble(self, words: str) -> None:
        """Say what is to be done, and offer the cameras that answer."""
        self.view.hide()
        self._options.hide()
        self.words.setText(words)
        self._trouble.show()
        self.retry.setFocus()

        def listed(found: CameraList) -> None:
            if shiboken6.isValid(self) and not self.view.running:
                self._offer(found)

        self._jobs.run(filming.list_cameras, ListCameras(), done=listed)

    def _offer(self, found: CameraList) -> None:
        self._clear_list()
        if not found.cameras:
            return
        name = say("camera.list", self._language)
        options = [
            (str(each.index), say("camera.one", self._language, number=each.index + 1))
            for each in found.cameras
        ]
        self._cameras = Choice(name, options)
        self._cameras.chosen.connect(self._choose)
        self._trouble.body.addWidget(self._cameras)

    def _choose(self, index: str) -> None:
        self.index, self.stand_in = int(index), ""
        self.chosen.emit(self.index)
        self.open_camera()

    def _clear_list(self) -> None:
        if self._cameras is not None:
            self._cameras.hide()
            self._cameras.deleteLater()
            self._cameras = None
