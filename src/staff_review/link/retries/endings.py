"""How a loop of attempts ends: by a success, by a bound on its rounds, or never."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ...nouns.facts import Attribute, Binary, Binding, CallRef, Choice, Const, Expr, Jump, Name, Unary
from ..calls.contexts import Contexts
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown

STOPPING = ("stop", "shutdown", "running", "closed", "closing", "cancel", "exit", "alive", "done", "quit", "terminate")
"""Words of a condition by which a loop is stopped from outside, or by its own end."""
_ENDED = ("stop", "shutdown", "running", "closing", "terminate", "cancel", "quit")
"""Words of a condition that ends a loop from outside, whether it went well or not."""
STATUS = frozenset({"status_code", "status", "code", "ok", "is_success", "is_error"})
"""Members of an answer that say how it went."""
_SUCCESS = re.compile(r"(?:^|[._])(?:is_)?(?:connected|ready|opened|joined|logged_in|success(?:ful)?)\b", re.IGNORECASE)
_LIMIT = re.compile(r"time_?out|deadline|time_?limit", re.IGNORECASE)
"""Names of what stands around a loop and ends it."""
_CLOCKS = ("time(", "clock", "monotonic", "deadline", "elapsed", "until", "now")
_LEAVING = ("raise", "return", "break")
_RECKONED = frozenset({"+", "-", "*", "**", "/", "//", "<<", ">>", "%"})


class Endings:
    """Reads the ways out of loops."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts

    def always_leaves(self, file: FileIndex, handler: int) -> bool:
        """Whether no round follows after a handler."""
        leaving = any(jump.block == handler and jump.kind in _LEAVING for jump in file.facts.jumps)
        return leaving or self._contexts.handlers.exits(file, handler)

    def bound(self, file: FileIndex, loop: int, handlers: list[int]) -> Literal["yes", "no", "unknown"]:
        """Whether something ends a loop whose attempts all fail in some handlers."""
        context = self._contexts.of(file, loop).loops[0]
        if context.form == "each":
            return "yes"
        if context.form == "count" and ("count" not in context.over or "range" in context.over):
            return "yes"
        leaving = [
            jump
            for jump in file.facts.jumps
            for handler in handlers
            if jump.kind in _LEAVING and file.inside(jump.block, handler) and not _chooses(file, jump, handler)
        ]
        tests = [test for jump in leaving for test in tests_above(file, jump.block, loop)]
        tests.extend(self._leaving_tests(file, loop))
        if any(_LIMIT.search(shown(file, file.facts.blocks[one].subject)) for one in _withs_around(file, loop)):
            return "unknown"
        before = file.facts.blocks[loop].subject
        tried = {file.facts.blocks[handler].partner for handler in handlers}
        if before is not None and not any(_is_flag_of(before, _flags(file, one)) for one in tried):
            tests.append(before)  # more than whether the try went well
        target = file.facts.blocks[loop].target
        counters = _counters(file, loop, handlers) | ({target.id} if isinstance(target, Name) else set())
        told = False
        for test, side in ((whole, side) for whole in tests for side in sides(whole)):
            text = shown(file, side).lower()
            if mentions(file, side, counters) or any(word in text for word in _CLOCKS):
                return "yes"
            told |= _weighs(side) or any(word in text for word in STOPPING) or (test is before and _is_kept(file, side))
        return "unknown" if leaving or told else "no"

    def _leaving_tests(self, file: FileIndex, loop: int) -> Iterator[Expr]:
        """The conditions on which a block of a loop leaves it at once."""
        for number, block in enumerate(file.facts.blocks):
            if block.kind == "branch" and block.subject is not None and file.inside(number, loop):
                leaves = any(jump.block == number and jump.kind in _LEAVING for jump in file.facts.jumps)
                if leaves or self._contexts.handlers.exits(file, number):
                    yield block.subject


def ends_on_success(file: FileIndex, loop: int, tried: int) -> bool:
    """Whether a loop is left when its try went well, by a jump or by what it asks before each round."""
    for jump in file.facts.jumps:
        if jump.kind not in ("return", "break") or not file.inside(jump.block, loop):
            continue
        if jump.kind == "break" and nearest_loop(file, jump.block) != loop:
            continue
        asked = " ".join(shown(file, one).lower() for one in tests_above(file, jump.block, loop))
        if any(word in asked for word in _ENDED) or (jump.kind == "break" and _finds_nothing(file, jump, loop)):
            continue
        if _after_success(file, jump.block, loop, tried):
            return True
    return _asks_for_success(file, loop, tried)


