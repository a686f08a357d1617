"""What a parameter is where nobody in sight passes it: its default."""

from __future__ import annotations

from typing import NamedTuple

from ...nouns.facts import Const
from ..calls.graph import Graph
from ..files.arguments import has_spread, passed_for_parameter
from ..files.index import FileIndex
from ..files.values import Given, Literal, Value, Values

_DEEP = 3


class Settled(NamedTuple):
    """Values with each parameter as its default; `seen`: a caller in sight leaves it so, so the default does happen."""

    values: Values
    left: bool = False  # there was such a parameter
    seen: bool = True


class Unsaid:
    """Follows parameters to their callers, as long as those hand on a parameter of their own with the same default."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def settled(self, values: Values) -> Settled:
        """Values with each parameter that no caller in sight passes, or only as it is anyway, as its default."""
        answers = {value: self._default(value, 0) for value in values if isinstance(value, Given)}
        found = tuple(self._as_default(value, answers) for value in values)
        return Settled(found, found != values, all(one is None or one.seen for one in answers.values()))

    @staticmethod
    def _as_default(value: Value, answers: dict[Given, Settled | None]) -> Value:
        answer = answers.get(value) if isinstance(value, Given) else None
        return answer.values[0] if answer is not None else value

    def _default(self, given: Given, depth: int) -> Settled | None:
        """The default of a parameter, None where a caller says otherwise or may do so."""
        path, number = given.function
        file = self._graph.program.file(path)
        position = file.parameters.get((number, given.name)) if file is not None else None
        if file is None or position is None or depth > _DEEP:
            return None
        facts = file.function(number)
        default = facts.parameters[position].default
        if not isinstance(default, Const):
            return None
        seen = False
        for path_of_caller, index in self._graph.callers.get(given.function, ()):
            caller = self._graph.program.file(path_of_caller)
            if caller is None or has_spread(caller.calls[index]):
                return None
            expr = passed_for_parameter(caller.calls[index], facts, given.name)
            values = self._graph.evaluator.argument(caller, index, expr) if expr is not None else ()
            for value in values:
                inner = self._default(value, depth + 1) if isinstance(value, Given) else None
                said = inner.values[0] if inner is not None else value
                if not isinstance(said, Literal) or said.value is not default.value or said.setting:
                    return None
                seen |= inner is None or inner.seen
            seen |= expr is None
        if not seen and self._is_named(file, number, given.name):
            return None
        return Settled((Literal(default.value, path, 0),), seen=seen)

    def _is_named(self, file: FileIndex, function: int, parameter: str) -> bool:
        """Whether some call of that name, on whatever object, passes the parameter by name."""
        facts = file.function(function)
        name = file.cls(facts.cls).name if facts.name == "__init__" and facts.cls >= 0 else facts.name
        return any(
            argument.name == parameter
            for other in self._graph.program.opened.values()
            for index in other.by_leaf.get(name, ())
            for argument in other.facts.calls[index].arguments
        )
