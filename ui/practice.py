"""`make run`: a headquarters on this machine, a laptop enrolled to it in practice mode, and the window on it.

Everything lies under one folder and stays between runs: headquarters' database, the vault, the watchlist,
three consignments and printed labels to scan. Without a display the guided journey is performed instead.
The window is a process of its own, so that headquarters ends with it however it ends.
Practice has keys of its own; nothing made here can pass for real.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec

import resources
from fieldapp import canonical, paths, worker
from fieldapp.actions import opening, provisioning
from fieldapp.actions.rooms import Screener
from fieldapp.clock import now
from fieldapp.consignment.consignment import Consignment
from fieldapp.vault.connection import VaultBusy
from fieldapp.vault.directory import VaultDirectory
from fieldapp.watchlist.release import Header, write_release
from fieldapp.watchlist.sources import source
from sync.worker import Courier, Enrol, SyncNow, enrol, sync_now
from ui.journey import Place, perform

OFFICER = "R. Nair"
SUPERVISOR = "Meera Iyer"
PASSPHRASE = "practice makes safe work"  # noqa: S105 - printed on the screen, for practice only
PASSWORD = "practice supervisor desk"  # noqa: S105 - likewise
START_SECONDS = 60


def main() -> int:
    """Prepare the practice ground and open it."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))  # so that headquarters ends too
    folder = Path("build/practice").resolve()
    with ground(folder) as place:
        _print_guide(place)
        if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
            return open_window()
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        return perform(place, Path("build/journey").resolve())


def open_window() -> int:
    """Open the window in a process of its own and wait for its end; say so when it could not be opened."""
    ended = subprocess.run([sys.executable, "-m", "ui"], check=False).returncode
    if ended:
        print("The window could not be opened. `python -m fieldapp doctor` says what is missing.")
    return 1 if ended else 0


@contextlib.contextmanager
def ground(folder: Path) -> Iterator[Place]:
    """Give a running headquarters and an enrolled laptop in `folder`; headquarters ends at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    place = Place(folder, _port(folder), PASSPHRASE, SUPERVISOR, PASSWORD)
    os.environ["FIELDAPP_HOME"] = str(folder / "laptop")
    server = _serve(place)
    try:
        _publish(place)
        _supervise(place)
        _equip(place)
        yield place
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _port(folder: Path) -> int:
    """Return the port of earlier runs, for the vault knows headquarters by it, or a free one."""
    kept = folder / "port"
    if kept.exists():
        return int(kept.read_text("ascii"))
    with contextlib.closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        port = int(asked.getsockname()[1])
    kept.write_text(str(port), "ascii")
    return port


def _headquarters(*arguments: str) -> dict[str, Any]:
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "sync.headquarters", *arguments], capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise SystemExit(ran.stderr.strip())
    return canonical.decode(ran.stdout.splitlines()[-1], dict)


def _serve(place: Place) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sync.headquarters", "serve", "--name", "Practice headquarters"]
    command += ["--home", str(place.headquarters), "--port", str(place.port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    for _ in range(START_SECONDS * 10):
        if server.poll() is not None:
            raise SystemExit(f"Headquarters did not start; is {place.url} in use by another run?")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{place.url}/healthz", trust_env=False).status_code == 200:
                return server
        time.sleep(0.1)
    server.kill()
    raise SystemExit("Headquarters does not answer.")


def _publish(place: Place) -> None:
    """Publish the practice list under the number after the last, whoever published that one: fresh today."""
    at = ("--home", str(place.headquarters), "--practice")
    number = int(_headquarters("newest", *at)["number"]) + 1
    release = place.folder / "practice.release"
    entries = source("csv").read([resources.path("practice", "watchlist.csv")])
    write_release(release, Header(number=number, name="practice list", issued=now()), entries)
    _headquarters("publish", str(release), *at)
    release.unlink()


def _supervise(place: Place) -> None:
    secret = place.folder / "supervisor-password"
    secret.write_text(PASSWORD + "\n", "utf-8")
    _headquarters("supervisor", SUPERVISOR, "--home", str(place.headquarters), "--password-file", str(secret))
    secret.unlink()


def _equip(place: Place) -> None:
    """Make and enrol the vault when there is none, take in the list and the consignments."""
    shutil.copytree(resources.path("practice", "labels"), place.labels, dirs_exist_ok=True)
    directory = VaultDirectory(paths.vaults() / "inspector")
    if directory.exists:
        try:
            vault = directory.unlock(PASSPHRASE)
        except VaultBusy:
            raise SystemExit("The practice window is open already: close it first.") from None
    else:
        provisioning.create_vault(directory, provisioning.CreateVault(passphrase=PASSPHRASE, name=OFFICER))
        vault = directory.vault
    screener = Screener(directory.folder, vault.watchlist_key)

    def ask(action: Callable[..., Any], command: Any) -> Any:  # noqa: ANN401 - the action's own types
        listed = any(action is each for each in worker.ROOMS["screening"])
        return action(screener if listed else vault, command)

    courier = Courier(ask)
    try:
        if not provisioning.status(vault, provisioning.Status()).enrolled:
            invited = _headquarters(
                "enrol", "--home", str(place.headquarters), "--name", OFFICER, "--role", "Drugs inspector",
                "--unit", "CFS gate 3", "--site", "Nhava Sheva", "--url", place.url, "--practice",
            )  # fmt: skip
            enrol(courier, Enrol(text=invited["invitation"]))
        sync_now(courier, SyncNow())
        for number, file in enumerate(sorted(resources.path("practice", "consignments").glob("*.json"))):
            with contextlib.suppress(opening.ConsignmentKnown):
                opening.take_in_consignment(vault, opening.TakeInConsignment(raw=_ordered(file, number)))
    finally:
        courier.close()
        screener.close()
        directory.lock()


def _ordered(file: Path, number: int) -> bytes:
    """Return a practice consignment as if it had been ordered today: due in hours, the first one soonest."""
    held = canonical.decode(file.read_bytes(), Consignment)
    order = held.assignment
    if order is None:
        return canonical.encode(held)
    due = now() + timedelta(hours=4 + 22 * number)
    today = msgspec.structs.replace(order, issued=now() - timedelta(hours=2), due=due)
    return canonical.encode(msgspec.structs.replace(held, assignment=today))


def _print_guide(place: Place) -> None:
    print("A practice headquarters is running, and a laptop is enrolled to it.")
    print(f"  the vault opens with   {PASSPHRASE}")
    print(f"  labels to scan         {place.labels}")
    print(f"  supervisor's pages     {place.url}/practice/reports  as {SUPERVISOR}, password: {PASSWORD}")


if __name__ == "__main__":
    sys.exit(main())
