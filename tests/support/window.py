"""A window to test with: the real screens over the real rooms of one laptop, in this process; its picture.

`Desktop` is an inspector at his laptop: it waits for what he would wait for, and presses what he presses.
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from fieldapp import canonical
from fieldapp.actions import opening, provisioning, sealing
from fieldapp.actions.opening import TakeInConsignment
from fieldapp.actions.provisioning import AdoptRelease, Confirmed, ConfirmPassphrase, NoteRelease
from fieldapp.actions.rooms import Press, Screener
from fieldapp.actions.sealing import Sealed, SealInspection
from fieldapp.enrolment import Policy
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.scan import Scan
from fieldapp.scan.reader import Reader
from fieldapp.settings import Settings
from fieldapp.vault import keys, proofs, securitykey
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.securitykey import Devices
from fieldapp.vault.vault import Owner
from fieldapp.watchlist.trust import permitted
from sync.transport import Call, HeadquartersUnreachable, Reply
from sync.worker import AskRoom, Courier
from tests.support.laptops import LABELS, consignment, practice_release
from tests.support.vaults import PASSPHRASE, Headquarters
from ui import theme
from ui.jobs import InProcessJobs, Jobs, WorkerJobs
from ui.window import Window

SIZE = (1366, 728)  # a 1366 x 768 screen less its task bar


class NoLine:
    """The transport of a laptop without a network."""

    def __init__(self, _url: str) -> None:
        pass

    def carry(self, _call: Call) -> Reply:
        raise HeadquartersUnreachable(why="connect")

    def close(self) -> None:
        pass


def offline_courier(ask: AskRoom) -> Courier:
    return Courier(ask, open_transport=NoLine)


def settle(milliseconds: int = 0) -> None:
    """Let queued signals arrive, and what they cause."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
    for _ in range(6):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for `true` with the event loop running; a test that waits in vain fails."""
    loop, poll, end = QEventLoop(), QTimer(), QTimer()
    poll.timeout.connect(lambda: loop.quit() if true() else None)
    end.timeout.connect(loop.quit)
    poll.start(5)
    end.setSingleShot(True)
    end.start(round(seconds * 1000))
    loop.exec()
    poll.stop()
    assert true(), "waited in vain"


def shoot(widget: QWidget, path: Path | str) -> Path:
    """Draw `widget` as it stands, with the dialog in front of it, into a PNG."""
    settle(30)
    picture = widget.grab()
    dialogs = [
        each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()
    ]
    if dialogs:
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), QColor(0, 0, 0, 110))
        for dialog in dialogs:
            inside = dialog.grab()
            painter.drawPixmap(
                (widget.width() - dialog.width()) // 2, (widget.height() - dialog.height()) // 2, inside
            )
        painter.end()
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    assert picture.save(str(place), "PNG"), place
    return place


@lru_cache
def prepared(enrolled: bool, practice: bool, policy: Policy | None, hours_old: float) -> Path:
    """Return a folder with a closed vault of that kind, made once; `Desktop` copies it."""
    place = Path(tempfile.mkdtemp(prefix="fieldapp-desk-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    directory = VaultDirectory(place / "vault", cost=keys.FLOOR)
    vault = directory.create(PASSPHRASE, Owner(name="R. Nair", site="Nhava Sheva"))
    if enrolled:
        headquarters = Headquarters(practice=practice)
        accepted = provisioning.AcceptEnrolment(
            invitation=headquarters.invitation(), answer=headquarters.answer(vault, policy)
        )
        provisioning.accept_enrolment(vault, accepted)
        screener = Screener(place / "vault", vault.watchlist_key)
        target, content = practice_release(hours_old=hours_old)
        permit = permitted(target, vault.watchlist_key)
        state = provisioning.adopt_release(screener, AdoptRelease(target=permit, content=content))
        provisioning.note_release(vault, NoteRelease(state=state))
        screener.close()
    directory.lock()
    return place / "vault"


class Desktop:
    """One laptop with its window."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: Settings | None = None,
        enrolled: bool = True,
        practice: bool = False,
        policy: Policy | None = None,
        hours_old: float = 6.0,
        courier: Callable[[AskRoom], Courier] = offline_courier,
        made: bool = True,
        processes: bool = False,
        devices: Devices = securitykey.devices,
    ) -> None:
        """With `processes` the rooms are worker processes, as on a real laptop; else they are in this one."""
        self.folder, self._devices = folder, devices
        if made:
            shutil.copytree(prepared(enrolled, practice, policy, hours_old), folder / "vault")
        self.jobs: Jobs = WorkerJobs(folder / "vault") if processes else InProcessJobs(self._rooms, courier)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        chosen = settings or Settings()
        theme.wear(app, chosen.theme)
        self.window = Window(self.jobs, chosen)
        self.window.resize(*SIZE)
        self.window.show()
        settle()

    def _rooms(self, vault: str) -> dict[str, object]:
        return {
            "vault": VaultDirectory(self.folder / vault, cost=keys.FLOOR, devices=self._devices),
            "screening": Screener(self.folder / vault),
            "reader": Reader(),
            "press": Press(),
        }

    def unlock(self) -> "Desktop":
        """Type the passphrase."""
        unlock = self.window.screens["unlock"]
        unlock.passphrase.setText(PASSPHRASE)  # type: ignore[attr-defined]
        unlock.unlock_button.click()  # type: ignore[attr-defined]
        until(lambda: self.window.desk.session is not None)
        settle()
        return self

    def take_in(self, *files: str) -> None:
        """Have the consignments wait."""
        for file in files:
            raw = canonical.encode(consignment(file))
            self.jobs.run(opening.take_in_consignment, TakeInConsignment(raw=raw))
        settle()

    def open(self, file: str = "1-intermediate") -> Inspection:
        """Begin to inspect a practice consignment, as from the home screen."""
        home = self.window.screens["home"]
        home._begin(consignment(file))  # type: ignore[attr-defined]
        until(lambda: self.window.desk.inspection is not None)
        settle()
        assert self.window.desk.inspection is not None
        return self.window.desk.inspection

    @property
    def scans(self) -> tuple[Scan, ...]:
        """What was scanned so far."""
        opened = self.window.desk.inspection
        return opened.scans if opened is not None else ()

    def scan_label(self, label: str) -> None:
        """Open the picture of a practice label on the scan station."""
        count = len(self.window.desk.inspection.scans) if self.window.desk.inspection else 0
        self.window.show_screen("scan")
        self.window.screens["scan"].take_file(str(LABELS / label))  # type: ignore[attr-defined]
        until(
            lambda: self.window.desk.inspection is not None and len(self.window.desk.inspection.scans) > count
        )
        settle()

    def seal(self, inspection: str) -> Sealed:
        """Seal an inspection, the passphrase given for it."""
        confirmed: list[Confirmed] = []
        sealed: list[Sealed] = []
        command = ConfirmPassphrase(passphrase=PASSPHRASE, signing=proofs.subject("authored", inspection))
        self.jobs.run(provisioning.confirm_passphrase, command, done=confirmed.append)
        until(lambda: bool(confirmed))
        signed = SealInspection(inspection=inspection, proof=confirmed[0].proof)
        self.jobs.run(sealing.seal, signed, done=sealed.append)
        until(lambda: bool(sealed))
        return sealed[0]

    def close(self) -> None:
        """Close the window and the rooms."""
        self.window.close()
        self.window.deleteLater()
        settle()


@contextmanager
def desks(folder: Path) -> Iterator[Callable[..., Desktop]]:
    """Hand out a maker of desktops, each with a folder of its own; all windows are closed at the end."""
    made: list[Desktop] = []

    def make(**wishes: Any) -> Desktop:
        made.append(Desktop(folder / f"desk{len(made)}", **wishes))
        return made[-1]

    try:
        yield make
    finally:
        for each in made:
            each.close()


__all__ = ["LABELS", "PASSPHRASE", "SIZE", "Desktop", "desks", "settle", "shoot", "until"]
