"""The line itself, against real sockets that do what networks do."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from sync import wire
from sync.transport import AddressRefused, Call, HeadquartersUnreachable, answered
from sync.transport.https import Https, check_address

CALL = Call(method="POST", path="/v1/sync", body=b"FS1...")
PORTAL = b"<html>Accept the terms</html>"


@contextlib.contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server on loopback that reads what comes and then does `answer`."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                came, _ = listening.accept()
                with came, contextlib.suppress(OSError):
                    came.settimeout(5)
                    came.recv(65536)
                    answer(came)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(6)


def http(status: str, body: bytes, *lines: str) -> Callable[[socket.socket], None]:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines, "", ""])
    return lambda came: came.sendall(head.encode("ascii") + body)


@contextlib.contextmanager
def line(url: str, stall_seconds: float = 5.0) -> Iterator[Https]:
    made = Https(url, stall_seconds=stall_seconds)
    try:
        yield made
    finally:
        made.close()


def test_a_sign_in_page_is_not_headquarters() -> None:
    with server(http("200 OK", PORTAL)) as url, line(url) as to, pytest.raises(wire.NotHeadquarters):
        answered(to.carry(CALL))


def test_a_redirect_is_not_followed() -> None:
    visited: list[bytes] = []
    with server(lambda _came: visited.append(b"there")) as elsewhere:
        moved = http("302 Found", b"", f"Location: {elsewhere}/login")
        with server(moved) as url, line(url) as to, pytest.raises(wire.NotHeadquarters):
            answered(to.carry(CALL))
    assert visited == []


def test_a_packed_sign_in_page_is_not_unpacked() -> None:
    packed = http("200 OK", b"\x1f\x8b" + bytes(20), "Content-Encoding: gzip")
    with server(packed) as url, line(url) as to, pytest.raises(wire.NotHeadquarters):
        answered(to.carry(CALL))


def test_a_proxy_without_headquarters_behind_it() -> None:
    with (
        server(http("502 Bad Gateway", b"nginx")) as url,
        line(url) as to,
        pytest.raises(HeadquartersUnreachable) as told,
    ):
        answered(to.carry(CALL))
    assert told.value.facts == {"why": "gateway"}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda _came: threading.Event().wait(1.5), "stalled"),
        (lambda _came: None, "cut"),
        (lambda came: came.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nFS1"), "cut"),
    ],
)
def test_silence_and_a_cut_are_told_apart(answer: Callable[[socket.socket], None], why: str) -> None:
    with (
        server(answer) as url,
        line(url, stall_seconds=0.5) as to,
        pytest.raises(HeadquartersUnreachable) as told,
    ):
        to.carry(CALL)
    assert told.value.facts == {"why": why}


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with line(url) as to, pytest.raises(HeadquartersUnreachable) as told:
        to.carry(CALL)
    assert told.value.facts == {"why": "connect"}


def test_an_endless_answer_is_cut_off() -> None:
    def flood(came: socket.socket) -> None:
        came.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(400):
            came.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")

    with server(flood) as url, line(url) as to, pytest.raises(wire.FrameRefused):
        to.carry(CALL)


def test_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with server(http("200 OK", b"FS1")) as url, line(url) as to:
        assert to.carry(CALL).body == b"FS1"


@pytest.mark.parametrize("url", ["https://hq.example.in", "http://127.0.0.1:8470", "http://[::1]:8470"])
def test_addresses_that_protect_what_they_carry(url: str) -> None:
    assert check_address(url).host


@pytest.mark.parametrize(
    "url",
    [
        "http://hq.example.in", "http://10.0.0.5:8470", "http://127.0.0.1.example.in", "ftp://127.0.0.1", "",
        "https://", "https://user:word@hq.example.in", "https://hq.example.in/?next=x", "//hq", "https://[::",
    ],
)  # fmt: skip
def test_addresses_that_do_not(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(url)