def _withs_around(file: FileIndex, block: int) -> Iterator[int]:
    return (one for one in file.chain(block) if file.facts.blocks[one].kind == "with")


def asks_how_it_went(file: FileIndex, loop: int, tried: int) -> bool:
    """Whether a way out of a loop after its try asks for a flag, for an answer at all, or for the status of one."""
    blocks = file.facts.blocks
    return any(
        _is_outcome(side)
        for jump in file.jumps_in.get(blocks[loop].function, ())
        if jump.kind in ("return", "break") and nearest_loop(file, jump.block) == loop
        if _after_success(file, jump.block, loop, tried)
        for test in tests_above(file, jump.block, loop)
        for side in sides(test)
    ) or _asks_for_success(file, loop, tried)


def _is_outcome(test: Expr) -> bool:
    bare = test.of if isinstance(test, Unary) else test
    if isinstance(bare, Binary):
        return leaf_of(bare.left) in STATUS or bare.op not in ("<", "<=", ">", ">=")
    return isinstance(bare, (Name, Attribute, CallRef))


def _finds_nothing(file: FileIndex, jump: Jump, loop: int) -> bool:
    """Whether a jump ends a loop because nothing more came: ``if item is None: break``."""
    test = next(tests_above(file, jump.block, loop), None)
    bare = test.of if isinstance(test, Unary) and test.op == "not" else None
    if isinstance(test, Binary) and test.op in ("is", "==") and isinstance(test.right, Const) and not test.right.value:
        bare = test.left
    bindings = file.bindings_in.get(file.facts.blocks[loop].function, ())
    drawn = {one.target.id for one in bindings if isinstance(one.target, Name) and not is_flag(one)}
    return isinstance(bare, Name) and bare.id in drawn


def leaves_after(file: FileIndex, loop: int, tried: int) -> bool:
    """Whether a loop always ends when its try went well: then each round is another attempt at the same thing."""
    blocks = file.facts.blocks
    for jump in file.facts.jumps:
        if jump.kind in ("return", "break") and nearest_loop(file, jump.block) == loop:
            around = [number for number in file.chain(jump.block) if number > loop]
            straight = all(_is_straight(file, number) and not _goes_on(file, number, tried) for number in around)
            if straight and _after_success(file, jump.block, loop, tried):
                return True
    asked = [blocks[loop].subject if blocks[loop].form == "while" else None]
    asked += [
        block.subject
        for number, block in enumerate(blocks)
        if block.kind == "branch"
        and nearest_loop(file, number) == loop
        and any(jump.block == number and jump.kind in ("return", "break") for jump in file.facts.jumps)
    ]
    flags = _flags(file, tried)
    return any(_is_flag_of(test, flags) for test in asked)


def _flags(file: FileIndex, tried: int) -> set[str]:
    """Names that a try sets to say how it went."""
    return {
        binding.target.id
        for binding in file.bindings_in.get(file.facts.blocks[tried].function, ())
        if file.inside(binding.block, tried) and isinstance(binding.target, Name) and is_flag(binding)
    }


def _is_straight(file: FileIndex, block: int) -> bool:
    """Whether a block runs whenever what is around it does, as long as nothing fails."""
    here = file.facts.blocks[block]
    after_try = here.kind == "otherwise" and file.facts.blocks[here.partner].kind == "try"
    return here.kind in ("try", "with") or after_try


def _goes_on(file: FileIndex, block: int, tried: int) -> bool:
    """Whether a block is a try inside another, which may leave it by an error and still go on."""
    return block != tried and file.facts.blocks[block].kind == "try" and file.inside(block, tried)


def _is_flag_of(test: Expr | None, flags: set[str]) -> bool:
    bare = test.of if isinstance(test, Unary) else test
    return isinstance(bare, Name) and bare.id in flags


def _asks_for_success(file: FileIndex, loop: int, tried: int) -> bool:
    """Whether a loop runs until something is set outside the handlers of its try."""
    blocks = file.facts.blocks
    test = blocks[loop].subject
    if blocks[loop].form != "while" or test is None or isinstance(test, Const):
        return False
    handlers = {number for number, one in enumerate(blocks) if one.kind == "handler" and one.partner == tried}
    targets = [
        binding.target
        for binding in file.facts.bindings
        if file.inside(binding.block, loop) and not any(file.inside(binding.block, one) for one in handlers)
    ]
    if any(isinstance(side, Unary) and _SUCCESS.search(shown(file, side.of)) for side in sides(test)):
        return True
    kept = {shown(file, target) for target in targets if isinstance(target, Attribute)}
    named = {target.id for target in targets if isinstance(target, Name)}
    return mentions(file, test, named) or any(name in shown(file, test) for name in kept)


