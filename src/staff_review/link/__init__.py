"""FileFacts and catalog → Project: names, types, values, effects, policies."""

from __future__ import annotations

from collections.abc import Callable

from ..libraries import Libraries
from ..project import Limit, Project
from .arguments import expression_at
from .catalog import Catalog
from .clients import Clients
from .contexts import Contexts
from .effects import Effects
from .entries import Entries
from .evaluate import Evaluator
from .fan_outs import FanOuts
from .graph import Graph
from .interests import Interests
from .limits import Limits
from .program import Program, Shelf
from .retries import Retries
from .sites import Sites
from .triggers import triggers_of
from .values import Literal
from .versions import VersionRange, Versions
from .weaknesses import Weaknesses

__all__ = ["Shelf", "VersionRange", "project_of", "triggers_of"]


def project_of(
    shelf: Shelf, libraries: Libraries, language: str, versions: Callable[[str, str], VersionRange | None]
) -> Project:
    """The linked program of one language; files are taken from `shelf` as they turn out to matter."""
    program = Program(shelf, Catalog(libraries, language))
    evaluator = Evaluator(program)
    graph = Graph(program, evaluator, Interests(libraries, language))
    effects = Effects(graph)
    effects.settle()
    contexts = Contexts(graph)
    limits = Limits(graph, contexts, Versions(versions))
    limits.process_wide.update(_process_wide(graph))
    sites = Sites(graph, effects, contexts, limits)
    built = sites.build()
    entries = Entries(graph, sites)
    found = entries.find()
    paths, reached = entries.reach(found)
    return Project(
        sites=built,
        retries=Retries(graph, sites, contexts).find(),
        makings=tuple(Clients(graph, sites, contexts).find()),
        weakenings=tuple(Weaknesses(graph, sites).find()),
        fan_outs=tuple(FanOuts(graph, sites, contexts).find()),
        entries=found,
        paths=paths,
        reached_by=reached,
    )


def _process_wide(graph: Graph) -> dict[str, Limit]:
    """Defaults set for the whole process, such as that of all sockets."""
    found: dict[str, Limit] = {}
    opened = [(path, index) for path in sorted(graph.program.opened) for index in graph.calls_of(path)]
    for path, index in opened:
        for one in graph.of(path, index):
            config = graph.program.catalog.configs.get(one.path) if one.path else None
            if config is None:
                continue
            file = graph.program.opened[path]
            expr = expression_at(file.calls[index], config.value.argument, config.value.position)
            values = graph.evaluator.argument(file, index, expr) if expr is not None else ()
            if any(not isinstance(value, Literal) or value.value for value in values):
                text = "bounded by the default set for the whole process"
                found[config.sets] = Limit("bounded", "process", text, set_at=file.place(file.calls[index].span))
    return found
