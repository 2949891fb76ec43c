"""Several workers on one database and one store: what one began another finishes, also when it was killed."""

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sync import wire
from sync.headquarters import accounts, factor, store, tables, totp
from sync.headquarters.office import Office
from sync.wire import BlobAnswer, SyncAnswer, SyncRequest
from tests.support import records
from tests.support.headquarters import (
    PASSWORD,
    Browser,
    Chain,
    RunningHeadquarters,
    an_office,
    sealed_evidence,
)

Two = tuple[RunningHeadquarters, RunningHeadquarters]
Offices = tuple[Office, Office]


@pytest.fixture
def two(folder: Path) -> Iterator[Two]:
    """Two processes that serve the same headquarters."""
    with RunningHeadquarters(folder) as one, RunningHeadquarters(folder) as other:
        yield one, other


@pytest.fixture
def offices(folder: Path) -> Iterator[Offices]:
    """The same headquarters opened twice, as two processes do."""
    with an_office(folder) as one, an_office(folder) as other:
        yield one, other


def asked(worker: RunningHeadquarters, chain: Chain, token: str, *, bring: bool = False) -> SyncAnswer:
    """What a worker answers to an exchange."""
    entries = tuple(chain.entries) if bring else ()
    body = wire.pack(SyncRequest(head=chain.head, entries=entries))
    raw = httpx.post(
        f"{worker.url}/v1/sync", content=body, headers=bearer(token), trust_env=False, timeout=60
    )
    return wire.unpack(raw.content, SyncAnswer)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def begun(worker: RunningHeadquarters, h: str, content: bytes, half: int, token: str) -> socket.socket:
    """A PATCH of which half has been sent, and the line left open."""
    host, port = worker.url.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)))
    head = (
        f"PATCH /v1/blob/{h} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Upload-Offset: 0\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    line.sendall(head.encode("ascii") + content[:half])
    return line


def test_a_worker_killed_in_the_middle_of_a_photo_costs_no_record_and_no_more_than_a_piece(two: Two) -> None:
    one, other = two
    assert one.office is not None
    chain, content = Chain(one.office), hashlib.shake_256(b"photo").digest(3_000_000)
    item, sealed = sealed_evidence(one.office, content)
    chain.seal(records.record(inspection=records.inspection(evidence=(item,))))
    token = chain.session()
    assert [ack.state for ack in asked(one, chain, token, bring=True).acks] == ["new"]
    h, half = item.sealed_sha256, 2_000_000
    with begun(one, h, sealed, half, token):
        while asked(other, chain, token).need[0].offset < half - (1 << 19):
            time.sleep(0.02)
        one.kill()
    (need,) = asked(other, chain, token).need
    assert half - (1 << 19) <= need.offset <= half
    answer = httpx.patch(
        f"{other.url}/v1/blob/{h}",
        content=sealed[need.offset :],
        headers=bearer(token) | {"Upload-Offset": str(need.offset)},
        trust_env=False,
        timeout=60,
    )
    assert wire.unpack(answer.content, BlobAnswer).done
    assert one.office.blobs.read(h) == sealed
    assert [ack.state for ack in asked(other, chain, token, bring=True).acks] == ["dup"]


def test_both_take_in_at_once_and_nothing_is_lost_or_doubled(two: Two) -> None:
    assert two[0].office is not None
    chains = [Chain(two[0].office, name=f"Officer {number}") for number in range(6)]
    for chain in chains:
        for _ in range(5):
            chain.append()
    tokens = [chain.session() for chain in chains]
    states: list[str] = []

    def push(chain: Chain, token: str, worker: RunningHeadquarters) -> None:
        states.extend(ack.state for ack in asked(worker, chain, token, bring=True).acks)

    threads = [
        threading.Thread(target=push, args=(chain, token, worker))
        for chain, token in zip(chains, tokens, strict=True)
        for worker in two
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (states.count("new"), states.count("dup")) == (30, 30)
    with store.reading(two[0].office.engine) as connection:
        assert len(connection.execute(tables.record.select()).all()) == 30


def test_a_person_is_signed_in_at_both_and_guesses_are_counted_together(two: Two) -> None:
    one, other = two
    assert one.office is not None
    accounts.set_password(one.office, "Meera Iyer", PASSWORD)
    with Browser(httpx.Client(base_url=one.url, trust_env=False, follow_redirects=True)) as browser:
        browser.sign_in("Meera Iyer")
        cookie = browser.client.cookies["visit"]
    there = httpx.get(f"{other.url}/reports", cookies={"visit": cookie}, trust_env=False)
    assert there.status_code == 200
    for number in range(accounts.GUESSES):
        with pytest.raises(accounts.SignInRefused):
            accounts.sign_in(one.office, "Meera Iyer", f"a wrong one {number}", "10.0.0.1")
    told = httpx.post(
        f"{other.url}/sign-in",
        data={"name": "Meera Iyer", "password": PASSWORD, "next": "/"},
        trust_env=False,
    )
    assert "visit" not in told.cookies


def test_guesses_at_the_same_moment_are_not_more_than_guesses(offices: Offices) -> None:
    one, other = offices
    accounts.set_password(one, "Meera Iyer", PASSWORD)
    refused: list[type[Exception]] = []

    def guess(worker: Office) -> None:
        try:
            accounts.sign_in(worker, "Meera Iyer", "a wrong password", "10.0.0.1")
        except (accounts.SignInRefused, accounts.TooManyGuesses) as error:
            refused.append(type(error))

    threads = [threading.Thread(target=guess, args=(worker,)) for worker in (one, other) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused.count(accounts.SignInRefused) == accounts.GUESSES
    assert refused.count(accounts.TooManyGuesses) == 12 - accounts.GUESSES


def test_a_code_counts_at_one_worker_only(offices: Offices) -> None:
    one = offices[0]
    accounts.set_password(one, "Meera Iyer", PASSWORD)
    shown = factor.offer(one, "Meera Iyer")
    secret = factor.reopen(one, "Meera Iyer", shown.sealed)
    first = accounts.sign_in(one, "Meera Iyer", PASSWORD, "10.0.0.1")
    now = totp.code(secret, totp.step_at(one.clock()))
    factor.set_up(one, "Meera Iyer", first, shown.sealed, now)
    right = totp.code(secret, totp.step_at(one.clock()) + 1)
    done: list[str] = []

    def show(worker: Office) -> None:
        token = accounts.sign_in(worker, "Meera Iyer", PASSWORD, "10.0.0.1")
        try:
            factor.show(worker, "Meera Iyer", token, right)
        except factor.CodeRefused:
            done.append("refused")
        else:
            done.append("taken")

    threads = [threading.Thread(target=show, args=(worker,)) for worker in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["refused", "taken"]
