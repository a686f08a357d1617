"""Which argument of a call carries what: by name, by position, through a partial, out of a spread mapping."""

from __future__ import annotations

from ...nouns.facts import Argument, Call, Expr, Function


def expression_at(call: Call, name: str | None, position: int | None) -> Expr | None:
    """The argument passed by that name or at that position (from 0); None when it is not written out."""
    if name is not None:
        for argument in call.arguments:
            if argument.name == name:
                return argument.value
    if position is not None:
        plain = positional(call)
        if position < len(plain) and not any(argument.spread for argument in plain[: position + 1]):
            return plain[position].value
    return None


def positional(call: Call) -> list[Argument]:
    """The arguments without a name, ``*spreads`` included."""
    return [argument for argument in call.arguments if argument.name is None and argument.spread != "**"]


def passed_for_parameter(call: Call, function: Function, name: str) -> Expr | None:
    """What a call passes for parameter `name` of a function of the program; None when nothing is written out."""
    parameters = list(function.parameters)
    if function.cls >= 0 and parameters and not _is_static(function):
        parameters = parameters[1:]
    position = 0
    for parameter in parameters:
        if parameter.name == name:
            return expression_at(call, name, position if parameter.kind in ("plain", "positional") else None)
        if parameter.kind in ("plain", "positional"):
            position += 1
    return None


def has_spread(call: Call) -> bool:
    """Whether more may be passed than is written: ``*args`` or ``**options``."""
    return any(argument.spread for argument in call.arguments)


def _is_static(function: Function) -> bool:
    return any(getattr(decorator, "id", "") == "staticmethod" for decorator in function.decorators)
