"""A headless Chromium, spoken to over two pipes by its own protocol: to open a page of ours, look at it and click."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_SECONDS = 60


class Browser:
    """One page in one window; `said` are the errors that the page told its console, and what it asked the network."""

    def __init__(self, profile: Path, width: int = 1400, height: int = 850, *, dark: bool = False) -> None:
        read, self._to = os.pipe()
        self._from, write = os.pipe()
        self.said: list[str] = []
        self._number = 0
        self._rest = b""
        command = [
            str(PROGRAM), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
            f"--user-data-dir={profile}", f"--window-size={width},{height}", "about:blank",
        ]  # fmt: skip
        # The protocol is spoken on the descriptors 3 and 4.
        far = [fcntl.fcntl(one, fcntl.F_DUPFD, 20) for one in (read, write)]
        shell = ["bash", "-c", f'exec 3<&{far[0]} 4>&{far[1]}; exec "$@"', "bash", *command]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(shell, pass_fds=far, **quiet)
        for one in (read, write, *far):
            os.close(one)
        self._session = ""
        target = next(one for one in self._told("Target.getTargets")["targetInfos"] if one["type"] == "page")
        attached = self._told("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._told(f"{domain}.enable")
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._told("Emulation.setEmulatedMedia", features=features)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._told("Emulation.setDeviceMetricsOverride", **size)

    def __enter__(self) -> Browser:  # noqa: PYI034 - typing has no Self in the oldest Python
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._to)
        os.close(self._from)

    def open(self, page: Path, *, scripts: bool = True) -> None:
        """Open a file and wait until it is drawn."""
        self._told("Emulation.setScriptExecutionDisabled", value=not scripts)
        self._told("Page.navigate", url=page.as_uri())
        until = time.monotonic() + _SECONDS
        while self.value("document.readyState") != "complete" or self.value("location.href") != page.as_uri():
            assert time.monotonic() < until, "the page was not drawn"

    def value(self, expression: str) -> Any:
        """What an expression is on the page; fails where it throws."""
        answer = self._told("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def click(self, x: float, y: float) -> None:
        """Press and release the left button, as a person would, with the mouse moved there before."""
        self._told("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for kind in ("mousePressed", "mouseReleased"):
            self._told("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self, path: Path) -> None:
        """Keep what the window shows, to be looked at."""
        path.write_bytes(base64.b64decode(self._told("Page.captureScreenshot")["data"]))

    def _told(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        os.write(
            self._to, json.dumps(message | ({"sessionId": self._session} if self._session else {})).encode() + b"\0"
        )
        while True:
            answer = self._heard()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self._noted(answer)

    def _heard(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._from, 1 << 16)
            assert more, "the browser has gone"
            self._rest += more
        first, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(first))

    def _noted(self, event: dict[str, Any]) -> None:
        told = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            self.said.append(str(told["exceptionDetails"].get("exception", told["exceptionDetails"])))
        elif event.get("method") == "Log.entryAdded":
            self.said.append(told["entry"]["text"])
        elif event.get("method") == "Network.requestWillBeSent" and not told["request"]["url"].startswith("file:"):
            self.said.append(told["request"]["url"])
