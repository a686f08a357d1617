"""Calls to a code host: one deadline over all, bounded retries with jitter, and a breaker."""

from __future__ import annotations

import email.utils
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from .trouble import TroubleError
from .wire import LostError, Reply, Request, send

DEADLINE = 120.0
"""Seconds that all calls of a run may take together."""
ATTEMPT = 20.0
ATTEMPTS = 3
LONGEST_PAUSE = 60.0
_FIRST_PAUSE = 0.5
_FAILURES = 3  # calls that fail one after another before no more are made
_PER_PAGE = 100
_SAID = 200  # characters of what the host says

Send = Callable[[Request, float], Reply]


class _Failed(msgspec.Struct, frozen=True):
    """One attempt that came to nothing; `after` is the pause in seconds that the host asks for."""

    reason: str
    again: bool = False
    after: float | None = None
    unsure: bool = False
    ends: bool = False
    status: int = 0


class Caller:
    """Speaks JSON with the API at `address`; time, pauses and chance can be injected."""

    def __init__(
        self,
        address: str,
        headers: Mapping[str, str],
        *,
        deadline: float = DEADLINE,
        attempt: float = ATTEMPT,
        send: Send = send,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._address = address
        self._headers = {"User-Agent": "staff-review", "Content-Type": "application/json", **headers}
        self._end = clock() + deadline
        self._attempt = attempt
        self._send = send
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._failures = 0
        self._broken = ""

    def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401 - JSON
        """What stands at a path; raises TroubleError."""
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def pages(self, path: str, most: int, *, whole: bool = True, **query: str | int) -> Iterator[dict[str, Any]]:
        """The objects of a list, at most so many pages; raises TroubleError, also for more if it must be whole."""
        for number in range(1, most + 1):
            page = self.get(path, **query, per_page=_PER_PAGE, page=number)
            if not isinstance(page, list):
                raise TroubleError("the host answered with what is no list")
            yield from (one for one in page if isinstance(one, dict))
            if len(page) < _PER_PAGE:
                return
        if whole:
            raise TroubleError(f"there is more to read than {most * _PER_PAGE:,} entries")

    def ask(self, method: str, path: str, body: object = None, *, once: bool = False) -> Any:  # noqa: ANN401 - JSON
        """The JSON that a request is answered with; raises TroubleError.

        `path` may be a whole address. `once`: done twice it would be there twice, so it is sent again only when it
        surely was not done.
        """
        url = path if "://" in path else f"{self._address}{path}"
        request = Request(method, url, self._headers, None if body is None else json.dumps(body).encode())
        if self._broken:
            raise TroubleError(self._broken, ends=True)
        for attempt in range(ATTEMPTS):
            outcome = self._try(request, once=once)
            if not isinstance(outcome, _Failed):
                self._failures = 0
                return outcome
            pause = self._pause(attempt, outcome)
            if not outcome.again or pause is None or attempt + 1 == ATTEMPTS:
                break
            self._sleep(pause)
        raise self._trouble(outcome)

    def _try(self, request: Request, *, once: bool) -> Any:  # noqa: ANN401 - JSON, or _Failed
        left = self._end - self._clock()
        if left <= 0:
            return _Failed("the time for it was used up", ends=True)
        try:
            reply = self._send(request, min(left, self._attempt))
        except LostError as lost:
            return _Failed(str(lost), again=not (once and lost.sent), unsure=once and lost.sent)
        if not 200 <= reply.status < 300:
            return _failed(reply, once=once)
        try:
            return json.loads(reply.body) if reply.body else None
        except (ValueError, RecursionError):
            return _Failed("the host answered with what is no JSON", unsure=once)

    def _pause(self, attempt: int, failed: _Failed) -> float | None:
        """Seconds to wait before the next attempt; None when that would be too long."""
        pause = _FIRST_PAUSE * 2.0**attempt * (0.5 + self._chance() / 2)
        if failed.after is not None:
            pause = max(pause, failed.after)
        if pause > LONGEST_PAUSE or self._clock() + pause >= self._end:
            return None
        return pause

    def _trouble(self, failed: _Failed) -> TroubleError:
        self._failures += failed.again or failed.unsure
        if failed.ends:
            self._broken = failed.reason
        elif self._failures >= _FAILURES:
            self._broken = f"not asked, for the host kept failing: {failed.reason}"
        return TroubleError(failed.reason, unsure=failed.unsure, ends=bool(self._broken), status=failed.status)


def _failed(reply: Reply, *, once: bool) -> _Failed:
    status, said = reply.status, _said(reply.body)
    after = _after(reply.headers)
    if status == 429 or (status == 403 and (after is not None or "rate limit" in said.lower())):
        # GitHub: without a number, wait for at least a minute.
        wait = LONGEST_PAUSE if after is None else after
        return _Failed(f"the host wants {wait:.0f} s of rest ({status})", again=True, after=wait, status=status)
    if status >= 500 or status == 408:
        reason = f"the host failed ({status})"
        return _Failed(reason, again=not once, after=after, unsure=once, status=status)
    if status == 401:
        return _Failed(f"the host does not accept the token (401{said})", ends=True, status=status)
    if 300 <= status < 400:
        return _Failed(f"the host points elsewhere ({status}); check the address and the name", status=status)
    words = {403: "the token may not do this", 404: "it is not there, or hidden from this token"}
    return _Failed(f"{words.get(status, 'the host refuses')} ({status}{said})", status=status)


def _said(body: bytes) -> str:
    """What the host says of an error, as the end of a remark in brackets."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    message = document.get("message", document.get("error")) if isinstance(document, dict) else None
    if not message:
        return ""
    text = "".join(letter if letter.isprintable() else " " for letter in str(message))
    details = document.get("errors")
    text += f": {json.dumps(details)}" if details else ""
    return f": {text[:_SAID]}"


def _after(headers: Mapping[str, str]) -> float | None:
    """The pause in seconds that an answer asks for, by either of the two ways of saying so."""
    given = headers.get("retry-after", "").strip()
    if given.isdecimal():
        return float(given)
    moment = email.utils.parsedate_tz(given) if given else None
    if moment is not None:
        return max(0.0, email.utils.mktime_tz(moment) - time.time())
    if headers.get("x-ratelimit-remaining") == "0" and headers.get("x-ratelimit-reset", "").isdecimal():
        return max(0.0, float(headers["x-ratelimit-reset"]) - time.time())
    return None
