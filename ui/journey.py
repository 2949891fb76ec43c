"""The guided journey: the real window, worked without a display, from unlocking to an approved report.

Promises: every step is done in the real window over the real processes and the real headquarters, and leaves
a picture. A step that does not come to its end stops the journey with its name. What is left in the folder:
pictures in order, the report, the sealed record, headquarters' pages.
"""

import base64
import contextlib
import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from fieldapp import paths, settings
from fieldapp.inspection.inspection import Inspection, open_hits
from ui import theme
from ui.jobs import WorkerJobs
from ui.screens import making, photographing
from ui.screens.findings import FindingsScreen
from ui.screens.home import HomeScreen
from ui.screens.judgement import Judgement
from ui.screens.making import Made
from ui.screens.passphrase import AskPassphrase
from ui.screens.report import ReportScreen
from ui.screens.scan import ScanScreen
from ui.screens.unlock import UnlockScreen
from ui.widgets.ask import Ask
from ui.window import Window

PATIENCE = 120  # seconds a step may take on a loaded machine
SETTLE = 400  # milliseconds for the window to come to rest before its picture is taken
NOTE = "Label inside drum 7 names a precursor. The papers say dye intermediate."
JUDGED = "Same firm: name, city and goods agree with the entry."
REMARK = "Photograph the seal number too."
ANSWER = "Seal number SA 88213, intact. Photo retaken with the seal in view."


class Place(msgspec.Struct, frozen=True):
    """A practice ground: its folder, headquarters' port, and who opens what with which words."""

    folder: Path
    port: int
    passphrase: str
    supervisor: str
    password: str

    @property
    def url(self) -> str:
        """Headquarters' address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def headquarters(self) -> Path:
        """Headquarters' home."""
        return self.folder / "headquarters"

    @property
    def labels(self) -> Path:
        """Printed labels to scan."""
        return self.folder / "labels"


class StepFailed(SystemExit):
    """A step of the journey did not come to its end."""


class Walk:
    """The window, and where its pictures go."""

    def __init__(self, window: Window, folder: Path, passphrase: str) -> None:
        self.window = window
        self.folder = folder
        self.passphrase = passphrase
        self._steps = 0

    def until(self, what: str, reached: Callable[[], bool]) -> None:
        """Let the window live until `reached`; a loop of Qt's, for waiting in Python starves its threads."""
        loop = QEventLoop()
        look, limit = QTimer(), QTimer()
        look.timeout.connect(lambda: loop.quit() if reached() else None)
        limit.timeout.connect(loop.quit)
        look.start(40)
        limit.start(PATIENCE * 1000)
        loop.exec()
        if not reached():
            self.shoot(f"stuck-{what}")
            raise StepFailed(f"The journey stopped at: {what}")

    def rest(self, milliseconds: int = SETTLE) -> None:
        """Let the window come to rest."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        """Keep a picture of the window, with an open dialog on top of it."""
        self.rest()
        self._steps += 1
        picture = self.window.grab()
        dialog = widget or self.dialog()
        if dialog is not None:
            from PySide6.QtGui import QColor, QPainter

            painter = QPainter(picture)
            painter.fillRect(picture.rect(), QColor(0, 0, 0, 90))
            above = dialog.grab()
            left = (self.window.width() - dialog.width()) // 2
            painter.drawPixmap(left, max(40, (self.window.height() - dialog.height()) // 2), above)
            painter.end()
        picture.save(str(self.folder / f"{self._steps:02}-{name}.png"))

    def dialog(self) -> QDialog | None:
        """Return the dialog in front."""
        opened = [
            each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()
        ]
        return opened[-1] if opened else None

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press one key in the window, once it is in front again."""
        self.window.activateWindow()
        self.until("window in front", self.window.isActiveWindow)
        QTest.keyClick(self.window, key, modifier)

    def confirm(self, reason: str) -> None:
        """Write the reason into the question that is open and confirm it."""
        self.until("question", lambda: isinstance(self.dialog(), Ask))
        asked = self.dialog()
        assert isinstance(asked, Ask)
        if asked.field is not None:
            asked.field.setPlainText(reason)
        if isinstance(asked, AskPassphrase) and asked.secret_field is not None:
            asked.secret_field.setText(self.passphrase)
        self.shoot("question")
        QTest.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.until("answered", lambda: self.dialog() is None)


