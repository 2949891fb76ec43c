"""The window over a vault of many inspections: opening the list, searching as one types, scrolling.

    python -m tests.bench.scrolling [--inspections 100000] [--keep FOLDER]

The real window, offscreen, over its real worker processes. A timer of four milliseconds ticks in its loop;
what lies between two ticks is a frame that a person would wait for. Printed is the longest of each work, with
the processor time the window itself spent in it: what is above that is the machine's other work. `--keep` is
the folder that `tests.bench.list --keep` filled.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench import list as filling  # noqa: E402
from tests.bench.window import ticked  # noqa: E402

MOST_MS = 50.0
SEARCHES = ("amber", "kelp jas", "INS-2026-7F3A-033333", "MSKU1", "zebra")


def main() -> int:
    """Fill, measure, print; 1 where a frame took longer than it may."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from tests.support.window import Desktop, until
    from ui.screens.home import HomeScreen

    parser = argparse.ArgumentParser()
    parser.add_argument("--inspections", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    app = QApplication([])
    worst = 0.0
    with tempfile.TemporaryDirectory() as spare:
        folder = given.keep or Path(spare)
        os.environ["FIELDAPP_HOME"] = str(Path(spare) / "home")
        filling.filled(folder, given.inspections).close()
        desktop = Desktop(folder, made=False, processes=True)

        def measured(name: str, seconds: float) -> None:
            nonlocal worst
            gaps, own = ticked(seconds)
            worst = max(worst, *own)
            filling.say(
                f"{name:28} longest frame {max(gaps):6.1f} ms, of it the window's own {max(own):6.1f} ms"
            )

        desktop.unlock()
        desktop.window.upkeep._round.timeout.disconnect()  # the full check of a vault is measured elsewhere
        home = desktop.window.screens["home"]
        assert isinstance(home, HomeScreen)
        filling.say(f"load {os.getloadavg()[0]:.1f}")
        measured("open the list", 3)
        until(lambda: home.inspections.rowCount() > 0, 60)
        keys = iter("".join(f"{words}\b" for words in SEARCHES))
        typing = QTimer()

        def strike() -> None:
            key = next(keys, "")
            field = home.worklist.field
            field.clear() if key == "\b" else field.setText(field.text() + key)

        typing.timeout.connect(strike)
        typing.start(120)
        measured("search as one types", 0.14 * sum(len(words) + 1 for words in SEARCHES))
        typing.stop()
        home.worklist.field.clear()
        until(lambda: home.inspections.rowCount() >= 100 and not home.worklist.busy, 60)
        bar = home.inspection_list.view.verticalScrollBar()
        scroll = QTimer()
        scroll.timeout.connect(lambda: bar.setValue(bar.value() + 400))
        scroll.start(16)
        measured("scroll down, reading on", 8)
        scroll.stop()
        filling.say(f"rows read while scrolling: {home.inspections.rowCount():,}")
        desktop.close()
    del app
    return int(worst > MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
