"""The desk of one run: what was answered before is taken from the shelf, the rest is asked, and kept for next time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import msgspec

from ..nouns.findings import Comment, SilencedComment, Spent
from ..nouns.settings import PersonaSettings
from .answers import Answer, Result, Trouble, result_of
from .ask import Asker
from .budget import Ledger, estimate_words, most
from .request import Request


class Connection(Protocol):
    """A way to a model."""

    async def send(self, request: Request) -> Answer | Trouble:
        """Ask once."""

    async def close(self) -> None:
        """Let go."""


class Replies(Protocol):
    """Replies of earlier runs by the key of exactly what was asked."""

    def get(self, key: str) -> bytes | None:
        """The reply kept under a key."""

    def keep(self, key: str, reply: bytes) -> str:
        """Keep a reply; "" or why that failed."""


class World(NamedTuple):
    """What a run needs from outside. `connect` gives a connection, or in a few words why there can be none.

    `lines` are the true lines of a path. `address` names the endpoint in the key of a reply, `host` for people.
    `say` is told the estimate before the first request leaves. `quiet` gives a comment that was asked not to be shown
    with who asked, and None for any other.
    """

    connect: Callable[[], Connection | str]
    lines: Callable[[str], Sequence[str]]
    replies: Replies | None = None
    address: str = ""
    host: str = ""
    say: Callable[[str], None] | None = None
    quiet: Callable[[Comment], SilencedComment | None] = lambda _comment: None


class Desk:
    """Answers to requests, from the shelf or from the endpoint; connects when the first must really be sent."""

    def __init__(self, world: World, asked: PersonaSettings, estimate: Spent | None = None) -> None:
        self._world = world
        self._asked = asked
        self._estimate = estimate
        self._ledger = Ledger(asked)
        self._deadline = time.monotonic() + asked.deadline
        self._asker: Asker | None = None
        self._connection: Connection | None = None
        self._hindered = ""

    @property
    def spent(self) -> Spent:
        """What this run took so far."""
        return self._ledger.spent

    async def answers(self, requests: Sequence[Request]) -> list[Result]:
        """The result of each request, in order; what is complete will be remembered."""
        found = {number: known for number, one in enumerate(requests) if (known := remembered(one, self._world))}
        rest = [number for number in range(len(requests)) if number not in found]
        asked = await self._ask([requests[number] for number in rest]) if rest else []
        found |= dict(zip(rest, asked, strict=True))
        return [found[number] for number in range(len(requests))]

    async def close(self) -> None:
        """Let go of the connection, if there was one."""
        if self._connection is not None:
            await self._connection.close()

    async def _ask(self, requests: list[Request]) -> list[Result]:
        if self._asker is None and not self._hindered:
            self._connect(requests)
        if self._asker is None:
            return [Result(request, reason=self._hindered) for request in requests]
        results = await self._asker.ask(requests)
        for request, result in zip(requests, results, strict=True):
            if self._world.replies is not None and result.answer is not None and result.content is not None:
                # Nothing is lost when it cannot be kept: the next run asks again.
                self._world.replies.keep(request.key(self._world.address), msgspec.msgpack.encode(result.answer))
        return results

    def _connect(self, requests: list[Request]) -> None:
        connection = self._world.connect()
        if isinstance(connection, str):
            self._hindered = connection
            return
        if self._world.say is not None:
            first = self._estimate if self._estimate and self._estimate.requests else None
            look = "a first look" if first else "a second look"
            self._world.say(estimate_words(first or most(requests, self._asked), self._asked, self._world.host, look))
        self._connection = connection
        self._asker = Asker(connection.send, self._ledger, self._deadline, at_once=self._asked.at_once)


def remembered(request: Request, world: World) -> Result | None:
    """The result of exactly this request in an earlier run; None when there is none, or it is damaged."""
    kept = world.replies.get(request.key(world.address)) if world.replies is not None else None
    if kept is None:
        return None
    try:
        answer = msgspec.msgpack.decode(kept, type=Answer)
    except msgspec.DecodeError:
        return None
    result = result_of(request, answer, remembered=True)
    return result if result.content is not None else None
