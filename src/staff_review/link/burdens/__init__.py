"""What weighs more as data and traffic grow, out of the linked calls."""

from __future__ import annotations

from ...nouns.burdens import Burdens
from ...nouns.entries import EntryRef
from ..calls.contexts import Contexts
from ..calls.doings import Doings
from ..calls.graph import Graph
from ..concurrency.held_locks import filling, held_locks
from ..concurrency.in_turn import in_turn
from ..concurrency.shared import shared
from ..sites import Sites
from ..stored.chains import Chains
from ..stored.lazy_loads import LazyLoads
from ..stored.loads import Loads
from ..stored.questions import Questions
from ..stored.relations import Relations
from ..stored.rendered import Rendered
from ..stored.resolvers import Resolvers
from ..stored.serialised import Serialised
from .holdings import Holdings


def burdens_of(
    graph: Graph, sites: Sites, contexts: Contexts, doings: Doings, entries: tuple[EntryRef, ...]
) -> Burdens:
    """All of them; the sites must be built."""
    chains, relations = Chains(graph), Relations(graph, doings)
    in_loops = LazyLoads(graph, sites, contexts, chains, relations).find()
    serialised, rendered = Serialised(graph, sites, chains, relations), Rendered(graph, sites, chains, relations)
    resolvers = Resolvers(graph, chains, relations, Questions(graph, sites))
    return Burdens(
        lazy_loads=(*in_loops, *serialised.find(), *rendered.find(), *resolvers.find(entries)),
        loads=tuple(Loads(graph, sites, chains).find()),
        holdings=tuple(Holdings(graph, sites, doings).find()),
        held_locks=tuple(held_locks(graph, sites, contexts)),
        filling=frozenset(filling(graph, contexts)),
        in_turn=tuple(in_turn(graph, sites)),
        shared=tuple(shared(graph, sites, doings)),
    )
