"""The types that annotations name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...nouns.facts import Attribute, Binary, Binding, CallRef, Const, Expr, Item, Name, Sequence
from ..files.index import FileIndex
from ..files.values import ClassValue, External, Instance, Object, Value, Values, Written

if TYPE_CHECKING:
    from .evaluate import Evaluator

_WRAPPERS = frozenset({"Optional", "Annotated", "Awaitable", "ClassVar", "Final", "Union", "Required", "NotRequired"})
_YIELDS = frozenset(
    {
        "Iterator",
        "Generator",
        "AsyncIterator",
        "AsyncGenerator",
        "Iterable",
        "AsyncIterable",
        "ContextManager",
        "AsyncContextManager",
        "AbstractContextManager",
        "AbstractAsyncContextManager",
    }
)


class Annotations:
    """Evaluates annotations to instances."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def of(self, file: FileIndex, block: int, annotation: Expr, before: Binding | None = None) -> Values:
        """The types an annotation names; text is read as an expression of names and dots.

        A field may be named as the module of its type (``requests: requests.Session``): `before` keeps it out of sight.
        """
        if before is not None and isinstance(before.target, Name) and _root_of(annotation) == before.target.id:
            block = max(file.facts.blocks[block].parent, 0)
        if isinstance(annotation, Const):
            if not isinstance(annotation.value, str):
                return ()
            plain = annotation.value.strip().removeprefix("Optional[").rstrip("]").replace(" | None", "")
            if not all(part.isidentifier() for part in plain.split(".")):
                return ()
            expr: Expr = Name(plain.partition(".")[0])
            for part in plain.split(".")[1:]:
                expr = Attribute(expr, part)
            return self.of(file, block, expr)
        if isinstance(annotation, Binary) and annotation.op == "|":
            return (*self.of(file, block, annotation.left), *self.of(file, block, annotation.right))
        if isinstance(annotation, Item):
            return self._of_subscripted(file, block, annotation)
        if isinstance(annotation, (Name, Attribute)):
            return self._named_types(file, block, annotation)
        return ()

    def _of_subscripted(self, file: FileIndex, block: int, annotation: Item) -> Values:
        name = annotation.of.name if isinstance(annotation.of, Attribute) else getattr(annotation.of, "id", "")
        keys = annotation.key.items if isinstance(annotation.key, Sequence) else (annotation.key,)
        if name == "Annotated" and len(keys) > 1:
            for extra in keys[1:]:
                injected = self._evaluator.results.injected(file, extra.index) if isinstance(extra, CallRef) else ()
                if any(isinstance(value, (Instance, Object)) for value in injected):
                    return injected
            return self.of(file, block, keys[0])
        if name in _WRAPPERS:
            return tuple(value for key in keys for value in self.of(file, block, key))
        if name in _YIELDS and keys:
            return self.of(file, block, keys[0])
        return self.of(file, block, annotation.of)

    def _named_types(self, file: FileIndex, block: int, annotation: Expr) -> Values:
        found: list[Value] = []
        for value in self._evaluator.values(file, block, annotation):
            if isinstance(value, ClassValue):
                found.append(Object(value.path, value.index))
            elif isinstance(value, External) and _is_type(value.path):
                catalog = self._evaluator.program.catalog
                found.append(Instance(catalog.makers.get(value.path) or value.path))
            elif isinstance(value, Written) and isinstance(value.expr, (Item, Binary)):
                found.extend(self._aliased(value))
        return tuple(found)

    def _aliased(self, written: Written) -> Values:
        """The types of an alias (``Handler = Client | None``); one that names itself names nothing more."""
        file = self._evaluator.program.file(written.path)
        if file is None:
            return ()
        mark = ("alias", written.path, id(written.expr))
        return self._evaluator.once(mark, lambda: self.of(file, written.block, written.expr))


def _is_type(path: str) -> bool:
    """Whether a name of a library says a type: not one of the language's own, nor the module itself, by mistake."""
    return "." in path and not path.startswith(("builtins.", "typing."))


def _root_of(expr: Expr) -> str:
    while isinstance(expr, Attribute):
        expr = expr.of
    return expr.id if isinstance(expr, Name) else ""
