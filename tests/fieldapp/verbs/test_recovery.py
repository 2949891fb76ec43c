"""The drill from headquarters' side, by the command line: a key in shares, a request answered."""

from pathlib import Path

import pytest

from fieldapp import __main__ as door
from fieldapp.actions import recovering
from fieldapp.actions.recovering import AskRecovery, TakeRecovery
from fieldapp.vault import recovery
from fieldapp.vault.sharing import SharesMissing
from fieldapp.verbs.recovery import PUBLIC
from tests.support.vaults import directory, new_vault

NEW = "another staple of horses"


def test_two_shares_from_the_command_line_open_a_sealed_vault(tmp_path: Path):
    office = tmp_path / "office"
    assert door.run("recovery", ["new", "--out", str(office)]) == 0
    public = (office / PUBLIC).read_text().strip()
    vault = new_vault(tmp_path)
    assert vault.keep_recovery((public,))
    vault.close()
    place = directory(tmp_path)
    place.seal()
    asked = recovering.ask_recovery(place, AskRecovery(passphrase=NEW))
    (tmp_path / "request").write_bytes(asked.raw)
    officers = ["--officer", "M. Iyer", "--officer", "S. Khan", "--out", str(tmp_path / "answer")]
    one = ["answer", str(tmp_path / "request"), "--share", str(office / "officer-1.share")]
    with pytest.raises(SharesMissing):
        door.run("recovery", [*one, *officers])
    assert door.run("recovery", [*one, "--share", str(office / "officer-3.share"), *officers]) == 0
    answered = (tmp_path / "answer").read_bytes()
    assert not recovering.take_recovery(place, TakeRecovery(raw=answered, passphrase=NEW)).damage
    place.lock()


def test_a_key_is_never_written_over_another(tmp_path: Path):
    door.run("recovery", ["new", "--out", str(tmp_path)])
    before = (tmp_path / PUBLIC).read_bytes()
    with pytest.raises(FileExistsError):
        door.run("recovery", ["new", "--out", str(tmp_path)])
    assert (tmp_path / PUBLIC).read_bytes() == before
    assert recovery.fingerprint(before.decode().strip()) in (tmp_path / "officer-1.share").read_text()
