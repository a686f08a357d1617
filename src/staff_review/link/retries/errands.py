"""What one round of a loop is about: the next delivery, a thing of its own, or a peer that is waited for."""

from __future__ import annotations

import re

from ...nouns.facts import Attribute, Await, Binary, Binding, CallRef, Const, Expr, Item, Name, Text, Unary
from ...nouns.project import Site
from ..files.index import FileIndex, calls_within, leaf_of
from ..files.showing import mentions, shown
from ..knowledge.catalog import Catalog
from .endings import sides, tests_above

_CREDENTIALS = re.compile(r"auth(?!or)|credential|token|login", re.IGNORECASE)
_WAITS = re.compile(r"(?:^|[._])(?:poll|wait)(?:_|$)|Wait(?:For|Until)")
"""Names of what waits for something that goes on elsewhere."""
_POLLING = re.compile(r"_*poll(?:_\w+)?")
"""Members that ask how far something is, or whether something came."""
_INTERVAL = re.compile(r"poll|(?:wait|check)_interval", re.IGNORECASE)
_STATE = re.compile(r"(?:^|[._ ])(?:state|status|phase|done|finished|completed?)\b", re.IGNORECASE)
_KEPT = re.compile(r"(?:^|_)(?:state|status|phase)$", re.IGNORECASE)
"""Names in which a loop keeps how far something is."""
_CODE = re.compile(r"\b[1-5]\d\d\b|HTTP", re.IGNORECASE)
_COUNTING = re.compile(r"attempt|tr(?:y|ies)|retr|count|fail|error|left|remaining|delay|wait|^n$|^i$", re.IGNORECASE)
_IN_TIME = re.compile(r"(?:builtins|asyncio|queue|concurrent\.futures)\.(?:\w+\.)*(?:TimeoutError|Empty)")
_TAKING_AWAY = re.compile(r"_*(?:remove|discard|evict|ban|blacklist|forget|unregister)(?:_\w+)?")
"""Members that take something out of what is asked."""
_READY = re.compile(r"(?:^|_)(?:wait|ready|alive|healthy?|healthz|ping|reachable)(?:_|$)")


def takes(catalog: Catalog, name: str) -> bool:
    """Whether a member of that name takes the next of several things."""
    member = catalog.members.get(name.lstrip("_"))
    return member is not None and member.does == "takes"


def delivered(catalog: Catalog, file: FileIndex, loop: int) -> set[str]:
    """The names of what each round takes from somewhere before it tries anything: ``message = await queue.get()``."""
    found: set[str] = set()
    for binding in file.bindings_in.get(file.facts.blocks[loop].function, ()):
        value = binding.value.of if isinstance(binding.value, Await) else binding.value
        if binding.block == loop and isinstance(binding.target, Name) and isinstance(value, CallRef):
            call = file.calls[value.index]
            member = catalog.members.get(leaf_of(call.callee))
            if member is not None and member.does in ("takes", "delivers") and not call.arguments:
                found.add(binding.target.id)
    return found


def chosen_by(file: FileIndex, loop: int, counter: str) -> set[str]:
    """The names of addresses and keys that a round makes of its number: ``url = GRAPHS.format(number)``."""
    return {
        binding.target.id
        for binding in file.bindings_in.get(file.facts.blocks[loop].function, ())
        if file.inside(binding.block, loop)
        and isinstance(binding.target, Name)
        and isinstance(binding.value, (CallRef, Item, Text))
        and mentions(file, binding.value, {counter})
    }


def chosen_anew(file: FileIndex, loop: int, tried: int, handlers: list[int], sites: list[Site]) -> bool:
    """Whether the next attempt is another: a handler gives it other arguments, or renews what was not accepted.

    What a handler keeps may be put into the arguments first: a model is told what was wrong with its last answer.
    """
    function, asked = file.facts.blocks[tried].function, {site.place.span for site in sites}
    given = {
        binding.target.id
        for binding in file.bindings_in.get(function, ())
        if isinstance(binding.target, Name) and not _counts(binding)
        if any(file.inside(binding.block, handler) for handler in handlers)
    }
    given |= {
        binding.target.id
        for binding in file.bindings_in.get(function, ())
        if isinstance(binding.target, Name) and isinstance(binding.value, Text) and file.inside(binding.block, loop)
        if mentions(file, binding.value, given)
    }
    calls = [file.calls[index] for index in file.calls_in.get(function, ())]
    calls = [call for call in calls if file.inside(call.block, tried) or call.span in asked]
    if any(mentions(file, argument.value, given) for call in calls for argument in call.arguments):
        return True
    return all(_CREDENTIALS.search(shown(file, file.facts.blocks[handler].subject)) for handler in handlers)


def _counts(binding: Binding) -> bool:
    """Whether a binding adds to a number of attempts or a pause, by its name; what is written down is no number."""
    written = isinstance(binding.value, Text) or (
        isinstance(binding.value, Const) and isinstance(binding.value.value, str)
    )
    named = isinstance(binding.target, Name) and _COUNTING.search(binding.target.id) is not None
    return binding.how == "augment" and named and not written


def takes_away(file: FileIndex, tried: int, handler: int) -> bool:
    """Whether a handler takes away what a try asked, as a peer that is dead: the next attempt asks another."""
    calls = [file.calls[index] for index in file.calls_in.get(file.facts.blocks[tried].function, ())]
    inside = [call for call in calls if file.inside(call.block, tried)]
    asked = {leaf_of(call.callee.of) for call in inside if isinstance(call.callee, Attribute)}
    asked |= {argument.value.id for call in inside for argument in call.arguments if isinstance(argument.value, Name)}
    return any(
        mentions(file, argument.value, asked - {"self", "cls"})
        for call in calls
        if file.inside(call.block, handler) and _TAKING_AWAY.fullmatch(leaf_of(call.callee))
        for argument in call.arguments
    )


