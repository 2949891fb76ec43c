"""Headquarters to test with: the real program on a loopback port, and its desk behind a network that lies.

`RunningHeadquarters` starts `python -m sync.headquarters serve` and can kill it at any moment. `Simulator` is
a transport straight to the desk of an office in this process; its faults are drawn from a seed, so a failing
run is replayed by its number.
"""

import contextlib
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import httpx
import msgspec
import pyrage
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import canonical, ledger
from fieldapp.enrolment import HeadquartersKeys, Invitation, Request, invitation_text, request_mac
from fieldapp.errors import FieldappError
from fieldapp.inspection import record
from fieldapp.inspection.evidence import Evidence
from fieldapp.inspection.record import Record
from fieldapp.ledger import Entry, Head
from sync import wire
from sync.headquarters import accounts, admission, desk, enrolment, keys, office
from sync.headquarters.app import STATUS, build
from sync.headquarters.office import Office
from sync.transport import Call, HeadquartersUnreachable, Reply, answered
from sync.wire import BlobAnswer, SessionRequest, SyncAnswer, SyncRequest
from tests.support import records

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "quiet harbour morning train"
PORTAL = b"<html><title>Airport WiFi</title><form>Accept the terms</form></html>"


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with contextlib.closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextlib.contextmanager
def an_office(folder: Path) -> Iterator[Office]:
    """An office of its own in `folder`, closed at the end."""
    made = office.open_office(folder, name="Test headquarters")
    try:
        yield made
    finally:
        office.close(made)


def invitation(of: Office, url: str = "http://127.0.0.1:1", **changes: object) -> Invitation:
    """An invitation for R. Nair at Nhava Sheva."""
    given: dict[str, object] = {
        "name": "R. Nair",
        "role": "Drugs inspector",
        "unit": "CFS gate 3",
        "site": "Nhava Sheva",
    }
    return enrolment.invite(of, url=url, **(given | changes))  # type: ignore[arg-type]


