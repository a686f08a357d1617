"""Values read from a store, changed, and written back: what two of them at once do to each other."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.exchanges import Update
from ...nouns.facts import Attribute, Binary, Binding, Expr, Item, Name
from ...nouns.libraries import Effect
from ...nouns.site import Site
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.index import FileIndex, calls_within
from ..files.showing import mentions, shown
from ..sites import Sites

_ARITHMETIC = frozenset({"+", "-", "*", "/", "//"})
_WRITING: frozenset[Effect | Act] = frozenset({Act.WRITE})
_STORED = frozenset({Effect.DATABASE, Effect.CACHE})


class Updates:
    """Follows the objects and values of one function from the reading through the change to the writing."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts

    def find(self) -> Iterator[Update]:
        """Every read-modify-write that is written out in one function, in file order."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for function, bindings in sorted(file.bindings_in.items()):
                sites = [site for site in self._sites.in_function((path, function)) if site.is_itself(_WRITING)]
                if any(_writes(site) for site in sites):
                    for binding in bindings:
                        yield from self._of_binding(file, binding, sites)
                    yield from self._under_keys(file, function)

    def _of_binding(self, file: FileIndex, binding: Binding, sites: list[Site]) -> Iterator[Update]:
        """``account.balance -= n`` and ``row["n"] = row["n"] + 1``, stored afterwards."""
        target = binding.target
        owner = target.of if isinstance(target, (Attribute, Item)) else None
        if not isinstance(owner, Name) or not _calculates(binding):
            return
        read = _reading(sites, owner.id, binding)
        write = next((site for site in sites if _after(site, binding) and _stores(site, owner.id, read)), None)
        if write is not None:
            yield Update(
                file.place(binding.span),
                write.function,
                "field" if isinstance(target, Attribute) else "item",
                shown(file, target),
                write.place,
                write.call,
                self._contexts.of(file, binding.block),
                read.place if read is not None else None,
            )

    def _under_keys(self, file: FileIndex, function: int) -> Iterator[Update]:
        """``r.set(key, int(r.get(key)) + 1)``, also with the value kept in a name meanwhile."""
        for index in file.calls_in.get(function, ()):
            site = self._sites.by_call.get((file.path, index))
            if site is None or Act.CACHE_WRITE not in site.acts or len(file.calls[index].arguments) < 2:
                continue
            key, value = (argument.value for argument in file.calls[index].arguments[:2])
            for other, read in self._reads(file, function, key, site):
                names = set(read.gives) if file.calls[other] is not file.calls[index] else set()
                if self._adds(file, function, value, other, names):
                    yield Update(
                        site.place,
                        site.function,
                        "value",
                        shown(file, key),
                        site.place,
                        site.call,
                        site.context,
                        read.place,
                    )
                    break

    def _reads(self, file: FileIndex, function: int, key: Expr, write: Site) -> Iterator[tuple[int, Site]]:
        """The calls that read the same key of the same store before."""
        for index in file.calls_in.get(function, ()):
            site = self._sites.by_call.get((file.path, index))
            if (
                site is not None
                and Act.CACHE_READ in site.acts
                and site.receiver == write.receiver
                and site.place.span.line <= write.place.span.line
                and file.calls[index].arguments
                and file.calls[index].arguments[0].value == key
            ):
                yield index, site

    def _adds(self, file: FileIndex, function: int, value: Expr, read: int, names: set[str]) -> bool:
        """Whether a value is calculated from what that call read."""
        if isinstance(value, Binary) and value.op in _ARITHMETIC:
            return read in _calls_under(file, value) or mentions(file, value, names)
        if not isinstance(value, Name):
            return False
        for binding in file.bindings_in.get(function, ()):
            if binding.target == value and binding.value is not None and _calculates(binding):
                if binding.how == "augment":
                    return value.id in names
                return read in _calls_under(file, binding.value) or mentions(file, binding.value, names)
        return False


def _calls_under(file: FileIndex, expr: Expr) -> set[int]:
    """The calls in an arithmetic expression, also as arguments of conversions."""
    found: set[int] = set()
    stack: list[Expr] = [expr]
    while stack:
        here = stack.pop()
        if isinstance(here, Binary):
            stack.extend((here.left, here.right))
            continue
        for index in calls_within(here):
            found.add(index)
            stack.extend(argument.value for argument in file.calls[index].arguments)
        stack.extend(getattr(here, "options", ()))
    return found


def _calculates(binding: Binding) -> bool:
    """Whether a target gets a value that is calculated from what it, or something else read, was."""
    if binding.how == "augment":
        return not any(True for _ in calls_within(binding.value)) if binding.value is not None else True
    value = binding.value
    if binding.how != "assign" or not isinstance(value, Binary) or value.op not in _ARITHMETIC:
        return False
    return isinstance(binding.target, Name) or binding.target in (value.left, value.right)


def _reading(sites: list[Site], name: str, binding: Binding) -> Site | None:
    """The last call before a change that gave the object and asked a store for it."""
    found = [
        site
        for site in sites
        if name in site.gives
        and site.place.span < binding.span
        and not site.effects.isdisjoint(_STORED)
        and Act.WRITE not in site.acts
    ]
    return found[-1] if found else None


def _after(site: Site, binding: Binding) -> bool:
    return site.place.span > binding.span


def _writes(site: Site) -> bool:
    return not site.acts.isdisjoint((Act.WRITE, Act.COMMIT, Act.CACHE_WRITE))


def _stores(site: Site, name: str, read: Site | None) -> bool:
    """Whether a call stores the object: it is called on it, is given it, or commits the session that it came from."""
    if Act.COMMIT in site.acts:
        return read is not None and bool(site.receiver) and read.receiver.startswith(site.receiver)
    return Act.WRITE in site.acts and (site.receiver == name or (read is not None and name in site.uses))