def takes_in_time(catalog: Catalog, file: FileIndex, tried: int, catches: tuple[str, ...]) -> bool:
    """Whether a try takes what is delivered to the program itself, for so long and then anew: nobody failed."""
    if not catches or not all(_IN_TIME.fullmatch(path) for path in catches):
        return False
    calls = (file.calls[index] for index in file.calls_in.get(file.facts.blocks[tried].function, ()))
    names = {leaf_of(call.callee) for call in calls if file.inside(call.block, tried) and not call.arguments}
    members = (catalog.members.get(name) for name in sorted(names))
    return "get" in names or any(member is not None and member.does in ("takes", "delivers") for member in members)


def waits_for_peer(file: FileIndex, loop: int, sites: list[Site]) -> bool:
    """Whether a loop waits: for the state of something that goes on elsewhere, or for a peer to be there at all."""
    return polls(file, loop) or _is_probe(file, loop, sites) or _asks_if_done(file, loop, sites)


def _asks_if_done(file: FileIndex, loop: int, sites: list[Site]) -> bool:
    """Whether a loop ends when its peer, asked once more, says that it has come to where it should."""
    asked = {site.place.span for site in sites}
    return any(
        file.calls[index].span in asked
        for jump in file.jumps_in.get(file.facts.blocks[loop].function, ())
        if jump.kind in ("return", "break") and file.inside(jump.block, loop)
        for test in tests_above(file, jump.block, loop)
        for side in sides(test)
        for index in calls_within(side.of if isinstance(side, Unary) else side)
    )


def is_wait(file: FileIndex, function: int) -> bool:
    """Whether a function, one around it or its file is named for waiting or polling."""
    return any(_WAITS.search(name) for name in (file.function(function).qualified, file.path.rpartition("/")[2]))


def polls(file: FileIndex, loop: int) -> bool:
    """Whether a round asks how far something is: its pause is named so, or a state that it reads ends the loop."""
    blocks = file.facts.blocks
    function = blocks[loop].function
    calls = [
        file.calls[index] for index in file.calls_in.get(function, ()) if file.inside(file.calls[index].block, loop)
    ]
    pauses = [argument.value for call in calls if leaf_of(call.callee) == "sleep" for argument in call.arguments]
    if any(_POLLING.fullmatch(leaf_of(call.callee)) for call in calls):
        return True
    if is_wait(file, function) or any(_INTERVAL.search(shown(file, one)) for one in pauses):
        return True
    if blocks[loop].form == "while" and (
        _WAITS.search(shown(file, blocks[loop].subject).replace("(…)", "")) or _asks_for_state(file, loop)
    ):
        return True
    asked = [
        shown(file, block.subject) for n, block in enumerate(blocks) if block.kind == "branch" and file.inside(n, loop)
    ]
    if any(".errno" in test and "CONN" not in test for test in asked):
        return True  # a socket or a lock of our own is not ready yet
    for jump in file.jumps_in.get(function, ()):
        around = [number for number in file.chain(jump.block) if number > loop] if file.inside(jump.block, loop) else []
        if jump.kind in ("return", "break") and not any(blocks[number].kind == "handler" for number in around):
            tests = (blocks[number].subject for number in around if blocks[number].kind == "branch")
            asked = [_words(file, side) for test in tests for side in sides(test)]
            if any(_STATE.search(test) and not _CODE.search(test) for test in asked):
                return True
    return False


def _asks_for_state(file: FileIndex, loop: int) -> bool:
    """Whether a loop runs until a state, which each round asks for anew, is as it should be."""
    asked = {
        binding.target.id
        for binding in file.bindings_in.get(file.facts.blocks[loop].function, ())
        if file.inside(binding.block, loop) and isinstance(binding.target, Name) and _is_answer(binding.value)
        if _KEPT.search(binding.target.id)
    }
    return any(
        mentions(file, side, asked) and not _CODE.search(_words(file, side))
        for side in sides(file.facts.blocks[loop].subject)
    )


def _is_answer(value: Expr | None) -> bool:
    """Whether a value is what a call gives, or a part of it."""
    whole = value.of if isinstance(value, (Await, Item, Attribute)) else value
    return isinstance(whole, CallRef) or (whole is not value and _is_answer(whole))


def _words(file: FileIndex, test: Expr | None) -> str:
    """A test as text, with the keys that it asks for."""
    sides = (test.left, test.right) if isinstance(test, Binary) else (test,)
    keys = (str(side.key.value) for side in sides if isinstance(side, Item) and isinstance(side.key, Const))
    return " ".join((shown(file, test), *keys))


def _is_probe(file: FileIndex, loop: int, sites: list[Site]) -> bool:
    """Whether a loop tries until a peer is there, by what it is called, and takes no answer along."""
    function = file.facts.blocks[loop].function
    names = (file.function(function).name, *(site.call.rpartition(".")[2] for site in sites))
    return any(_READY.search(name) for name in names) and not any(
        jump.kind == "return" and not isinstance(jump.value, (Const, type(None))) and file.inside(jump.block, loop)
        for jump in file.jumps_in.get(function, ())
    )
