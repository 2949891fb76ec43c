"""Changing headquarters' keys by command, under laptops that speak real TLS to a real server."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update

from fieldapp import clock
from fieldapp import enrolment as statements
from fieldapp.enrolment import HeadquartersKeys, Witness
from sync.headquarters import __main__ as program
from sync.headquarters import authority, enrolment, keys, office, rotation, store, tables
from sync.worker import Courier, Enrol, SyncNow, enrol, sync_now
from tests.support.headquarters import Chain, RunningHeadquarters
from tests.support.vaults import new_vault
from tests.sync.headquarters.test_authority import certified


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    assert program.main(list(arguments)) == 0
    told: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return told


def test_keys_and_authority_are_changed_under_a_laptop_that_notices_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "hq"
    server = certified(home)
    vault = new_vault(tmp_path)
    courier = Courier(lambda action, command: action(vault, command))

    def trusted() -> HeadquartersKeys:
        with vault.reading() as tx:
            return tx.require_enrolment().keys

    with RunningHeadquarters(home, tls=server) as running:
        enrol(courier, Enrol(text=running.invite()))
        sync_now(courier, SyncNow())
        first = trusted()

        running.kill()
        new = ran(capsys, "keys", "rotate", "--home", str(home))["signing"]
        running.start()
        with vault.transaction() as tx:
            tx.journal.note("something", tx.now)
        sync_now(courier, SyncNow())
        assert trusted().signing == (new, *first.signing), "both hold; the new one signs"
        with vault.reading() as tx:
            witness = tx.meta.get("witness", statements.Statement)
        assert witness is not None
        assert statements.open_statement(witness, "witness", Witness, (str(new),)).seq

        running.kill()
        ran(capsys, "keys", "authority", "--home", str(home))
        running.start()  # with the old one still
        sync_now(courier, SyncNow())
        assert len(trusted().authorities) == 2
        running.kill()
        assert program.main(["keys", "change", "127.0.0.1", "--home", str(home)]) == 1, "weeks too early"
        assert "--now" in capsys.readouterr().err
        assert "restart" in ran(capsys, "keys", "change", "127.0.0.1", "--home", str(home), "--now")
        running._tls = authority.server_file(home)
        running.start()
        assert sync_now(courier, SyncNow()).waiting == 0
    courier.close()
    vault.close()


def test_there_is_no_change_to_an_authority_that_was_not_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certified(tmp_path / "hq")
    assert program.main(["keys", "change", "127.0.0.1", "--home", str(tmp_path / "hq")]) == 1
    assert "keys authority" in capsys.readouterr().err


def test_a_new_authority_takes_over_when_weeks_have_passed_and_every_laptop_was_heard(tmp_path: Path) -> None:
    home = tmp_path / "hq"
    certified(home)
    at = office.open_office(home)
    authority.prepare(home, "Test headquarters", clock.now)
    named = authority.named(home)
    chain = Chain(at)
    late = msgspec.structs.replace(at, clock=lambda: named + rotation.OVERLAP)
    with pytest.raises(rotation.AuthorityEarly) as silent:
        rotation.check_heard(late)
    assert silent.value.facts["unheard"] == 1
    seen = store.text(named + timedelta(days=3))
    with store.writing(at.engine) as connection:
        connection.execute(update(tables.device).values(last_seen=seen))
    rotation.check_heard(late)
    just_before = named + rotation.OVERLAP - timedelta(seconds=1)
    with pytest.raises(rotation.AuthorityEarly) as early:
        rotation.check_heard(msgspec.structs.replace(at, clock=lambda: just_before))
    assert early.value.facts["unheard"] == 0
    with store.writing(at.engine) as connection:
        connection.execute(update(tables.device).values(last_seen=""))
    enrolment.revoke(at, chain.device.hex(), "command")
    rotation.check_heard(late)
    office.close(at)


def test_where_laptops_trust_somebody_else_an_authority_is_named_only_knowingly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "hq"
    office.close(office.open_office(home))
    before = keys.load(home).real.statement
    assert program.main(["keys", "authority", "--home", str(home)]) == 1
    assert "http" in capsys.readouterr().err
    assert keys.load(home).real.statement == before
    ran(capsys, "keys", "authority", "--home", str(home), "--now")
    assert program.main(["keys", "change", "127.0.0.1", "--home", str(home)]) == 1
    assert authority.server_file(home) is None


def test_without_the_root_medium_the_sentence_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "hq"
    certified(home)
    shutil.rmtree(home / "root")
    for way in ("rotate", "authority"):
        assert program.main(["keys", way, "--home", str(home)]) == 1
        assert "Take the medium from the safe" in capsys.readouterr().err
    (home / "keys" / "server.key").unlink()
    assert program.main(["keys", "rotate", "--home", str(home)]) == 1
    told = capsys.readouterr().err
    assert "server.key" in told
    assert "serve" not in told.replace("server.key", ""), "it is there, and starting it makes no key"


def test_practice_has_keys_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "hq"
    certified(home)
    before = keys.load(home)
    assert ran(capsys, "keys", "rotate", "--home", str(home), "--practice")["realm"] == "practice"
    after = keys.load(home)
    assert after.real.statement == before.real.statement
    assert after.practice.statement != before.practice.statement
