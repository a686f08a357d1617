"""A developer's switches that are on in the code itself: debug servers, reloaders, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.acts import Act, Option
from ...nouns.exposures import Switch
from ...nouns.facts import CallRef, Const, Name
from ..calls.doings import Doings
from ..calls.graph import Graph, Resolved
from ..files.branches import as_program
from ..files.index import FileIndex
from ..files.settings_modules import settings_modules
from ..files.showing import shown
from ..sites import Sites

_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - looked for, not bound to
_NEAR = ("127.0.0.1", "localhost", "::1")
_OPTIONS = ("debug", "reload")
_SETTING = "DEBUG"
_BESIDE = frozenset({"SECRET_KEY", "ALLOWED_HOSTS", "INSTALLED_APPS", "MIDDLEWARE", "ROOT_URLCONF"})
"""Settings that say: this module configures a web application."""
_FOR_DEVELOPERS = re.compile(r"(?:^|_)(?:dev|develop|development|debug|local|test|watch|reload)")


class Switches:
    """Finds them in the calls that serve and in modules of settings."""

    def __init__(self, graph: Graph, sites: Sites, doings: Doings) -> None:
        self._graph = graph
        self._sites = sites
        self._doings = doings

    def find(self) -> Iterator[Switch]:
        """Every switch that is on, in file order."""
        for file, index, found in self._graph.library_calls():
            yield from self._in_call(file, index, found)
        for settings in settings_modules(self._graph.program):
            yield from self._in_settings(settings)

    def _in_call(self, file: FileIndex, index: int, found: tuple[Resolved, ...]) -> Iterator[Switch]:
        for one in found:
            if Act.SERVE not in self._doings.acts(one.path):
                continue
            options = self._doings.options(file, index, one)
            name = next((name for name in _OPTIONS if _is_on(options.get(name))), "")
            if name and not _is_near(options.get("host")) and not self._is_for_developers(file, index):
                call = file.calls[index]
                host = options.get("host")
                yield Switch(
                    file.place(call.span),
                    self._sites.function((file.path, file.facts.blocks[call.block].function)),
                    shown(file, call.callee),
                    f"`{name}` is on",
                    as_program=self._is_program(file, index),
                    open_to_all=host is not None and any(value in _EVERYWHERE for value in host.values),
                    reload=name == "reload",
                )
                return

    @staticmethod
    def _is_for_developers(file: FileIndex, index: int) -> bool:
        """Whether the function, or a decorator's first argument, says that developers use it: `def run_dev`."""
        function = file.function(file.facts.blocks[file.calls[index].block].function)
        names = [function.name]
        for decorator in function.decorators:
            arguments = file.calls[decorator.index].arguments if isinstance(decorator, CallRef) else ()
            names += [str(one.value.value) for one in arguments[:1] if isinstance(one.value, Const)]
        return any(_FOR_DEVELOPERS.search(name) for name in names)

    @staticmethod
    def _is_program(file: FileIndex, index: int) -> bool:
        """Whether the call runs only when somebody starts the file: under ``__main__``, or called there."""
        if file.path.rpartition("/")[2] == "__main__.py":
            return True
        block = file.calls[index].block
        if as_program(file, block):
            return True
        name = file.function(file.facts.blocks[block].function).name
        return any(
            file.facts.calls[other].callee == Name(name) and as_program(file, file.facts.calls[other].block)
            for other in file.by_leaf.get(name, ())
        )

    def _in_settings(self, file: FileIndex) -> Iterator[Switch]:
        """``DEBUG = True`` that nothing after it, and no other settings beside it, takes back."""
        names = {target.id for one in file.bindings_in.get(0, ()) if isinstance(target := one.target, Name)}
        bound = [one for one in file.bindings_in.get(0, ()) if one.target == Name(_SETTING)]
        if not bound or names.isdisjoint(_BESIDE) or self._is_taken_back(file.path):
            return
        last = bound[-1]
        if last.value == Const(True) and file.facts.blocks[last.block].kind == "module":
            yield Switch(file.place(last.span), self._sites.function((file.path, 0)), _SETTING, "`DEBUG` is on")

    def _is_taken_back(self, path: str) -> bool:
        """Whether another module of the folder, or of the folder around it, says what the switch is there."""
        folder = path.rpartition("/")[0]
        for other in self._graph.program.shelf.paths():
            if other == path or other.rpartition("/")[0] != folder:
                continue
            if not any(_stem(path) in one for one in self._graph.program.shelf.imports(other)):
                continue
            file = self._graph.program.file(other)
            if file is not None and any(one.target == Name(_SETTING) for one in file.bindings_in.get(0, ())):
                return True
        file = self._graph.program.file(path)
        return file is not None and bool(file.stars)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".py")


def _is_near(host: Option | None) -> bool:
    """Whether the call says that only this machine is served."""
    return host is not None and host.state == "given" and bool(host.values) and set(host.values) <= set(_NEAR)


def _is_on(option: Option | None) -> bool:
    return (
        option is not None
        and option.state == "given"
        and option.certain
        and bool(option.values)
        and all(value is True for value in option.values)
    )
