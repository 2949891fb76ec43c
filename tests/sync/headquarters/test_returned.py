"""Headquarters restored from a backup: what was decided since comes back from the laptops it was told to."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from fieldapp import enrolment
from fieldapp.enrolment import Statement
from sync.headquarters import enrolment as devices
from sync.headquarters import intake, office, returned, review, store, tables
from sync.headquarters.office import Office
from sync.worker import Courier
from tests.support import records
from tests.support.headquarters import Chain, Simulator
from tests.sync.test_session import Field, decided


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One database is enough here: what is copied is SQLite's file."""
    return tmp_path / "headquarters"


@pytest.fixture
def field(at: Office, tmp_path: Path) -> Field:
    return Field(tmp_path, Simulator(at), at=at)


def restored(at: Office, backup: Path, folder: Path) -> Office:
    folder.mkdir()
    shutil.copytree(at.home / "keys", folder / "keys")
    shutil.copy(backup, folder / "headquarters.db")
    made = office.open_office(folder)
    with store.writing(made.engine) as connection:
        store.begin_generation(connection, made.clock())
    return made


def backed_up(at: Office, to: Path) -> Path:
    with contextlib.closing(sqlite3.connect(at.home / "headquarters.db")) as source:
        source.execute("VACUUM INTO ?", (str(to),))
    return to


def reviews(at: Office) -> dict[str, str]:
    with store.reading(at.engine) as connection:
        kept = tables.review.c
        return {row.record: row.id for row in connection.execute(select(kept.record, kept.id))}


def test_decisions_lost_in_a_restore_come_back_with_the_laptops(
    at: Office, field: Field, tmp_path: Path
) -> None:
    first, second = field.report(note="a"), field.report(note="b")
    field.sync()
    backup = backed_up(at, tmp_path / "backup.db")
    decided(at, first)
    decided(at, second)
    field.sync()
    before = reviews(at)
    now = restored(at, backup, tmp_path / "restored")
    assert reviews(now) == {}
    field.courier.close()
    field.courier = Courier(field.ask, Simulator(now))
    field.sync()
    assert reviews(now) == before
    with store.reading(now.engine) as connection:
        row = review.find(connection, first)
        assert row is not None
        assert review.read(row).id == before[first]
    net = Simulator(now)
    field.courier.close()
    field.courier = Courier(field.ask, net)
    field.sync()
    assert reviews(now) == before
    assert net.bytes_up < 2000, "what was given back once is not sent with every exchange"
    office.close(now)


def test_a_decision_taken_anew_stands(at: Office, field: Field, tmp_path: Path) -> None:
    record = field.report()
    field.sync()
    backup = backed_up(at, tmp_path / "backup.db")
    decided(at, record)
    field.sync()
    now = restored(at, backup, tmp_path / "restored")
    decided(now, record)
    anew = reviews(now)
    field.courier.close()
    field.courier = Courier(field.ask, Simulator(now))
    field.sync()
    assert reviews(now) == anew
    with store.reading(now.engine) as connection:
        said = connection.execute(select(tables.audit.c.what)).scalars().all()
    assert "review-differs" in said
    office.close(now)


def taken(at: Office, chain: Chain, *statements: Statement) -> int:
    with store.writing(at.engine) as connection:
        return returned.take_back(connection, at, devices.get(connection, chain.device.hex()), statements)


def test_only_what_headquarters_signed_about_a_laptops_own_record_counts(at: Office, tmp_path: Path) -> None:
    chain, other = Chain(at), Chain(at)
    entry = chain.seal()
    chain.push()
    with store.reading(at.engine) as connection:
        own = intake.head(connection, chain.device.hex()).id
    assert entry.seq == 1
    made = records.review(record=own, outcome="approved")
    good = enrolment.sign("review", made, at.keyring.real.signing)
    forger = office.open_office(tmp_path / "forger", name="Test headquarters")
    forged = enrolment.sign("review", made, forger.keyring.real.signing)
    office.close(forger)
    in_practice = enrolment.sign("review", made, at.keyring.practice.signing)
    assert taken(at, chain, forged, in_practice) == 0
    assert taken(at, other, good) == 0, "about a record of another laptop"
    assert taken(at, chain, good, good) == 1
    assert taken(at, chain, good) == 0