def perform(place: Place, folder: Path) -> int:
    """Perform the journey; return the exit code of the command."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    app = QApplication.instance() or QApplication(["fieldapp"])
    assert isinstance(app, QApplication)
    theme.wear(app, "light")
    window = Window(WorkerJobs(paths.vaults() / "inspector"), settings.Settings())
    window.resize(1366, 728)
    window.show()
    walk = Walk(window, folder, place.passphrase)
    supervisor = httpx.Client(base_url=place.url, trust_env=False, follow_redirects=True, timeout=60)
    try:
        inspection = _inspect(walk, place)
        record = _seal_and_send(walk, inspection)
        _review(supervisor, place, record, "returned", REMARK, folder)
        _answer(walk)
        record = _seal_and_send(walk, inspection, again=True)
        _review(supervisor, place, record, "approved", "", folder)
        _receive(walk, "approved")
    finally:
        supervisor.close()
        window.close()
    print(f"The journey is complete. Its {len(list(folder.iterdir()))} files are in {folder}:")
    for file in sorted(folder.iterdir()):
        print(f"  {file.name}")
    return 0


def _inspect(walk: Walk, place: Place) -> str:
    """Unlock, open the consignment, scan, photograph, record, judge, hold."""
    window = walk.window
    unlock, home, scan, findings = (window.screens[name] for name in ("unlock", "home", "scan", "inspection"))
    assert isinstance(unlock, UnlockScreen)
    assert isinstance(home, HomeScreen)
    assert isinstance(scan, ScanScreen)
    assert isinstance(findings, FindingsScreen)
    walk.until("unlock screen", unlock.passphrase.isVisible)
    walk.shoot("unlock")
    QTest.keyClicks(unlock.passphrase, place.passphrase)
    QTest.keyClick(unlock.passphrase, Qt.Key.Key_Return)
    walk.until("home", lambda: window.name == "home" and home.consignments.rowCount() > 0)
    walk.shoot("home")
    home.consignment_list.select(0)
    QTest.keyClick(home.consignment_list.view, Qt.Key.Key_Return)
    walk.until("scan station", lambda: window.name == "scan" and window.desk.inspection is not None)
    walk.shoot("scan-station")
    for label, name in (("drum-7-of-12.png", "verdict"), ("pallet-sscc.png", "verdict-pallet")):
        before = len(_inspection(walk).scans)
        scan.take_file(str(place.labels / label))
        walk.until(name, lambda before=before: len(_inspection(walk).scans) > before)  # type: ignore[misc]
        walk.shoot(name)
    photographing.take(scan, str(place.labels / "drum-7-of-12.png"))
    walk.until("photo", lambda: len(_inspection(walk).evidence) > 0)
    walk.shoot("photo")
    walk.key(Qt.Key.Key_F4)
    walk.until("inspection", lambda: window.name == "inspection")
    findings.severity.choose("major")
    findings.note_field.setPlainText(NOTE)
    walk.shoot("finding-written")
    walk.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    walk.until("finding", lambda: len(_inspection(walk).findings) > 0)
    _judge(walk, findings)
    walk.key(Qt.Key.Key_F5)
    walk.confirm("The consignee and the substance are listed; the NOC is of the wrong authority.")
    walk.until("held", lambda: len(_inspection(walk).decisions) > 0)
    walk.shoot("held")
    return _inspection(walk).id


def _inspection(walk: Walk) -> Inspection:
    opened = walk.window.desk.inspection
    assert opened is not None, "an inspection is open"
    return opened


def _judge(walk: Walk, findings: FindingsScreen) -> None:
    while left := len(open_hits(_inspection(walk))):
        findings.hit_list.select(0)
        QTest.keyClick(findings.hit_list.view, Qt.Key.Key_Return)
        walk.until("judgement", lambda: isinstance(walk.dialog(), Judgement))
        asked = walk.dialog()
        assert isinstance(asked, Judgement)
        asked.choice.choose("true")
        asked.reason.setPlainText(JUDGED)
        walk.shoot("judgement")
        QTest.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        walk.until("judged", lambda left=left: len(open_hits(_inspection(walk))) < left)  # type: ignore[misc]


def _seal_and_send(walk: Walk, inspection: str, *, again: bool = False) -> str:
    """Seal, look at the report, keep it, send. Returns the record's id."""
    window = walk.window
    findings, report = window.screens["inspection"], window.screens["report"]
    assert isinstance(findings, FindingsScreen)
    assert isinstance(report, ReportScreen)
    window.show_screen("inspection")
    findings.seal.click()
    walk.confirm("")
    walk.until("report", lambda: window.name == "report" and report.save.isEnabled())
    suffix = "-revision-2" if again else ""
    walk.shoot(f"report{suffix}")
    made: list[Made] = []
    signed: list[bytes] = []
    making.make(report, (inspection, 0), "both", "full", made.append, report.complain)
    walk.until("rendered", lambda: bool(made))
    making.sign(report, [made[0].to_sign], lambda by: making.bind(report, made[0], by[0], signed.append))
    walk.confirm("")
    walk.until("signed", lambda: bool(signed))
    (walk.folder / f"report{suffix}.pdf").write_bytes(signed[0])
    (walk.folder / f"record{suffix}.fieldrecord").write_bytes(made[0].rendered.record_file)
    walk.key(Qt.Key.Key_F10)
    walk.until("outbox", lambda: window.name == "outbox" and window.desk.outbox is not None)
    window.exchange.now()
    walk.until("sent", lambda: window.desk.outbox is not None and window.desk.outbox.waiting == 0)
    walk.shoot(f"outbox-sent{suffix}")
    assert window.desk.outbox is not None
    return window.desk.outbox.rows[0].record


