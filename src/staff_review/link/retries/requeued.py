"""Items of a queue in memory that are put back whenever they fail, for ever."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Attribute, Await, Call, CallRef, Expr, Name
from ...nouns.project import Handler, Retry
from ..calls.contexts import Contexts
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown
from ..files.telling import only_tells
from ..knowledge.catalog import Catalog
from ..sites import Sites

_FAILURES = ("Error", "Exception", "Failure")


class Requeued:
    """Recognises, in one file, the loops whose error handlers put back what the round took."""

    def __init__(self, catalog: Catalog, sites: Sites, contexts: Contexts) -> None:
        self._catalog = catalog
        self._sites = sites
        self._contexts = contexts

    def find(self, file: FileIndex) -> Iterator[Retry]:
        """One retry for each handler that gives an item back as it was, to the queue that it came from."""
        for handler, block in enumerate(file.facts.blocks):
            if block.kind != "handler" or block.function <= 0:
                continue
            kept = self._contexts.handlers.of(file, handler)
            put = next(self._put_back(file, handler), None) if _is_failure(kept) else None
            if put is None:
                continue
            yield Retry(
                file.place(put.span),
                self._sites.function((file.path, block.function)),
                shown(file, _owner(put.callee)),
                by_hand=True,
                bounded="no",
                unbounded_because="each time it fails: nothing counts how often an item came back",
                delay="unknown",
                on="any" if kept.broad else "given",
                covers=(),
                catches=kept.catches,
                certain=False,
            )

    def _put_back(self, file: FileIndex, handler: int) -> Iterator[Call]:
        """The calls of a handler, on no condition, that put back the item of the round and nothing else."""
        function = file.facts.blocks[handler].function
        inside = [file.calls[index] for index in file.calls_in.get(function, ())]
        inside = [call for call in inside if file.inside(call.block, handler)]
        for call in inside:
            given = call.arguments[-1].value if call.arguments else None
            if call.block != handler or not self._does(call, "puts") or not isinstance(given, Name):
                continue
            others = [one for one in inside if one is not call and not only_tells(leaf_of(one.callee))]
            marked = any(mentions(file, argument.value, {given.id}) for one in others for argument in one.arguments)
            marked |= any(one.discarded and mentions(file, one.callee, {given.id}) for one in others)
            if not marked and not self._is_changed(file, handler, given) and self._is_taken(file, call, given):
                yield call

    @staticmethod
    def _is_changed(file: FileIndex, handler: int, item: Name) -> bool:
        """Whether the handler writes something into the item, such as how often it was tried."""
        bindings = file.bindings_in.get(file.facts.blocks[handler].function, ())
        return any(file.inside(one.block, handler) and mentions(file, one.target, {item.id}) for one in bindings)

    def _is_taken(self, file: FileIndex, put: Call, item: Name) -> bool:
        """Whether a round of a loop around a call takes the item from the same queue."""
        loops = [number for number in file.chain(put.block) if file.facts.blocks[number].form == "while"]
        for binding in file.bindings_in.get(file.facts.blocks[put.block].function, ()):
            if binding.target == item and any(file.inside(binding.block, loop) for loop in loops):
                value = binding.value.of if isinstance(binding.value, Await) else binding.value
                call = file.calls[value.index] if isinstance(value, CallRef) else None
                taken = call is not None and self._does(call, "takes", "delivers")
                if taken and call is not None and _owner(call.callee) == _owner(put.callee):
                    return True
        return False

    def _does(self, call: Call, *what: str) -> bool:
        member = self._catalog.members.get(leaf_of(call.callee))
        return member is not None and member.does in what


def _is_failure(kept: Handler) -> bool:
    """Whether a handler is for work that may fail each time: not for a peer that is away, or what is not ready."""
    ours = any(":" in name and name.endswith(_FAILURES) for name in kept.catches)
    return not kept.does & {"raises", "returns", "breaks"} and (kept.broad or ours)


def _owner(callee: Expr) -> Expr | None:
    return callee.of if isinstance(callee, Attribute) else None
