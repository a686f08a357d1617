"""Messages as they come and go: loops over a consumer, and messages given back when something failed."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act, Option
from ...nouns.exchanges import Delivery, Refusal
from ...nouns.facts import Block
from ..calls.contexts import Contexts
from ..calls.doings import Doings
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.values import External, Instance
from ..sites import Sites

_CHOICES = ("branch", "otherwise", "case")


class Messages:
    """Reads the loops and handlers of the opened files."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts, doings: Doings) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._doings = doings

    def deliveries(self) -> Iterator[Delivery]:
        """Every loop over a consumer whose making is known, in file order."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for block in file.facts.blocks:
                options = self._delivering(file, block) if block.kind == "loop" and block.subject is not None else None
                if options is not None:
                    where = self._sites.function((path, block.function))
                    yield Delivery(file.place(block.span), where, shown(file, block.subject), options)

    def _delivering(self, file: FileIndex, block: Block) -> dict[str, Option] | None:
        """What the consumer that a loop runs over was made with; None when it runs over something else."""
        if block.subject is None or block.form == "while":
            return None
        evaluator = self._graph.evaluator
        for value in evaluator.values(file, block.parent, block.subject, block.span.line, block.span.column):
            if isinstance(value, Instance) and Act.CONSUMER in self._doings.acts(value.type):
                return self._doings.of_maker(value)
        return None

    def settled(self) -> Iterator[str]:
        """The types of producers that are entered as a context, or whose emptying is handed over as a method."""
        catalog = self._graph.program.catalog
        names = [name for name in catalog.acts.exact() if Act.FLUSH in self._doings.acts(name)]
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for block in file.facts.blocks:
                if block.kind == "with" and block.subject is not None:
                    yield from self._entered(file, block)
            for leaf in sorted({name.rpartition(".")[2] for name in names} & file.handed.keys()):
                for index in file.handed[leaf]:
                    yield from self._emptied_by(file, index, leaf)

    def _entered(self, file: FileIndex, block: Block) -> Iterator[str]:
        if block.subject is None:
            return
        evaluator = self._graph.evaluator
        for value in evaluator.values(file, block.parent, block.subject, block.span.line, block.span.column):
            if isinstance(value, Instance) and Act.PRODUCER in self._doings.acts(value.type):
                yield value.type

    def _emptied_by(self, file: FileIndex, index: int, leaf: str) -> Iterator[str]:
        """The producers whose method of that name is an argument of a call."""
        for argument in file.calls[index].arguments:
            if leaf_of(argument.value) == leaf:
                for value in self._graph.evaluator.argument(file, index, argument.value):
                    if isinstance(value, External) and Act.FLUSH in self._doings.acts(value.path):
                        yield value.path.rpartition(".")[0]

    def refusals(self) -> Iterator[Refusal]:
        """Every message given back in an error handler, in file order."""
        for path, index in sorted(self._sites.by_call):
            site = self._sites.by_call[(path, index)]
            if Act.REJECT not in site.acts or not site.direct or not site.context.in_handler:
                continue
            file = self._graph.program.opened[path]
            chosen = False
            for number in file.chain(file.calls[index].block):
                kind = file.facts.blocks[number].kind
                if kind == "handler":
                    known = self._contexts.handlers.of(file, number)
                    yield Refusal(site.place, site.function, known.catches, known.broad, chosen)
                    break
                chosen = chosen or kind in _CHOICES
