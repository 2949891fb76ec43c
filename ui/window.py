"""The window's frame: header, left rail, banner of practice; it switches screens and knows no rule.

Locking comes first: F12, idleness, sleep, a locked screen and a lost worker all end in the same place:
keys gone, dialogs closed, desk cleared, clipboard emptied of what we put there, the unlock screen in front.
"""

import contextlib

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from fieldapp import settings as stored
from fieldapp import text
from fieldapp.actions.provisioning import Unlocked
from fieldapp.inspection.scan import Caught
from fieldapp.settings import Settings, Theme
from fieldapp.vault.health import WRITE_STOPS, Fault
from fieldapp.worker import Failure
from ui import alerts, theme
from ui.idleness import Idleness
from ui.idleness.signs import Signs
from ui.jobs import Jobs
from ui.models.desk import Desk
from ui.port import PortReader
from ui.screens import second
from ui.screens.about import AboutScreen
from ui.screens.checklist import ChecklistScreen
from ui.screens.decision import DecisionScreen
from ui.screens.exchange import Exchange
from ui.screens.findings import FindingsScreen
from ui.screens.heading import show_heading
from ui.screens.health import HealthScreen
from ui.screens.home import HomeScreen
from ui.screens.keys import KeySheet
from ui.screens.outbox import OutboxScreen
from ui.screens.papers import PapersScreen
from ui.screens.people import PeopleScreen
from ui.screens.report import ReportScreen
from ui.screens.rescreen import Rescreening
from ui.screens.samples import SamplesScreen
from ui.screens.scan import ScanScreen
from ui.screens.screen import Screen, close_dialogs
from ui.screens.search import SearchScreen
from ui.screens.section import SECTIONS
from ui.screens.settings import SettingsScreen
from ui.screens.story import StoryScreen
from ui.screens.unlock import UnlockScreen
from ui.screens.upkeep import Upkeep
from ui.wedge import Wedge
from ui.widgets.card import Page
from ui.widgets.frame import Header, Navigation
from ui.widgets.label import Label

ENTRIES = (
    ("home", "house", "Ctrl+1"),
    ("scan", "scan-line", "F2"),
    ("search", "search", "F3"),
    ("inspection", "clipboard-list", "F4"),
    ("report", "file-text", "F9"),
    ("outbox", "upload", "F10"),
)
FOOT = (("keys", "keyboard", "F1"), ("settings", "settings", "Ctrl+,"))


_NAV = {"about": "settings", "health": "settings"}  # screens that stand under another's entry


