"""One line on a terminal that says how far the reading is, shown only when it takes long, and wiped at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from .look import Look

PATIENCE = 0.5
"""Seconds before anything is shown."""
_INTERVAL = 0.1
_BAR = 40


class Progress:
    """Call it with (done, total, what); it draws at most ten times a second on the stream it was given, if any."""

    def __init__(self, stream: TextIO | None, look: Look, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._look = look
        self._clock = clock
        self._began = clock()
        self._drawn_at = self._began + PATIENCE - _INTERVAL
        self._drawn = False

    def __call__(self, done: int, total: int, what: str = "reading") -> None:
        """Say that `done` of `total` files have been dealt with."""
        now = self._clock()
        if self._stream is None or now - self._drawn_at < _INTERVAL:
            return
        self._drawn_at, self._drawn = now, True
        self._stream.write(f"\r\x1b[2K{self._line(done, total, what, now - self._began)}")
        self._stream.flush()

    def end(self) -> None:
        """Wipe the line, if one was drawn."""
        if self._stream is not None and self._drawn:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._drawn = False

    def _line(self, done: int, total: int, what: str, seconds: float) -> str:
        share = min(1.0, done / total) if total else 0.0
        full = round(share * _BAR)
        strong, weak = ("━", "─") if self._look.unicode else ("=", "-")
        head, tail = f"  {what}  {done:,}/{total:,} files", f"{share:4.0%}  {seconds:.1f} s"
        bar = f"  {strong * full}{weak * (_BAR - full)}  "
        return head + (bar if len(head + bar + tail) < self._look.width else "  ") + tail
