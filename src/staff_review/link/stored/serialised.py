"""Queries whose rows are all shown by a serialiser that reads relations which they did not load along."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.burdens import LazyLoad
from ...nouns.site import Loop
from ...nouns.source import Place
from ..calls.graph import Graph
from ..files.showing import shown
from ..files.values import ClassValue
from ..sites import Sites
from .asked_for import AskedFor
from .chains import Chains
from .left_out import left_out
from .listings import Listing, Listings
from .plans import Plans
from .relations import Relations
from .serialisers import Serialisers


class Serialised:
    """Finds them: relations that showing the rows reads, and queries that it runs for each by itself."""

    def __init__(self, graph: Graph, sites: Sites, chains: Chains, relations: Relations) -> None:
        self._graph = graph
        self._sites = sites
        self._relations = relations
        self._plans = Plans(graph, chains, relations)
        self._serialisers = Serialisers(graph, chains, relations)
        self._listings = Listings(graph, chains, relations, self._serialisers)
        self._asked_for = AskedFor(graph, sites, self._serialisers)

    def find(self) -> Iterator[LazyLoad]:
        """Every relation that showing the rows of a query makes the database answer for, in file order."""
        seen: set[tuple[Place, str]] = set()
        for listing in self._listings.find():
            for load in (*self._loads(listing), *self._asked(listing)):
                if (load.place, load.read) not in seen:
                    seen.add((load.place, load.read))
                    yield load

    def _loads(self, listing: Listing) -> Iterator[LazyLoad]:
        """What all of the serialisers read of the rows."""
        rows, place, serialisers = listing.rows, listing.place, listing.serialisers
        wanted, planned = left_out(listing, self._plans, self._relations)
        if wanted is None or place is None:
            return
        reads = [{one.relation: one for one in self._serialisers.reads(cls, wanted, planned)} for cls in serialisers]
        reference = self._sites.function((rows.file.path, rows.function))
        loop = Loop(place, "each", shown(rows.file, rows.expr))
        for relation, read in reads[0].items():
            if all(relation in other for other in reads):
                name = f"{self._name(serialisers[0])}.{relation}"
                yield LazyLoad(place, reference, name, relation, loop, read.trail, shown=True)

    def _asked(self, listing: Listing) -> Iterator[LazyLoad]:
        """What all of the serialisers ask the database for by themselves, told at the first of it."""
        rows = listing.rows
        if any(map(self._plans.of_one_row, listing.chains)):
            return
        root = listing.chains[0].root if listing.chains else None
        asked = [dict(self._asked_for.by(cls, root)) for cls in listing.serialisers]
        names = [name for name in asked[0] if all(name in other for other in asked)]
        for name in names:
            place = asked[0][names[0]].place
            reference = self._sites.function((rows.file.path, rows.function))
            loop = Loop(place, "each", shown(rows.file, rows.expr))
            read = f"{self._name(listing.serialisers[0])}.{name}"
            yield LazyLoad(place, reference, read, "", loop, shown=True)

    def _name(self, cls: ClassValue) -> str:
        return self._graph.program.opened[cls.path].cls(cls.index).name
