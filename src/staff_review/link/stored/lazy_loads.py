"""Relations read object by object in a loop over a query that did not load them along."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.burdens import LazyLoad
from ...nouns.facts import Attribute, Block, CallRef, Name, Sequence
from ...nouns.findings import Step
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.spoken import spoken_in
from ..sites import Sites
from .chains import Chain, Chains
from .handed_rows import Handed, HandedRows
from .object_reads import ObjectReads, Wanted
from .plans import EVERYTHING, Plans
from .related import of_holder, related_rows
from .relations import Relation, Relations

_KEYS = frozenset({"id", "pk"})


class LazyLoads:
    """Finds them, in the loop itself or in the function or method that each object is handed to."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts, chains: Chains, relations: Relations) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._chains = chains
        self._relations = relations
        self._plans = Plans(graph, chains, relations)
        self._object_reads = ObjectReads(graph, chains)
        self._handed_rows = HandedRows(graph, chains)

    def find(self) -> Iterator[LazyLoad]:
        """Every relation that a loop makes the database answer for, once for each loop, in file order."""
        for path in sorted(self._graph.program.opened):
            for number, block in self._chains.loops(path):
                yield from self._in_loop(self._graph.program.opened[path], number, block)

    def _in_loop(self, file: FileIndex, number: int, block: Block) -> Iterator[LazyLoad]:
        name = _variable(block)
        chains = self._iterated(file, block) if name else []
        if chains:
            yield from self._reads(file, number, name, Handed(chains, (file.path, block.function), None))
        elif name and self._may_read(file, number, name):
            for handed in self._handed_rows.to(file, block):
                yield from self._reads(file, number, name, handed)

    def _may_read(self, file: FileIndex, number: int, name: str) -> bool:
        """Whether a loop reads something of its items that is called as some relation is."""
        names = self._relations.names
        return any(
            isinstance(spoken.expr, Attribute) and spoken.expr.of == Name(name) and spoken.expr.name in names
            for spoken in spoken_in(file, file.facts.blocks[number].function)
            if file.inside(spoken.block, number)
        )

    def _reads(self, file: FileIndex, number: int, name: str, handed: Handed) -> Iterator[LazyLoad]:
        """What a loop over these rows reads of each, once for each relation."""
        block, chains = file.facts.blocks[number], handed.chains
        if any(chain.awaited for chain in chains) or any(map(self._plans.of_one_row, chains)):
            return
        if not all(map(self._gives_objects, chains)):
            return
        root, lazy = chains[0].root, self._lazy(file, block, chains)
        for attribute in _given(file, block, name):
            lazy.pop(attribute, None)
        if root is None or not lazy or self._plans.loads_later(file, block.function):
            return
        seen: set[str] = set()
        for spoken in spoken_in(file, block.function):
            if file.inside(spoken.block, number):
                for relation, trail in self._object_reads.of(file, spoken, name, Wanted(root, lazy)):
                    if relation not in seen:
                        seen.add(relation)
                        text = f"{name}.{relation}"
                        read = Step(file.place(spoken.span), f"`{text}` is read for each item")
                        loop = self._contexts.of(file, number).loops[0]
                        anew = lazy[relation].loaded
                        key = not lazy[relation].back and self._only_key(file, block.function, name, relation)
                        place = read.place if key or anew else chains[0].place or loop.place
                        steps = (*([handed.step] if handed.step else []), read, *trail)
                        function = self._sites.function(handed.caller)
                        yield LazyLoad(place, function, text, relation, loop, steps, key, anew)

    @staticmethod
    def _only_key(file: FileIndex, function: int, name: str, relation: str) -> bool:
        """Whether an object is loaded for its key, which the row has: then it is the reading that is to be mended."""
        inner = Attribute(Name(name), relation)
        read = (spoken.expr for spoken in spoken_in(file, function))
        members = {expr.name for expr in read if isinstance(expr, Attribute) and expr.of == inner}
        return bool(members) and members <= _KEYS

    def _iterated(self, file: FileIndex, block: Block) -> list[Chain]:
        chains = self._chains.iterated(file, block)
        if block.subject is None or any(chain.root is not None for chain in chains):
            return chains
        held = related_rows(self._chains, self._relations, file, block.parent, block.subject, block.span)
        return [held] if held is not None else []

    def _lazy(self, file: FileIndex, block: Block, chains: list[Chain]) -> dict[str, Relation]:
        """The relations of the rows, by name, that a query does not load along, and those that narrowing asks again."""
        root = chains[0].root
        planned = {one for chain in chains for one in self._plans.of(chain)}
        subject = block.subject
        if root is None or subject is None or EVERYTHING in planned:
            return {}
        known = self._relations.of(root).items()
        lazy = {key: one._replace(loaded=key in planned) for key, one in known if one.by_call or key not in planned}
        through = chains[0].through
        return {
            key: one
            for key, one in lazy.items()
            if not through
            or not (self._plans.by_holder(chains[0], key) or of_holder(self._relations, file, subject, one, through))
        }

    def _gives_objects(self, chain: Chain) -> bool:
        """Whether the rows of a query are objects of its class, not values picked from them."""
        if chain.root is None:
            return False
        for link in chain.links:
            acts = self._chains.acts(link.path)
            if Act.COLUMNS in acts:
                return False
            if Act.READ in acts and Act.ALL_ROWS not in acts:
                return True
        return True


def _variable(block: Block) -> str:
    """The name that each object has in a loop; with a counter before it, the second one."""
    target = block.target
    if isinstance(target, Sequence) and len(target.items) == 2 and isinstance(block.subject, CallRef):
        target = target.items[1]
    return target.id if isinstance(target, Name) else ""


def _given(file: FileIndex, block: Block, name: str) -> set[str]:
    """The attributes of a variable that its function writes itself: what is read of them was asked of nobody."""
    return {
        binding.target.name
        for binding in file.bindings_in.get(block.function, ())
        if isinstance(binding.target, Attribute) and binding.target.of == Name(name)
    }
