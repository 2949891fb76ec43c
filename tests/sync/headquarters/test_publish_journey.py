"""From the officers' desk to the inspector's verdict, over real HTTP, and everything that may be done on the
way to make a laptop believe another list: each is refused by name, and the list in use goes on answering."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from fieldapp.actions import exchanging, provisioning, scanning
from fieldapp.actions.provisioning import AdoptRelease, Status
from fieldapp.actions.rooms import Screener
from fieldapp.actions.scanning import ScreenText
from fieldapp.clock import now
from fieldapp.enrolment import invitation_text
from fieldapp.errors import TrustError
from fieldapp.watchlist import release, trust
from fieldapp.watchlist.release import Header
from fieldapp.watchlist.sources import source
from sync.headquarters import officers, publish, store, tables
from sync.headquarters.office import Office
from sync.worker import Courier, Enrol, SyncNow, TakeRelease, enrol, sync_now, take_release
from tests.support.headquarters import invitation, served
from tests.support.lists import Publisher, entry
from tests.support.vaults import new_vault


class Desk:
    """A laptop in practice, enrolled over the wire, with its rooms in this process."""

    def __init__(self, folder: Path, at: Office, url: str) -> None:
        folder.mkdir(exist_ok=True)
        self.vault = new_vault(folder)
        self.screener = Screener(folder / "vault", self.vault.watchlist_key)
        self.courier = Courier(self.ask)
        enrol(self.courier, Enrol(text=invitation_text(invitation(at, url, practice=True))))

    def ask(self, action: Callable[..., Any], command: Any) -> Any:
        return action(self.screener if action is provisioning.adopt_release else self.vault, command)

    def sync(self) -> int:
        return sync_now(self.courier, SyncNow()).release

    def listed(self, name: str) -> bool:
        """Whether screening finds `name` on the list in use."""
        found = scanning.screen_text(self.screener, ScreenText(text=name))
        return bool(found.screening.hits)

    def number(self) -> int:
        return provisioning.status(self.vault, Status()).watchlist.number

    def close(self) -> None:
        self.courier.close()
        self.screener.close()
        self.vault.close()


OLD, NEW = "Zorbanex Kilvarto Trading", "Quandolex Mirpatov Chemicals"


def a_list(folder: Path, number: int, *names: str) -> Path:
    made = folder / f"list-{number}"
    entries = [entry(name, number=str(at)) for at, name in enumerate(names)]
    release.write_release(made, Header(number=number, name=f"list {number}", issued=now()), entries)
    return made


@pytest.fixture
def desk(at: Office, tmp_path: Path) -> Iterator[Desk]:
    with served(at) as url:
        made = Desk(tmp_path / "laptop", at, url)
        publish.publish(at, a_list(tmp_path, 1, OLD), practice=True)
        assert made.sync() == 1
        yield made
        made.close()


def test_a_published_list_answers_on_the_laptop(at: Office, desk: Desk, tmp_path: Path) -> None:
    assert desk.listed(OLD)
    assert not desk.listed(NEW)
    publish.publish(at, a_list(tmp_path, 2, NEW), practice=True)
    assert desk.sync() == 2
    assert desk.listed(NEW)
    assert not desk.listed(OLD)
    assert (desk.number(), desk.sync()) == (2, 0)


def a_long_list(folder: Path, number: int, *more: str) -> Path:
    return a_list(folder, number, *(f"Brandolo Kestimar {at}" for at in range(400)), *more)


def fetched(desk: Desk) -> list[int]:
    """The sizes of what the next exchange fetches."""
    sizes: list[int] = []
    ask = desk.courier.ask

    def noting(action: Callable[..., Any], command: Any) -> Any:
        if action is provisioning.adopt_release:
            sizes.append(len(command.content))
        return ask(action, command)

    desk.courier.ask = noting
    try:
        desk.sync()
    finally:
        desk.courier.ask = ask
    return sizes


def test_a_delta_is_fetched_where_it_leads_on_from_the_list_in_use(
    at: Office, desk: Desk, tmp_path: Path
) -> None:
    first = a_long_list(tmp_path, 2)
    publish.publish(at, first, practice=True)
    assert fetched(desk) == [first.stat().st_size]
    second = a_long_list(tmp_path, 3, NEW)
    publish.publish(at, second, practice=True)
    (size,) = fetched(desk)
    assert size < second.stat().st_size / 2
    assert (desk.number(), desk.listed(NEW), desk.listed("Brandolo Kestimar 7")) == (3, True, True)
    assert desk.screener.index().state.state == release.read_header(second).state  # type: ignore[union-attr]
    assert fetched(desk) == []


def test_a_delta_that_does_not_fit_is_made_up_for_by_the_whole_release(
    at: Office, desk: Desk, tmp_path: Path
) -> None:
    publish.publish(at, a_long_list(tmp_path, 2), practice=True)
    desk.sync()
    # Another list of the same number lies in the screening room, as after a disk put back.
    odd = a_list(tmp_path, 2, OLD)
    desk.screener.adopt(odd.read_bytes())
    third = a_long_list(tmp_path, 3, NEW)
    publish.publish(at, third, practice=True)
    sizes = fetched(desk)
    assert sizes[-1] == third.stat().st_size
    assert len(sizes) == 2
    assert (desk.listed(NEW), desk.listed(OLD)) == (True, False)


def test_a_changed_delta_is_refused_and_made_up_for(at: Office, desk: Desk, tmp_path: Path) -> None:
    publish.publish(at, a_long_list(tmp_path, 2), practice=True)
    desk.sync()
    third = a_long_list(tmp_path, 3, NEW)
    publish.publish(at, third, practice=True)
    with store.reading(at.engine) as connection:
        (h,) = connection.execute(select(tables.release_delta.c.sha256)).scalars()
    kept_file = at.home / "blobs" / h[:2] / h
    whole = kept_file.read_bytes()
    kept_file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert fetched(desk)[-1] == third.stat().st_size
    assert desk.listed(NEW)


def test_a_list_on_a_stick_is_taken_in_by_the_same_checks(at: Office, desk: Desk, tmp_path: Path) -> None:
    publish.publish(at, a_list(tmp_path, 2, NEW), practice=True)
    stick = tmp_path / "stick.fieldlist"
    whole = publish.carried(at, practice=True)
    for wrong in (whole[:-100], whole[:200], whole[:-1] + b"!", b"", b"notes"):
        stick.write_bytes(wrong)
        with pytest.raises((TrustError, trust.CarriedForeign)):
            take_release(desk.courier, TakeRelease(path=str(stick)))
        assert desk.listed(OLD)
    with pytest.raises(trust.CarriedForeign):
        take_release(desk.courier, TakeRelease(path=str(tmp_path / "absent")))
    stick.write_bytes(whole)
    assert take_release(desk.courier, TakeRelease(path=str(stick))).number == 2
    assert desk.listed(NEW)
    assert take_release(desk.courier, TakeRelease(path=str(stick))).number == 0
    assert desk.sync() == 0, "the wire has nothing newer"


def test_a_stick_of_the_real_side_is_not_believed_in_practice(at: Office, desk: Desk, tmp_path: Path) -> None:
    keys = [officers.read_key(at.home / "root" / "real" / f"officer-{number}.key") for number in (1, 2)]
    publish.publish(at, a_list(tmp_path, 2, NEW), practice=False, keys=keys)
    stick = tmp_path / "real.fieldlist"
    stick.write_bytes(publish.carried(at, practice=False))
    with pytest.raises(TrustError):
        take_release(desk.courier, TakeRelease(path=str(stick)))
    assert desk.listed(OLD)


def kept(at: Office, role: str) -> tuple[int, bytes]:
    table = tables.release_metadata
    with store.reading(at.engine) as connection:
        row = connection.execute(select(table).where(table.c.role == role, table.c.practice)).one()
    return row.version, row.content


def put(at: Office, role: str, version: int, content: bytes) -> None:
    """Change what the server hands out, as whoever broke into it would."""
    table = tables.release_metadata
    changed = update(table).where(table.c.role == role, table.c.practice)
    with store.writing(at.engine) as connection:
        connection.execute(changed.values(version=version, content=content))


def intruder(at: Office) -> Publisher:
    """Who has the server with its key, and neither root nor officers."""
    made = Publisher(now=now())
    made.online = officers.online(at.home, practice=True)
    return made


def break_in(at: Office, attack: str, content: bytes) -> None:
    thief, high = intruder(at), kept(at, "timestamp")[0] + 10
    versions: dict[str, Any] = {"version": high, "snapshot": high, "timestamp": high}
    if attack == "one-officer":
        own = officers.own_officers(at.home, practice=True)
        made = thief.metadata(content, 9, officers=own[:1], **versions)
    elif attack == "unknown-keys":
        made = thief.metadata(content, 9, **versions)
    elif attack == "unknown-server":
        made = thief.metadata(content, 9, online=Ed25519PrivateKey.generate(), **versions)
    elif attack == "rollback":
        made = thief.metadata(content, 9, version=5, snapshot=high, timestamp=high)
    elif attack == "expired":
        made = thief.metadata(content, 9, days=(365, 365, -1), **versions)
    else:
        assert attack == "mixed"
        made = thief.metadata(content, 9, **versions)
        put(at, "timestamp", high, made.timestamp)
        return
    put(at, "targets", versions["version"], made.targets)
    put(at, "snapshot", high, made.snapshot)
    put(at, "timestamp", high, made.timestamp)


ATTACKS = {
    "one-officer": trust.SignersTooFew,
    "unknown-keys": trust.SignerUnknown,
    "unknown-server": trust.SignerUnknown,
    "rollback": trust.MetadataRolledBack,
    "expired": trust.HeadquartersFrozen,
    "mixed": trust.MetadataMixed,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_server_broken_into_cannot_change_the_list(
    at: Office, desk: Desk, tmp_path: Path, attack: str
) -> None:
    content = a_list(tmp_path, 9, NEW).read_bytes()
    at.blobs.put(content)
    break_in(at, attack, content)
    with pytest.raises(ATTACKS[attack]):
        desk.sync()
    assert (desk.number(), desk.listed(OLD), desk.listed(NEW)) == (1, True, False)
    with desk.vault.reading() as tx:
        noted = [entry.payload for entry in tx.journal.entries(1, 500)]
    assert sum(b"watchlist-refused" in payload for payload in noted) == 1


def test_a_refused_list_holds_up_no_record(at: Office, desk: Desk, tmp_path: Path) -> None:
    break_in(at, "unknown-keys", b"another list")
    with pytest.raises(trust.SignerUnknown):
        desk.sync()
    assert exchanging.next_batch(desk.vault, exchanging.NextBatch()).entries == ()


def test_a_substance_scheduled_today_is_known_on_the_laptop(at: Office, desk: Desk, tmp_path: Path) -> None:
    name = "Quolvaretine hydrochloride"
    before = scanning.screen_text(desk.screener, ScreenText(text=name)).screening.substances
    assert all(answer.action != "controlled" for answer in before)
    added = tmp_path / "emergency.csv"
    added.write_text(
        "id,kind,name,aliases,identifiers,programme\n"
        f"S1,substance,{name},quolvaretine,,UN-1961-I Schedule I\n"
    )
    made = tmp_path / "emergency"
    header = Header(number=2, name="emergency", issued=now())
    release.write_release(made, header, source("csv").read([added]))
    publish.publish(at, made, practice=True)
    assert desk.sync() == 2
    after = scanning.screen_text(desk.screener, ScreenText(text=name)).screening.substances
    assert [answer.action for answer in after] == ["controlled"]


def test_a_courier_that_was_taken_over_cannot_slip_a_list_in(desk: Desk, tmp_path: Path) -> None:
    content = a_list(tmp_path, 9, NEW).read_bytes()
    forged = trust.Target(
        number=9, name="list 9", issued=now(), sha256=release.read_header(tmp_path / "list-9").sha256,
        size=len(content), permit=b"x" * 32,
    )  # fmt: skip
    with pytest.raises(trust.ReleaseAltered):
        desk.ask(provisioning.adopt_release, AdoptRelease(target=forged, content=content))
    assert desk.listed(OLD)
