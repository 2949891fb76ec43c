"""The real program: over real HTTP, killed at any moment, and its command line."""

import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from fieldapp.enrolment import read_invitation
from sync import wire
from sync.headquarters import __main__ as program
from sync.headquarters import office, store, tables, users
from sync.headquarters.office import Office
from sync.transport import Call, HeadquartersUnreachable, answered
from sync.transport.https import Https
from sync.wire import SyncAnswer, SyncRequest
from tests.support import records
from tests.support.headquarters import ROOT, Chain, RunningHeadquarters, an_office, sealed_evidence
from tests.support.lists import people, release_of


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory):
    with RunningHeadquarters(tmp_path_factory.mktemp("headquarters")) as made:
        yield made


def office_of(running: RunningHeadquarters) -> Office:
    assert running.office is not None
    return running.office


def push(running: RunningHeadquarters, chain: Chain, token: str) -> SyncAnswer:
    line = Https(running.url)
    try:
        asked = SyncRequest(head=chain.head, entries=tuple(chain.entries))
        call = Call(method="POST", path="/v1/sync", body=wire.pack(asked), token=token)
        return wire.unpack(answered(line.carry(call)), SyncAnswer)
    finally:
        line.close()


def stored(at: Office, chain: Chain) -> list[int]:
    kept = tables.record.c
    question = select(kept.seq).where(kept.device == chain.device.hex()).order_by(kept.seq)
    with store.reading(at.engine) as connection:
        return list(connection.execute(question).scalars())


def test_what_was_acknowledged_survives_a_kill(running: RunningHeadquarters) -> None:
    chain = Chain(office_of(running))
    chain.append()
    token = chain.session()
    assert [ack.state for ack in push(running, chain, token).acks] == ["new"]
    running.kill()
    running.start()
    chain.append()
    assert [ack.state for ack in push(running, chain, token).acks] == ["dup", "new"]


def test_a_kill_in_the_middle_of_requests_loses_and_doubles_nothing(running: RunningHeadquarters) -> None:
    chain = Chain(office_of(running))
    token = chain.session()
    heard = 0
    for round_ in range(4):
        for number in range(40):
            chain.append(payload=b'{"n":%d}' % number)
        killer = threading.Timer(0.01 * (round_ + 1), running.kill)
        killer.start()
        with contextlib.suppress(HeadquartersUnreachable):
            heard = max((ack.seq for ack in push(running, chain, token).acks), default=heard)
        killer.join()
        running.start()
        assert len(stored(office_of(running), chain)) >= heard, "acknowledged and lost"
    push(running, chain, token)
    assert stored(office_of(running), chain) == list(range(1, len(chain.entries) + 1))


def test_a_photo_cut_at_any_byte_goes_on_there(running: RunningHeadquarters) -> None:
    at = office_of(running)
    chain = Chain(at)
    item, sealed = sealed_evidence(at, os.urandom(900_000))
    chain.seal(records.record(inspection=records.inspection(evidence=(item,))))
    token = chain.session()
    name = hashlib.sha256(sealed).hexdigest()
    assert push(running, chain, token).need == (wire.Need(name, 0),)

    host, port = running.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as cut:
        head = (
            f"PATCH /v1/blob/{name} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
            f"Upload-Offset: 0\r\nContent-Length: {len(sealed)}\r\n\r\n"
        )
        cut.sendall(head.encode("ascii") + sealed[:300_001])
        cut.shutdown(socket.SHUT_WR)
        cut.recv(1000)  # the server has noticed
    (need,) = push(running, chain, token).need
    assert need.offset == 300_001

    running.kill()
    running.start()
    line = Https(running.url)
    call = Call(method="PATCH", path=f"/v1/blob/{name}", body=sealed[300_001:], token=token, offset=300_001)
    answer = wire.unpack(answered(line.carry(call)), wire.BlobAnswer)
    line.close()
    assert (answer.done, answer.offset) == (True, len(sealed))
    assert at.blobs.read(name) == sealed


def test_the_wires_routes_know_no_cookie_and_no_other_methods(running: RunningHeadquarters) -> None:
    with httpx.Client(base_url=running.url, trust_env=False) as client:
        assert client.post("/v1/sync", content=b"<html>").status_code == 400
        asked = wire.pack(SyncRequest())
        assert client.post("/v1/sync", content=asked).status_code == 401
        assert client.get("/v1/sync").status_code == 405
        assert client.post("/v1/sync", content=bytes(wire.MAX_FRAME + 1)).status_code == 400
        assert client.patch("/v1/blob/../../etc/passwd", content=b"x").status_code in (404, 405)
        assert client.get("/healthz").text == "ok"


