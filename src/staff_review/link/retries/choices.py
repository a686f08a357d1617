"""Which errors a loop of attempts tries again after: all, some that it names, or what it finds out each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ...nouns.facts import Name
from ...nouns.libraries import Effect
from ...nouns.project import Handler
from ..calls.contexts import Contexts
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions
from ..files.telling import only_tells
from ..knowledge.catalog import Catalog
from ..sites import Sites
from .pauses import pauses
from .peer_errors import is_cancelled, is_of_our_own
from .repeated import owner_of

_SENDING = frozenset({Effect.HTTP, Effect.QUEUE, Effect.SOCKET})


class Choices:
    """Reads, in one file, what is said of the errors of a try whose handlers lead to another attempt."""

    def __init__(self, catalog: Catalog, sites: Sites, contexts: Contexts) -> None:
        self._catalog = catalog
        self._sites = sites
        self._contexts = contexts

    def of(self, file: FileIndex, tried: int, handler: int) -> Literal["any", "given", "unknown"]:
        """What the first handler that leads to another attempt is for; "given" too where every error is meant."""
        kept = self._contexts.handlers.of(file, handler)
        if self._selects(file, handler):
            return "unknown"
        told = kept.explained or self._is_told(file, handler)
        if not kept.broad or told or self._is_chosen_before(file, tried, handler) or self._only_sends(file, tried):
            return "given"
        return "any"

    def _selects(self, file: FileIndex, handler: int) -> bool:
        """Whether a handler looks at the error before it tries again."""
        name = file.facts.blocks[handler].target
        if not isinstance(name, Name):
            return False
        return any(
            block.kind == "branch" and file.inside(number, handler) and mentions(file, block.subject, {name.id})
            for number, block in enumerate(file.facts.blocks)
        )

    @staticmethod
    def _is_told(file: FileIndex, handler: int) -> bool:
        """Whether a caller says which errors a handler takes."""
        block = file.facts.blocks[handler]
        return isinstance(block.subject, Name) and owner_of(file, block.function, block.subject) is not None

    def lets_out(self, file: FileIndex, tried: int, handler: int) -> bool:
        """Whether a handler above lets out a signal of the program itself, so that somebody can end the attempts."""
        return any(is_cancelled(kept.catches) for kept in self._above(file, tried, handler))

    def _is_chosen_before(self, file: FileIndex, tried: int, handler: int) -> bool:
        """Whether a handler above takes some errors out that are not tried again."""
        return any(not is_of_our_own(self._catalog, kept.catches) for kept in self._above(file, tried, handler))

    def _above(self, file: FileIndex, tried: int, handler: int) -> Iterator[Handler]:
        """The handlers of a try before one of them."""
        for one in file.blocks_in.get(file.facts.blocks[tried].function, ()):
            block = file.facts.blocks[one]
            if one < handler and block.kind == "handler" and block.partner == tried:
                yield self._contexts.handlers.of(file, one)

    def _only_sends(self, file: FileIndex, tried: int) -> bool:
        """Whether a try does nothing but reach a peer, whose refusals are no errors: then what it raises may heal."""
        calls = file.calls_in.get(file.facts.blocks[tried].function, ())
        asked = [
            self._sites.by_call.get((file.path, index))
            for index in calls
            if file.inside(file.calls[index].block, tried) and not only_tells(leaf_of(file.calls[index].callee))
        ]
        jumps = file.jumps_in.get(file.facts.blocks[tried].function, ())
        refuses = any(jump.kind == "raise" and file.inside(jump.block, tried) for jump in jumps)
        sends = all(one is not None and one.direct and one.effects & _SENDING for one in asked)
        return bool(asked) and sends and not refuses


def mends(file: FileIndex, handler: int) -> bool:
    """Whether a handler does more than tell of an error and wait: the next attempt is another."""
    calls = (file.calls[index] for index in file.calls_in.get(file.facts.blocks[handler].function, ()))
    inside = (call for call in calls if file.inside(call.block, handler) and call.discarded)
    names = (leaf_of(call.callee) for call in inside)
    return any(not only_tells(name) and not pauses(name) for name in names)
