"""How long the window keeps a person waiting while the camera runs: `make bench-window`.

The real window, offscreen, over its real worker processes; a film of 720p stands in for the camera. A timer
of four milliseconds ticks in the window's loop; what lies between two ticks is a gap. Printed are the gaps as
a histogram, the pictures a second, how long the reader took for one, and how many were dropped unseen. Beside
them stand the gaps of the same loop with nothing to do, which is what the machine alone costs, and the
processor time that the window itself spent in a gap, which is what it costs whatever else runs.
`FILM_SECONDS=n` films for another time than a minute, `SEED=n` repeats a film.
"""

import contextlib
import itertools
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench import frames  # noqa: E402

SECONDS = float(os.environ.get("FILM_SECONDS", "60"))
SEED = int(os.environ.get("SEED", "0")) or int(time.time_ns() % 1_000_000)
RATE = 30  # pictures a second
TICK_MS = 4
MOST_MS, WORST_MS = 16.0, 100.0  # for 99 of 100 gaps, and for all
STEPS = (5, 6, 8, 10, 12, 16, 20, 33, 50, 100)


def film(file: Path, seconds: float, seed: int) -> None:
    """Write a film: a table, and every two seconds another code on it, held by a hand that is never still."""
    chance = np.random.default_rng(seed)
    out = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), RATE, (frames.WIDTH, frames.HEIGHT))
    shown = [case.frame for case in frames.cases(seed) if case.treatment in ("clean", "rot15", "low light")]
    order = [shown[number] for number in chance.permutation(len(shown))]
    blank = frames.blank(chance)
    for number in range(round(seconds * RATE)):
        part, moment = divmod(number, 2 * RATE)
        picture = blank if moment < RATE // 2 else order[part % len(order)]
        shift = np.float32([[1, 0, 3 * np.sin(number / 5)], [0, 1, 3 * np.cos(number / 7)]])
        moved = cv2.warpAffine(picture, shift, (frames.WIDTH, frames.HEIGHT), borderMode=cv2.BORDER_REPLICATE)
        out.write(cv2.cvtColor(np.asarray(moved, np.uint8), cv2.COLOR_GRAY2BGR))
    out.release()


def show(label: str, words: str) -> None:
    sys.stdout.write(f"{label:34} {words}\n")


def histogram(gaps: list[float]) -> None:
    """Print how many gaps fell between two steps."""
    low = 0.0
    for high in (*STEPS, float("inf")):
        count = sum(low <= gap < high for gap in gaps)
        bar = "#" * min(60, round(60 * count / max(1, len(gaps))))
        show(f"  {low:5.0f} to {high:5.0f} ms", f"{count:7} {100 * count / max(1, len(gaps)):7.3f} %  {bar}")
        low = float(high)


def ticked(seconds: float) -> tuple[list[float], list[float]]:
    """Let the loop run; return its gaps, and the processor time its thread spent in each, in milliseconds."""
    from PySide6.QtCore import Qt, QTimer

    from tests.support.window import settle

    ticks: list[tuple[float, float]] = []
    tick = QTimer()
    tick.setTimerType(Qt.TimerType.PreciseTimer)
    tick.timeout.connect(lambda: ticks.append((time.perf_counter(), time.thread_time())))
    tick.start(TICK_MS)
    settle(round(seconds * 1000))
    tick.stop()
    pairs = list(itertools.pairwise(ticks))
    return (
        [(later[0] - before[0]) * 1000 for before, later in pairs],
        [(later[1] - before[1]) * 1000 for before, later in pairs],
    )


def shares(label: str, gaps: list[float]) -> float:
    """Print the share of short gaps and the longest; return the share."""
    good = sum(gap < MOST_MS for gap in gaps) / len(gaps)
    show(label, f"{100 * good:.2f} % under {MOST_MS:.0f} ms, longest {max(gaps):.1f} ms")
    return good


def main() -> int:
    """Film, measure, print; 1 where a limit was passed."""
    from PySide6.QtWidgets import QApplication

    from fieldapp.actions.filming import Sighting
    from tests.support.window import Desktop, settle, until
    from ui.screens.scan import ScanScreen

    app = QApplication([])
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ["FIELDAPP_HOME"] = str(folder / "home")
        film(folder / "film.avi", SECONDS + 15, SEED)
        desktop = Desktop(folder / "desk", processes=True)
        stack.callback(desktop.close)
        desktop.unlock()
        desktop.open()
        desktop.window.show_screen("scan")
        scan = desktop.window.screens["scan"]
        assert isinstance(scan, ScanScreen)
        settle(2000)  # what is loaded once is loaded
        bare, _ = ticked(SECONDS / 4)
        seen: list[Sighting] = []
        scan.camera.view.seen.connect(seen.append)
        scan.camera.stand_in = str(folder / "film.avi")
        scan.camera.toggle()
        until(lambda: bool(desktop.scans), 60)
        seen.clear()
        gaps, own = ticked(SECONDS)
        taken = len(desktop.scans)
        running = scan.camera.view.running
        scan.camera.close_camera()
        settle(200)
    del app
    looks = sorted(sighting.ms for sighting in seen)
    show("window", f"seed {SEED}, load {os.getloadavg()[0]:.1f}, {SECONDS:.0f} s, camera ran on: {running}")
    show("gaps in the window's loop", f"{len(gaps)}")
    histogram(gaps)
    good = shares("camera running  (99 %, 100 ms)", gaps)
    shares("nothing to do, same loop", bare)
    shares("own work in a gap", own)
    show("pictures a second", f"{len(seen) / SECONDS:.1f}, dropped unseen {seen[-1].dropped}")
    show(
        "reader, ms a picture",
        f"median {statistics.median(looks):.1f}, p95 {looks[int(0.95 * len(looks))]:.1f}",
    )
    show("codes remembered meanwhile", str(taken))
    return int(good < 0.99 or max(gaps) > WORST_MS)


if __name__ == "__main__":
    sys.exit(main())
