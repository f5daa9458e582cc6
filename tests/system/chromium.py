"""Debian's Chromium as a reader has it: opened at a size, in the dark, printed, and walked with the keyboard."""

from __future__ import annotations

import base64
import fcntl
import itertools
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

CHROMIUM = shutil.which("chromium")
WORDS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe")


@attrs.define
class Browser:
    """A page of a browser, spoken to over a pipe; nothing listens on a port."""

    write: int
    read: int
    numbers: Iterator[int] = attrs.field(factory=lambda: itertools.count(1))
    session: str = ""
    left: bytes = b""

    def call(self, method: str, **given: Any) -> Any:
        """Return the answer of the browser to one command of its protocol."""
        number = next(self.numbers)
        told = {"id": number, "method": method, "params": given}
        os.write(
            self.write, json.dumps({**told, **({"sessionId": self.session} if self.session else {})}).encode() + b"\0"
        )
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def _next(self) -> Any:
        while b"\0" not in self.left:
            read = os.read(self.read, 1 << 20)
            assert read, "the browser is gone"
            self.left += read
        message, self.left = self.left.split(b"\0", 1)
        return json.loads(message)

    def ask(self, script: str) -> Any:
        """Return what a script says of the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def open(self, file: Path, *, width: int = 1300, height: int = 900, dark: bool = False, media: str = "") -> None:
        """Open a file at a size, in a theme; media: "print" to see it as it is printed."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        theme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", media=media, features=theme)
        self.call("Page.setBypassCSP", enabled=True)
        self.call("Page.navigate", url=file.resolve().as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        code = {"Tab": 9, "Enter": 13, "ArrowRight": 39, " ": 32}[key]
        text = {"Enter": "\r", " ": " "}.get(key, "")
        said = {"key": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", **said, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **said)

    def pdf(self) -> bytes:
        """Return the page printed on A4, by its own rules for paper."""
        made = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(made["data"])

    def picture(self) -> bytes:
        """Return the whole page as a picture."""
        made = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(made["data"])


@contextmanager
def browser() -> Iterator[Browser]:
    """Give a page of a browser of its own, which ends with the block."""
    assert CHROMIUM
    (our_read, their_write), (their_read, our_write) = os.pipe(), os.pipe()
    # the protocol reads commands on 3 and writes answers on 4, which the two must not be beforehand
    given, taken = (fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 10) for one in (their_read, their_write))
    quiet = [(os.POSIX_SPAWN_OPEN, place, os.devnull, os.O_WRONLY, 0) for place in (1, 2)]
    actions = [(os.POSIX_SPAWN_DUP2, given, 3), (os.POSIX_SPAWN_DUP2, taken, 4), *quiet]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        words = [CHROMIUM, *WORDS, f"--user-data-dir={profile}", "about:blank"]
        running = os.posix_spawn(CHROMIUM, words, os.environ, file_actions=actions)
        for end in (their_read, their_write, given, taken):
            os.close(end)
        try:
            made = Browser(our_write, our_read)
            target = made.call("Target.createTarget", url="about:blank")["targetId"]
            made.session = made.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            made.call("Page.enable")
            yield made
        finally:
            os.kill(running, signal.SIGKILL)
            os.waitpid(running, 0)
            os.close(our_write)
            os.close(our_read)
