"""Terraform: the resources that run code as units, and those that a provider runs as the products that they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from msgspec.structs import replace

from ...nouns.deployment import Port, Setting, Unit
from ...nouns.findings import Gap
from ...nouns.products import Resource
from .evaluation import Scope, TooMuchError
from .hcl import Block, Expr, blocks_of
from .listing import Found, at, joined
from .values import At, Value, address_of, entries_of, reached, settled_text
from .yaml import Node

SUFFIXES = (".tf", ".tfvars")
BESIDE = (".json", ".tpl", ".tftpl", ".yaml", ".yml")
"""How the names of files end that Terraform may be told to take a text from."""
_MOST_MODULES = 300
_VALUES = frozenset({"value", "valueFrom", "value_from", "value_source", "secret_name"})
"""Members beside `name` of a list's items, of which the first two may be texts."""


class Terraform:
    """Collects the files of all folders; `units()` follows modules from the folders that no other folder calls."""

    def __init__(self, resources: tuple[Resource, ...], read: Callable[[str], str]) -> None:
        self._read = read
        self._steps = count()
        self.gaps: list[Gap] = []
        self._known = {kind: resource for resource in reversed(resources) for kind in resource.kinds}
        self._folders: dict[str, list[tuple[str, Block]]] = {}
        self._given: dict[str, dict[str, Block]] = {}

    def add(self, file: Found, text: str) -> None:
        """Take one file; what stands behind a mistake in it may be missing."""
        whole, mistake = blocks_of(text)
        if mistake:
            self.gaps.append(Gap(file.path, mistake, "not valid HCL; what stands there was left out"))
        if file.name.endswith(".tf"):
            self._folders.setdefault(file.folder, []).extend((file.path, block) for block in whole.blocks)
        else:
            self._given.setdefault(file.folder, {})[file.path] = whole

    def units(self) -> Iterator[Unit]:
        """Everything that is made, in the order of the files."""
        called = {
            joined(folder, source)
            for folder, blocks in self._folders.items()
            for _, block in blocks
            if (source := _source(block)).startswith(".")
        }
        seen: set[str] = set()
        for folder in sorted(self._folders, key=lambda one: (one in called, one)):
            if folder not in seen:
                scope = Scope(folder, self._folders[folder], self._known, self._read, self._steps)
                scope.inputs = self._values_of(folder)
                seen.add(folder)
                try:
                    scopes = self._scopes(scope)
                    seen |= {one.folder for one in scopes}
                    yield from [unit for one in scopes for unit in self._of_scope(one)]
                except TooMuchError:
                    reason = "there is more to work out in this folder than any configuration asks for"
                    self.gaps.append(Gap(scope.blocks[0][0] if scope.blocks else folder, 0, reason))

    def _values_of(self, folder: str) -> dict[str, tuple[Expr, At]]:
        """What a folder's variables are given: by the files that are read by themselves, or by the only one."""
        given = self._given.get(folder, {})
        usual = [path for path in sorted(given) if path.endswith(("terraform.tfvars", ".auto.tfvars"))]
        return {
            name: (expr, (path, line))
            for path in usual or (list(given) if len(given) == 1 else [])
            for name, (expr, line) in given[path].attributes.items()
        }

    def _scopes(self, scope: Scope) -> list[Scope]:
        """A module and all that it calls, each as often as it is called."""
        found: list[Scope] = []
        waiting = [scope]
        while waiting and len(found) < _MOST_MODULES:
            here = waiting.pop(0)
            found.append(here)
            for path, block in here.blocks:
                if block.kind == "module" and block.labels:
                    waiting += self._called(here, path, block)
        if waiting:
            self.gaps.append(Gap(waiting[0].blocks[0][0], 0, "more modules are called here than can be followed"))
        return found

    def _called(self, scope: Scope, path: str, block: Block) -> list[Scope]:
        """The scopes of a module that is called; one that is not here is a gap."""
        source, label = _source(block), block.labels[0]
        folder = joined(scope.folder, source)
        if not source.startswith(".") or folder not in self._folders:
            where = f"comes from `{source}`" if source else "names no source"
            self.gaps.append(Gap(path, block.line, f"the module `{label}` {where}, which is not here"))
            return []
        if folder in _chain(scope):
            self.gaps.append(Gap(path, block.line, f"the module `{label}` calls itself"))
            return []
        found: list[Scope] = []
        for key, each in self._times(scope, path, block):
            name = f"{label}.{key}" if key else label
            inner = Scope(
                folder, self._folders[folder], self._known, self._read, self._steps, f"{scope.prefix}module.{name}."
            )
            inner.caller, inner.called_for = scope, each
            inner.inputs = {name: (expr, (path, line)) for name, (expr, line) in block.attributes.items()}
            scope.children[name] = inner
            found.append(inner)
        return found

    def _of_scope(self, scope: Scope) -> Iterator[Unit]:
        listed = [unit for path, block in scope.blocks for unit in self._of_resource(scope, path, block)]
        yield from self._running(scope, listed)

    @staticmethod
    def _times(scope: Scope, path: str, block: Block) -> list[tuple[str, tuple[str, Node] | None]]:
        """The keys under which a block is made several times, with what ``each`` is; one without a key elsewhere."""
        entries = entries_of(scope.attribute(block, path, "for_each")) if "for_each" in block.attributes else []
        return [(key.text, (key.text, item)) for key, item in entries if key.text] or [("", None)]

    def _of_resource(self, scope: Scope, path: str, block: Block) -> Iterator[Unit]:
        known = self._known.get(block.labels[0]) if block.kind == "resource" and len(block.labels) > 1 else None
        if known is None or known.value or known.runs:
            return
        for key, each in self._times(scope, path, block):
            scope.each = each
            yield _unit(scope, path, block, known, key)
        scope.each = None

    def _running(self, scope: Scope, units: list[Unit]) -> Iterator[Unit]:
        """Units with the names of the resources that run them, such as an ECS service its task."""
        more: dict[str, list[str]] = {}
        fed: dict[str, list[str]] = {}
        for path, block in scope.blocks:
            known = self._known.get(block.labels[0]) if block.kind == "resource" and len(block.labels) > 1 else None
            if known is not None and known.runs:
                for _, each in self._times(scope, path, block):
                    scope.each = each
                    whole = scope.whole(block, path)
                    names = [one.text for name in (*known.names, *known.hosts) for one in reached(whole, name)]
                    run = scope.attribute(block, path, known.runs).text
                    more.setdefault(run, []).extend(names)
                    fed.setdefault(run, []).extend(_texts(whole, known.takes))
                scope.each = None
        for unit in units:
            names = [name for host in unit.hosts for name in more.get(host, ()) if name]
            takes = [one for host in unit.hosts for one in fed.get(host, ())]
            yield replace(
                unit,
                hosts=tuple(dict.fromkeys((*unit.hosts, *names))),
                takes=tuple(dict.fromkeys((*unit.takes, *takes))),
            )


