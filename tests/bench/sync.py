"""What sync costs and carries: `make bench-sync`. Rows: what, anchor, here, goal, met or missed.

Everything runs on this machine: the real client, the real server in a process of its own, between them a
proxy as slow and as unreliable as it is told. Lines are run `--speed` times faster than they are; sizes of
photos and the times between cuts keep their proportion. `--quick` leaves out what takes minutes.
"""

import argparse
import contextlib
import os
import random
import select
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import msgspec
from sqlalchemy import text

from fieldapp import ledger
from fieldapp.clock import now
from fieldapp.enrolment import invitation_text
from sync import wire
from sync.headquarters import authority, office, store
from sync.headquarters.office import Office
from sync.transport.https import Https, trust_only
from sync.worker import Courier, Enrol, SyncNow, enrol, sync_now
from tests.bench import deltas, intake
from tests.support.headquarters import Chain, RunningHeadquarters, invitation
from tests.sync import dictionary
from tests.sync.simulation import histories, laptops

EDGE, BAD_2G = (12_000, 120.0), (5_000, 45.0)  # bytes/s, mean seconds between cuts
ROUND_TRIP = 0.6  # seconds


class Proxy:
    """A line: `rate` bytes/s upwards, a cut every `cuts` seconds on average, `delay` seconds each way."""

    def __init__(self, to: int, *, rate: float = 0, cuts: float = 0, delay: float = 0, seed: int = 1) -> None:
        self.to, self.rate, self.cuts, self.delay = to, rate, cuts, delay
        self.up = self.down = self.connections = 0
        self._dice = random.Random(seed)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        self.port = self._door.getsockname()[1]
        self._cut_at = self._next_cut()
        threading.Thread(target=self._serve, daemon=True).start()

    def _next_cut(self) -> float:
        return time.monotonic() + self._dice.expovariate(1 / self.cuts) if self.cuts else float("inf")

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._door.accept()
                self.connections += 1
                server = socket.create_connection(("127.0.0.1", self.to))
                for one in (client, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._up, args=(client, server), daemon=True).start()
                threading.Thread(target=self._down, args=(server, client), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        free = time.monotonic() + 2 * self.delay  # TCP's own round trip
        with contextlib.suppress(OSError):
            while True:
                # What lay ready was on its way while this machine was busy elsewhere: a line does not wait.
                waited = not select.select([client], [], [], 0)[0]
                some = client.recv(1024 if self.rate else 65_536)
                if not some:
                    break
                self.up += len(some)
                if self.rate:
                    free = max(free, time.monotonic() if waited else 0) + len(some) / self.rate
                    time.sleep(max(0.0, free - time.monotonic()))
                if time.monotonic() > self._cut_at:
                    self._cut_at = self._next_cut()
                    break
                server.sendall(some)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_WR)  # what had arrived has arrived
        client.close()

    def _down(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while some := server.recv(65_536):
                self.down += len(some)
                time.sleep(2 * self.delay)
                client.sendall(some)
        for one in (server, client):
            with contextlib.suppress(OSError):
                one.close()

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()


class Field:
    """A laptop whose disk is memory, on a line."""

    def __init__(self, running: RunningHeadquarters, folder: Path, proxy: Proxy, trust: Any = None) -> None:
        self.vault = laptops.vault(folder, random.Random(os.urandom(8)), 1, now)
        scheme = running.url.partition(":")[0]
        self.url = f"{scheme}://127.0.0.1:{proxy.port}"
        self.courier = Courier(
            lambda action, command: action(self.vault, command),
            lambda _url: Https(self.url, stall_seconds=10, trust=trust),
        )
        assert running.office is not None
        self.at = running.office
        enrol(self.courier, Enrol(text=invitation_text(invitation(self.at, self.url))))

    def report(self, seed: int, *photos: bytes) -> str:
        made = dictionary.made(seed).inspection
        return laptops.seal(self.vault, msgspec.structs.replace(made, evidence=()), photos)

    def sync(self, until: Callable[[], bool], seconds: float) -> float:
        """Exchange again and again, as the window does, until `until`; return the seconds it took."""
        began = time.monotonic()
        while not until() and time.monotonic() - began < seconds:
            with contextlib.suppress(Exception):
                sync_now(self.courier, SyncNow())
        return time.monotonic() - began


def say(row: str, anchor: str, here: str, goal: str, met: bool) -> None:
    """Print a row of the table."""
    sys.stdout.write(f"{row:<44}{anchor:<28}{here:<34}{goal:<16}{'met' if met else 'MISSED'}\n")
    sys.stdout.flush()


def bytes_of_records() -> None:
    """Records on the wire, against their payload."""
    entries = dictionary.chain(range(10**6, 10**6 + 100))
    payload = sum(len(entry.payload) for entry in entries)

    def frame(some: list[ledger.Entry], shared: bool) -> int:
        head = ledger.head_after(some[-1])
        asked = wire.SyncRequest(software="fieldapp 0.1.0", generation=os.urandom(18).hex(), cursor=12,
                                 head=head, entries=tuple(some), keys=os.urandom(8))  # fmt: skip
        return len(wire.pack(asked, dictionary=shared))

    batch = frame(entries, True) / payload
    say(
        "100 records, bytes / payload",
        "JSON+base64 1.38",
        f"{batch:.3f} ({payload // 100} B each)",
        "0.30",
        batch <= 0.30,
    )
    alone = sum(frame([entry], True) for entry in entries) / payload
    plain = sum(frame([entry], False) for entry in entries) / payload
    say(
        "one record, bytes / payload",
        f"without dictionary {plain:.3f}",
        f"{alone:.3f}",
        "0.27",
        alone <= 0.27,
    )


def bytes_of_nothing(folder: Path) -> None:
    """A question without news over TLS, counted at the proxy."""
    home = folder / "tls"
    office.close(office.open_office(home, name="Test headquarters"))
    authority.make(home, "Test headquarters", "127.0.0.1", now)
    with RunningHeadquarters(home, tls=authority.server_file(home)) as running:
        proxy = Proxy(int(running.url.rpartition(":")[2]))
        field = Field(running, folder, proxy, trust_only((authority.certificate(home),)))
        field.report(1)
        for _ in range(2):
            sync_now(field.courier, SyncNow())
        up, down, connections = proxy.up, proxy.down, proxy.connections
        sync_now(field.courier, SyncNow())
        count = proxy.up - up + proxy.down - down
        one = proxy.connections == connections
        say(
            "no news: bytes with TLS and headers",
            "TUF alone: 2 round trips",
            f"{count} ({proxy.up - up} up)",
            "600, 1 trip",
            count <= 600 and one,
        )
        proxy.close()


def photos(
    folder: Path, name: str, link: tuple[int, float], goals: tuple[float, float], count: int, speed: float
) -> None:
    """Photos over a bad line: this client, and one that begins again after each cut."""
    rate, cuts = link
    size = 400_000
    with RunningHeadquarters(folder / name) as running:
        port = int(running.url.rpartition(":")[2])
        straight = Proxy(port)
        field = Field(running, folder, straight)
        field.report(1, *(random.Random(number).randbytes(size) for number in range(count)))
        proxy = Proxy(port, rate=rate * speed, cuts=cuts / speed, delay=ROUND_TRIP / 2 / speed)
        field.url = f"http://127.0.0.1:{proxy.port}"
        field.courier.close()
        ideal = count * size / (rate * speed)
        took = field.sync(lambda: _waiting(field) == 0, ideal * 10) / ideal
        sent = proxy.up / (count * size)
        proxy.close()
        again = Proxy(port, rate=rate * speed, cuts=cuts / speed, delay=ROUND_TRIP / 2 / speed)
        anchor = _multipart(again, count * size, ideal * 6)
        again.close()
        here = f"{sent:.3f}x bytes, {took:.2f}x time"
        say(
            f"{count} photos, {name}",
            anchor,
            here,
            f"{goals[0]}x / {goals[1]}x",
            sent <= goals[0] and took <= goals[1],
        )


def _waiting(field: Field) -> int:
    with field.vault.reading() as tx:
        return tx.outbox.waiting()


def _multipart(proxy: Proxy, size: int, limit: float) -> str:
    """Post all photos as one form until one post comes through whole; say what that took."""
    body, began = os.urandom(size), time.monotonic()
    done = False
    while not done and time.monotonic() - began < limit:
        before = proxy.up
        with contextlib.suppress(httpx.HTTPError):
            url = f"http://127.0.0.1:{proxy.port}/v1/sync"
            httpx.post(url, content=_slowly(body), timeout=30, trust_env=False)
        done = proxy.up - before >= size
    took, ideal = time.monotonic() - began, size / proxy.rate
    return (
        f"form: {proxy.up / size:.1f}x, {took / ideal:.1f}x"
        if done
        else f"form: never in {limit / ideal:.0f}x ideal"
    )


def _slowly(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 4096):
        yield body[start : start + 4096]


def month_offline(folder: Path) -> None:
    """A month of reports at once over 12 KB/s, in real time; photos wait their turn."""
    with RunningHeadquarters(folder / "month") as running:
        port = int(running.url.rpartition(":")[2])
        field = Field(running, folder, Proxy(port))
        photo = random.Random(1).randbytes(2_000_000)
        for number in range(120):
            field.report(2 * 10**6 + number, photo + number.to_bytes(2, "big"))
        proxy = Proxy(port, rate=12_000, delay=ROUND_TRIP / 2)
        field.url = f"http://127.0.0.1:{proxy.port}"
        field.courier.close()
        seen, began = [0.0], time.monotonic()

        def watch() -> None:
            while time.monotonic() - began < 70 and not seen[0]:
                time.sleep(0.25)
                if _reports(field.at) == 120:
                    seen[0] = time.monotonic() - began
                    proxy.close()
                    field.courier.close()

        # The supervisor looks from a thread of his own; the vault stays in the one that made it.
        looking = threading.Thread(target=watch, daemon=True)
        looking.start()
        field.sync(lambda: seen[0] > 0, 70)
        looking.join()
        here = f"{seen[0]:.0f} s" if seen[0] else f"{_reports(field.at)} of 120 in 70 s"
        say(
            "30 days offline: 120 reports to be seen",
            "records queue behind photos",
            here,
            "60 s",
            0 < seen[0] <= 60,
        )


def _reports(at: Office) -> int:
    with store.reading(at.engine) as connection:
        return int(connection.execute(text("SELECT count(*) FROM report")).scalar_one())


def crowd(folder: Path, count: int) -> None:
    """Many laptops over real HTTP: each brings three entries, then asks for news."""
    with RunningHeadquarters(folder / "crowd") as running:
        assert running.office is not None
        chains = [Chain(running.office) for _ in range(count)]
        tokens = [chain.session() for chain in chains]
        for chain in chains:
            chain.seal()
            chain.append()
        client = httpx.Client(base_url=running.url, trust_env=False, timeout=120)

        def post(
            chain: Chain, token: str, entries: tuple[ledger.Entry, ...]
        ) -> tuple[wire.SyncAnswer, float]:
            asked = wire.pack(wire.SyncRequest(head=chain.head, entries=entries), dictionary=True)
            began = time.perf_counter()
            raw = client.post("/v1/sync", content=asked, headers={"Authorization": f"Bearer {token}"}).content
            return wire.unpack(raw, wire.SyncAnswer), time.perf_counter() - began

        with ThreadPoolExecutor(16) as pool:
            began = time.perf_counter()
            pushed = list(
                pool.map(lambda pair: post(*pair, tuple(pair[0].entries)), zip(chains, tokens, strict=True))
            )
            took = time.perf_counter() - began
            polled = list(pool.map(lambda pair: post(*pair, ()), zip(chains, tokens, strict=True)))
        whole = all([ack.state for ack in answer.acks] == ["new"] * 2 for answer, _took in pushed)
        slow = statistics.quantiles([one for _answer, one in polled], n=100)[98]
        say(
            f"{count} laptops over HTTP, SQLite",
            "-",
            f"{count / took:.0f}/s, p99 of a poll {1000 * slow:.0f} ms",
            "none fails",
            whole,
        )


def simulated(count: int) -> None:
    """Many laptops in the simulation."""
    began = time.perf_counter()
    histories.crowd(count, 1)
    took = time.perf_counter() - began
    say(f"{count} simulated laptops, with faults", "-", f"{took:.0f} s", "300 s", took <= 300)


def intakes(folder: Path) -> None:
    """Signed records a second through the desk of one worker, on both databases; see `intake`."""
    ours, raw, bare, checking = intake.rates(folder, "sqlite")
    anchor, share = f"executemany {raw:.0f}/s", f"signatures {checking:.0%}"
    say("intake, one worker, SQLite", anchor, f"{ours:.0f}/s, {share}", "5,500/s", ours >= 5500)
    ours, raw, bare, checking = intake.rates(folder, "postgresql")
    anchor = f"executemany {raw:.0f}/s, bare {bare:.0f}/s"
    here = f"{ours:.0f}/s = {ours / raw:.2f}x, signatures {checking:.0%}"
    say("intake, one worker, PostgreSQL", anchor, here, "0.7x", ours / raw >= 0.7)


def delta(folder: Path, names: int) -> None:
    """A day's changes of the list: bytes on the line, and the time to take them in; see `deltas`."""
    day = deltas.day(folder, names)
    share = day.delta / day.whole
    row, anchor = f"{day.changes} changes of {day.entries} entries", f"whole list {day.whole:,} B"
    say(row, anchor, f"{day.delta:,} B = {share:.2%}", "0.35 %", share <= 0.0035)
    say("  taken into the encrypted index", "-", f"{day.seconds:.2f} s", "2 s", day.seconds <= 2)


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sync")
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    parser.add_argument("--photos", type=int, default=20, help="of 400 KB each")
    parser.add_argument(
        "--speed", type=float, default=40.0, help="how many times faster than they are lines run"
    )
    parser.add_argument("--names", type=int, default=1_000_000, help="on the list of which a day is measured")
    parser.add_argument(
        "--only", default="", help="one of: wire, photos, month, crowd, simulated, intake, delta"
    )
    asked = parser.parse_args()
    sys.stdout.write(
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; lines run {asked.speed:g} times faster\n"
    )
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        parts: dict[str, Callable[[], None]] = {
            "wire": lambda: (bytes_of_records(), bytes_of_nothing(folder))[0],
            "photos": lambda: (
                photos(folder, "EDGE", EDGE, (1.02, 1.25), asked.photos, asked.speed),
                photos(folder, "bad 2G", BAD_2G, (1.06, 1.8), asked.photos // 2, asked.speed),
            )[0],
            "month": lambda: month_offline(folder),
            "crowd": lambda: crowd(folder, 500),
            "intake": lambda: intakes(folder),
            "delta": lambda: delta(folder, asked.names),
            "simulated": lambda: simulated(2000),
        }
        slow = {"simulated", "photos", "month", "delta"} if asked.quick else set()
        for name, part in parts.items():
            if name == asked.only or (not asked.only and name not in slow):
                part()
    return 0


if __name__ == "__main__":
    sys.exit(main())
