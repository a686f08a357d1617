"""Symbols as a file spells them: ``{asyncio.sleep}`` in a text becomes code, and what must be imported is noted."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from .bindings import Bound, bound_in, imported, imports_in, module_of, top_imports
from .refusal import RefusedError
from .tree import Tree

_HOLE = re.compile(r"\{\{|\}\}|\{(?P<name>[A-Za-z_][\w.]*)(?::(?P<unit>ms|s))?\}")
_PER_UNIT = {"s": 1.0, "ms": 1000.0}


class Needs:
    """What a file must import for the edits made in it."""

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {}  # module -> names to take from it
        self.modules: set[str] = set()

    def merge(self, other: Needs) -> None:
        """Take over what another needs."""
        for module, names in other.names.items():
            self.names.setdefault(module, set()).update(names)
        self.modules |= other.modules


class Symbols:
    """Spells symbols in one module, where its own names allow it."""

    def __init__(self, tree: Tree, limit: float) -> None:
        self._limit = limit
        self._imports = [one for _, one in top_imports(tree.module)]
        self._bound = tree.bound
        self._everywhere = tree.imports

    def filled(self, text: str, scopes: Sequence[cst.CSTNode], needs: Needs, root: str = "") -> str:
        """A text of `mends` as code of this file; raises RefusedError when a name is taken for something else.

        `scopes` are the functions around the place, `root` a name that is surely bound there, because it is used.
        """
        local = {name for scope in scopes for name in bound_in(scope)}
        at_hand = [bound for scope in scopes for bound in imports_in(scope) if bound.name == root]

        def code(hole: re.Match[str]) -> str:
            name, unit = hole["name"], hole["unit"]
            if name is None:
                return hole[0][0]
            return number(self._limit * _PER_UNIT[unit]) if unit else self._spelled(name, at_hand, local, needs)

        return _HOLE.sub(code, text)

    def _spelled(self, symbol: str, at_hand: Sequence[Bound], local: set[str], needs: Needs) -> str:
        module, _, last = symbol.rpartition(".")
        if any(bound.path == module for bound in at_hand):
            return f"{at_hand[0].written}.{last}"
        for wanted, ending in ((symbol, ""), (module, f".{last}")):
            for one in self._imports:
                for bound in imported(one):
                    if bound.path == wanted and bound.name not in local:
                        return bound.written + ending
        if "." in module or any(isinstance(one, cst.ImportFrom) and module_of(one) == module for one in self._imports):
            self._check(last, symbol, local)
            needs.names.setdefault(module, set()).add(last)
            return last
        self._check(module, module, local)
        needs.modules.add(module)
        return symbol

    def _check(self, name: str, path: str, local: set[str]) -> None:
        """Raise RefusedError when a name cannot be imported because it is already something else."""
        elsewhere = {bound.path for bound in self._everywhere if bound.name == name}
        if name in local or (name in self._bound and elsewhere != {path}):
            raise RefusedError(f"the name `{name}` already means something else here")


def without_holes(text: str) -> str:
    """A text of `mends` with a plain name wherever a symbol or a number would stand."""
    return _HOLE.sub(lambda hole: hole[0][0] if hole["name"] is None else "_", text)


def number(value: float) -> str:
    """A number as one would write it: ``5``, ``2.5``."""
    return str(int(value)) if value == int(value) else repr(value)
