"""The courier over real HTTP: enrolling, exchanging, fetching a published watchlist, meeting a dead line."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import resources
from fieldapp.actions import opening, provisioning
from fieldapp.actions.rooms import Screener
from fieldapp.clock import now
from fieldapp.enrolment import InvitationUnreadable, StatementRefused, invitation_text
from fieldapp.vault.vault import Vault
from fieldapp.watchlist import release, trust
from fieldapp.watchlist.release import Header
from fieldapp.watchlist.sources import source
from sync import wire
from sync.headquarters import publish, quarantine, store
from sync.headquarters.office import Office
from sync.transport import AddressRefused, HeadquartersUnreachable
from sync.worker import Courier, Enrol, SyncNow, enrol, sync_now
from tests.support.headquarters import invitation, served
from tests.support.vaults import new_vault


class Rooms:
    """The vault and the screening room, asked as their processes are."""

    def __init__(self, folder: Path) -> None:
        self.vault: Vault = new_vault(folder)
        self.screener = Screener(folder / "vault", self.vault.watchlist_key)

    def ask(self, action: Callable[..., Any], command: Any) -> Any:
        return action(self.screener if action is provisioning.adopt_release else self.vault, command)

    def close(self) -> None:
        self.screener.close()
        self.vault.close()


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    made = Rooms(tmp_path)
    yield made
    made.close()


def practice_release(folder: Path, number: int) -> Path:
    made = folder / f"release-{number}"
    entries = source("csv").read([resources.path("practice", "watchlist.csv")])
    release.write_release(made, Header(number=number, name=f"practice {number}", issued=now()), entries)
    return made


def test_a_published_watchlist_is_fetched_checked_and_adopted(
    at: Office, rooms: Rooms, tmp_path: Path
) -> None:
    with served(at) as url:
        courier = Courier(rooms.ask)
        enrol(courier, Enrol(text=invitation_text(invitation(at, url, practice=True))))
        publish.publish(at, practice_release(tmp_path, 3), practice=True)
        assert sync_now(courier, SyncNow()).release == 3
        assert rooms.screener.state().number == 3
        assert provisioning.status(rooms.vault, provisioning.Status()).watchlist.number == 3
        again = sync_now(courier, SyncNow())
        assert (again.release, again.waiting) == (0, 0)
        courier.close()


def test_a_watchlist_changed_on_its_way_is_refused_and_the_old_one_stays(
    at: Office, rooms: Rooms, tmp_path: Path
) -> None:
    with served(at) as url:
        courier = Courier(rooms.ask)
        enrol(courier, Enrol(text=invitation_text(invitation(at, url, practice=True))))
        publish.publish(at, practice_release(tmp_path, 1), practice=True)
        sync_now(courier, SyncNow())
        publish.publish(at, practice_release(tmp_path, 2), practice=True)
        for kept in (file for file in (at.home / "blobs").rglob("*") if file.is_file()):
            kept.write_bytes(bytes([kept.read_bytes()[0] ^ 1]) + kept.read_bytes()[1:])
        with pytest.raises(trust.ReleaseAltered):
            sync_now(courier, SyncNow())
        assert rooms.screener.state().number == 1
        courier.close()


def test_the_line_comes_back(at: Office, rooms: Rooms) -> None:
    courier = Courier(rooms.ask)
    with served(at) as url:
        enrol(courier, Enrol(text=invitation_text(invitation(at, url))))
    with pytest.raises(HeadquartersUnreachable):
        sync_now(courier, SyncNow())
    assert opening.list_inspections(rooms.vault, opening.ListInspections()).rows == ()
    courier.close()


def test_on_a_shared_laptop_each_officer_has_a_session_of_his_own(
    at: Office, rooms: Rooms, tmp_path: Path
) -> None:
    other = Rooms(tmp_path / "other")
    here = [rooms]
    with served(at) as url:
        courier = Courier(lambda action, command: here[0].ask(action, command))
        for officer in (rooms, other):
            here[0] = officer
            enrol(courier, Enrol(text=invitation_text(invitation(at, url))))
            sync_now(courier, SyncNow())
        for officer in (rooms, other, rooms):
            here[0] = officer
            assert sync_now(courier, SyncNow()).waiting == 0
        with store.reading(at.engine) as connection:
            assert quarantine.listed(connection, practice=False) == []
        courier.close()
    other.close()


def test_an_invitation_of_another_root_is_not_believed(at: Office, rooms: Rooms, tmp_path: Path) -> None:
    with served(at) as url:
        invited = invitation(at, url)
        forged = invitation_text(msgspec.structs.replace(invited, root="ab" * 32))
        courier = Courier(rooms.ask)
        with pytest.raises(StatementRefused):
            enrol(courier, Enrol(text=forged))
        assert not provisioning.status(rooms.vault, provisioning.Status()).enrolled
        enrol(courier, Enrol(text=invitation_text(invited)))
        courier.close()


def test_an_invitation_that_would_send_in_the_clear_is_refused(at: Office, rooms: Rooms) -> None:
    courier = Courier(rooms.ask)
    for url in ("http://hq.example.in", "ftp://127.0.0.1"):
        with pytest.raises(AddressRefused):
            enrol(courier, Enrol(text=invitation_text(invitation(at, url))))
    with pytest.raises(InvitationUnreadable):
        enrol(courier, Enrol(text="not an invitation"))


def test_a_used_invitation_is_told(at: Office, rooms: Rooms, tmp_path: Path) -> None:
    other = Rooms(tmp_path / "other")
    with served(at) as url:
        text = invitation_text(invitation(at, url))
        first, second = Courier(rooms.ask), Courier(other.ask)
        enrol(first, Enrol(text=text))
        with pytest.raises(wire.InvitationUsed):
            enrol(second, Enrol(text=text))
        first.close()
        second.close()
    other.close()
