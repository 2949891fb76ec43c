"""The pictures of home and of the scan station, all made again: `make bench-pictures`, or the module itself.

The real window over the real rooms, offscreen, at 1366 x 768 less a task bar, and the camera at 1024 x 600
too. Each picture is looked at by a person; nothing here judges. Without a folder they go to build/pictures.
Words behind the folder choose pictures by what their names hold: `... FOLDER camera outdoor`.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from tests.support.window import Desktop
    from ui.screens.scan import ScanScreen

LOOKS = [(look, tongue) for look in ("light", "dark", "outdoor") for tongue in ("en", "hi")]
SMALL = (1024, 600)
GS = "\x1d"


def _station(desktop: "Desktop", consignment: str = "1-intermediate") -> "ScanScreen":
    from ui.screens.scan import ScanScreen

    desktop.unlock()
    desktop.open(consignment)
    desktop.window.show_screen("scan")
    scan = desktop.window.screens["scan"]
    assert isinstance(scan, ScanScreen)
    return scan


def _label(folder: Path) -> Path:
    """A label with a product's Data Matrix and a pallet's GS1-128."""
    from tests.support import barcodes

    page = barcodes.on_page(
        barcodes.code("(01)09521234000013(17)281130(10)KX-2291(21)0007", scale=6), 1280, 720, (480, 130)
    )
    wide = barcodes.code("(00)095212340000000013", "Code128", scale=2)
    page[450 : 450 + wide.shape[0], 420 : 420 + wide.shape[1]] = wide
    file = folder / "label-of-two.png"
    file.write_bytes(barcodes.encoded(page))
    return file


def several(desktop: "Desktop", folder: Path) -> None:
    """A label of two codes."""
    from tests.support.window import until

    scan = _station(desktop)
    scan.take_file(str(_label(folder)))
    until(lambda: len(desktop.scans) == 2, 60)


def inferred(desktop: "Desktop", folder: Path) -> None:
    """A scanner that drops the separator."""
    from tests.support.keys import type_on
    from tests.support.window import until

    del folder
    _station(desktop, "2-tablets")
    type_on(desktop.window.windowHandle(), "]d2010952123400002010P26K112100048117290331")
    until(lambda: len(desktop.scans) == 1)


def check_digit(desktop: "Desktop", folder: Path) -> None:
    """A label whose GTIN has a wrong check digit."""
    from tests.support.keys import type_on
    from tests.support.window import until

    del folder
    _station(desktop, "2-tablets")
    type_on(desktop.window.windowHandle(), f"]d201095212340000211729033110P26K11{GS}21000481")
    until(lambda: len(desktop.scans) == 1)


def no_camera(desktop: "Desktop", folder: Path) -> None:
    """The camera is asked for and there is none."""
    from tests.support.window import until

    scan = _station(desktop)
    scan.camera.stand_in = str(folder / "none.png")
    scan.camera.toggle()
    until(scan.camera.retry.isVisible)


def camera(desktop: "Desktop", folder: Path) -> None:
    """The camera looks at a label of two codes."""
    from tests.support.window import until

    scan = _station(desktop)
    scan.camera.stand_in = str(_label(folder))
    scan.camera.toggle()
    until(lambda: len(desktop.scans) == 2, 60)
    until(lambda: scan.camera.view.sighting is not None and len(scan.camera.view.sighting.symbols) == 2)


def serial(desktop: "Desktop", folder: Path) -> None:
    """A serial scanner, pulled out after a scan."""
    from fieldapp.inspection.scan import Caught
    from fieldapp.scan.serial import as_symbol
    from tests.support.window import until

    del folder
    scan = _station(desktop, "2-tablets")
    raw = f"]d201095212340000201729033110P26K11{GS}21000481".encode()
    scan.take_caught(Caught(symbol=as_symbol(raw), source="gun", device="COM3"))
    until(lambda: len(desktop.scans) == 1)
    scan.intake.show_port("COM3", "unplugged")


def settings(desktop: "Desktop", folder: Path) -> None:
    """The settings, with two scanners kept."""
    del folder
    desktop.unlock()
    desktop.window.show_screen("settings")


def calibration(desktop: "Desktop", folder: Path) -> None:
    """A scanner under another layout has been calibrated."""
    from fieldapp.scan.calibration import CODE
    from tests.support.keys import LAYOUT, type_on, under
    from tests.support.window import settle, until
    from ui.screens.calibration import Calibration

    settings(desktop, folder)
    desktop.window.screens["settings"].calibrate()  # type: ignore[attr-defined]
    settle()
    dialog = next(each for each in desktop.window.findChildren(Calibration) if each.isVisible())
    until(lambda: not dialog.picture.pixmap().isNull())
    before = dialog.words
    type_on(dialog.windowHandle(), under("]d1" + CODE, LAYOUT))
    until(lambda: dialog.words != before)


def finding(desktop: "Desktop", folder: Path) -> None:
    """A finding is being written, and nobody said yet how serious it is."""
    del folder
    _station(desktop)
    desktop.scan_label("drum-7-of-12.png")
    desktop.window.show_screen("inspection")
    desktop.window.screens["inspection"].note_field.setPlainText("The inner label names another substance.")  # type: ignore[attr-defined]


def release(desktop: "Desktop", folder: Path) -> None:
    """A release despite a match asks for a longer reason."""
    del folder
    scan = _station(desktop)
    desktop.scan_label("drum-7-of-12.png")
    scan.decide("release")


def notice(desktop: "Desktop", folder: Path) -> None:
    """A banner above a verdict: the last row of buttons stays in sight."""
    scan = _station(desktop)
    desktop.scan_label("drum-7-of-12.png")
    empty = folder / "empty.png"
    from tests.support import barcodes

    empty.write_bytes(barcodes.encoded(barcodes.on_page(barcodes.code(scale=1)[:1, :1])))
    from tests.support.window import until

    scan.take_file(str(empty))
    until(scan.banner.isVisible, 60)


def home(desktop: "Desktop", folder: Path) -> None:
    """Home with open, held and waiting consignments."""
    del folder
    desktop.unlock()
    desktop.take_in("2-tablets", "3-active-ingredient")
    desktop.open()
    desktop.scan_label("drum-7-of-12.png")
    desktop.window.show_screen("home")


def narrowed(desktop: "Desktop", folder: Path) -> None:
    """Home narrowed to what nothing fits."""
    from fieldapp.inspection.wanted import Wanted

    home(desktop, folder)
    desktop.window.screens["home"].show_wanted(Wanted(state="returned", lane="red", order="due"))  # type: ignore[attr-defined]


def filters(desktop: "Desktop", folder: Path) -> None:
    """The form of filters."""
    home(desktop, folder)
    desktop.window.screens["home"].worklist.ask_filters()  # type: ignore[attr-defined]


def going_out(desktop: "Desktop", folder: Path) -> None:
    """What goes out, and as what."""
    from tests.support.window import settle

    home(desktop, folder)
    settle(100)
    desktop.window.screens["home"].worklist.ask_export()  # type: ignore[attr-defined]


def story(desktop: "Desktop", folder: Path) -> None:
    """The timeline of a consignment."""
    home(desktop, folder)
    desktop.window.desk.story = desktop.window.desk.inspection.id  # type: ignore[union-attr]
    desktop.window.show_screen("story")


def keys(desktop: "Desktop", folder: Path) -> None:
    """The sheet of keys."""
    home(desktop, folder)
    desktop.window._navigate("keys")


SCENES: tuple[tuple[Callable[["Desktop", Path], None], tuple[int, int]], ...] = (
    (home, (1366, 728)),
    (narrowed, (1366, 728)),
    (filters, (1366, 728)),
    (going_out, (1366, 728)),
    (story, (1366, 728)),
    (keys, (1366, 728)),
    (several, (1366, 728)),
    (inferred, (1366, 728)),
    (check_digit, (1366, 728)),
    (no_camera, (1366, 728)),
    (camera, (1366, 728)),
    (serial, (1366, 728)),
    (settings, (1366, 728)),
    (calibration, (1366, 728)),
    (finding, (1366, 728)),
    (release, (1366, 728)),
    (notice, (1366, 728)),
    (home, SMALL),
    (story, SMALL),
    (camera, SMALL),
    (no_camera, SMALL),
    (several, SMALL),
)


def main() -> int:
    """Make the pictures that were asked for."""
    from PySide6.QtWidgets import QApplication

    from fieldapp.settings import Scanner, Settings
    from tests.support.window import Desktop, settle, shoot
    from ui.screens.screen import close_dialogs

    app = QApplication([])
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "pictures"
    kept = (Scanner(name="Gate 3", keyboard={"z": "y"}), Scanner(name="Honeywell 1900"))
    for scene, size in SCENES:
        for look, tongue in LOOKS:
            small = "-small" if size == SMALL else ""
            name = f"{scene.__name__.replace('_', '-')}{small}-{look}-{tongue}"
            if not all(word in name for word in sys.argv[2:]):
                continue
            folder = Path(tempfile.mkdtemp(prefix="fieldapp-pictures-"))
            os.environ["FIELDAPP_HOME"] = str(folder / "home")
            chosen = Settings(theme=look, language=tongue, scanners=kept)  # type: ignore[arg-type]
            desktop = Desktop(folder / "desk", settings=chosen)
            desktop.window.resize(*size)
            settle(20)
            try:
                scene(desktop, folder)
                settle(60)
                sys.stdout.write(f"{shoot(desktop.window, out / f'{name}.png')}\n")
            finally:
                close_dialogs()
                desktop.close()
                shutil.rmtree(folder, ignore_errors=True)
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
