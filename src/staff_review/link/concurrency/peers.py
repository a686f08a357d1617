"""Whether a client talks to one peer that the program names itself, so that one client would do for all calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ...nouns.facts import Argument, Attribute, Await, Binary, CallRef, Choice, Const, Expr, Item, Name, Text
from ..calls.flow import names_in
from ..calls.graph import Graph
from ..files.arguments import expression_at, passed_for_parameter
from ..files.index import FileIndex
from ..files.values import FunctionKey
from .drawn import owner_of

_DEEP = 10
_MOST_CALLERS = 6
_STEPS = 3
"""Assignments through which a name is followed back to the arguments of its function."""
_DECIDES = re.compile(
    r"ur[il]|host|endpoint|server|address|dsn|broker|base$|token|key|secret|password|credential|auth|cookie|verify|ssl|cert|proxy|proxies"
    r"|user|account|tenant|project|region|profile|transport|connector"
)
"""Arguments that decide whom a client talks to, or as whom."""
_ADDRESS = re.compile(r"base_?ur[il]|endpoint|^ur[il]$|host|address|server|dsn|broker")
_SCHEME = re.compile(r"^(?:\w+://)?$")
_OF_OURS = re.compile(r"(?:^|_)(?:settings?|conf|config|environ|env)$", re.IGNORECASE)
_SETTINGS = re.compile(r"settings?$", re.IGNORECASE)
"""What a parameter is called that brings the settings; one called a configuration may be a row."""


class Peers:
    """Follows addresses and credentials back to the constants and settings of the program."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._addressed: dict[str, bool] = {}
        self._known: dict[tuple[str, str, int, str], bool] = {}

    def is_one(self, file: FileIndex, index: int, name: str, kind: str) -> bool:
        """Whether what the call of that index makes talks to one peer, as one and the same user, of what differs.

        `name`: what the client is called where it is made; its calls there are looked at when it has no address itself.
        """
        call = file.calls[index]
        if not all(one.spread == "" and self._is_same(file, call.block, one) for one in call.arguments):
            return False
        asked = [(one, url) for one, url in self._asked(file, index, name) if url is not None]
        if asked and not any(self._differs(file, one) for one, _ in asked):
            return False  # one document, the same for all: it is fetched seldom, or should be kept
        if any(_ADDRESS.search(one.name or "") for one in call.arguments):
            return True
        known = asked or not self._takes_addresses(kind)
        return known and all(self._ours(file, file.calls[one].block, url, 0) for one, url in asked)

    def _takes_addresses(self, kind: str) -> bool:
        """Whether the calls on clients of a type are given addresses."""
        known = self._addressed.get(kind)
        if known is None:
            operations = self._graph.program.catalog.operations
            found = (operations.get(path) for path in operations.exact() if path.startswith(f"{kind}."))
            known = self._addressed[kind] = any(one is not None and one.url is not None for one in found)
        return known

    def _is_same(self, file: FileIndex, block: int, argument: Argument) -> bool:
        """Whether an argument does not decide about the peer, or is always the same."""
        decides = argument.name is None or _DECIDES.search(argument.name)
        return not decides or self._ours(file, block, argument.value, 0)

    def _asked(self, file: FileIndex, index: int, name: str) -> Iterator[tuple[int, Expr | None]]:
        """The calls on a client in the function that makes it, with the addresses that they are given."""
        for other in self._on(file, index, name):
            for one in self._graph.of(file.path, other):
                at = one.operation.url if one.operation is not None else None
                if at is not None:
                    yield other, expression_at(file.calls[other], at.argument, at.position)

    @staticmethod
    def _differs(file: FileIndex, index: int) -> bool:
        """Whether anything that a call says comes from the arguments of its function, or is worked out there."""
        call = file.calls[index]
        function = file.facts.blocks[call.block].function
        names = names_in(file, *(one.value for one in call.arguments))
        for _ in range(_STEPS):
            bound = (one for one in file.bindings_in.get(function, ()) if one.value is not None)
            names |= {name for one in bound if names & names_in(file, one.target) for name in names_in(file, one.value)}
        brought = {name for owner, name in file.parameters if owner > 0 and file.class_of_receiver(owner, name) is None}
        return bool(names & brought)

    def _on(self, file: FileIndex, index: int, name: str) -> list[int]:
        function = file.facts.blocks[file.calls[index].block].function
        owner = Name(name) if name.isidentifier() else CallRef(index)
        opened = file.opens.get(index)
        if opened is not None and isinstance(file.facts.blocks[opened].target, Name):
            owner = file.facts.blocks[opened].target  # type: ignore[assignment]  # just checked
        mine = file.calls_in.get(function, ())
        return [one for one in mine if owner in _owners(file.calls[one].callee)]

    def _ours(self, file: FileIndex, block: int, expr: Expr, depth: int) -> bool:
        """Whether a value is a constant or a setting of the program, or begins with one."""
        if depth > _DEEP:
            return False
        if isinstance(expr, Const):
            return True
        if isinstance(expr, Text):
            return self._begins(file, block, expr, depth)
        if isinstance(expr, Binary):
            return self._ours(file, block, expr.left, depth + 1)
        if isinstance(expr, Choice):
            return all(self._ours(file, block, one, depth + 1) for one in expr.options)
        if isinstance(expr, (Await, Item)):
            return self._ours(file, block, expr.of, depth + 1)
        if isinstance(expr, Attribute):
            return self._member(file, block, expr, depth)
        if isinstance(expr, Name):
            function = owner_of(file, file.facts.blocks[block].function, expr.id)
            return self._once(("name", file.path, function, expr.id), lambda: self._name(file, function, expr, depth))
        if isinstance(expr, CallRef):
            return self._once(("call", file.path, expr.index, ""), lambda: self._call(file, expr.index, depth))
        return False

    def _once(self, question: tuple[str, str, int, str], answer: Callable[[], bool]) -> bool:
        """Asked inside itself, nobody can say."""
        known = self._known.get(question)
        if known is None:
            self._known[question] = False
            known = self._known[question] = answer()
        return known

    def _begins(self, file: FileIndex, block: int, text: Text, depth: int) -> bool:
        """A text that is put together is about whom it begins with, after the scheme."""
        for part in text.parts:
            if not isinstance(part, Const):
                return self._ours(file, block, part, depth + 1)
            if not _SCHEME.match(str(part.value)):
                return True
        return False

    def _name(self, file: FileIndex, function: int, name: Name, depth: int) -> bool:
        if function == 0 or _SETTINGS.search(name.id):
            return True
        given = [one for one in file.bindings_in.get(function, ()) if one.target == name]
        if (function, name.id) in file.parameters:
            return not given and self._passed(file, function, name.id, depth)
        return bool(given) and all(
            one.value is not None
            and one.how in ("assign", "augment")
            and self._ours(file, one.block, one.value, depth + 1)
            for one in given
        )

    def _passed(self, file: FileIndex, function: int, name: str, depth: int) -> bool:
        """Whether all callers pass what is ours; none in sight may be anybody."""
        facts = file.function(function)
        default = facts.parameters[file.parameters[(function, name)]].default
        callers = sorted(set(self._graph.callers.get((file.path, function), ())))
        if not callers or len(callers) > _MOST_CALLERS:
            return False
        for path, index in callers:
            home = self._graph.program.opened[path]
            passed = passed_for_parameter(home.calls[index], facts, name)
            if passed is None and default is not None:
                continue
            if passed is None or not self._ours(home, home.calls[index].block, passed, depth + 1):
                return False
        return True

    def _member(self, file: FileIndex, block: int, expr: Attribute, depth: int) -> bool:
        """A setting by its owner's name, or what an object of the program is made with."""
        if not isinstance(expr.of, Name):
            return bool(_OF_OURS.search(expr.name)) or self._ours(file, block, expr.of, depth + 1)
        owner = file.class_of_receiver(file.facts.blocks[block].function, expr.of.id)
        if owner is None:
            return self._ours(file, block, expr.of, depth + 1)
        kept = ("kept", file.path, owner, expr.name)
        return bool(_OF_OURS.search(expr.name)) or self._once(kept, lambda: self._kept(file, owner, expr.name, depth))

    def _kept(self, file: FileIndex, owner: int, name: str, depth: int) -> bool:
        """Whether an attribute is given what is ours wherever the class gives it anything."""
        numbers = [one.number for one in file.names.get((-1 - owner, name), ()) if one.kind == "binding"]
        bindings = [file.facts.bindings[number] for number in (*file.attributes.get((owner, name), ()), *numbers)]
        values = [(one.block, one.value) for one in bindings if one.value is not None and one.value != Const(None)]
        return bool(values) and all(self._ours(file, at, value, depth + 1) for at, value in values)

    def _call(self, file: FileIndex, index: int, depth: int) -> bool:
        """A setting that is read, a text made of one, or what a function of the program gives."""
        call = file.calls[index]
        for one in self._graph.of(file.path, index):
            meaning = self._graph.program.catalog.meanings.get(one.path) if one.path else None
            if meaning is not None and meaning.means == "setting":
                return True
            if one.function is not None:
                return self._given(one.function, depth)
        first = call.arguments[0].value if call.arguments else None
        owner = call.callee.of if isinstance(call.callee, Attribute) else None
        if owner is not None and not (isinstance(owner, Name) and _is_imported(file, owner.id)):
            return self._ours(file, call.block, owner, depth + 1)
        return first is None or self._ours(file, call.block, first, depth + 1)

    def _given(self, function: FunctionKey, depth: int) -> bool:
        home = self._graph.program.opened.get(function[0])
        jumps = home.jumps_in.get(function[1], ()) if home is not None else ()
        values = [(jump.block, jump.value) for jump in jumps if jump.kind == "return" and jump.value is not None]
        return home is not None and bool(values) and all(self._ours(home, at, one, depth + 1) for at, one in values)


def _owners(callee: Expr) -> Iterator[Expr]:
    """What a method belongs to: of ``a.b.c`` first ``a.b``, then ``a``."""
    while isinstance(callee, Attribute):
        callee = callee.of
        yield callee


def _is_imported(file: FileIndex, name: str) -> bool:
    return any(one.kind == "import" for one in file.names.get((0, name), ()))
