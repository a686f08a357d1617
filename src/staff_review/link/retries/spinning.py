"""Loops that take work from a peer for ever and, while the peer is away, ask it again at once."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Call, Name
from ...libraries import Effect
from ...project import Retry, Site
from ..calls.contexts import Contexts
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions
from ..files.telling import only_tells
from ..knowledge.catalog import Catalog
from ..sites import Sites
from .pauses import ENDLESS, Pauses
from .peer_errors import tells_of_peer


class Spinning:
    """Recognises, in one file, the loops that an error of their source makes spin."""

    def __init__(self, catalog: Catalog, sites: Sites, contexts: Contexts) -> None:
        self._catalog = catalog
        self._sites = sites
        self._contexts = contexts
        self._pauses = Pauses(sites)

    def find(self, file: FileIndex) -> Iterator[Retry]:
        """One retry for each endless loop that swallows the error of what it asks first, and nowhere pauses."""
        for number, block in enumerate(file.facts.blocks):
            if (
                block.kind != "loop"
                or block.form != "while"
                or self._contexts.of(file, number).loops[0].form != "endless"
            ):
                continue
            source = self._source(file, number)
            tried = None if source is None else _try_around(file, source)
            if source is None or tried is None or self._pauses.delay(file, number) != "none":
                continue
            for handler in file.blocks_in.get(block.function, ()):
                if file.facts.blocks[handler].kind == "handler" and file.facts.blocks[handler].partner == tried:
                    kept = self._contexts.handlers.of(file, handler)
                    if self._goes_on(file, handler) and (kept.broad or tells_of_peer(self._catalog, kept.catches)):
                        yield self._spin(file, number, source, kept.catches)
                    break

    def _spin(self, file: FileIndex, number: int, source: Site, catches: tuple[str, ...]) -> Retry:
        return Retry(
            file.place(file.facts.blocks[number].span),
            source.function,
            "while loop",
            by_hand=True,
            bounded="unknown",
            unbounded_because=ENDLESS,
            delay="none",
            on="unknown",
            covers=(source,),
            catches=catches,
            certain=False,
        )

    def _source(self, file: FileIndex, number: int) -> Site | None:
        """The first call of a loop that waits for somebody, if it is remote and asks the same in every round."""
        asked = sorted(self._sites.within(file, number), key=lambda site: site.place)
        first = next((site for site in asked if site.remote or Effect.WAIT in site.effects), None)
        if first is None or not (first.remote and first.direct and first.certain) or first.scheduled:
            return None
        if first.own_retry is not None:
            return None  # its client pauses between attempts of its own
        changed = {
            binding.target.id
            for binding in file.bindings_in.get(file.facts.blocks[number].function, ())
            if isinstance(binding.target, Name) and file.inside(binding.block, number)
        }
        call = _call_at(file, first)
        given = (call.callee, *(argument.value for argument in call.arguments))
        return None if any(mentions(file, one, changed) for one in given) else first

    def _goes_on(self, file: FileIndex, handler: int) -> bool:
        """Whether a handler leads to the next round at once: it leaves by no way and only tells of the error."""
        function = file.facts.blocks[handler].function
        leaves = any(
            jump.kind in ("raise", "return", "break") and file.inside(jump.block, handler)
            for jump in file.jumps_in.get(function, ())
        )
        inside = (file.calls[index] for index in file.calls_in.get(function, ()))
        return not leaves and all(
            only_tells(leaf_of(call.callee)) for call in inside if file.inside(call.block, handler)
        )


def _try_around(file: FileIndex, source: Site) -> int | None:
    """The try in which the source of a loop is asked, inside that loop."""
    for block in file.chain(_call_at(file, source).block):
        kind = file.facts.blocks[block].kind
        if kind == "try":
            return block
        if kind in ("loop", "handler"):
            return None
    return None


def _call_at(file: FileIndex, site: Site) -> Call:
    return next(call for call in file.calls if call.span == site.place.span)
