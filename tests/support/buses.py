"""A D-Bus of our own to test with: a real daemon, whose address stands for both of the system's."""

import contextlib
import subprocess
from collections.abc import Iterator
from shutil import which

import pytest


@contextlib.contextmanager
def daemon() -> Iterator[str]:
    """Run a bus; give its address. Where there is no daemon to run the test is skipped."""
    program = which("dbus-daemon")
    if program is None:
        pytest.skip("no dbus-daemon on this machine")
    running = subprocess.Popen(
        [program, "--session", "--nofork", "--print-address=1", "--address=unix:tmpdir=/tmp"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    try:
        yield running.stdout.readline().strip()
    finally:
        running.terminate()
        running.wait(10)
        running.stdout.close()
