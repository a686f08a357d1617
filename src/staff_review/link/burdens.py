"""What weighs more as data and traffic grow, out of the linked calls."""

from __future__ import annotations

from ..burdens import Burdens
from .chains import Chains
from .contexts import Contexts
from .doings import Doings
from .graph import Graph
from .held_locks import filling, held_locks
from .holdings import Holdings
from .in_turn import in_turn
from .lazy_loads import LazyLoads
from .loads import Loads
from .relations import Relations
from .serialised import Serialised
from .shared import shared
from .sites import Sites


def burdens_of(graph: Graph, sites: Sites, contexts: Contexts, doings: Doings) -> Burdens:
    """All of them; the sites must be built."""
    chains, relations = Chains(graph), Relations(graph, doings)
    in_loops = LazyLoads(graph, sites, contexts, chains, relations).find()
    return Burdens(
        lazy_loads=(*in_loops, *Serialised(graph, sites, chains, relations).find()),
        loads=tuple(Loads(graph, sites, chains).find()),
        holdings=tuple(Holdings(graph, sites, doings).find()),
        held_locks=tuple(held_locks(graph, sites, contexts)),
        filling=frozenset(filling(graph, contexts)),
        in_turn=tuple(in_turn(graph, sites)),
        shared=tuple(shared(graph, sites, doings)),
    )