def _after_success(file: FileIndex, block: int, loop: int, tried: int) -> bool:
    """Whether a block runs when the try went well: in it, in its else, or further down in the loop itself.

    What is always done after it does not tell, except where that asks first how it went.
    """
    blocks = file.facts.blocks
    around = [number for number in file.chain(block) if number > loop]
    kinds = [blocks[number].kind for number in around]
    if "handler" in kinds or ("finally" in kinds and kinds[0] != "branch"):
        return False
    if tried in around or any(blocks[number].partner == tried for number in around):
        return True
    plain = all(kind in ("branch", "otherwise", "with", "try") for kind in kinds)
    return plain and (not around or around[-1] > tried)


def nearest_loop(file: FileIndex, block: int) -> int:
    """The innermost loop around a block, or that block itself; -1 where there is none."""
    return next((number for number in file.chain(block) if file.facts.blocks[number].kind == "loop"), -1)


def tests_above(file: FileIndex, block: int, stop: int) -> Iterator[Expr]:
    """The conditions between a block and one around it, those of an else branch included."""
    for number in file.chain(block):
        if number == stop:
            return
        here = file.facts.blocks[number]
        asked = here if here.kind == "branch" else file.facts.blocks[here.partner] if here.kind == "otherwise" else None
        if asked is not None and asked.subject is not None:
            yield asked.subject


def _chooses(file: FileIndex, jump: Jump, handler: int) -> bool:
    """Whether a jump leaves a handler for what the error is, which bounds nothing for another error."""
    error = file.facts.blocks[handler].target
    asked = [side for test in tests_above(file, jump.block, handler) for side in sides(test)]
    return isinstance(error, Name) and bool(asked) and all(mentions(file, side, {error.id}) for side in asked)


def sides(test: Expr | None) -> Iterator[Expr]:
    """The conditions that ``and`` and ``or`` put together."""
    if isinstance(test, Binary) and test.op == "and":
        yield from sides(test.left)
        yield from sides(test.right)
    elif isinstance(test, Choice) and test.test is None:
        for option in test.options:
            yield from sides(option)
    elif test is not None:
        yield test


def _is_kept(file: FileIndex, test: Expr) -> bool:
    """Whether a condition asks an attribute, which others may change, and not whether a peer is there."""
    bare = test.of if isinstance(test, Unary) else test
    return isinstance(bare, Attribute) and _SUCCESS.search(shown(file, bare)) is None


def _weighs(test: Expr) -> bool:
    """Whether a condition holds some amount against another, which may be a bound; the status of an answer is none."""
    ordered = isinstance(test, Binary) and test.op in ("<", "<=", ">", ">=")
    return ordered and not (isinstance(test, Binary) and leaf_of(test.left) in STATUS)


def _counters(file: FileIndex, loop: int, handlers: list[int]) -> set[str]:
    """Names that change with the rounds of a loop, or in which its handlers keep something: no flag, and no answer."""
    return {
        binding.target.id
        for binding in file.bindings_in.get(file.facts.blocks[loop].function, ())
        if isinstance(binding.target, Name)
        and file.inside(binding.block, loop)
        and (
            _is_reckoned(file, binding)
            or (not is_flag(binding) and any(file.inside(binding.block, one) for one in handlers))
        )
    }


def _is_reckoned(file: FileIndex, binding: Binding) -> bool:
    """Whether a name is counted on, reckoned from others, or drawn from what counts."""
    value = binding.value
    if binding.how == "augment" or (isinstance(value, Binary) and value.op in _RECKONED):
        return True
    if isinstance(value, CallRef) and leaf_of(file.calls[value.index].callee) == "next":
        return True
    return mentions(file, value, {leaf_of(binding.target)})


def is_counted(binding: Binding) -> bool:
    """Whether what a binding says is a number more or less, or the error that came."""
    value = binding.value
    reckoned = isinstance(value, Binary) and isinstance(value.right, Const) and isinstance(value.right.value, int)
    more = binding.how == "augment" and isinstance(value, Const) and isinstance(value.value, int)
    return more or reckoned or isinstance(value, Name)


def is_flag(binding: Binding) -> bool:
    """Whether a name is set to true, false or nothing."""
    return isinstance(binding.value, Const) and (binding.value.value is None or isinstance(binding.value.value, bool))
