"""What the vault costs and what it keeps back: `make bench-vault`.

Unlocking at the calibrated price, saving with its checkpoint, a photo of 5 MB, and the lock: from the trigger
to the moment the process with the keys is no more, and to the unlock screen in front; by the key, by idleness
and by a resume from sleep (its signal, its clocks, simulated), with and without a modal dialog open. The
memory of the worker is searched for keys and passphrase while it is open and after; the disk for a canary
that went through every flow, and for three planted leaks. Beside wall times stand processor times: they say
what this program costs where others share the machine. `LOCKS=n` for fewer locks.
"""

import multiprocessing.connection
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from fieldapp.actions import evidence, finding, provisioning  # noqa: E402
from fieldapp.actions.evidence import AttachEvidence  # noqa: E402
from fieldapp.actions.finding import RecordFinding  # noqa: E402
from fieldapp.vault import header, keys  # noqa: E402
from fieldapp.vault.directory import VaultDirectory  # noqa: E402
from fieldapp.vault.vault import Owner  # noqa: E402
from tests.bench.table import Row, close, show  # noqa: E402
from tests.fieldapp.test_worker import copies  # noqa: E402
from tests.support.laptops import laptop  # noqa: E402
from tests.support.vaults import PASSPHRASE  # noqa: E402
from tests.support.window import Desktop, settle, until  # noqa: E402
from ui.idleness import Moment  # noqa: E402
from ui.idleness.idleness import Idleness  # noqa: E402

LOCKS = int(os.environ.get("LOCKS", "102"))
SAVES, PHOTOS, UNLOCKS = 200, 20, 5


def at(taken: list[float], share: float) -> float:
    """Return the value below which `share` of all lie, in milliseconds."""
    ordered = sorted(taken)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def timed(work: Callable[[], object], busy: list[float] | None = None) -> float:
    """Return the seconds `work` took; `busy` gets the seconds of processor time."""
    begun, spent = time.perf_counter(), time.process_time()
    work()
    if busy is not None:
        busy.append(time.process_time() - spent)
    return time.perf_counter() - begun


def unlocking(folder: Path) -> list[Row]:
    """Make a vault at this machine's price and open it."""
    VaultDirectory(folder / "vault").create(PASSPHRASE, Owner(name="R. Nair")).close()
    taken, wrong = [], []
    busy: list[float] = []
    for _ in range(UNLOCKS):
        place = VaultDirectory(folder / "vault")
        taken.append(
            timed(lambda: provisioning.unlock(place, provisioning.Unlock(passphrase=PASSPHRASE)), busy)  # noqa: B023
        )
        place.lock()
        found = place.header()
        wrong.append(timed(lambda: _refused(found)))  # noqa: B023
    cost = found.slots[0].cost
    price = f"{cost.memory // 1024} MiB, {cost.passes} passes, {cost.lanes} lanes"
    right, bad = statistics.median(taken), statistics.median(wrong)
    return [
        Row(f"unlock, {price}", _busy(busy), f"{right:.2f} s", "0.5 to 1.0 s", 0.5 <= right <= 1.0),
        Row(
            "wrong passphrase",
            f"right {right:.2f} s",
            f"{bad:.2f} s",
            "within 10 %",
            abs(bad / right - 1) < 0.1,
        ),
    ]


def _refused(found: header.Header) -> None:
    try:
        keys.open_slots(found, "not the one that was chosen")
    except keys.WrongPassphrase:
        return
    raise AssertionError("a wrong passphrase opened the vault")


def saving(folder: Path) -> list[Row]:
    """Record findings in an inspection of an enrolled vault; attach photos."""
    desk = laptop(folder)
    saves, photos = [], []
    busy: list[float] = []
    busy_photos: list[float] = []
    for number in range(SAVES):
        if number % 20 == 0:  # as many as a long inspection has
            inspection = desk.open("2-tablets")
        note = "Seal 44871 intact, no dents. " * 8
        command = RecordFinding(inspection=inspection.id, severity="major", note=note)
        saves.append(timed(lambda: finding.record(desk.vault, command), busy))  # noqa: B023
    for number in range(PHOTOS):
        photo = folder / f"{number}.jpg"
        photo.write_bytes(b"\xff\xd8\xff" + os.urandom(5_000_000))
        attach = AttachEvidence(inspection=inspection.id, path=str(photo))
        photos.append(timed(lambda: evidence.attach(desk.vault, attach), busy_photos))  # noqa: B023
    desk.close()
    return [
        Row(f"save with checkpoint, p50 of {SAVES}", _busy(busy), f"{at(saves, 0.5):.0f} ms", "", True),
        Row("save with checkpoint, p95", "-", f"{at(saves, 0.95):.0f} ms", "50 ms", at(saves, 0.95) <= 50),
        Row(
            f"photo of 5 MB, p50 of {PHOTOS}",
            _busy(busy_photos),
            f"{at(photos, 0.5):.0f} ms",
            "100 ms",
            at(photos, 0.5) <= 100,
        ),
        Row("photo of 5 MB, p95", "-", f"{at(photos, 0.95):.0f} ms", "", True),
    ]


def _busy(taken: list[float]) -> str:
    return f"processor {at(taken, 0.5):.0f} ms"


