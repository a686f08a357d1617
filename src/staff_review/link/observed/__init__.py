"""What the program tells and fails to tell of itself, gathered from the opened files."""

from __future__ import annotations

from collections.abc import Callable

from ...nouns.entries import EntryRef
from ...nouns.project import Site
from ...nouns.signals import Signals
from ..calls.contexts import Contexts
from ..calls.doings import Doings
from ..calls.graph import Graph
from ..concurrency.cancellations import Cancellations
from ..concurrency.forgotten import ForgottenCoroutines
from ..exchanged.consumer_loops import consumer_loops_of
from ..exposed.token_fetches import TokenFetches
from ..exposed.utterances import Utterances
from ..knowledge.versions import VersionRange
from ..sites import Sites
from .error_logs import ErrorLogs
from .labels import Labels
from .missing import MissingValues
from .service_code import ServicesInCode, liveness_of


class Observed:
    """Gathers the signals of a linked program."""

    def __init__(
        self,
        graph: Graph,
        sites: Sites,
        contexts: Contexts,
        doings: Doings,
        versions: Callable[[str, str], VersionRange | None],
    ) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._doings = doings
        self._versions = versions

    def find(self, built: tuple[Site, ...], entries: tuple[EntryRef, ...]) -> Signals:
        """All signals, in file order."""
        graph, sites = self._graph, self._sites
        return Signals(
            error_logs=tuple(ErrorLogs(graph, sites, self._contexts, self._doings).find()),
            missing=tuple(MissingValues(graph, sites, self._contexts).find()),
            swallows=tuple(Cancellations(graph, sites, self._contexts).find()),
            labels=tuple(Labels(graph, sites).find()),
            forgotten=tuple(ForgottenCoroutines(graph, sites).find()),
            utterances=tuple(Utterances(graph, sites).find()),
            services=tuple(ServicesInCode(graph, self._versions).find(built, entries)),
            token_fetches=tuple(TokenFetches(graph).find(built)),
            consumer_loops=tuple(consumer_loops_of(graph, built)),
            liveness=liveness_of(graph, entries),
        )