def test_enrol_prints_an_invitation_that_a_laptop_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["enrol", "--home", str(tmp_path), "--name", "R. Nair", "--url", "https://hq.example.in"]
    file = tmp_path / "invitation.txt"
    assert program.main([*arguments, "--practice", "--out", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)
    invited = read_invitation(told["invitation"])
    assert (invited.practice, invited.url) == (True, "https://hq.example.in")
    assert read_invitation(file.read_text("ascii")) == invited


def test_supervisor_prints_a_link_or_takes_a_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["supervisor", "Meera Iyer", "--home", str(tmp_path)]) == 0
    assert "/welcome/" in json.loads(capsys.readouterr().out)["link"]
    assert program.main(["supervisor", "Ivo Brandt", "--home", str(tmp_path), "--practice"]) == 0
    opened = office.open_office(tmp_path)
    with store.reading(opened.engine) as connection:
        assert {row["name"]: row["realm"] for row in users.people(connection)} == {
            "Meera Iyer": "both",
            "Ivo Brandt": "practice",
        }
    office.close(opened)
    capsys.readouterr()
    file = tmp_path / "password"
    file.write_text("short\n", "utf-8")
    arguments = ["supervisor", "Meera Iyer", "--home", str(tmp_path), "--password-file", str(file)]
    assert program.main(arguments) == 1
    assert "10 characters" in capsys.readouterr().err


def test_give_back_says_how_many_records_went(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with an_office(tmp_path) as at:
        lost, new = Chain(at), Chain(at)
        lost.seal()
        lost.push()
    asked = ["give-back", lost.device.hex(), "--to", new.device.hex(), "--home", str(tmp_path)]
    assert program.main(asked) == 1, "that laptop is not withdrawn"
    assert program.main(["revoke", lost.device.hex(), "--home", str(tmp_path)]) == 0
    capsys.readouterr()
    assert program.main(asked) == 0
    assert json.loads(capsys.readouterr().out) == {"records": 1, "to": new.device.hex()}


def test_a_missing_release_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["publish", str(tmp_path / "none"), "--home", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_two_officers_publish_from_three_desks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> dict[str, object]:
        assert program.main(list(arguments)) == 0, capsys.readouterr().err
        return dict(json.loads(capsys.readouterr().out))

    home, list_, proposal = tmp_path / "hq", release_of(people("Ali Hassan"), tmp_path), tmp_path / "proposal"
    where = ("--home", str(home))
    assert run("prepare", str(list_), "--out", str(proposal), *where)["number"] == 1
    assert program.main(["prepare", str(list_), "--out", str(proposal), *where]) == 1
    assert "proposal already" in capsys.readouterr().err
    assert program.main(["publish", str(proposal), *where]) == 1
    assert "0 of 2 officers" in capsys.readouterr().err
    for number in (1, 2):
        key = home / "root" / "real" / f"officer-{number}.key"
        assert run("sign", str(proposal), "--key", str(key))["name"] == "test list"
    assert run("publish", str(proposal), *where)["practice"] is False
    stick = tmp_path / "stick"
    assert run("carry", str(stick), *where)["size"] == stick.stat().st_size
    publics = [str(run("officer", str(tmp_path / f"new-{number}.key"))["public"]) for number in (1, 2)]
    root = home / "root" / "real" / "root.key"
    turned = run("rotate", "--root", str(root), "--officer", publics[0], "--officer", publics[1], *where)
    assert turned["root"] == 2
    both = [text for number in (1, 2) for text in ("--key", str(tmp_path / f"new-{number}.key"))]
    later = release_of(people("Viktor Bout"), tmp_path, 2)
    assert run("publish", str(later), *both, *where)["number"] == 2


def test_in_practice_one_command_publishes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    list_ = release_of(people("Ali Hassan"), tmp_path)
    assert program.main(["publish", str(list_), "--home", str(tmp_path / "hq"), "--practice"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["number"], told["practice"], told["size"]) == (1, True, list_.stat().st_size)


def test_the_module_runs() -> None:
    command = [sys.executable, "-m", "sync.headquarters", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert b"publish" in done.stdout
