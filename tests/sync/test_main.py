"""`python -m sync now`, headless, against the real program."""

import io
import json
from pathlib import Path

import pytest

from sync import __main__ as program
from sync.worker import Courier, Enrol, enrol
from tests.support.headquarters import RunningHeadquarters
from tests.support.vaults import PASSPHRASE, directory, new_vault


def enrolled(folder: Path, running: RunningHeadquarters) -> Path:
    vault = new_vault(folder)
    courier = Courier(lambda action, command: action(vault, command))
    enrol(courier, Enrol(text=running.invite()))
    courier.close()
    vault.close()
    return directory(folder).folder


def test_sync_now_brings_the_ledger_to_headquarters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with RunningHeadquarters(tmp_path / "hq") as running:
        home = enrolled(tmp_path, running)
        monkeypatch.setattr("sys.stdin", io.StringIO(PASSPHRASE + "\n"))
        assert program.main(["now", "--home", str(home)]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["acknowledged"] >= 2
        assert told["waiting"] == 0

        running.kill()
        file = tmp_path / "passphrase"
        file.write_text(PASSPHRASE + "\n", "utf-8")
        assert program.main(["now", "--home", str(home), "--passphrase-file", str(file)]) == 1
        assert "cannot be reached (no connection)" in capsys.readouterr().err

        file.write_text("wrong\n", "utf-8")
        assert program.main(["now", "--home", str(home), "--passphrase-file", str(file)]) == 1
        assert "passphrase" in capsys.readouterr().err
