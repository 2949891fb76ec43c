"""Settings of this laptop: language, look, sounds, scanner. Policy is headquarters' and only shown.

Every choice takes effect and is written at once; there is no Save button to forget.
"""

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSpinBox, QWidget

from fieldapp import settings as stored
from fieldapp.settings import Settings
from ui.jobs import Jobs
from ui.models.desk import Desk
from ui.screens.calibration import Calibration
from ui.screens.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.choice import Choice
from ui.widgets.facts import Facts
from ui.widgets.label import Label


class SettingsScreen(Screen):
    """`chosen` carries the new settings after they were written."""

    chosen = Signal(object)
    nouns = frozenset({"session"})

    def __init__(
        self, jobs: Jobs, desk: Desk, language: str, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, desk, language, parent)
        self.settings = settings
        head = self.title(self.say("settings.title"))
        self.about = Button(self.say("about.title"), "info")
        self.about.clicked.connect(lambda: self.go.emit("about"))
        head.addWidget(self.about)
        card = Card(spacing=14)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(14)
        grid.setColumnStretch(1, 1)
        self.tongue = Choice(
            self.say("settings.language"), [("en", "English"), ("hi", "हिन्दी")], settings.language
        )
        self.theme = Choice(
            self.say("settings.theme"),
            [(name, self.say(f"settings.theme.{name}")) for name in ("light", "dark", "outdoor")],
            settings.theme,
        )
        self.sounds = Choice(
            self.say("settings.sounds"),
            [("on", self.say("settings.on")), ("off", self.say("settings.off"))],
            "on" if settings.sounds else "off",
        )
        self.wedge = QSpinBox()
        self.wedge.setRange(10, 120)
        self.wedge.setValue(settings.wedge_ms)
        self.wedge.setSuffix(" ms")
        self.wedge.setMaximumWidth(160)
        self.wedge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.wedge.setAccessibleName(self.say("settings.wedge"))
        self.calibrate_button = Button("", "scan-line")
        self.calibrate_button.clicked.connect(self.calibrate)
        self._name_calibration()
        rows: tuple[tuple[str, QWidget], ...] = (
            ("settings.language", self.tongue),
            ("settings.theme", self.theme),
            ("settings.sounds", self.sounds),
            ("settings.keyboard", self.calibrate_button),
            ("settings.wedge", self.wedge),
        )
        for number, (key, control) in enumerate(rows):
            grid.addWidget(Label(self.say(key), "strong"), number, 0)
            grid.addWidget(control, number, 1, _beside(control))
        card.body.addLayout(grid)
        card.body.addWidget(Label(self.say("settings.wedge-hint"), "muted", wrap=True))
        self.page.addWidget(card)
        policy = Card(spacing=10)
        policy.body.addWidget(Label(self.say("settings.policy"), "heading"))
        self._policy = Facts(names=320)
        policy.body.addWidget(self._policy)
        self.page.addWidget(policy)
        self.page.addStretch(1)
        self.tongue.chosen.connect(lambda value: self._choose(language=value))
        self.theme.chosen.connect(lambda value: self._choose(theme=value))
        self.sounds.chosen.connect(lambda value: self._choose(sounds=value == "on"))
        self.wedge.editingFinished.connect(lambda: self._choose(wedge_ms=self.wedge.value()))
        desk.session_changed.connect(self.reload)

    def focus(self) -> None:
        """The first choice."""
        self.tongue.focus()

    def reload(self) -> None:
        """Show what headquarters' policy asks for."""
        session = self.desk.session
        if session is None:
            self._policy.show_facts(())
            return
        policy = session.policy
        self._policy.show_facts(
            (
                (
                    self.say("settings.headquarters"),
                    session.headquarters or self.say("settings.not-enrolled"),
                ),
                (
                    self.say("settings.list-limit"),
                    self.say("settings.days", count=round(policy.list_max_age_hours / 24)),
                ),
                (self.say("settings.idle"), self.say("settings.minutes", count=policy.idle_lock_minutes)),
                (
                    self.say("settings.second"),
                    self.say("do.yes" if policy.release_needs_second else "do.no"),
                ),
            )
        )

    def calibrate(self) -> None:
        """Open the calibration of a scanner that types."""
        dialog = Calibration(self, self.settings)
        dialog.mapped.connect(lambda origins: self._choose(keyboard=origins))
        dialog.open()

    def _name_calibration(self) -> None:
        done = "settings.calibrate-again" if self.settings.keyboard else "settings.calibrate"
        self.calibrate_button.setText(self.say(done))

    def take(self, settings: Settings) -> None:
        """Show settings that were changed elsewhere (F11)."""
        self.settings = settings
        self.theme.choose(settings.theme)

    def _choose(self, **changes: object) -> None:
        new = msgspec.structs.replace(self.settings, **changes)
        if new == self.settings:
            return
        try:
            stored.save(new)
        except OSError:
            self.banner.show_alert(self.say("alert.situation"), self.say("settings.not-written"), "warn")
            return
        self.settings = new
        self._name_calibration()
        self.chosen.emit(new)


def _beside(control: QWidget) -> Qt.AlignmentFlag:
    """A button is as wide as its words; the other controls fill their cell."""
    return Qt.AlignmentFlag.AlignLeft if isinstance(control, Button) else Qt.AlignmentFlag(0)
