"""The camera on the scan station: its picture, what it sees in words, and what to do when it fails.

Promises: a camera that is missing, busy or pulled out is a sentence with Retry and the cameras there are. A
code that is seen but not yet certain is said to be so.
"""

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from fieldapp.actions import filming
from fieldapp.actions.filming import CameraList, ListCameras, OpenCamera, Sighting
from fieldapp.text import say
from fieldapp.worker import Failure
from ui import alerts
from ui.camera import CameraView
from ui.jobs import Jobs
from ui.widgets.buttons import Button
from ui.widgets.card import Card, Clear
from ui.widgets.choice import Choice
from ui.widgets.label import Label


class CameraCard(Card):
    """Opened and closed by `button`. `found` carries confirmed codes. `stand_in` is a picture or
    video in place of a camera.
    """

    found = Signal(object)

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
        self.body.addWidget(self.view)
        self.body.addWidget(self.words)
        self.body.addWidget(self._trouble)
        self.hide()
        self._name_button()

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
        certain = [symbol for symbol in sighting.symbols if symbol.confirmed]
        if len(certain) < len(sighting.symbols):
            key = "camera.unsure"
        else:
            key = "camera.taken" if certain else "camera.aim"
        words = say(key, self._language, count=len(certain))
        if words != self.words.text():
            self.words.setText(words)

    def _failed(self, failure: Failure) -> None:
        self.view.hide()
        alerts.keep_trace(failure)
        self.words.setText(alerts.explain(failure, self._language).sentence)
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
        self.open_camera()

    def _clear_list(self) -> None:
        if self._cameras is not None:
            self._cameras.hide()
            self._cameras.deleteLater()
            self._cameras = None