def _answer(walk: Walk) -> None:
    """Receive the returned report, take it up again, write the answer."""
    window = walk.window
    home, findings = window.screens["home"], window.screens["inspection"]
    assert isinstance(home, HomeScreen)
    assert isinstance(findings, FindingsScreen)
    _receive(walk, "returned")
    walk.key(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    walk.until("home", lambda: window.name == "home" and home.inspections.rowCount() > 0)
    walk.shoot("returned-home")
    home.inspection_list.select(0)
    QTest.keyClick(home.inspection_list.view, Qt.Key.Key_Return)
    walk.until("reopen", lambda: walk.dialog() is not None or _inspection(walk).revision == 2)
    if walk.dialog() is not None:
        walk.confirm("")
    walk.until("revision 2", lambda: _inspection(walk).revision == 2)
    window.show_screen("inspection")
    findings.severity.choose("other")
    findings.note_field.setPlainText(ANSWER)
    walk.shoot("answer")
    walk.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    walk.until("answered", lambda: ANSWER in [item.note for item in _inspection(walk).findings])


def _receive(walk: Walk, state: str) -> None:
    """Talk with headquarters until its word has arrived."""
    window = walk.window
    wanted: list[bool] = []
    window.exchange.ended.connect(lambda _done: wanted.append(True))
    window.exchange.now()
    walk.until(f"{state} received", lambda: bool(wanted))
    window.show_screen("inspection")
    walk.until(state, lambda: _inspection(walk).state == state)
    walk.shoot(state)


def _review(
    browser: httpx.Client, place: Place, record: str, outcome: str, remark: str, folder: Path
) -> None:
    """Do as a supervisor in a browser: sign in, read the queue and the report, decide."""
    browser.post("/sign-in", data={"name": place.supervisor, "password": place.password, "next": "/"})
    page = f"/practice/reports/{record}"
    shown = browser.get(page)
    shown.raise_for_status()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown.text))
    if remark:
        _keep_page(browser, "/practice/reports", folder / "headquarters-queue.html", 600)
    answered = browser.post(
        f"{page}/review",
        data={**hidden, "outcome": outcome, "part": "", "remark": remark},
        headers={"Origin": str(browser.base_url).rstrip("/")},
    )
    answered.raise_for_status()
    _keep_page(browser, page, folder / f"headquarters-{outcome}.html")


def _keep_page(browser: httpx.Client, path: str, file: Path, height: int = 2200) -> None:
    """Keep a page with its style and pictures inside, and its picture where Chromium is installed."""
    page = browser.get(path).text
    for reference in set(re.findall(r'(?:href|src)="(/[^"]+)"', page)):
        got = browser.get(html.unescape(reference)) if _embedded(reference) else None
        if got is None or got.status_code != 200:
            continue
        page = page.replace(f'"{reference}"', f'"{_inside(browser, got)}"')
    file.write_text(page, "utf-8")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return
    with tempfile.TemporaryDirectory() as profile, contextlib.suppress(subprocess.SubprocessError):
        subprocess.run(  # noqa: S603 - Debian's browser on our own page
            [
                chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", f"--user-data-dir={profile}", f"--window-size=1366,{height}",
                f"--screenshot={file.with_suffix('.png')}", file.as_uri(),
            ],
            capture_output=True, check=False, timeout=120,
        )  # fmt: skip


def _inside(browser: httpx.Client, got: httpx.Response) -> str:
    """Return what was got as an address that holds it, with the fonts of a style sheet inside it too."""
    kind = got.headers["content-type"].partition(";")[0]
    content = got.content
    if kind == "text/css":
        for font in set(re.findall(rb'url\("(/fonts/[^"]+)"\)', content)):
            content = content.replace(
                font, _inside(browser, browser.get(font.decode("ascii"))).encode("ascii")
            )
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _embedded(reference: str) -> bool:
    return reference.endswith((".css", ".svg", ".js")) or "/evidence/" in reference
