"""Asking: a few at a time, bounded retries with jitter, a breaker, a budget, and one deadline over all of it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from .answers import Answer, Result, Trouble, result_of
from .budget import Ledger
from .request import Request

ATTEMPT = 120.0
"""Seconds that one attempt may take, if the deadline leaves so many."""
RETRIES = 2
LONGEST_PAUSE = 20.0
_FIRST_PAUSE = 0.5
_FAILURES = 3  # requests that fail one after another before the others are not sent

OUT_OF_TIME = "the deadline was reached"
OVER_BUDGET = "over the budget"

Send = Callable[[Request], Awaitable[Answer | Trouble]]


class Asker:
    """Sends requests through `send`. `deadline` is a moment of `clock`; time, pauses and chance can be injected."""

    def __init__(
        self,
        send: Send,
        ledger: Ledger,
        deadline: float,
        *,
        at_once: int = 4,
        attempt: float = ATTEMPT,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._send = send
        self._ledger = ledger
        self._deadline = deadline
        self._at_once = at_once
        self._attempt = attempt
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._failures = 0
        self._plain = False
        self._broken = ""

    async def ask(self, requests: Sequence[Request]) -> list[Result]:
        """The result of each request, in order. The first goes alone: what all share is then kept by the provider."""
        free = asyncio.Semaphore(self._at_once)

        async def one(request: Request) -> Result:
            async with free:
                return await self._one(request)

        first = [await one(request) for request in requests[:1]]
        return [*first, *await asyncio.gather(*(one(request) for request in requests[1:]))]

    async def _one(self, request: Request) -> Result:
        if self._broken:
            return Result(request, reason=self._broken)
        outcome = await self._attempts(request)
        if isinstance(outcome, Answer):
            self._failures = 0
            return result_of(request, outcome)
        if outcome.ends:
            self._broken = outcome.reason
        elif outcome.again:
            self._failures += 1
            if self._failures >= _FAILURES:
                self._broken = f"not sent, for the endpoint kept failing: {outcome.reason}"
        return Result(request, reason=outcome.reason)

    async def _attempts(self, request: Request) -> Answer | Trouble:
        attempt = 0
        while True:
            sent = msgspec.structs.replace(request, plain=request.plain or self._plain)
            outcome = await self._try(sent)
            if isinstance(outcome, Answer):
                return outcome
            if outcome.form and not sent.plain:
                self._plain = True  # an endpoint that does not know structured answers; the words ask for JSON as well
                continue
            pause = self._pause(attempt, outcome)
            if not outcome.again or attempt >= RETRIES or pause is None:
                return outcome
            attempt += 1
            await self._sleep(pause)

    async def _try(self, request: Request) -> Answer | Trouble:
        left = self._deadline - self._clock()
        if left <= 0:
            return Trouble(OUT_OF_TIME, ends=True)
        if not self._ledger.reserve(request):
            return Trouble(OVER_BUDGET)
        limit = min(left, self._attempt)
        try:
            # The SDK's own limit is for each read: it ends neither a slow drip nor a long wait of its own.
            outcome = await asyncio.wait_for(self._send(request), limit)
        except asyncio.TimeoutError:
            reason = OUT_OF_TIME if limit == left else f"no answer within {limit:.0f} s"
            outcome = Trouble(reason, again=limit != left, ends=limit == left, billed=True)
        if isinstance(outcome, Answer):
            self._ledger.settle(request, outcome)
        elif outcome.billed:
            self._ledger.lost(request)
        else:
            self._ledger.free(request)
        return outcome

    def _pause(self, attempt: int, trouble: Trouble) -> float | None:
        """Seconds to wait before the next attempt; None when it would be too long to be worth it."""
        pause: float = _FIRST_PAUSE * 2.0**attempt * (0.5 + self._chance() / 2)
        if trouble.after is not None:
            pause = max(pause, trouble.after)
        if pause > LONGEST_PAUSE or self._clock() + pause >= self._deadline:
            return None
        return pause
