"""Files that belong together by their imports and answer requests: what such a service says of its health and work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ...nouns.acts import Act
from ...nouns.entries import EntryRef
from ...nouns.facts import CallRef, Const
from ...nouns.libraries import REMOTE, Effect
from ...nouns.project import FunctionRef, Site
from ...nouns.signals import ServiceCode, UntracedCall
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..knowledge.versions import VersionRange

_WORDS = (
    r"health(?:z|check|checks|_check|-check)?|healthy|is_?alive|alive|ready|readyz|readiness|live|livez|liveness|ping"
    r"|heartbeat|lbheartbeat|status|monitoring|up"
)
_ROUTE = re.compile(rf"(?i)^\W?(?:[\w.-]*/)*(?:{_WORDS})/?\W*$")
_NAME = re.compile(
    r"(?i)(?:^|[_.])(?:health(?:z|check|y)?|alive|readiness|liveness|readyz|livez|ping|heartbeat)(?:$|[_.])"
)
_ALIVE = re.compile(r"(?i)^(?:(?:get|check|is)_)?(?:livez?|liveness|alive)(?:_?(?:check|probe))?$")
_ALIVE_ROUTE = re.compile(r"(?i)^/?(?:(?:-|_|api|v\d+|status|internal|health\w*)/)*(?:livez?|liveness|alive|ping)/?$")
_IMPORT = re.compile(r"(?i)health|watchman|heartbeat")
_ROUTING = frozenset({"path", "re_path", "url", "Route", "route", "add_url_rule", "add_route", "add_api_route"})
_WATCHES = frozenset({Act.TRACE, Act.MEASURE, Act.INSTRUMENT})
_TRACED = frozenset({Effect.HTTP, Effect.RPC, Effect.QUEUE})


class ServicesInCode:
    """Groups the files of the program and describes each group that makes an application."""

    def __init__(self, graph: Graph, versions: Callable[[str, str], VersionRange | None]) -> None:
        self._graph = graph
        self._versions = versions
        self._catalog = graph.program.catalog
        self._watchers = self._known_watchers()
        self._serving = {name.partition(".")[0] for name in self._catalog.entries.exact()}
        self._instrumentable = {
            library
            for name in self._catalog.acts.exact()
            for entry in self._catalog.acts.get(name) or ()
            if isinstance(said := getattr(entry.options.get("instruments"), "default", ""), str)
            for library in said.split()
        }

    def _known_watchers(self) -> dict[str, str]:
        """Modules whose import means that somebody watches, with their packages; a root that only watches is enough."""
        operations = self._catalog.operations
        busy = {
            name.partition(".")[0]
            for name in operations.exact()
            if not REMOTE.isdisjoint(getattr(operations.get(name), "effects", ()))
        }
        found: dict[str, str] = {}
        for name in self._catalog.acts.exact():
            if any(not _WATCHES.isdisjoint(entry.does) for entry in self._catalog.acts.get(name) or ()):
                root = name.partition(".")[0]
                found[name.rpartition(".")[0] if root in busy else root] = self._catalog.package_of(name) or ""
        return found

    def find(self, sites: tuple[Site, ...], entries: tuple[EntryRef, ...]) -> Iterator[ServiceCode]:
        """One description for each application, in file order."""
        home = self._groups()
        members: dict[str, set[str]] = {}
        for path, root in home.items():
            members.setdefault(root, set()).add(path)
        makers: dict[str, list[Site]] = {}
        for site in sites:
            if Act.SERVE in site.acts and site.direct and not _is_aside(site):
                makers.setdefault(home.get(site.place.path, site.place.path), []).append(site)
        for root, made in sorted(makers.items()):
            for first, files in self._applications(made, members.get(root, set())):
                group = [site for site in sites if site.place.path in files]
                routes = [one for one in entries if one.kind == "request" and one.function.path in files]
                yield self._described(first, group, sorted(files), routes)

    def _applications(self, made: list[Site], files: set[str]) -> Iterator[tuple[Site, set[str]]]:
        """The applications of a group, each with its files: all of them, or what it imports where there are several."""
        firsts = {site.place.path: site for site in reversed(made)}
        if len(firsts) == 1:
            yield made[0], files
            return
        reached = {path: self._imported_by(path) for path in firsts}
        told: list[set[str]] = []
        for path, first in sorted(firsts.items()):
            own = reached[path]
            if any(path in others and path != other for other, others in reached.items()):
                continue  # somebody's application is mounted or run by another file
            if not any(2 * len(own & others) > min(len(own), len(others)) for others in told):
                told.append(own)
                yield first, own

    def _imported_by(self, start: str) -> set[str]:
        """A file, those it imports, and so on."""
        program = self._graph.program
        found = {start}
        waiting = [start]
        while waiting:
            fresh = set(program.imports.of(waiting.pop())) - found
            found |= fresh
            waiting.extend(fresh)
        return found

    def _groups(self) -> dict[str, str]:
        """Each file with the first file of its group: files that import each other, directly or not."""
        program = self._graph.program
        parent = {path: path for path in program.shelf.paths()}

        def root(path: str) -> str:
            while parent[path] != path:
                parent[path] = parent[parent[path]]
                path = parent[path]
            return path

        for path in list(parent):
            for other in program.imports.of(path):
                if other in parent:
                    first, second = sorted((root(path), root(other)))
                    parent[second] = first
        return {path: root(path) for path in parent}

    def _described(self, made: Site, group: list[Site], files: list[str], routes: list[EntryRef]) -> ServiceCode:
        instrumented = frozenset(
            word
            for site in group
            if Act.INSTRUMENT in site.acts and "instruments" in site.options
            for value in site.options["instruments"].values
            for word in str(value).split()
        )
        rest = list(self._unopened(files))
        return ServiceCode(
            made.place,
            made.function,
            made.call,
            len(routes) + sum(_routes_in(file) for file in rest),
            sum(1 for site in group if site.remote and site.direct),
            self._is_healthy(files, routes) or any(_says_health(file) for file in rest),
            frozenset(self._watched(made.place.path, files)),
            instrumented,
            tuple(self._untraced(group, instrumented)),
        )

    def _untraced(self, group: list[Site], instrumented: frozenset[str]) -> Iterator[UntracedCall]:
        """The calls of clients that could carry the trace and do not."""
        if not any("provider" in site.options for site in group) or not instrumented.isdisjoint(("all", "by-hand")):
            return
        for site in group:
            root = site.operation.partition(".")[0]
            said = site.options.get("headers")
            if (
                not site.direct
                or site.effects.isdisjoint(_TRACED)
                or root not in self._instrumentable
                or root in instrumented
            ):
                continue
            if said is None or said.state == "absent":
                yield UntracedCall(site.place, site.function, site.call, root)

    def _watched(self, made: str, files: list[str]) -> Iterator[str]:
        """Watching libraries that the service or a file beside it imports, or that its manifest names."""
        folder = _shared_folder(files)
        for path in self._graph.program.shelf.paths():
            if path in files or not folder or path.startswith(f"{folder}/"):
                for line in self._graph.program.shelf.imports(path):
                    module, _, names = line.lstrip(".").partition(":")
                    for whole in (module, *(f"{module}.{name}" for name in names.split(",") if name)):
                        yield from (one for one in _and_above(whole) if one in self._watchers)
        yield from (package for package in set(self._watchers.values()) if package and self._versions(package, made))

    def _is_healthy(self, files: list[str], routes: list[EntryRef]) -> bool:
        program = self._graph.program
        if any(_NAME.search(one.name.lower()) for one in routes):
            return True
        if any(_IMPORT.search(line) for path in files for line in program.shelf.imports(path)):
            return True
        return any(_says_health(program.opened[path]) for path in files if path in program.opened)

    def _unopened(self, files: list[str]) -> Iterator[FileIndex]:
        """The files of a service that may route requests and call nobody, so that nothing else opened them."""
        program = self._graph.program
        for path in [path for path in files if path not in program.opened]:
            brings = {line.partition(":")[0].partition(".")[0] for line in program.shelf.imports(path)}
            file = program.file(path) if not self._serving.isdisjoint(brings) else None
            if file is not None:
                yield file


def _and_above(module: str) -> Iterator[str]:
    """A dotted name, and those of everything it lies in."""
    while module:
        yield module
        module = module.rpartition(".")[0]


def _is_aside(site: Site) -> bool:
    """Whether an application is made for developers or tests, by the name of its file."""
    return re.match(r"(?:dev|test|debug|mock|fake|demo|example)", site.place.path.rpartition("/")[2]) is not None


def liveness_of(graph: Graph, entries: tuple[EntryRef, ...]) -> frozenset[FunctionRef]:
    """The handlers of routes that say only whether the process lives, by their names or routes."""
    return frozenset(
        entry.function
        for entry in entries
        if entry.kind == "request"
        and (
            _ALIVE.search(entry.name.rpartition(".")[2]) or _is_routed(graph.program.opened[entry.function.path], entry)
        )
    )


def _is_routed(file: FileIndex, entry: EntryRef) -> bool:
    for decorator in file.function(entry.function.index).decorators:
        arguments = file.calls[decorator.index].arguments if isinstance(decorator, CallRef) else ()
        for argument in arguments[:1]:
            if isinstance(argument.value, Const) and _ALIVE_ROUTE.search(str(argument.value.value)):
                return True
    return False


def _routes_in(file: FileIndex) -> int:
    """The functions of a file that a decorator with an address routes to."""
    return sum(
        any(
            isinstance(decorator, CallRef)
            and any(
                isinstance(argument.value, Const) and str(argument.value.value).startswith("/")
                for argument in file.calls[decorator.index].arguments[:1]
            )
            for decorator in function.decorators
        )
        for function in file.facts.functions
    )


def _says_health(file: FileIndex) -> bool:
    """Whether a file routes something that looks like a health check."""
    if any(_NAME.search(function.name) for function in file.facts.functions):
        return True
    for call in file.facts.calls:
        for argument in call.arguments:
            text = argument.value.value if isinstance(argument.value, Const) else None
            if isinstance(text, str) and _ROUTE.match(text) and ("/" in text or leaf_of(call.callee) in _ROUTING):
                return True
    return False


def _shared_folder(files: list[str]) -> str:
    """The folder that holds all of some files, "" for the top."""
    folders = [path.split("/")[:-1] for path in files]
    shared: list[str] = []
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "/".join(shared)