class RunningHeadquarters:
    """The real program in a process of its own, its home in `folder`. Starts on entering, ends on leaving."""

    def __init__(self, folder: Path, *, name: str = "Test headquarters", tls: Path | None = None) -> None:
        self.home = folder
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{free_port()}"
        self._tls = tls  # a PEM file with certificate and key
        self._name = name
        self._process: subprocess.Popen[bytes] | None = None
        self.office: Office | None = None

    def __enter__(self) -> "RunningHeadquarters":
        # The office is opened here too, as the command line does: invitations and accounts are made
        # beside the running server, through the same database.
        self.office = office.open_office(self.home, name=self._name)
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        if self.office is not None:
            office.close(self.office)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        port = self.url.rpartition(":")[2]
        command = [
            sys.executable,
            "-m",
            "sync.headquarters",
            "serve",
            "--home",
            str(self.home),
            "--port",
            port,
        ]
        if self._tls is not None:
            command += ["--certificate", str(self._tls), "--key", str(self._tls)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=dict(os.environ))
        for _ in range(600):
            if self._process.poll() is not None:
                raise RuntimeError(f"headquarters ended with {self._process.returncode}")
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/healthz", trust_env=False, verify=False).status_code == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError("headquarters does not answer")

    def kill(self) -> None:
        """End the server as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def invite(self, *, practice: bool = False, **changes: object) -> str:
        """The text of a new invitation to this headquarters."""
        assert self.office is not None
        return invitation_text(invitation(self.office, self.url, practice=practice, **changes))

    def supervisor(self, name: str = "Meera Iyer", language: str = "en") -> "Browser":
        """A supervisor with an account, signed in."""
        assert self.office is not None
        accounts.set_password(self.office, name, PASSWORD)
        browser = Browser(httpx.Client(base_url=self.url, trust_env=False, follow_redirects=True), language)
        browser.sign_in(name)
        return browser


@contextlib.contextmanager
def served(at: Office) -> Iterator[str]:
    """Serve an office of this process on a loopback port; gives its address."""
    port = free_port()
    config = uvicorn.Config(build(at), host="127.0.0.1", port=port, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="headquarters", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("headquarters does not start")
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


class Browser:
    """A person's browser without JavaScript: keeps cookies, fills in forms as they stand on the page."""

    def __init__(self, client: httpx.Client, language: str = "en") -> None:
        self.client = client
        client.headers["Accept-Language"] = language

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self.client.get(path)

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in by the form."""
        return self.client.post("/sign-in", data={"name": name, "password": password, "next": "/reports"})

    def send(self, page: str, action: str, **fields: str | list[str]) -> httpx.Response:
        """Open `page`, take the hidden fields of its form to `action`, fill in `fields`, send it."""
        shown = self.get(page).text
        form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', shown, re.DOTALL)
        if form is None:
            raise AssertionError(f"no form to {action} on {page}")
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[1]))
        return self.client.post(action, data=hidden | fields)

    def close(self) -> None:
        """Close the browser."""
        self.client.close()

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def at_the_desk(at: Office, call: Call) -> Reply:
    """Answer a call as the HTTP face does, without HTTP."""
    try:
        if call.method == "POST":
            return Reply(status=200, body=desk.POSTS[call.path](at, call.body, call.token))
        h = call.path.rpartition("/")[2]
        if call.method == "GET":
            return Reply(status=200, body=desk.target(at, h, call.offset, call.token))
        arriving = desk.open_blob(at, h, call.offset, call.token)
        try:
            arriving.write(call.body)
            return Reply(status=200, body=arriving.finish())
        finally:
            arriving.close()
    except FieldappError as error:
        return Reply(status=STATUS.get(error.code, 400), body=wire.pack(wire.refusal(error)))


class Chain:
    """A vault's ledger without the vault: a key, a device, the entries it signed; enrolled at an office."""

    def __init__(
        self, at: Office, *, practice: bool = False, name: str = "R. Nair", enrol: bool = True
    ) -> None:
        self.at = at
        self.practice = practice
        self.key = Ed25519PrivateKey.generate()
        self.device = os.urandom(16)
        self.head = Head()
        self.entries: list[Entry] = []
        self._token = ""
        if enrol:
            enrolment.enrol(at, self.request(invitation(at, practice=practice, name=name)))

    def request(self, of: Invitation) -> Request:
        """A request made with the secret of `of`."""
        bare = Request(
            invitation=of.id,
            device=self.device,
            public=self.key.public_key().public_bytes_raw(),
            recipient="age1" + "q" * 58,
        )
        return msgspec.structs.replace(bare, mac=request_mac(bare, of.secret))

    def append(self, kind: str = "note", payload: bytes = b"{}") -> Entry:
        """Sign one more entry."""
        entry = ledger.append(self.head, kind, self.device, payload, self.key)
        self.head = ledger.head_after(entry)
        self.entries.append(entry)
        return entry

    def seal(self, of: Record | None = None) -> Entry:
        """Sign a record."""
        made = of or records.record(inspection=records.inspection(practice=self.practice))
        return self.append(record.KIND, record.payload(made))

    def session(self) -> str:
        """Open a session and return its token."""
        asked = admission.admit(self.at, SessionRequest(device=self.device))
        signature = self.key.sign(wire.session_preimage(self.device, asked.nonce))
        opened = SessionRequest(device=self.device, nonce=asked.nonce, signature=signature)
        return admission.admit(self.at, opened).token

    def push(self, *entries: Entry, generation: str = "", cursor: int = 0) -> SyncAnswer:
        """Push entries, all of them if none is named."""
        asked = SyncRequest(
            v=wire.VERSION,
            head=self.head,
            entries=entries or tuple(self.entries),
            generation=generation,
            cursor=cursor,
        )
        self._token = self._token or self.session()
        return wire.unpack(desk.sync(self.at, wire.pack(asked), self._token), SyncAnswer)


def sealed_evidence(
    at: Office, content: bytes, number: int = 1, *, practice: bool = False
) -> tuple[Evidence, bytes]:
    """Evidence sealed to the office's recipients, and its sealed bytes."""
    own = keys.realm(at.keyring, practice)
    named = canonical.decode(own.statement.payload, HeadquartersKeys)
    to = [pyrage.x25519.Recipient.from_str(one) for one in named.evidence_recipients]
    sealed = bytes(pyrage.encrypt(content, to))
    item = records.evidence(number, content, sealed_sha256=canonical.sha256(sealed), sealed_size=len(sealed))
    return item, sealed


