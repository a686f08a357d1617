"""Collections that are known to grow: with the data of a peer, with what a caller sends, with what an object keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.facts import Attribute, Binary, Block, Call, CallRef, Comprehension, Expr, Item, Mapping, Name, Sequence
from ..calls.few import is_set_up
from ..calls.graph import Graph
from ..files.arguments import passed_for_parameter
from ..files.index import FileIndex, leaf_of
from ..files.values import FunctionKey, Instance, Object
from ..sites import Sites
from .drawn import DEEP, Drawn, alternatives, is_given, owner_of

_LISTS = frozenset({"list", "sequence", "iterable", "set", "frozenset", "collection", "dict", "mapping"})
_ADDING = frozenset({"append", "add", "extend", "update", "insert", "setdefault"})
_LIMIT = re.compile(r"limit|max|top_?k|page_size|per_page|batch|first|count")


class Growing:
    """Follows a collection back to what fills it; what is not known to grow is taken to be small."""

    def __init__(self, graph: Graph, sites: Sites, drawn: Drawn) -> None:
        self._graph = graph
        self._sites = sites
        self._drawn = drawn

    def over(self, file: FileIndex, loop: Block) -> bool:
        """Whether a loop runs over something that is known to grow."""
        return loop.subject is not None and self._grows(file, loop.parent, loop.subject, 0)

    def _grows(self, file: FileIndex, block: int, expr: Expr, depth: int) -> bool:
        if depth > DEEP or is_set_up(file, expr):
            return False
        once = self._drawn.once
        if isinstance(expr, Name):
            function = owner_of(file, file.facts.blocks[block].function, expr.id)
            return once(("grows", file.path, function, expr.id), lambda: self._name(file, function, expr, depth))
        if isinstance(expr, CallRef):
            return once(("call", file.path, expr.index, ""), lambda: self._call(file, expr.index, depth))
        if isinstance(expr, Attribute):
            return self._attribute(file, block, expr, depth)
        if isinstance(expr, Item):
            cut = isinstance(expr.key, Binary) and expr.key.op == ":"
            return not cut and self._drawn.answered(file, block, expr.of, depth + 1)
        if isinstance(expr, Comprehension):
            loop = next((n for n in file.chain(expr.block) if file.facts.blocks[n].kind == "loop"), expr.block)
            return self._loops_grow(file, loop, depth)
        return any(self._grows(file, block, one, depth + 1) for one in alternatives(expr))

    def _name(self, file: FileIndex, function: int, name: Name, depth: int) -> bool:
        """A variable: what it is given, what loops put into it; a parameter: what callers pass."""
        if function == 0:
            return False
        if (function, name.id) in file.parameters and self._passed(file, function, name.id, depth):
            return True
        for binding in file.bindings_in.get(function, ()):
            value = binding.value if is_given(binding, name) else None
            if value is not None and self._grows(file, binding.block, value, depth + 1):
                return True
            entered = _root(binding.target) == name and binding.target != name
            if entered and self._loops_grow(file, binding.block, depth):
                return True
        added = (call for call in _on(file, function, name) if leaf_of(call.callee) in _ADDING)
        return any(self._loops_grow(file, call.block, depth) for call in added)

    def _loops_grow(self, file: FileIndex, block: int, depth: int) -> bool:
        """Whether a loop around a block, in its own function, runs over what grows."""
        loops = (file.facts.blocks[one] for one in file.chain(block) if file.facts.blocks[one].kind == "loop")
        subjects = [(loop.parent, loop.subject) for loop in loops if loop.form != "while"]
        return any(expr is not None and self._grows(file, parent, expr, depth + 1) for parent, expr in subjects)

    def _passed(self, file: FileIndex, function: int, name: str, depth: int) -> bool:
        """Whether callers pass what grows; where none is in sight, whether they may pass as much as they like."""
        facts = file.function(function)
        parameter = facts.parameters[file.parameters[(function, name)]]
        callers = list(self._drawn.callers((file.path, function)))
        if not callers or self._drawn.is_asked(file, function):
            return _is_list(parameter.annotation)
        return any(
            passed is not None and self._grows(home, call.block, passed, depth + 1)
            for home, call in callers
            for passed in (passed_for_parameter(call, facts, name),)
        )

    def _call(self, file: FileIndex, index: int, depth: int) -> bool:
        """A call: of the same items, of a number that a peer decides, of rows, of a function that gives what grows."""
        call = file.calls[index]
        if any(_LIMIT.search(one.name or leaf_of(one.value)) for one in call.arguments):
            return False
        for one in self._graph.of(file.path, index):
            meaning = self._graph.program.catalog.meanings.get(one.path) if one.path else None
            if meaning is not None and meaning.means in ("items", "same"):
                return any(self._grows(file, call.block, each.value, depth + 1) for each in call.arguments)
            if meaning is not None and meaning.means == "count":
                return any(self._drawn.answered(file, call.block, each.value, depth + 1) for each in call.arguments)
            if one.function is not None and self._gives(one.function, file, index, depth):
                return True
        if self._lists(file, index):
            return True
        if not isinstance(call.callee, Attribute):
            return False
        owner = call.callee.of
        return self._grows(file, call.block, owner, depth + 1) or self._drawn.answered(
            file, call.block, owner, depth + 1
        )

    def _gives(self, function: FunctionKey, file: FileIndex, index: int, depth: int) -> bool:
        """Whether a function of the program asks a peer and gives a list, or returns what grows."""
        home = self._graph.program.opened.get(function[0])
        if home is None:
            return False
        site = self._sites.by_call.get((file.path, index))
        if site is not None and site.remote and _is_list(home.function(function[1]).returns):
            return True
        jumps = home.jumps_in.get(function[1], ())
        given = [(jump.block, jump.value) for jump in jumps if jump.kind == "return" and jump.value is not None]
        return any(self._grows(home, block, value, depth + 1) for block, value in given)

    def _lists(self, file: FileIndex, index: int) -> bool:
        """Whether a call of a library gives all that a query or a listing finds."""
        site = self._sites.by_call.get((file.path, index))
        if site is not None and site.direct and site.acts & {Act.ALL_ROWS, Act.SCAN}:
            return True
        evaluator = self._graph.evaluator
        found = evaluator.call(file, index)
        return any(isinstance(one, Instance) and evaluator.results.rows.each(one) for one in found)

    def _attribute(self, file: FileIndex, block: int, expr: Attribute, depth: int) -> bool:
        function = file.facts.blocks[block].function
        if isinstance(expr.of, Name):
            owner = file.class_of_receiver(function, expr.of.id)
            if owner is not None:
                return self._drawn.once(("kept", file.path, owner, expr.name), lambda: _is_added_to(file, owner, expr))
            if self._drawn.is_sent(file, function, expr.of.id, depth):
                at = file.facts.blocks[block].span
                values = self._graph.evaluator.values(file, block, expr.of, at.line, at.column)
                return any(isinstance(one, Object) and self._declares_list(one, expr.name) for one in values)
        return self._drawn.answered(file, block, expr.of, depth + 1)

    def _declares_list(self, body: Object, name: str) -> bool:
        """Whether a class says that a member is a list, and sets no greatest length."""
        for path, index in self._graph.evaluator.members.lineage(body.path, body.index):
            home = self._graph.program.file(path)
            found = home.names.get((-1 - index, name), ()) if home is not None else ()
            for one in found:
                binding = home.facts.bindings[one.number] if home is not None and one.kind == "binding" else None
                if home is not None and binding is not None and _is_list(binding.annotation):
                    given = home.calls[binding.value.index].arguments if isinstance(binding.value, CallRef) else ()
                    return not any((one.name or "").startswith("max") for one in given)
        return False


def _root(expr: Expr) -> Expr:
    while isinstance(expr, Item):
        expr = expr.of
    return expr


def _on(file: FileIndex, function: int, owner: Expr) -> Iterator[Call]:
    """The calls of a function on the methods of an object, or of one of its items."""
    for index in file.calls_in.get(function, ()):
        call = file.calls[index]
        if isinstance(call.callee, Attribute) and _root(call.callee.of) == owner:
            yield call


def _is_added_to(file: FileIndex, owner: int, attribute: Attribute) -> bool:
    """Whether an object begins with nothing in an attribute, and methods of it add to that later."""
    found = False
    for (cls, name), method in file.methods.items():
        if cls != owner:
            continue
        for binding in file.bindings_in.get(method, ()):
            if binding.target == attribute and name == "__init__" and not _is_empty(binding.value):
                return False
            found = found or (name != "__init__" and binding.target != attribute and _root(binding.target) == attribute)
        added = any(leaf_of(call.callee) in _ADDING for call in _on(file, method, attribute))
        found = found or (name != "__init__" and added)
    return found


def _is_empty(value: Expr | None) -> bool:
    """Whether a collection is made without items, so far as is written: ``{}``, ``[]``, ``defaultdict(list)``."""
    return isinstance(value, CallRef) or (isinstance(value, (Sequence, Mapping)) and not value.items)


def _is_list(annotation: Expr | None) -> bool:
    """Whether an annotation names a list, a set or a mapping, also where it may be missing."""
    if isinstance(annotation, Binary):
        return _is_list(annotation.left) or _is_list(annotation.right)
    if isinstance(annotation, Item) and leaf_of(annotation.of) in ("Optional", "Annotated"):
        inner = annotation.key
        return _is_list(inner.items[0] if isinstance(inner, Sequence) and inner.items else inner)
    if isinstance(annotation, Item):
        return _is_list(annotation.of)
    return annotation is not None and leaf_of(annotation).lower() in _LISTS
