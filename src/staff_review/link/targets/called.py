"""What a call gives as a text: settings asked by name, functions of the program, the methods of texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...nouns.facts import Attribute, Const, Item
from ...nouns.targets import Template, Variable
from ..files.arguments import expression_at, positional
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.values import CallKey, ClassValue, External, FunctionKey, FunctionValue, Object, Value
from .joining import UNSAID, formatted, joined

if TYPE_CHECKING:
    from .texts import Texts

_MOST = 16
_SETTING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{3,}")
_ADDRESSED = ("url", "uri", "base_url", "host", "address", "endpoint", "base", "target")
_ASKS = frozenset({"get", "str", "getenv", "env", "url", "cast", "read", "value", "string", "fetch"})
_SAME = frozenset(
    {"strip", "rstrip", "lstrip", "lower", "removesuffix", "removeprefix", "encode", "decode", "replace",
     "unicode_string",      "human_repr", "geturl", "with_path", "joinpath", "get_secret_value", "render_as_string"}
)  # fmt: skip


class Called:
    """Evaluates calls for `Texts`."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def of(self, file: FileIndex, index: int) -> list[Template]:
        """What the call of that index gives; nothing inside itself."""
        mark = ("call", file.path, index)
        if mark in self._texts.busy:
            return []
        self._texts.busy.add(mark)
        try:
            return self._called(file, index)
        finally:
            self._texts.busy.discard(mark)

    def _called(self, file: FileIndex, index: int) -> list[Template]:
        call = file.calls[index]
        leaf = leaf_of(call.callee)
        setting = self._setting(file, index, leaf)
        if setting:
            return setting
        if leaf == "getattr":
            return self._looked_up(file, index)
        callees = self._texts.evaluator.callee(file, index)
        for callee in callees:
            if isinstance(callee, FunctionValue):
                found = self.returned(callee.key, (file.path, index))
                if found:
                    return found
        base = call.callee.of if isinstance(call.callee, Attribute) else None
        if leaf == "format" and base is not None:
            return [
                one
                for text in self._texts.argument(file, index, base)
                for one in formatted(text, lambda name, at: self._filling(file, index, name, at))
            ]
        if leaf in _SAME and base is not None:
            return list(self._texts.argument(file, index, base))
        if leaf == "get" and base is not None:
            key = expression_at(call, None, 0)
            if key is not None:
                found = self._texts.item(file, call.block, Item(base, key), call.span.line, call.span.column)
                default = expression_at(call, "default", 1)
                return found or (list(self._texts.argument(file, index, default)) if default is not None else [])
        return self._of_first(file, index, callees)

    def _looked_up(self, file: FileIndex, index: int) -> list[Template]:
        """``getattr(settings, "NAME", default)``."""
        owner, name, default = (expression_at(file.calls[index], None, at) for at in range(3))
        if owner is None or not isinstance(name, Const) or not isinstance(name.value, str):
            return []
        found = [one for one in self._texts.argument(file, index, Attribute(owner, name.value)) if one.said]
        return found or (list(self._texts.argument(file, index, default)) if default is not None else [])

    def _of_first(self, file: FileIndex, index: int, callees: tuple[Value, ...]) -> list[Template]:
        """An unknown function of an address gives one at the same place: ``URL(x)``, ``urljoin(x, y)``."""
        call = file.calls[index]
        arguments = [one.value for one in positional(call)[:2]] or [
            one.value for one in call.arguments if one.name in _ADDRESSED
        ][:1]
        serving = self._texts.program.catalog.applications
        if not arguments or any(
            isinstance(one, (ClassValue, Object)) or (isinstance(one, External) and one.path in serving)
            for one in callees
        ):
            return []
        first = self._texts.argument(file, index, arguments[0])
        if not any(one.said for one in first):
            return []
        if len(arguments) == 2 and "join" in leaf_of(file.calls[index].callee).lower():
            return joined([first, (Template(("/",)),), self._texts.argument(file, index, arguments[1])])
        return list(first)

    def _setting(self, file: FileIndex, index: int, leaf: str) -> list[Template]:
        """``os.environ.get("X", d)``, ``env("X", default=d)``, ``config("X")``: a name in capitals, asked for."""
        call = file.calls[index]
        key = expression_at(call, None, 0)
        if not isinstance(key, Const) or not isinstance(key.value, str) or not _SETTING.fullmatch(key.value):
            return []
        asked = leaf in _ASKS or "env" in leaf.lower() or "config" in leaf.lower() or "setting" in leaf.lower()
        if not asked or (leaf == "get" and "env" not in shown(file, call.callee)):
            return []
        default = expression_at(call, "default", 1)
        values = self._texts.argument(file, index, default) if default is not None and default != Const(None) else ()
        return [Template((Variable(key.value, values[0] if values and values[0].said else None),))]

    def _filling(self, file: FileIndex, index: int, name: str, at: int) -> tuple[Template, ...]:
        """What `format` is given for a name, or for a position where there is none."""
        expr = expression_at(file.calls[index], name or None, at if not name else None)
        return self._texts.argument(file, index, expr) if expr is not None else UNSAID

    def returned(self, key: FunctionKey, call: CallKey | None = None) -> list[Template]:
        """What a function of the program returns, with the arguments of one call in place of its parameters."""
        file = self._texts.program.file(key[0])
        mark = ("returns", *key)
        if file is None or mark in self._texts.busy:
            return []
        jumps = [jump for jump in file.jumps_in.get(key[1], ()) if jump.kind == "return" and jump.value is not None]
        self._texts.busy.add(mark)
        try:
            with self._texts.called_from(key, call):
                return [
                    one
                    for jump in jumps[:_MOST]
                    if jump.value is not None
                    for one in self._texts.of(file, jump.block, jump.value, jump.span.line, jump.span.column)
                    if one.said
                ]
        finally:
            self._texts.busy.discard(mark)
