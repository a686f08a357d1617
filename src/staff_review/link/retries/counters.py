"""What a function that calls itself counts from one attempt to the next, and what it hands on as it is."""

from __future__ import annotations

import re

from ...nouns.facts import Binary, Name
from ..files.arguments import passed_for_parameter
from ..files.index import FileIndex
from ..files.showing import mentions

_ATTEMPTS = re.compile(r"attempt|tries|retry", re.IGNORECASE)


def counts_attempts(file: FileIndex, index: int) -> bool:
    """Whether a call of its own function hands on one attempt more, or one less."""
    counted = (
        argument.value.left.id if isinstance(argument.value.left, Name) else ""
        for argument in file.calls[index].arguments
        if isinstance(argument.value, Binary)
    )
    return any(_ATTEMPTS.search(name) for name in counted)


def counters(file: FileIndex, function: int, index: int) -> set[str]:
    """Names that change from one attempt to the next, and those drawn from them."""
    found = {
        argument.value.left.id
        for argument in file.calls[index].arguments
        if isinstance(argument.value, Binary) and isinstance(argument.value.left, Name)
    }
    bindings = [one for one in file.bindings_in.get(function, ()) if isinstance(one.target, Name)]
    for binding in (*bindings, *bindings):
        name = binding.target.id if isinstance(binding.target, Name) else ""
        if binding.how == "augment" or mentions(file, binding.value, {name, *found}):
            found.add(name)
    return found


def handed_on_as_it_is(file: FileIndex, index: int) -> set[str]:
    """The parameters that a function never changes and gives itself again: what is asked of them stays as it was."""
    call, function = file.calls[index], file.facts.blocks[file.calls[index].block].function
    facts, bound = file.function(function), [one.target for one in file.bindings_in.get(function, ())]
    names = (one.name for one in facts.parameters)
    return {name for name in names if passed_for_parameter(call, facts, name) == Name(name) and Name(name) not in bound}
