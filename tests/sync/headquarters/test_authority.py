"""Headquarters' own authority: an invitation is enough to know the server, no other certificate will do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldapp import clock
from fieldapp.enrolment import HeadquartersKeys, invitation_text, open_statement, read_invitation
from sync.headquarters import authority, keys, office
from sync.headquarters.keys import KeysMissing
from sync.transport import HeadquartersUnreachable
from sync.worker import Courier, Enrol, SyncNow, enrol, sync_now
from tests.support.headquarters import RunningHeadquarters, invitation
from tests.support.vaults import new_vault


def certified(folder: Path) -> Path:
    """A headquarters with its own authority; return the server's file."""
    office.close(office.open_office(folder, name="Test headquarters"))
    authority.make(folder, "Test headquarters", "127.0.0.1", clock.now)
    server = authority.server_file(folder)
    assert server is not None
    return server


def test_an_invitation_is_all_a_laptop_needs(tmp_path: Path) -> None:
    server = certified(tmp_path / "hq")
    vault = new_vault(tmp_path)
    courier = Courier(lambda action, command: action(vault, command))
    with RunningHeadquarters(tmp_path / "hq", tls=server) as running:
        enrol(courier, Enrol(text=running.invite()))
        assert sync_now(courier, SyncNow()).waiting == 0
    courier.close()
    vault.close()


def test_another_headquarters_at_the_same_address_is_not_spoken_to(tmp_path: Path) -> None:
    certified(tmp_path / "hq")
    stranger = certified(tmp_path / "stranger")
    vault = new_vault(tmp_path)
    courier = Courier(lambda action, command: action(vault, command))
    with RunningHeadquarters(tmp_path / "stranger", tls=stranger) as running:
        at = office.open_office(tmp_path / "hq")
        text = invitation_text(invitation(at, running.url))
        with pytest.raises(HeadquartersUnreachable):
            enrol(courier, Enrol(text=text))
        office.close(at)
    courier.close()
    vault.close()


def test_a_new_authority_is_named_before_it_is_served_with(tmp_path: Path) -> None:
    first = certified(tmp_path / "hq").read_bytes()
    vault = new_vault(tmp_path)

    def ask(action: Callable[..., Any], command: Any) -> Any:
        return action(vault, command)

    courier = Courier(ask)
    old = tmp_path / "old.pem"
    old.write_bytes(first)
    with RunningHeadquarters(tmp_path / "hq", tls=old) as running:
        enrol(courier, Enrol(text=running.invite()))
        running.kill()
        authority.make(tmp_path / "hq", "Test headquarters", "127.0.0.1", clock.now)
        running.start()  # still with the old certificate, but its keys statement names the new authority
        sync_now(courier, SyncNow())
        running.kill()
        running._tls = authority.server_file(tmp_path / "hq")
        running.start()
        assert sync_now(courier, SyncNow()).waiting == 0
    courier.close()
    vault.close()


def test_the_authority_that_serves_stays_named_however_often_a_next_one_is(tmp_path: Path) -> None:
    home = tmp_path / "hq"
    certified(home)
    serving = authority.certificate(home)
    for _ in range(3):
        authority.prepare(home, "Test headquarters", clock.now)
    for own in (keys.load(home).real, keys.load(home).practice):
        named = open_statement(own.statement, "keys", HeadquartersKeys, (own.root,)).authorities
        assert named[1:] == (serving,)
        assert named[0] == (home / "keys" / "tls" / "next.pem").read_text("ascii")


def test_the_root_is_needed(tmp_path: Path) -> None:
    certified(tmp_path / "hq")
    (tmp_path / "hq" / "root" / "real" / "root.key").unlink()
    with pytest.raises(KeysMissing):
        authority.make(tmp_path / "hq", "Test headquarters", "127.0.0.1", clock.now)
    with pytest.raises(KeysMissing):
        keys.rotate(tmp_path / "hq", "real", clock.now)


def test_an_invitation_with_an_authority_still_fits_a_code(tmp_path: Path) -> None:
    certified(tmp_path / "hq")
    at = office.open_office(tmp_path / "hq")
    text = invitation_text(invitation(at))
    assert read_invitation(text).authority.startswith("-----BEGIN CERTIFICATE-----")
    assert len(text) < 2_331, "QR version 40 with correction M holds 2,331 bytes"
    office.close(at)
