"""Runs the frozen program of `make freeze`; skipped where it was not built."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import resources
from tests.support.buses import daemon
from ui.idleness.logind import SESSION, SYSTEM

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "dist" / "fieldapp" / ("fieldapp.exe" if sys.platform == "win32" else "fieldapp")

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="no frozen program: run `make freeze`")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), *arguments],
        capture_output=True, text=True, timeout=180, check=False, cwd="/",
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
    )  # fmt: skip


def test_doctor_finds_every_part():
    told = json.loads(run("doctor", "--json").stdout)
    assert all(state == "ok" for state in told["parts"].values()), told


def test_a_label_is_read():
    ran = run("decode", str(resources.path("practice", "labels", "drum-7-of-12.png")))
    told = json.loads(ran.stdout)
    assert [symbol["text"][:16] for symbol in told["symbols"]] == ["0109521234000013"]


def test_a_substance_is_known():
    ran = subprocess.run(
        [str(PROGRAM), "substance", "--jsonl"],
        input='{"id": 1, "text": "CAS 23056-29-3"}\n',
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert json.loads(ran.stdout)["action"] == "controlled"


def test_the_window_opens_and_closes(tmp_path: Path):
    ran = run("--open-and-close", FIELDAPP_HOME=str(tmp_path))
    assert ran.returncode == 0, ran.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="logind and the screen savers speak over D-Bus")
def test_the_window_hears_sleep_and_locked_screens(tmp_path: Path):
    """QtDBus is in the bundle: both buses answer, and every signal there is to hear is heard."""
    with daemon() as bus:
        ran = run(
            "--open-and-close",
            FIELDAPP_HOME=str(tmp_path), DBUS_SYSTEM_BUS_ADDRESS=bus, DBUS_SESSION_BUS_ADDRESS=bus,
        )  # fmt: skip
    assert ran.stdout.split("lock signs: ")[1].strip() == str(len(SYSTEM + SESSION)), ran.stdout
