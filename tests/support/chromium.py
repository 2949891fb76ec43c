"""Debian's Chromium, driven over its own debugging pipe: pages are opened, clicked, typed into and looked at.

No driver and no port lie between: messages are JSON ended by NUL on two descriptors (the DevTools protocol).
Each `Tab` has cookies of its own, so two people can sit at one browser.
"""

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--remote-debugging-pipe",
)  # fmt: skip
# The program reads descriptor 3 and writes descriptor 4, whatever their numbers are here.
START = (
    "import fcntl, os, sys;"
    "here, there = (fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3]);"
    "os.dup2(here, 3); os.dup2(there, 4); os.execv(sys.argv[3], sys.argv[3:])"
)
PATIENCE = 60.0  # seconds until a page counts as lost


def program() -> str:
    """The browser's program; without it the test is skipped."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("Debian's chromium is not installed")
    return found


class Chromium:
    """A running browser. Starts on entering, ends on leaving."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._waiting = b""
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> "Chromium":
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        command = [program(), *FLAGS, f"--user-data-dir={self._folder / 'profile'}"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", START, str(theirs_in), str(theirs_out), *command],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._send("Browser.close", {}, "")
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._out)
        os.close(self._in)

    def _send(self, method: str, facts: dict[str, Any], session: str) -> int:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": facts}
        if session:
            message["sessionId"] = session
        raw = json.dumps(message).encode() + b"\0"
        while raw:
            raw = raw[os.write(self._out, raw) :]
        return self._number

    def ask(self, method: str, session: str = "", **facts: Any) -> dict[str, Any]:
        """Ask the browser for something; what it tells meanwhile is kept in `events`."""
        number = self._send(method, facts, session)
        while True:
            message = self.hear()
            if message.get("id") == number:
                if "error" in message:
                    raise AssertionError(f"{method}: {message['error']}")
                answer: dict[str, Any] = message["result"]
                return answer
            self.events.append(message)

    def hear(self) -> dict[str, Any]:
        """Return the next message."""
        until = time.monotonic() + PATIENCE
        while b"\0" not in self._waiting:
            ready, _, _ = select.select([self._in], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise AssertionError("the browser says nothing")
            part = os.read(self._in, 1 << 16)
            if not part:
                raise AssertionError("the browser is gone")
            self._waiting += part
        raw, _, self._waiting = self._waiting.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        return message

    def tab(self, base: str, *, width: int = 1366, height: int = 768, **looks: Any) -> "Tab":
        """Open a window of its own on `base`, with nobody's cookies."""
        return Tab(self, base, width=width, height=height, **looks)


class Tab:
    """One person's window. `dark` asks for the dark look, `language` is what the person reads."""

    def __init__(
        self,
        browser: Chromium,
        base: str,
        *,
        width: int,
        height: int,
        dark: bool = False,
        language: str = "en",
        javascript: bool = True,
    ) -> None:
        self._browser = browser
        self._base = base
        context = browser.ask("Target.createBrowserContext")["browserContextId"]
        target = browser.ask("Target.createTarget", url="about:blank", browserContextId=context)
        attached = browser.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        self.ask("Page.enable")
        self.ask("Network.enable")
        self.ask("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
        self.ask("Emulation.setScriptExecutionDisabled", value=not javascript)
        self.look(dark=dark)
        self.resize(width, height)

    def ask(self, method: str, **facts: Any) -> dict[str, Any]:
        """Ask the browser for something in this window."""
        return self._browser.ask(method, self._session, **facts)

    def resize(self, width: int, height: int) -> None:
        """Make the window so wide and high."""
        facts = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **facts)
        self._size = (width, height)

    def look(self, *, dark: bool) -> None:
        """Ask for the light or the dark look."""
        named = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.ask("Emulation.setEmulatedMedia", features=named)

    def open(self, path: str) -> None:
        """Open a page and wait until all of it is there."""
        self._loading(lambda: self.ask("Page.navigate", url=self._base + path))

    def _loading(self, act: Any) -> None:
        self._browser.events.clear()
        act()
        seen = [event for event in self._browser.events if self._is_loaded(event)]
        while not seen:
            message = self._browser.hear()
            seen = [message] if self._is_loaded(message) else []

    def _is_loaded(self, event: dict[str, Any]) -> bool:
        return event.get("method") == "Page.loadEventFired" and event.get("sessionId") == self._session

    def run(self, script: str) -> Any:
        """Return what an expression gives in the page."""
        done = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise AssertionError(f"{script}: {done['exceptionDetails']}")
        return done["result"].get("value")

    def text(self) -> str:
        """Return the words of the page as they are seen."""
        return str(self.run("document.body.innerText"))

    def path(self) -> str:
        """Return the path of the page."""
        return str(self.run("location.pathname"))

    def fill(self, selector: str, words: str) -> None:
        """Type into a field."""
        self.focus(selector)
        self.run("document.activeElement.select ? document.activeElement.select() : null")
        self.ask("Input.insertText", text=words)

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a list, or set a field that is not typed into."""
        self.run(f"document.querySelector({json.dumps(selector)}).value = {json.dumps(value)}")

    def attach(self, selector: str, file: Path) -> None:
        """Choose a file in a form."""
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        node = self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.ask("DOM.setFileInputFiles", nodeId=node, files=[str(file)])

    def focus(self, selector: str) -> None:
        """Put the cursor into a field."""
        found = self.run(
            f"(() => {{ const it = document.querySelector({json.dumps(selector)});"
            " if (it) { it.focus(); } return Boolean(it); })()"
        )
        assert found, f"no {selector} on {self.path()}"

    def click(self, selector: str, *, loads: bool = True) -> None:
        """Click in the middle of an element, as a mouse does; with `loads`, wait for the page it leads to."""
        box = self.run(
            f"(() => {{ const it = document.querySelector({json.dumps(selector)});"
            " if (!it) { return null; }"
            " it.scrollIntoView({block: 'center'}); const at = it.getBoundingClientRect();"
            " return [at.x + at.width / 2, at.y + at.height / 2]; })()"
        )
        assert box, f"no {selector} on {self.path()}"
        act = lambda: self._press_mouse(box[0], box[1])  # noqa: E731
        self._loading(act) if loads else act()

    def _press_mouse(self, x: float, y: float) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def key(self, key: str, *, loads: bool = False) -> None:
        """Press a key; with `loads`, wait for the page it leads to."""
        act = lambda: self._press(key)  # noqa: E731
        self._loading(act) if loads else act()

    def _press(self, key: str) -> None:
        words = "\r" if key == "Enter" else key if len(key) == 1 else ""
        code = {"Enter": 13, "Tab": 9, "Escape": 27, " ": 32}.get(key, ord(key[0].upper()))
        facts: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code}
        self.ask("Input.dispatchKeyEvent", type="keyDown", text=words, **facts)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **facts)

    def picture(self, file: Path | None = None, *, whole: bool = True) -> bytes:
        """Return the page as PNG, all of it or what the window shows; also write it to `file`."""
        width, height = self._size
        if whole:
            tall = int(self.run("document.documentElement.scrollHeight"))
            self.resize(width, max(height, min(tall, 12_000)))
        raw = base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])
        self.resize(width, height)
        if file is not None:
            file.write_bytes(raw)
        return raw