def upload(
    at: Office, chain: Chain, sealed: bytes, *, offset: int = 0, until: int | None = None
) -> BlobAnswer:
    """Send a stretch of a sealed file through the desk."""
    call = Call(
        method="PATCH",
        path=f"/v1/blob/{canonical.sha256(sealed)}",
        body=sealed[offset:until],
        token=chain.session(),
        offset=offset,
    )
    return wire.unpack(answered(at_the_desk(at, call)), BlobAnswer)


FAULTS = (
    "drop_request", "drop_answer", "duplicate", "delay", "corrupt_request", "corrupt_answer", "cut_answer",
    "cut_upload", "portal", "redirect", "gateway", "empty",
)  # fmt: skip


class Simulator:
    """A transport to the desk of `at` over a network that lies. `rate` is the chance of a fault per call.

    `faults` counts what was done; `late` are requests that were held back and arrive after later ones.
    """

    def __init__(
        self,
        at: Office | Callable[[], Office],
        *,
        seed: int = 0,
        rate: float = 0.0,
        kinds: tuple[str, ...] = FAULTS,
    ) -> None:
        self._at = at if callable(at) else lambda: at
        self._dice = random.Random(seed)
        self.rate = rate
        self.kinds = kinds
        self.faults: Counter[str] = Counter()
        self.calls: list[Call] = []
        self.late: list[Call] = []
        self.bytes_up = self.bytes_down = 0

    def __call__(self, _url: str) -> "Simulator":
        """Stand in for the opening of a transport."""
        return self

    def carry(self, call: Call) -> Reply:
        """Carry a call, or do to it what networks do."""
        self.calls.append(call)
        kind = self._dice.choice(self.kinds) if self._dice.random() < self.rate else ""
        if self.late and self._dice.random() < 0.5:
            at_the_desk(self._at(), self.late.pop(0))  # nobody waits for this answer any more
        if kind:
            self.faults[kind] += 1
            return self._spoil(kind, call)
        return self._deliver(call)

    def _deliver(self, call: Call) -> Reply:
        reply = at_the_desk(self._at(), call)
        self.bytes_up += len(call.body)
        self.bytes_down += len(reply.body)
        return reply

    def _spoil(self, kind: str, call: Call) -> Reply:
        if kind == "drop_request":
            raise HeadquartersUnreachable(why="connect")
        if kind == "delay":
            self.late.append(call)
            raise HeadquartersUnreachable(why="stalled")
        if kind == "portal":
            return Reply(status=200, body=PORTAL)
        if kind == "redirect":
            return Reply(status=302, body=b"")
        if kind == "gateway":
            return Reply(status=502, body=b"Bad Gateway")
        if kind == "empty":
            return Reply(status=200, body=b"")
        if kind == "duplicate":
            self._deliver(call)
            return self._deliver(call)
        if kind == "corrupt_request":
            return self._deliver(self._corrupt_call(call))
        if kind == "cut_upload" and call.method == "PATCH":
            self._cut_upload(call)
            raise HeadquartersUnreachable(why="cut")
        reply = self._deliver(call)
        if kind == "corrupt_answer":
            return Reply(status=reply.status, body=self._flip(reply.body))
        if kind == "cut_answer":
            return Reply(status=reply.status, body=reply.body[: self._dice.randrange(len(reply.body))])
        raise HeadquartersUnreachable(why="cut")  # drop_answer, and cut_upload of a post: done, but unheard

    def _cut_upload(self, call: Call) -> None:
        """The line breaks inside a PATCH: what came before is kept, nobody hears an answer."""
        with contextlib.suppress(FieldappError):
            arriving = desk.open_blob(self._at(), call.path.rpartition("/")[2], call.offset, call.token)
            arriving.write(call.body[: self._dice.randrange(len(call.body) + 1)])
            arriving.close()

    def _corrupt_call(self, call: Call) -> Call:
        body = self._flip(call.body) if call.body else b""
        return Call(method=call.method, path=call.path, body=body, token=call.token, offset=call.offset)

    def _flip(self, raw: bytes) -> bytes:
        spoiled = bytearray(raw)
        spoiled[self._dice.randrange(len(spoiled))] ^= 1 << self._dice.randrange(8)
        return bytes(spoiled)

    def close(self) -> None:
        """Nothing to let go of."""
