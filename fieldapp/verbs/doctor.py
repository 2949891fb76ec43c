"""`doctor`: what is missing on this machine, and the line that installs it.

Reads the one list of Debian packages in pyproject.toml. Needs nothing but the standard library, so that it
answers on a machine where nothing else runs yet; `make setup` calls it with `--install`.
"""

import argparse
import ctypes.util
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

_LIST = ("pyproject.toml", "resources/pyproject.toml")  # in a checkout; in a frozen bundle


def packages(*groups: str) -> list[tuple[str, ...]]:
    """Return the wanted packages of `groups`, each as its possible names."""
    root = Path(__file__).resolve().parents[2]
    file = next((root / name for name in _LIST if (root / name).exists()), None)
    if file is None:
        return []
    table = tomllib.loads(file.read_text("utf-8"))["tool"]["fieldapp"]["debian-packages"]
    return [tuple(name.strip() for name in line.split("|")) for group in groups for line in table[group]]


def missing(wanted: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return those of `wanted` that dpkg does not have installed under any of their names."""
    if shutil.which("dpkg-query") is None:
        return []
    asked = subprocess.run(
        [
            "dpkg-query",
            "-W",
            "-f",
            "${Package} ${db:Status-Status}\n",
            *(name for names in wanted for name in names),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")}
    return [names for names in wanted if not installed & set(names)]


def _available(names: tuple[str, ...]) -> str:
    for name in names:
        asked = subprocess.run(
            ["apt-cache", "show", "--no-all-versions", name], capture_output=True, check=False
        )
        if asked.returncode == 0 and asked.stdout:
            return name
    return names[0]


def install_line(lacking: list[tuple[str, ...]]) -> list[str]:
    """Return the command that installs `lacking`."""
    return ["apt-get", "install", "-y", "--no-install-recommends", *(_available(names) for names in lacking)]


def install(lacking: list[tuple[str, ...]]) -> bool:
    """Install `lacking` with apt when root or a passwordless sudo allows; say whether it was done."""
    prefix: list[str] | None = None
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        prefix = []
    elif (
        shutil.which("sudo")
        and not subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode
    ):
        prefix = ["sudo", "-n"]
    if prefix is None or shutil.which("apt-get") is None:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*prefix, "apt-get", "update", "-qq"], env=quiet, check=False)
    done = subprocess.run(
        [*prefix, *install_line(lacking)], env=quiet, check=False, stdout=subprocess.DEVNULL
    )
    return done.returncode == 0


def parts() -> dict[str, str]:
    """Return each part of the program with "ok" or why it does not load."""
    found: dict[str, str] = {}
    for name, module in (
        ("cipher", "sqlcipher3.dbapi2"),
        ("codes", "zxingcpp"),
        ("pictures", "cv2"),
        ("second opinion", "pyzbar.pyzbar"),
        ("documents", "pypdfium2"),
        ("reports", "reportlab"),
        ("evidence", "pyrage"),
        ("keys", "cryptography"),
        ("window", "PySide6.QtWidgets"),
    ):
        ran = subprocess.run(_probe(module), capture_output=True, text=True, check=False, timeout=60)
        last = (ran.stderr.strip().splitlines() or ["did not load"])[-1]
        found[name] = "ok" if ran.returncode == 0 else last[:200]
    return found


def extras() -> dict[str, str]:
    """Return each optional part with "ok" or what it lacks; everything else works without them."""
    names = "ok"
    if importlib.util.find_spec("py2opsin") is None:
        names = "pip install 'fieldapp[nomenclature]'"
    elif shutil.which("java") is None:
        names = "no Java: sudo apt-get install default-jre-headless"
    engine = importlib.util.find_spec("rdkit") is not None
    return {
        "structures": "ok" if engine else "pip install 'fieldapp[chemistry]'",
        "systematic names": names,
    }


def _probe(module: str) -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "probe", module]
    return [sys.executable, "-c", f"import {module}"]


def probe(module: str) -> int:
    """Import one module and say nothing: a part that would kill the process kills only this one."""
    __import__(module)
    return 0


def main(arguments: list[str]) -> int:
    """Print what is missing as text, or as one JSON object with `--json`; exit 1 when anything is."""
    parser = argparse.ArgumentParser(
        prog="fieldapp doctor", description="Say what is missing on this machine."
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--install", action="store_true", help="install missing Debian packages where allowed"
    )
    given = parser.parse_args(arguments)
    display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    groups = ("headless", "window", "build") if display or given.install else ("headless",)
    lacking = missing(packages(*groups))
    if given.install:
        return _install(lacking)
    state, more = parts(), extras()
    line = " ".join(["sudo", *install_line(lacking)]) if lacking else ""
    well = not lacking and all(value == "ok" for value in state.values())
    if given.json:
        print(
            json.dumps(
                {
                    "ok": well,
                    "parts": state,
                    "extras": more,
                    "missing": [" | ".join(n) for n in lacking],
                    "install": line,
                }
            )
        )
    else:
        for name, value in state.items():
            print(f"{name:16} {value}")
        for name, value in more.items():
            print(f"{name:16} {value} (optional)")
        print(f"missing packages; install them with:\n  {line}" if lacking else "no package is missing")
    return 0 if well else 1


def _install(lacking: list[tuple[str, ...]]) -> int:
    if not lacking or install(lacking):
        return 0
    if ctypes.util.find_library("zbar") and ctypes.util.find_library("EGL"):
        return 0  # not a dpkg name we know, but the libraries are there
    print("These system libraries are missing. Install them, then run the command again:")
    print("  sudo " + " ".join(install_line(lacking)))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