class Window(QMainWindow):
    """The screens are built anew at a lock and for another language; the frame and the desk stay."""

    def __init__(self, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.jobs, self.settings = jobs, settings
        self.desk = Desk(self)
        self.exchange = Exchange(jobs, self.desk, self)
        self.exchange.sealed.connect(self.lock)
        self.rescreening = Rescreening(jobs, self.desk, self)
        self.wedge = Wedge(settings.wedge_ms, self)
        self.wedge.set_scanners(settings.scanners, settings.scanner)
        self.wedge.scanned.connect(self._scanned)
        self.port = PortReader(jobs, self)
        self.port.heard.connect(self._scanned)
        self.port.state_changed.connect(self._show_port)
        self._indoors: Theme = settings.theme if settings.theme != "outdoor" else "light"
        self._locking = False
        self._build()
        jobs.locked.connect(self._locked)
        self.desk.session_changed.connect(self._show_header)
        self.desk.inspection_changed.connect(self._show_header)
        self.desk.outbox_changed.connect(self._show_header)
        self.idleness = Idleness(self)
        self.idleness.expired.connect(self.lock)
        self.signs = Signs(self.idleness.take_sign, self)
        self.desk.session_changed.connect(self._set_idleness)
        self.upkeep = Upkeep(jobs, self.desk, self)
        self.upkeep.damaged.connect(self._show_damage)
        self.upkeep.failed.connect(self.show_failure)
        self.show_screen("unlock")

    def _say(self, key: str, **facts: object) -> str:
        return text.say(key, self.settings.language, **facts)

    # What is built

    def _build(self) -> None:
        language = self.settings.language
        theme.speak(language)
        self.setWindowTitle(self._say("window.title"))
        centre = QWidget()
        centre.setProperty("kind", "page")
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = Header(self._say("window.lock"), self._say("window.clock-suspect"))
        self.practice = Label(self._say("window.practice"), "practice", wrap=True)
        self.practice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.practice.hide()
        self.navigation = Navigation(
            self._say("window.navigation"),
            [(name, self._say(f"nav.{name}"), icon, key) for name, icon, key in ENTRIES],
            [(name, self._say(f"nav.{name}"), icon, key) for name, icon, key in FOOT],
        )
        self.stack = QStackedWidget()
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(self.stack, 1)
        column.addWidget(self.header)
        column.addWidget(self.practice)
        column.addLayout(row, 1)
        self.screens: dict[str, Screen] = self._make_screens(language)
        for screen in self.screens.values():
            self.stack.addWidget(Page(screen))
            screen.go.connect(self.show_screen)
        self.setCentralWidget(centre)
        self.header.lock.clicked.connect(self.lock)
        self.header.clock.clicked.connect(lambda: self.show_screen("health"))
        self.header.waiting.clicked.connect(lambda: self.show_screen("outbox"))
        self.header.watchlist.clicked.connect(lambda: self.show_screen("outbox"))
        self.header.officer.clicked.connect(lambda: self.show_screen("settings"))
        self.navigation.chosen.connect(self._navigate)
        self._set_keys(centre)
        self._show_header()

    def _make_screens(self, language: str) -> dict[str, Screen]:
        unlock = UnlockScreen(self.jobs, self.desk, language)
        unlock.opened.connect(self._unlocked)
        unlock.invited.connect(self._invited)
        unlock.moved.connect(self._move)
        home = HomeScreen(self.jobs, self.desk, language)
        self.rescreening.progressed.connect(home.later.show_progress)
        scan = ScanScreen(self.jobs, self.desk, language)
        scan.sounds = self.settings.sounds
        scan.camera.index = self.settings.camera
        scan.camera.chosen.connect(self._keep_camera)
        outbox = OutboxScreen(self.jobs, self.desk, language, self.exchange)
        outbox.leased.connect(lambda words: home.banner.show_alert(self._say("lease.title"), words, "warn"))
        settings = SettingsScreen(self.jobs, self.desk, language, self.settings)
        settings.chosen.connect(self.take_settings)
        return {
            "unlock": unlock,
            "home": home,
            "scan": scan,
            "search": SearchScreen(self.jobs, self.desk, language),
            "inspection": FindingsScreen(self.jobs, self.desk, language),
            "papers": PapersScreen(self.jobs, self.desk, language),
            "checklist": ChecklistScreen(self.jobs, self.desk, language),
            "samples": SamplesScreen(self.jobs, self.desk, language),
            "people": PeopleScreen(self.jobs, self.desk, language),
            "decision": DecisionScreen(self.jobs, self.desk, language),
            "report": ReportScreen(self.jobs, self.desk, language),
            "story": StoryScreen(self.jobs, self.desk, language),
            "outbox": outbox,
            "settings": settings,
            "health": HealthScreen(self.jobs, self.desk, language),
            "about": AboutScreen(self.jobs, self.desk, language),
        }

    def _set_keys(self, centre: QWidget) -> None:
        for name, _icon, key in (*ENTRIES, *FOOT):
            QShortcut(QKeySequence(key), centre, lambda name=name: self._navigate(name))
        decisions = (("F5", "hold"), ("F6", "refer"), ("F7", "release"))
        for key, disposition in decisions:
            QShortcut(QKeySequence(key), centre, lambda what=disposition: self._decide(what))
        QShortcut(QKeySequence("F8"), centre, self._photo)
        QShortcut(QKeySequence("Ctrl+T"), centre, self._story)
        QShortcut(QKeySequence("F11"), centre, self._outdoor)
        QShortcut(QKeySequence("F12"), centre, self.lock)
        QShortcut(QKeySequence("Esc"), centre, self._back)

    # Which screen

    @property
    def name(self) -> str:
        """Return the name of the screen in front."""
        return list(self.screens)[self.stack.currentIndex()]

    def show_screen(self, name: str) -> None:
        """Bring a screen to the front; only the unlock screen while the vault is locked."""
        if self.desk.session is None:
            name = "unlock"
        screen = self.screens[name]
        if isinstance(screen, StoryScreen) and self.name != name:
            screen.back = self.name
        self.stack.setCurrentIndex(list(self.screens).index(name))
        self.navigation.setVisible(name != "unlock")
        self.navigation.show_chosen("inspection" if name in SECTIONS else _NAV.get(name, name))
        self.wedge.enabled = name not in ("unlock", "settings", "health")
        screen.enter()

    def _navigate(self, name: str) -> None:
        if name == "keys":
            self.navigation.show_chosen(self.name)
            KeySheet(self, self.settings.language).open()
        else:
            self.show_screen(name)

    def _back(self) -> None:
        current = self.screens[self.name]
        if current.banner.isVisible():
            current.banner.hide()
        elif self.name in _NAV:
            self.show_screen("settings")
        elif isinstance(current, StoryScreen):
            self.show_screen(current.back)
        else:
            self.show_screen("home")

    def _story(self) -> None:
        """Ctrl+T: the story of the row under the cursor on home, elsewhere of the open inspection."""
        current = self.screens[self.name]
        if isinstance(current, HomeScreen):
            current.worklist.tell_story()
        elif self.desk.inspection is not None and not isinstance(current, StoryScreen):
            self.desk.story = self.desk.inspection.id
            self.show_screen("story")

    def _decide(self, disposition: str) -> None:
        screen = self.screens[self.name]
        if isinstance(screen, ScanScreen | FindingsScreen):
            screen.decide(disposition)  # type: ignore[arg-type]  # one of the dispositions, from the table above

    def _photo(self) -> None:
        screen = self.screens[self.name]
        if isinstance(screen, ScanScreen | FindingsScreen):
            screen.take_photo()

    def _show_port(self, state: str) -> None:
        scan, settings = self.screens["scan"], self.screens["settings"]
        assert isinstance(scan, ScanScreen)
        assert isinstance(settings, SettingsScreen)
        scan.intake.show_port(self.port.port, state)
        settings.show_port(self.port.port, state)

    def _scanned(self, caught: Caught) -> None:
        """A gun read a code: into the open inspection, or, without one, a search that records nothing."""
        scan, search = self.screens["scan"], self.screens["search"]
        assert isinstance(scan, ScanScreen)
        assert isinstance(search, SearchScreen)
        inspection = self.desk.inspection
        front, code = self.screens[self.name], caught.symbol.text
        if self.desk.session is None or second.take_code(front, code) or front.take_code(code):
            return
        if inspection is not None and inspection.state == "draft":
            self.show_screen("scan")
            scan.take_caught(caught)
        else:
            self.show_screen("search")
            search.search(caught.symbol.text)

    # The vault

    def _unlocked(self, session: Unlocked) -> None:
        self.desk.put_session(session)
        for screen in self.screens.values():
            screen.stale = True
        self.exchange.begin()
        self.port.start(self.settings.port)
        self.idleness.restart()
        first = "home" if session.enrolled else "outbox"
        self.show_screen("health" if session.damage else first)

    def _move(self, vault: str) -> None:
        """Another inspector: his vault from now on, and at the next start."""
        self._remember(msgspec.structs.replace(self.settings, inspector_hint=vault))
        self.jobs.move(vault)

    def _invited(self, invitation: str) -> None:
        outbox = self.screens["outbox"]
        assert isinstance(outbox, OutboxScreen)
        self.show_screen("outbox")
        outbox.enrol(invitation)

    def lock(self) -> None:
        """End what holds keys, at once."""
        if not self._locking:
            self._locking = True
            self.jobs.lock()

    def _locked(self) -> None:
        self._locking = False
        close_dialogs()
        self.exchange.stop()
        self.port.stop()
        was_open = self.desk.session is not None
        self.desk.clear()
        if was_open:
            QApplication.clipboard().clear()
            self.stack.hide()
            self.repaint()  # off the screen at once; building it anew takes a moment
            self._build()  # nothing of the case stays in a hidden label
        self.screens["unlock"].stale = True
        self.show_screen("unlock")

    def _set_idleness(self) -> None:
        session = self.desk.session
        self.idleness.minutes = session.policy.idle_lock_minutes if session is not None else None

    # How it looks

    def take_settings(self, settings: Settings) -> None:
        """Wear what was chosen; another language builds the screens anew."""
        before, self.settings = self.settings, settings
        self.wedge.set_gap(settings.wedge_ms)
        self.wedge.set_scanners(settings.scanners, settings.scanner)
        self.port.start(settings.port if self.desk.session is not None else "")
        if settings.theme != "outdoor":
            self._indoors = settings.theme
        scan = self.screens["scan"]
        assert isinstance(scan, ScanScreen)
        scan.sounds = settings.sounds
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if settings.theme != before.theme:
            theme.wear(app, settings.theme)
        if settings.language != before.language:
            self._build()
            self._show_port(self.port.state)
            self.show_screen("settings")

    def _keep_camera(self, index: int) -> None:
        """Open the same camera next time."""
        self._remember(msgspec.structs.replace(self.settings, camera=index))

    def _outdoor(self) -> None:
        """F11: outdoor, and back to what was worn before."""
        name: Theme = self._indoors if self.settings.theme == "outdoor" else "outdoor"
        self._remember(msgspec.structs.replace(self.settings, theme=name))

    def _remember(self, settings: Settings) -> None:
        """Take what was chosen outside the settings screen, and tell that screen."""
        with contextlib.suppress(OSError):  # it holds all the same; it is only not remembered
            stored.save(settings)
        self.take_settings(settings)
        screen = self.screens["settings"]
        assert isinstance(screen, SettingsScreen)
        screen.take(settings)

    def _show_header(self) -> None:
        session = self.desk.session
        self.practice.setVisible(session is not None and session.practice)
        show_heading(self.header, self.desk, self.settings.language)

    def show_failure(self, failure: Failure) -> None:
        """Show an unforeseen failure on whatever is in front."""
        alerts.keep_trace(failure)
        alert = alerts.explain(failure, self.settings.language)
        self.screens[self.name].banner.show_alert(alert.title, alert.sentence, alert.tone)

    def _show_damage(self, faults: tuple[Fault, ...]) -> None:
        """Say what the check found; where nothing may be written any more, go where it can be mended."""
        if any(fault.what in WRITE_STOPS for fault in faults):
            self.show_screen("health")
        named = dict.fromkeys(self._say(f"health.what.{fault.what}") for fault in faults)
        banner = self.screens[self.name].banner
        banner.show_alert(self._say("health.found-damage"), "; ".join(named), "error")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the rail in a small window."""
        super().resizeEvent(event)
        self.navigation.fold(self.width() < 1200 or self.height() < 690)

    def showEvent(self, event: QShowEvent) -> None:
        """Listen for the gun once there is a window of the system."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            self.idleness.attend(handle)
            self.signs.attend(int(self.winId()))
            self.wedge.watch(handle)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the workers with the window."""
        self.exchange.stop()
        self.port.stop()
        self.upkeep.stop()
        self.jobs.close()
        super().closeEvent(event)
