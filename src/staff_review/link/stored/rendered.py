"""Queries whose rows a page shows that reads relations which they did not load along."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.burdens import LazyLoad
from ...nouns.site import Loop
from ..calls.graph import Graph
from ..files.showing import shown
from ..sites import Sites
from .chains import Chains
from .left_out import left_out
from .listings import Listings
from .object_reads import ObjectReads
from .pages import Page, Pages
from .plans import Plans
from .relations import Relations
from .serialisers import Serialisers
from .templates import Templates


class Rendered:
    """Finds them: what the template of a page, and all that it takes in, reads of each row."""

    def __init__(self, graph: Graph, sites: Sites, chains: Chains, relations: Relations) -> None:
        self._sites = sites
        self._relations = relations
        self._plans = Plans(graph, chains, relations)
        self._templates = Templates(graph, ObjectReads(graph, chains))
        listings = Listings(graph, chains, relations, Serialisers(graph, chains, relations))
        self._pages = Pages(graph, listings, self._templates)

    def find(self) -> Iterator[LazyLoad]:
        """Every relation that showing a page makes the database answer for, once for each query, in file order."""
        seen: set[tuple[object, str]] = set()
        for page in self._pages.find():
            for load in self._loads(page):
                if (load.place, load.relation) not in seen:
                    seen.add((load.place, load.relation))
                    yield load

    def _loads(self, page: Page) -> Iterator[LazyLoad]:
        rows, place = page.listing.rows, page.listing.place
        wanted, _ = left_out(page.listing, self._plans, self._relations)
        if wanted is None or place is None:
            return
        function = self._sites.function((rows.file.path, rows.function))
        loop = Loop(place, "each", shown(rows.file, rows.expr))
        for text, read in self._templates.reads(page.template, page.name, wanted):
            yield LazyLoad(place, function, text, read.relation, loop, read.trail, shown=True)