class Hands:
    """Clocks of a laptop that can be put to sleep."""

    def __init__(self) -> None:
        self.slept = 0.0

    def __call__(self) -> Moment:
        real = Moment.take()
        return msgspec.structs.replace(
            real, wall=real.wall + timedelta(seconds=self.slept), boot=real.boot + self.slept
        )


def _triggers(desktop: Desktop, hands: Hands) -> dict[str, Callable[[], object]]:
    idleness: Idleness = desktop.window.idleness

    def resumed() -> None:
        hands.slept += 3600
        idleness.look()

    def idle() -> None:
        idleness._seen = msgspec.structs.replace(hands(), boot=hands().boot - 7200)
        idleness.look()

    return {
        "the key": desktop.window.lock,
        "idleness": idle,
        "resume, by the clocks": resumed,
        "resume, by the system's signal": lambda: idleness.take_sign("resume"),
    }


def _watch(sentinel: int, moment: list[float]) -> None:
    """Note when the process behind `sentinel` is no more: its keys and its records go with it."""
    multiprocessing.connection.wait([sentinel])
    moment.append(time.perf_counter())


def locking(folder: Path) -> list[Row]:
    """Lock the real window over its real processes, again and again; look into the worker's memory."""
    desktop = Desktop(folder, processes=True)
    hands = Hands()
    desktop.window.idleness._read = hands
    triggers = _triggers(desktop, hands)
    gone: dict[str, list[float]] = {name: [] for name in triggers}
    dialog_open: list[float] = []
    shown: list[float] = []
    held, left = [], []
    place = folder / "vault"
    data_key = keys.open_slots(header.read_header(place), PASSPHRASE)
    secrets = (
        data_key,
        keys.subkey(data_key, "db"),
        keys.subkey(data_key, "db").hex().encode(),
        PASSPHRASE.encode(),
    )
    for number in range(LOCKS):
        name = list(triggers)[number % len(triggers)]
        unlock = desktop.window.screens["unlock"]
        unlock.passphrase.setText(PASSPHRASE)  # type: ignore[attr-defined]
        unlock.unlock_button.click()  # type: ignore[attr-defined]
        until(lambda: desktop.window.desk.session is not None, 120)
        worker = desktop.jobs._lanes["vault"].hand.process  # type: ignore[attr-defined]
        if number % 2:
            desktop.window._navigate("keys")
            settle()
        if number < 4:
            held.append([copies(worker.pid, secret) for secret in secrets])
        moment: list[float] = []
        watch = threading.Thread(target=_watch, args=(worker.sentinel, moment))
        watch.start()
        begun = time.perf_counter()
        triggers[name]()
        settle()
        shown.append(time.perf_counter() - begun)
        watch.join()
        taken = moment[0] - begun
        assert not worker.is_alive()
        assert desktop.window.name == "unlock"
        left.append(Path(f"/proc/{worker.pid}/mem").exists())
        gone[name].append(taken)
        if number % 2:
            dialog_open.append(taken)
    desktop.close()
    every = [taken for some in gone.values() for taken in some]
    rows = [
        Row(
            f"lock by {name}, p99 of {len(some)}",
            "-",
            f"{at(some, 0.99):.1f} ms",
            "100 ms",
            at(some, 0.99) <= 100,
        )
        for name, some in gone.items()
    ]
    rows += [
        Row(f"lock with a dialog open, p99 of {len(dialog_open)}", "-", f"{at(dialog_open, 0.99):.1f} ms",
            "100 ms", at(dialog_open, 0.99) <= 100),
        Row(f"lock, p50 of {len(every)}", "-", f"{at(every, 0.5):.1f} ms", "", True),
        Row(f"lock, p99 of {len(every)}", "-", f"{at(every, 0.99):.1f} ms", "100 ms", at(every, 0.99) <= 100),
        Row("unlock screen in front, p50", "-", f"{at(shown, 0.5):.0f} ms", "", True),
    ]  # fmt: skip
    open_copies = [max(each) for each in zip(*held, strict=True)]
    for what, count in zip(
        ("data key", "database's key", "the same as hex", "passphrase"), open_copies, strict=True
    ):
        rows.append(Row(f"copies in the worker while open: {what}", "-", str(count), "", True))
    rows.append(Row("workers with memory left after a lock", "-", str(sum(left)), "0", not any(left)))
    return rows


def leaking() -> list[Row]:
    """Run the canary through every flow, and the search over leaks planted for it."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--tb=line", "-rA", "tests/durability/test_leaks.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    passed = [line for line in done.stdout.splitlines() if line.startswith("PASSED")]
    clean = any("no_flow_leaves" in line for line in passed)
    planted = sum("planted" in line for line in passed)
    return [
        Row("bytes in clear on the disk, every flow", "-", "0" if clean else "some", "0", clean),
        Row("planted leaks found", "-", str(planted), "3", planted == 3),
    ]


def main() -> int:
    QApplication.instance() or QApplication([])
    parts: dict[str, Callable[[Path], list[Row]]] = {
        "unlock": unlocking,
        "save": saving,
        "lock": locking,
        "leaks": lambda _folder: leaking(),
    }
    wanted = sys.argv[1:] or list(parts)
    table: list[Row] = []
    for name in wanted:
        show("measuring", name)
        with tempfile.TemporaryDirectory(prefix="bench-vault-") as folder:
            table += parts[name](Path(folder))
    close(table)
    return 0 if all(row.met for row in table) else 1


if __name__ == "__main__":
    sys.exit(main())