def _chain(scope: Scope | None) -> Iterator[str]:
    """The folders of a module and of those that call it."""
    while scope is not None:
        yield scope.folder
        scope = scope.caller


def _source(block: Block) -> str:
    expr = block.attributes.get("source", ("", 1))[0] if block.kind == "module" else ""
    return expr if isinstance(expr, str) else ""


def _unit(scope: Scope, path: str, block: Block, known: Resource, key: str) -> Unit:
    """One resource as a unit: what the provider runs by its product, what runs code by its first container."""
    kind, label = block.labels[:2]
    whole = scope.whole(block, path)
    containers = reached(whole, known.containers) if known.containers else [whole]
    container = containers[0] if containers else settled_text("", (path, block.line))
    name = next((plain for text in _texts(whole, known.names) if (plain := text.strip("-_/. "))), "")
    called = container.get("name").text if known.containers and len(containers) == 1 else ""
    hosts = (address_of(scope.prefix, kind, label, key), name, called)
    return Unit(
        name=name or key or label,
        place=at(path, block.line),
        form="terraform",
        product=_first(whole, known.product_from) or known.product,
        image=_first(container, known.image),
        context=_code(whole, known),
        command=" ".join(_texts(container, known.command)),
        settings=tuple(_settings(container, known, path)),
        ports=tuple(Port(int(text[:6])) for text in _texts(container, known.ports) if text.isdigit()),
        hosts=tuple(dict.fromkeys(one for one in hosts if one)),
    )


def _texts(value: Node, paths: tuple[str, ...]) -> list[str]:
    return [one.text for path in paths for one in reached(value, path) if one.text]


def _first(value: Node, paths: tuple[str, ...]) -> str:
    return next(iter(_texts(value, paths)), "")


def _code(whole: Node, known: Resource) -> str:
    """The folder of a resource's code, where it is packed from files that are here."""
    text = _first(whole, known.code)
    if not text or "://" in text or text.endswith((".zip", ".jar")):
        return ""
    folder = joined("", text)
    return (folder.rpartition("/")[0] if "." in folder.rpartition("/")[2] else folder) or "."


def _settings(container: Node, known: Resource, path: str) -> Iterator[Setting]:
    """The environment of a container: a mapping, or a list of names and values."""
    for one in (one for place in known.environment for one in reached(container, place)):
        said = dict(one.members())
        if "name" in said and not _VALUES.isdisjoint(said):
            pairs = [(said["name"].text, said[key]) for key in ("value", "valueFrom") if key in said]
        else:
            pairs = list(said.items())
        for name, value in pairs:
            if value.kind == "text" and value.text and name:
                file = value.path if isinstance(value, Value) else ""
                yield Setting(name, value.text, at(file or path, value.line))
