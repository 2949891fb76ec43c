"""Settings of this laptop: language, look, sounds, scanners. Policy is headquarters' and only shown.

Every choice takes effect and is written at once; there is no Save button to forget. A scanner that types is
added by calibrating it and kept under its name; one on a serial port is chosen by its port.
"""

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSpinBox, QWidget

from fieldapp import settings as stored
from fieldapp.actions import listening
from fieldapp.actions.listening import ListPorts, PortList
from fieldapp.settings import Scanner, Settings
from ui.jobs import REFRESH, Jobs
from ui.models.desk import Desk
from ui.models.naming import printable
from ui.screens import passphrase
from ui.screens.calibration import Calibration
from ui.screens.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.card import Card, Clear
from ui.widgets.choice import Choice
from ui.widgets.dropdown import Dropdown
from ui.widgets.facts import Facts
from ui.widgets.label import Elided, Label


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
        self.passphrase = Button(self.say("passphrase.change"), "key-round")
        self.passphrase.clicked.connect(lambda: passphrase.change(self))
        self.health = Button(self.say("health.title"), "shield-check")
        self.health.clicked.connect(lambda: self.go.emit("health"))
        for button in (self.passphrase, self.health, self.about):
            head.addWidget(button)
        card = Card(spacing=8)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
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
        rows: tuple[tuple[str, QWidget], ...] = (
            ("settings.language", self.tongue),
            ("settings.theme", self.theme),
            ("settings.sounds", self.sounds),
            ("settings.scanner", self._scanners()),
            ("settings.port", self._ports()),
            ("settings.wedge", self.wedge),
        )
        for number, (key, control) in enumerate(rows):
            grid.addWidget(Label(self.say(key), "strong"), number, 0)
            grid.addWidget(control, number, 1)
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
        self.scanner.activated.connect(lambda _row: self._choose(scanner=self.scanner.currentData()))
        self.port.activated.connect(lambda _row: self._choose(port=self.port.currentData()))
        self._fill_scanners()
        self._fill_ports(PortList())
        desk.session_changed.connect(self.reload)

    def _scanners(self) -> QWidget:
        """The calibrated scanners by name, and how to add or remove one."""
        row = Clear()
        self.scanner = Dropdown(self.say("settings.scanner"))
        self.scanner.setMinimumWidth(260)
        self.calibrate_button = Button(self.say("settings.calibrate"), "scan-line")
        self.calibrate_button.clicked.connect(self.calibrate)
        self.remove_button = Button(self.say("settings.scanner-remove"), "undo")
        self.remove_button.clicked.connect(self._remove_scanner)
        for each in (self.scanner, self.calibrate_button, self.remove_button):
            row.body.addWidget(each)
        row.body.addStretch(1)
        return row

    def _ports(self) -> QWidget:
        """The serial ports, and how the chosen one stands."""
        row = Clear()
        self.port = Dropdown(self.say("settings.port"))
        self.port.setMinimumWidth(260)
        self.look_button = Button(self.say("settings.port-look"), "refresh-cw")
        self.look_button.clicked.connect(self.look_for_ports)
        self.port_words = Elided("", "muted")
        row.body.addWidget(self.port)
        row.body.addWidget(self.look_button)
        row.body.addWidget(self.port_words, 1)
        return row

    def _fill_scanners(self) -> None:
        self.scanner.clear()
        self.scanner.addItem(self.say("settings.scanner-as-typed"), "")
        for each in self.settings.scanners:
            self.scanner.addItem(printable(each.name), each.name)
        self.scanner.setCurrentIndex(max(0, self.scanner.findData(self.settings.scanner)))
        self.remove_button.setEnabled(bool(self.settings.scanner))

    def _fill_ports(self, found: PortList) -> None:
        """Offer what is there, and the chosen port though it be absent."""
        chosen = self.settings.port
        self.port.clear()
        self.port.addItem(self.say("settings.port-none"), "")
        for each in found.ports:
            more = "" if each.description in ("", "n/a", each.name) else f"  {printable(each.description)}"
            self.port.addItem(f"{printable(each.name)}{more}", each.name)
        if chosen and self.port.findData(chosen) < 0:
            self.port.addItem(self.say("settings.port-absent", port=printable(chosen)), chosen)
        self.port.setCurrentIndex(max(0, self.port.findData(chosen)))

    def look_for_ports(self) -> None:
        """Ask which ports there are now."""
        self.run(listening.list_ports, ListPorts(), self._fill_ports, priority=REFRESH)

    def show_port(self, port: str, state: str) -> None:
        """Say how the chosen port stands."""
        self.port_words.setText(self.say(f"port.{state}", port=printable(port)) if state != "off" else "")

    def enter(self) -> None:
        """Look for ports: a scanner may have been plugged in since."""
        super().enter()
        self.look_for_ports()

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
        dialog.mapped.connect(self._keep_scanner)
        dialog.open()

    def _keep_scanner(self, scanner: Scanner, before: str) -> None:
        """Keep a calibrated scanner in place of its namesake or its former self, and use it."""
        others = tuple(each for each in self.settings.scanners if each.name not in (before, scanner.name))
        self._choose(scanners=(*others, scanner), scanner=scanner.name)

    def _remove_scanner(self) -> None:
        rest = tuple(each for each in self.settings.scanners if each.name != self.settings.scanner)
        self._choose(scanners=rest, scanner="")
        self.scanner.setFocus()

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
        self._fill_scanners()
        self.chosen.emit(new)
