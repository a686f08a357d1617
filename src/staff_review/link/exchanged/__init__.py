"""What the program exchanges with brokers and stores, gathered from the opened files."""

from __future__ import annotations

from ...nouns.exchanges import Exchanges
from ..calls.contexts import Contexts
from ..calls.doings import Doings
from ..calls.graph import Graph
from ..files.settings_named import setting_named
from ..sites import Sites
from .change_handlers import change_handlers
from .declared import DeclaredConsumers
from .handed import HandedObjects
from .messages import Messages
from .updates import Updates
from .whole_requests import whole_requests


def exchanges_of(graph: Graph, sites: Sites, contexts: Contexts, doings: Doings) -> Exchanges:
    """All exchanges of the program."""
    messages = Messages(graph, sites, contexts, doings)
    return Exchanges(
        deliveries=tuple(messages.deliveries()),
        refusals=tuple(messages.refusals()),
        updates=tuple(Updates(graph, sites, contexts).find()),
        handed=tuple(HandedObjects(graph, sites).find()),
        settled=frozenset(messages.settled()),
        declared=tuple(DeclaredConsumers(graph, sites, doings).find()),
        change_handlers=tuple(change_handlers(graph, sites)),
        whole_requests=whole_requests(graph),
        late_acks=setting_named(graph.program, graph.program.catalog.late_acks),
        task_limits=setting_named(graph.program, graph.program.catalog.task_limits),
    )
