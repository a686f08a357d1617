"""The order of linking: names, types, values, effects, policies."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from ..nouns.libraries import Libraries
from ..nouns.project import Limit, Project
from .burdens import burdens_of
from .calls.contexts import Contexts
from .calls.doings import Doings
from .calls.effects import Effects
from .calls.error_words import errors_of
from .calls.graph import Graph
from .calls.opening import imports_of, open_entries
from .concurrency.clients import Clients
from .concurrency.drawn import Drawn
from .concurrency.fan_outs import FanOuts
from .concurrency.growing import Growing
from .evaluation.evaluate import Evaluator
from .exchanged import exchanges_of
from .exposed import exposures_of
from .exposed.weaknesses import Weaknesses
from .files.arguments import expression_at
from .files.program import Program, Shelf
from .files.values import Literal
from .files.wholes import wholes_of
from .knowledge.catalog import Catalog
from .knowledge.interests import Interests
from .knowledge.versions import VersionRange, Versions
from .limits import Limits
from .observed import Observed
from .retries import Retries
from .sites import Sites
from .sites.at_hand import at_hand
from .sites.at_import import at_import
from .sites.entries import Entries
from .sites.guards import Guards
from .sites.optional import optional_of
from .sites.own_retries import OwnRetries
from .sites.remedies import Remedies
from .sites.unread import unread_limits
from .sites.unset import unset_limits
from .sites.watched import Watched
from .targets import Targets
from .targets.offers import Offers
from .targets.openings import openings_of
from .targets.unlinked import unlinked_of


def project_of(
    shelf: Shelf,
    libraries: Libraries,
    language: str,
    versions: Callable[[str, str], VersionRange | None],
    *,
    system: bool = False,
) -> Project:
    """The linked program of one language; files are taken from `shelf` as they turn out to matter.

    With `system`, also whom its calls are made to and what it offers.
    """
    graph = _graph_of(shelf, libraries, language)
    effects = Effects(graph)
    effects.settle()
    if system:
        open_entries(graph, libraries, language)
    contexts, known = Contexts(graph), Versions(versions)
    limits = Limits(graph, contexts, known)
    limits.process_wide.update(_process_wide(graph))
    doings = Doings(graph, known)
    sites = Sites(graph, effects, contexts, limits, doings, OwnRetries(graph, known))
    built = sites.build()
    found = (entries := Entries(graph, sites)).find()
    paths, reached = entries.reach(found)
    retries = Retries(graph, sites, contexts, doings).find()
    project = Project(
        sites=built,
        retries=retries,
        optional=optional_of(graph, built),
        guarded=Guards(graph, sites, contexts).find(retries),
        wholes=wholes_of(graph.program),
        at_import=frozenset(at_import(graph, sites)),
        makings=tuple(Clients(graph, sites, contexts).find()),
        weakenings=tuple(Weaknesses(graph, sites).find()),
        unset=(*unset_limits(graph, sites), *unread_limits(graph, sites)),
        fan_outs=tuple(FanOuts(graph, sites, contexts, Growing(graph, sites, Drawn(graph, sites, found))).find()),
        entries=found,
        paths=paths,
        reached_by=reached,
        apart=entries.apart(),
        watched=Watched(graph, sites, contexts).find(found, reached, retries),
        remedies=Remedies(graph, limits).find(built),
        signals=Observed(graph, sites, contexts, doings, versions).find(built, found),
        exposures=exposures_of(graph, sites, doings, found),
        burdens=burdens_of(graph, sites, contexts, doings, found),
        exchanges=exchanges_of(graph, sites, contexts, doings),
    )
    project = _with_looks(project, graph, sites)
    return _with_system(project, graph) if system else project


def _with_looks(project: Project, graph: Graph, sites: Sites) -> Project:
    """The program with what a further look at its calls and handlers says of them."""
    errors = errors_of(project, graph.program.catalog)
    return replace(project, errors=errors, at_hand=frozenset(at_hand(graph, sites)))


_CATALOGS: dict[str, tuple[Libraries, Catalog]] = {}


def _catalog_of(libraries: Libraries, language: str) -> Catalog:
    """The catalog of one language, built again only for other libraries: a process may link many programs."""
    known = _CATALOGS.get(language)
    if known is None or known[0] is not libraries:
        known = _CATALOGS[language] = (libraries, Catalog(libraries, language))
    return known[1]


def _graph_of(shelf: Shelf, libraries: Libraries, language: str) -> Graph:
    program = Program(shelf, _catalog_of(libraries, language))
    return Graph(program, Evaluator(program), Interests(libraries, language))


def _with_system(project: Project, graph: Graph) -> Project:
    """With whom its calls are made to, and what it offers."""
    targets = Targets(graph)
    offers = Offers(graph, targets.texts)
    linked = targets.find()
    return replace(
        project,
        targets=(*linked, *unlinked_of(graph, targets, linked)),
        openings=tuple(openings_of(graph, targets)),
        imports=imports_of(graph),
        offers=offers.find(project.entries),
        servers=offers.servers(),
    )


def _process_wide(graph: Graph) -> dict[str, Limit]:
    """Defaults set for the whole process, such as that of all sockets."""
    found: dict[str, Limit] = {}
    for file, index, resolved in graph.library_calls():
        for one in resolved:
            config = graph.program.catalog.configs.get(one.path)
            if config is None:
                continue
            expr = expression_at(file.calls[index], config.value.argument, config.value.position)
            values = graph.evaluator.argument(file, index, expr) if expr is not None else ()
            if any(not isinstance(value, Literal) or value.value for value in values):
                text = "bounded by the default set for the whole process"
                found[config.sets] = Limit("bounded", "process", text, set_at=file.place(file.calls[index].span))
    return found
