"""Arguments of a call given, replaced and taken away, in the call's own layout."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from .refusal import RefusedError
from .separated import with_item, without_item


def parsed(arguments: str) -> tuple[cst.Arg, ...]:
    """Arguments written as in a call, all by name."""
    call = cst.parse_expression(f"f({arguments})")
    return tuple(call.args) if isinstance(call, cst.Call) else ()


def name_of(argument: cst.Arg) -> str:
    """The name that an argument is passed by, "" for one by position."""
    return argument.keyword.value if argument.keyword is not None else ""


def written_at(call: cst.Call, name: str, position: int | None) -> int | None:
    """Where the argument of that name, or at that position, stands among those of a call."""
    for index, argument in enumerate(call.args):
        if name_of(argument) == name:
            return index
    plain = [index for index, argument in enumerate(call.args) if argument.keyword is None and not argument.star]
    return plain[position] if position is not None and position < len(plain) else None


def check_room(call: cst.Call) -> None:
    """Raise RefusedError where an argument that is not written may be passed all the same."""
    if any(argument.star for argument in call.args):
        raise RefusedError("more arguments may come from `*` or `**`")


def with_arguments(call: cst.Call, given: Iterable[cst.Arg], position: int | None) -> cst.Call:
    """The call with these arguments, in place of those of the same name."""
    for new in given:
        index = written_at(call, name_of(new), position)
        if index is not None:
            there = call.args[index]
            args = [*call.args[:index], there.with_changes(value=new.value), *call.args[index + 1 :]]
        else:
            args = with_argument(call, new, len(call.args))
        call = call.with_changes(args=args)
    return call


def with_argument(call: cst.Call, new: cst.Arg, index: int) -> list[cst.Arg]:
    """The arguments of a call with one more before `index`."""
    plain = new.with_changes(comma=cst.MaybeSentinel.DEFAULT, equal=_TIGHT if new.keyword else new.equal)
    return with_item([_alone(one) for one in call.args], plain, index, call.whitespace_before_args)


_TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def _alone(argument: cst.Arg) -> cst.Arg:
    """A generator that was the only argument needs its own parentheses among others."""
    value = argument.value
    if isinstance(value, cst.GeneratorExp) and not value.lpar:
        return argument.with_changes(value=value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))
    return argument


def without_arguments(call: cst.Call, names: Iterable[str]) -> cst.Call:
    """The call without the arguments of these names."""
    for name in names:
        index = written_at(call, name, None)
        if index is not None:
            call = call.with_changes(args=without_item(call.args, index))
    return call
