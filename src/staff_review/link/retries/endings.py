"""How a loop of attempts ends: by a success, by a bound on its rounds, or never."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ...nouns.facts import Attribute, Binary, Binding, CallRef, Choice, Const, Expr, Jump, Name, Unary
from ..calls.contexts import Contexts
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown

STOPPING = (
    *("stop", "shutdown", "running", "closed", "closing", "is_open", "cancel", "exit", "alive", "done", "quit"),
    "terminate",
)
"""Words of a condition by which a loop is stopped from outside, or by its own end."""
STATUS = frozenset({"status_code", "status", "code", "ok", "is_success", "is_error"})
"""Members of an answer that say how it went."""
SUCCESS = re.compile(r"(?:^|[._])(?:is_)?(?:connected|ready|opened|joined|logged_in|success(?:ful)?)\b", re.IGNORECASE)
"""Names of attributes that say that it went well."""
_LIMIT = re.compile(r"time_?out|deadline|time_?limit", re.IGNORECASE)
"""Names of what stands around a loop and ends it."""
_CLOCKS = re.compile(r"time\(|clock|monotonic|deadline|elapsed|until|(?:\b|_)now\b")
_LEAVING = ("raise", "return", "break")
_RECKONED = frozenset({"+", "-", "*", "**", "/", "//", "<<", ">>", "%"})


class Endings:
    """Reads the ways out of loops."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts

    def always_leaves(self, file: FileIndex, handler: int) -> bool:
        """Whether no round follows after a handler."""
        return self._leaves(file, handler) or any(
            block.kind == "otherwise"
            and block.parent == handler
            and self._leaves(file, number)
            and self._leaves(file, block.partner)
            for number, block in enumerate(file.facts.blocks)
        )

    def _leaves(self, file: FileIndex, block: int) -> bool:
        leaving = any(jump.block == block and jump.kind in _LEAVING for jump in file.facts.jumps)
        return leaving or self._contexts.handlers.exits(file, block)

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
        tests.extend(self._leaving_tests(file, loop, handlers))
        if stands_in_limit(file, loop):
            return "unknown"
        before = file.facts.blocks[loop].subject
        tried = {file.facts.blocks[handler].partner for handler in handlers}
        if before is not None and not any(is_flag_of(before, flags_of(file, one)) for one in tried):
            tests.append(before)  # more than whether the try went well
        target = file.facts.blocks[loop].target
        counters = counters_of(file, loop, handlers) | ({target.id} if isinstance(target, Name) else set())
        told = False
        for test, side in ((whole, side) for whole in tests for side in sides(whole)):
            text = shown(file, side).lower()
            if mentions(file, side, counters) or _CLOCKS.search(text):
                return "yes"
            told |= _weighs(side) or any(word in text for word in STOPPING) or (test is before and _is_kept(file, side))
        return "unknown" if leaving or told else "no"

    def _leaving_tests(self, file: FileIndex, loop: int, handlers: list[int]) -> Iterator[Expr]:
        """The conditions on which a block of a loop leaves it at once, but for other handlers of the same try."""
        tried = {file.facts.blocks[handler].partner for handler in handlers}
        others = [
            number
            for number, block in enumerate(file.facts.blocks)
            if block.kind == "handler" and block.partner in tried and number not in handlers
        ]
        for number, block in enumerate(file.facts.blocks):
            if block.kind == "branch" and block.subject is not None and file.inside(number, loop):
                if any(file.inside(number, other) for other in others):
                    continue
                leaves = any(jump.block == number and jump.kind in _LEAVING for jump in file.facts.jumps)
                if leaves or self._contexts.handlers.exits(file, number):
                    yield block.subject


def stands_in_limit(file: FileIndex, block: int) -> bool:
    """Whether a with-block around a block is called like a limit on its time."""
    around = (file.facts.blocks[one] for one in file.chain(block))
    return any(one.kind == "with" and _LIMIT.search(shown(file, one.subject)) for one in around)


def flags_of(file: FileIndex, tried: int) -> set[str]:
    """Names that a try sets to say how it went."""
    return {
        binding.target.id
        for binding in file.bindings_in.get(file.facts.blocks[tried].function, ())
        if file.inside(binding.block, tried) and isinstance(binding.target, Name) and is_flag(binding)
    }


def is_flag_of(test: Expr | None, flags: set[str]) -> bool:
    """Whether a condition asks for one of some flags."""
    bare = test.of if isinstance(test, Unary) else test
    return isinstance(bare, Name) and bare.id in flags


def nearest_loop(file: FileIndex, block: int) -> int:
    """The innermost loop around a block, or that block itself; -1 where there is none."""
    return next((number for number in file.chain(block) if file.facts.blocks[number].kind == "loop"), -1)


def goes_on_for_ever(file: FileIndex, function: int) -> bool:
    """Whether a function is a server's: it holds a loop without an end, which nothing leaves."""
    jumps = [jump.block for jump in file.jumps_in.get(function, ()) if jump.kind in ("return", "break")]
    return any(
        block.kind == "loop"
        and block.form == "while"
        and isinstance(block.subject, Const)
        and bool(block.subject.value)
        and not any(file.inside(jump, number) for jump in jumps)
        for number in file.blocks_in.get(function, ())
        for block in (file.facts.blocks[number],)
    )


def leads_out(file: FileIndex, block: int, loop: int) -> bool:
    """Whether a branch around a block always leaves a loop, so that no other round sees what is changed in it."""
    inside = [number for number in file.chain(block) if number > loop and file.facts.blocks[number].kind == "branch"]
    jumps = file.jumps_in.get(file.facts.blocks[loop].function, ())
    return any(jump.block in inside and jump.kind in ("return", "break") for jump in jumps)


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
    return isinstance(bare, Attribute) and SUCCESS.search(shown(file, bare)) is None


def _weighs(test: Expr) -> bool:
    """Whether a condition holds some amount against another, which may be a bound; the status of an answer is none."""
    ordered = isinstance(test, Binary) and test.op in ("<", "<=", ">", ">=")
    return ordered and not (isinstance(test, Binary) and leaf_of(test.left) in STATUS)


def counters_of(file: FileIndex, loop: int, handlers: list[int]) -> set[str]:
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
