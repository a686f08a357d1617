"""Queries whose rows a page shows that reads relations which they did not load along, or asks anew for each."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.burdens import LazyLoad
from ...nouns.facts import Attribute, Name
from ...nouns.findings import Step
from ...nouns.site import Loop
from ...nouns.source import Place
from ..calls.graph import Graph
from ..files.showing import shown
from ..sites import Sites
from .asked_for import AskedFor
from .chains import Chains
from .left_out import left_out
from .listings import Listings
from .object_reads import ObjectReads
from .pages import Page, Pages
from .plans import Plans
from .relations import Relations
from .serialisers import Serialisers
from .templates import Said, Templates
from .views import Rows


class Rendered:
    """Finds them: what the template of a page, and all that it takes in, reads of each row."""

    def __init__(self, graph: Graph, sites: Sites, chains: Chains, relations: Relations) -> None:
        self._sites = sites
        self._relations = relations
        self._plans = Plans(graph, chains, relations)
        self._object_reads = ObjectReads(graph, chains)
        self._templates = Templates(graph.program)
        serialisers = Serialisers(graph, chains, relations)
        self._asked_for = AskedFor(graph, sites, serialisers)
        self._pages = Pages(graph, Listings(graph, chains, relations, serialisers), self._templates)

    def find(self) -> Iterator[LazyLoad]:
        """All that showing a page makes the database answer for, once for each query, in file order."""
        seen: set[tuple[Place, str]] = set()
        for page in self._pages.find():
            for load in self._loads(page):
                if (load.place, load.read) not in seen:
                    seen.add((load.place, load.read))
                    yield load

    def _loads(self, page: Page) -> Iterator[LazyLoad]:
        rows, place = page.listing.rows, page.listing.place
        wanted, _ = left_out(page.listing, self._plans, self._relations)
        if wanted is None or place is None:
            return
        for name in _given(rows):
            wanted.lazy.pop(name, None)
        function = self._sites.function((rows.file.path, rows.function))
        loop = Loop(place, "each", shown(rows.file, rows.expr))
        for said in self._templates.said(page.template, page.name):
            text = shown(said.page, said.spoken.expr)
            step = Step(said.page.place(said.spoken.span), f"the page shows `{text}` of each")
            for read in self._object_reads.of(said.page, said.spoken, said.row, wanted):
                name, trail = f"{said.row}.{read.relation}", (step, *read.trail)
                yield LazyLoad(place, function, name, read.relation, loop, trail, shown=True)
            member = self._member(said)
            site = self._asked_for.by_member(wanted.of, member) if member else None
            if site is not None:
                yield LazyLoad(site.place, function, f"{said.row}.{member}", "", loop, (step,), shown=True)

    @staticmethod
    def _member(said: Said) -> str:
        """The member of the row that is shown, "" for all else."""
        expr = said.spoken.expr
        return expr.name if isinstance(expr, Attribute) and expr.of == Name(said.row) else ""


def _given(rows: Rows) -> Iterator[str]:
    """The attributes that loops of the function which has the rows write: ``order.customer = customers[…]``."""
    numbers = rows.file.blocks_in.get(rows.function, ())
    items = [rows.file.facts.blocks[number].target for number in numbers]
    for binding in rows.file.bindings_in.get(rows.function, ()):
        if isinstance(binding.target, Attribute) and isinstance(binding.target.of, Name) and binding.target.of in items:
            yield binding.target.name
