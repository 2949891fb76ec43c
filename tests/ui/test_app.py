"""The installed command: a verb imports no Qt, a worker's main module imports nothing."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import ui
from tests.support.buses import daemon
from ui.idleness.logind import SESSION, SYSTEM

HERE = Path(ui.__file__).parent
ROOT = HERE.parent


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = (
        f"import sys; sys.argv = ['fieldapp', *{list(arguments)!r}]; from ui.app import main\n"
        "try: code = main()\n"
        "except SystemExit as end: code = end.code\n"
        "print('QT' if 'PySide6' in sys.modules else 'NO QT'); sys.exit(code)"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False, timeout=120
    )


@pytest.mark.parametrize("verb", ["--help", "doctor"])
def test_a_verb_needs_no_qt(verb: str):
    done = ran(verb)
    assert done.stdout.splitlines()[-1] == "NO QT", done.stderr


def test_sync_verbs_go_to_sync_without_qt():
    done = ran("sync", "now", "--help")
    assert "--passphrase-file" in done.stdout
    assert done.stdout.splitlines()[-1] == "NO QT", done.stderr


def test_an_unknown_verb_says_how_it_is_used():
    done = ran("dance")
    assert done.returncode == 2
    assert "usage" in done.stderr


@pytest.mark.parametrize("module", ["__main__.py", "app.py"])
def test_the_entry_imports_no_qt_at_module_level(module: str):
    tree = ast.parse((HERE / module).read_text("utf-8"))
    named = [
        alias.name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    assert set(named) <= ({"multiprocessing", "sys"} if module == "app.py" else set())


def test_the_composition_root_is_short():
    assert len((HERE / "app.py").read_text("utf-8").splitlines()) < 100


@pytest.mark.skipif(sys.platform != "linux", reason="logind and the screen savers speak over D-Bus")
def test_a_start_hears_the_signs_that_lock(tmp_path: Path):
    with daemon() as bus:
        environment = {
            **os.environ, "FIELDAPP_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen",
            "DBUS_SYSTEM_BUS_ADDRESS": bus, "DBUS_SESSION_BUS_ADDRESS": bus,
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "ui", "--open-and-close"],
            capture_output=True, text=True, cwd=ROOT, check=False, timeout=120, env=environment,
        )  # fmt: skip
    assert done.stdout.split("lock signs: ")[1].strip() == str(len(SYSTEM + SESSION)), done.stderr
