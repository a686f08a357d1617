"""How one tells that a loop of attempts is over because an attempt went well."""

from __future__ import annotations

from ...nouns.facts import Attribute, Binary, CallRef, Const, Expr, Jump, Name, Unary
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown
from .endings import STATUS, SUCCESS, flags_of, is_flag, is_flag_of, nearest_loop, sides, tests_above

_ENDED = ("stop", "shutdown", "running", "closing", "terminate", "cancel", "quit")
"""Words of a condition that ends a loop from outside, whether it went well or not."""


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


def asks_how_it_went(file: FileIndex, loop: int, tried: int) -> bool:
    """Whether a way out of a loop after its try asks for a flag, for an answer at all, or for the status of one."""
    blocks = file.facts.blocks
    return any(
        _is_outcome(side) and not _is_given(file, loop, side)
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


def _is_given(file: FileIndex, loop: int, test: Expr) -> bool:
    """Whether a test asks for what the function was called with: how the try went cannot be in it."""
    bare = test.of if isinstance(test, Unary) else test
    function = file.facts.blocks[loop].function
    if not isinstance(bare, Name) or (function, bare.id) not in file.parameters:
        return False
    bound = (one.target for one in file.bindings_in.get(function, ()) if file.inside(one.block, loop))
    return bare not in bound


def _finds_nothing(file: FileIndex, jump: Jump, loop: int) -> bool:
    """Whether a jump ends a loop because nothing more came: ``if item is None: break``."""
    bare = _missing(file, jump.block)
    bindings = file.bindings_in.get(file.facts.blocks[loop].function, ())
    drawn = {one.target.id for one in bindings if isinstance(one.target, Name) and not is_flag(one)}
    return isinstance(bare, Name) and bare.id in drawn


def _missing(file: FileIndex, block: int) -> Expr | None:
    """What has no value where a branch or its else runs: ``if item is None:``, ``if item: ... else:``."""
    here = file.facts.blocks[block]
    other = here.kind == "otherwise" and file.facts.blocks[here.partner].kind == "branch"
    test = file.facts.blocks[here.partner].subject if other else here.subject if here.kind == "branch" else None
    if isinstance(test, Unary) and test.op == "not":
        return None if other else test.of
    if isinstance(test, Binary) and isinstance(test.right, Const) and not test.right.value:
        return test.left if test.op in (("is not", "!=") if other else ("is", "==")) else None
    return test if other else None


def leaves_with_nothing(file: FileIndex, tried: int) -> bool:
    """Whether a loop is left when its try failed: what it was to give is nothing before, and is asked for after."""
    blocks = file.facts.blocks
    around, function = blocks[tried].parent, blocks[tried].function
    bindings = [one for one in file.bindings_in.get(function, ()) if isinstance(one.target, Name)]
    given = [one.target for one in bindings if file.inside(one.block, tried) and not is_flag(one)]
    before = [one for one in bindings if file.inside(around, one.block) and one.span < blocks[tried].span]
    reset = [one.target for one in before if isinstance(one.value, Const) and not one.value.value]
    return any(
        jump.kind in ("return", "break")
        and blocks[jump.block].kind == "branch"
        and blocks[jump.block].parent == around
        and jump.span > blocks[tried].span
        and (missing := _missing(file, jump.block)) in given
        and missing in reset
        for jump in file.jumps_in.get(function, ())
    )


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
    flags = flags_of(file, tried)
    return any(is_flag_of(test, flags) for test in asked)


def _goes_on(file: FileIndex, block: int, tried: int) -> bool:
    """Whether a block is a try inside another, which may leave it by an error and still go on."""
    return block != tried and file.facts.blocks[block].kind == "try" and file.inside(block, tried)


def _is_straight(file: FileIndex, block: int) -> bool:
    """Whether a block runs whenever what is around it does, as long as nothing fails."""
    here = file.facts.blocks[block]
    after_try = here.kind == "otherwise" and file.facts.blocks[here.partner].kind == "try"
    return here.kind in ("try", "with") or after_try


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
    if any(isinstance(side, Unary) and SUCCESS.search(shown(file, side.of)) for side in sides(test)):
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
