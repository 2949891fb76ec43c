"""`python -m sync`, headless, against the real program."""

import io
import json
from pathlib import Path

import pytest

from fieldapp.enrolment import invitation_text
from sync import __main__ as program
from sync.headquarters import publish
from sync.worker import Courier, Enrol, enrol
from tests.support.headquarters import RunningHeadquarters, an_office, invitation, served
from tests.support.lists import people, release_of
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


def test_a_release_on_a_stick_is_taken_in_and_a_changed_one_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with an_office(tmp_path / "hq") as at, served(at) as url:
        vault = new_vault(tmp_path)
        courier = Courier(lambda action, command: action(vault, command))
        enrol(courier, Enrol(text=invitation_text(invitation(at, url, practice=True))))
        courier.close()
        vault.close()
        publish.publish(at, release_of(people("Ali Hassan"), tmp_path), practice=True)
        stick, secret = tmp_path / "stick", tmp_path / "passphrase"
        secret.write_text(PASSPHRASE + "\n", "utf-8")
        whole = publish.carried(at, practice=True)
    home = directory(tmp_path).folder
    arguments = ["release", str(stick), "--home", str(home), "--passphrase-file", str(secret)]
    stick.write_bytes(whole[:-1] + b"!")
    assert program.main(arguments) == 1
    assert "is not the one that headquarters signed" in capsys.readouterr().err
    stick.write_bytes(whole)
    for number in (1, 0):
        assert program.main(arguments) == 0
        assert json.loads(capsys.readouterr().out) == {"number": number}
