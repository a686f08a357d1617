"""How often a retry tries at most, as a number."""

from __future__ import annotations

import re

from ...nouns.facts import Binary, CallRef, Const, Expr, Name, Sequence
from ...nouns.libraries import ArgumentAt, Policy
from ..calls.graph import Graph
from ..files.arguments import expression_at, positional
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.values import Given, Instance, Literal, Value, Values

_BACKOFF = re.compile(r"back_?off", re.IGNORECASE)


class Tries:
    """Reads the number out of a policy's arguments or a loop's head."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def of_policy(self, file: FileIndex, index: int, policy: Policy) -> int | None:
        """The attempts that a policy allows; None when only time ends it, or nobody knows."""
        counted = [at for at in policy.stop if at != policy.seconds]
        written = [expression_at(file.calls[index], at.argument, at.position) for at in counted]
        given = [expr for expr in written if expr is not None]
        if not given:
            if policy.seconds is not None and self._is_timed(file, index, policy.seconds):
                return None
            kind, _, number = policy.stop_default.partition(":")
            return int(number) if kind == "attempts" and number.isdigit() else None
        found = [number for expr in given for number in self._numbers(file, index, expr)]
        return min(found) if found else None

    @staticmethod
    def _is_timed(file: FileIndex, index: int, at: ArgumentAt) -> bool:
        return expression_at(file.calls[index], at.argument, at.position) is not None

    def _numbers(self, file: FileIndex, index: int, expr: Expr) -> list[int]:
        if isinstance(expr, Binary) and expr.op in ("|", "&"):
            return [*self._numbers(file, index, expr.left), *self._numbers(file, index, expr.right)]
        found: list[int] = []
        for value in self._graph.evaluator.argument(file, index, expr):
            if isinstance(value, Literal) and _is_count(value):
                found.append(int(value.value or 0))
            elif isinstance(value, Instance):
                found.extend(self._in_term(value))
        return found

    def _in_term(self, value: Instance) -> list[int]:
        term = self._graph.program.catalog.terms.get(value.type)
        home = self._graph.program.file(value.made[0]) if value.made is not None else None
        if term is None or term.means != "attempts" or term.value is None or home is None or value.made is None:
            return []
        inner = self._argument(home, value.made[1], term.value)
        return self._numbers(home, value.made[1], inner) if inner is not None else []

    @staticmethod
    def _argument(file: FileIndex, index: int, at: ArgumentAt) -> Expr | None:
        return expression_at(file.calls[index], at.argument, at.position)

    def of_loop(self, file: FileIndex, number: int) -> int | None:
        """The rounds of ``for _ in range(5)``, ``for pause in (1, 2, 4)`` or ``while attempt < 5``."""
        subject = file.facts.blocks[number].subject
        if file.facts.blocks[number].form == "while":
            return self._of_test(file, number, subject)
        if isinstance(subject, Sequence):
            return len(subject.items)
        if not isinstance(subject, CallRef):
            return None
        arguments = positional(file.calls[subject.index])
        if not arguments or arguments[-1].spread:
            return None
        ends = [self._count(file, subject.index, argument.value) for argument in arguments[:2]]
        if None in ends:
            return None
        rounds = (ends[-1] or 0) - (ends[0] or 0 if len(ends) > 1 else 0)
        return rounds if rounds > 0 else None

    def of_handlers(self, file: FileIndex, handlers: list[int]) -> int | None:
        """The bound that a handler holds its counter against before it gives up: ``if tries >= 3: raise``."""
        found = _counter_test(file, handlers)
        if found is None:
            return None
        return self.of_bound(file, found[0], found[1].right)

    def of_bound(self, file: FileIndex, branch: int, bound: Expr) -> int | None:
        """The number that a branch holds a counter against."""
        block = file.facts.blocks[branch]
        span = block.span
        return self._largest(self._graph.evaluator.values(file, block.parent, bound, span.line, span.column))

    def is_tuned(self, file: FileIndex, index: int) -> bool:
        """Whether nothing in the program says how long a pause is, and it is not called a back-off, which it is not."""
        pause = expression_at(file.calls[index], None, 0)
        values = self._graph.evaluator.argument(file, index, pause) if pause is not None else ()
        known = (self._default(value) if isinstance(value, Given) else value for value in values)
        written = any(isinstance(value, Literal) and isinstance(value.value, (int, float)) for value in known)
        constant = isinstance(pause, Name) and any(
            one.kind == "import" for one in file.names.get((0, pause.id), ())
        )  # of a file that is not here
        return pause is not None and not (written or constant) and _BACKOFF.search(shown(file, pause)) is None

    def least(self, file: FileIndex, index: int, expr: Expr) -> float | None:
        """The smallest number that an argument of a call can be, a parameter as its default; None for anything else."""
        values = self._graph.evaluator.argument(file, index, expr)
        known = [self._default(value) if isinstance(value, Given) else value for value in values]
        numbers = [one.value for one in known if isinstance(one, Literal) and isinstance(one.value, (int, float))]
        return min(numbers) if numbers and len(numbers) == len(known) else None

    def _count(self, file: FileIndex, index: int, expr: Expr) -> int | None:
        if isinstance(expr, Binary) and expr.op in ("+", "-") and isinstance(expr.right, Const):
            first = self._count(file, index, expr.left)
            more = expr.right.value if isinstance(expr.right.value, int) else 0
            return None if first is None else first + more if expr.op == "+" else first - more
        return self._largest(self._graph.evaluator.argument(file, index, expr))

    def _largest(self, values: Values) -> int | None:
        """The largest of some numbers; a parameter counts as its default."""
        known = [self._default(value) if isinstance(value, Given) else value for value in values]
        counts = [int(value.value or 0) for value in known if isinstance(value, Literal) and _is_count(value)]
        return max(counts) if counts and len(counts) == len(values) else None

    def _default(self, given: Given) -> Value:
        file = self._graph.program.file(given.function[0])
        position = file.parameters.get((given.function[1], given.name)) if file is not None else None
        if file is None or position is None:
            return given
        default = file.function(given.function[1]).parameters[position].default
        return Literal(default.value) if isinstance(default, Const) else given

    def _of_test(self, file: FileIndex, number: int, test: Expr | None) -> int | None:
        """The bound of a counter that the loop itself counts up, or where one begins that it counts down."""
        if not isinstance(test, Binary) or test.op not in ("<", "<=", ">") or not isinstance(test.left, Name):
            return None
        block = file.facts.blocks[number]
        counted = [one for one in file.bindings_in.get(block.function, ()) if file.inside(one.block, number)]
        way = "-" if test.op == ">" else "+"
        if not any(one.target == test.left and one.how == "augment" and one.op == way for one in counted):
            return None
        if test.op == ">":
            return self._begun(file, block.function, test.left.id) if test.right == Const(0) else None
        span = block.span
        return self._largest(self._graph.evaluator.values(file, block.parent, test.right, span.line, span.column))

    def _begun(self, file: FileIndex, function: int, name: str) -> int | None:
        """The default of a parameter, of a function or of one around it."""
        while function > 0 and (function, name) not in file.parameters:
            function = file.facts.blocks[file.function(function).parent_block].function
        return self._largest((Given((file.path, function), name),)) if function > 0 else None


def counts_down(file: FileIndex, handlers: list[int]) -> bool:
    """Whether handlers give up after so many failures: then each round that follows one is another attempt."""
    return _counter_test(file, handlers) is not None


def _counter_test(file: FileIndex, handlers: list[int]) -> tuple[int, Binary] | None:
    """The branch of a handler that holds what the loop counts up against a bound, and leaves; with its test."""
    function = file.facts.blocks[handlers[0]].function
    bindings = file.bindings_in.get(function, ())
    counted = {leaf_of(one.target) for one in bindings if one.how == "augment" and one.op == "+"}
    for jump in file.jumps_in.get(function, ()):
        test = file.facts.blocks[jump.block].subject if file.facts.blocks[jump.block].kind == "branch" else None
        leaves = jump.kind in ("raise", "return", "break") and any(file.inside(jump.block, one) for one in handlers)
        if leaves and isinstance(test, Binary) and test.op in (">=", ">", "==") and leaf_of(test.left) in counted:
            return jump.block, test
    return None


def _is_count(value: Literal) -> bool:
    """Whether a constant is a number of attempts, be it as text from the environment."""
    if isinstance(value.value, str):
        return value.value.isdecimal() and len(value.value) < len("10000")
    return isinstance(value.value, int) and not isinstance(value.value, bool) and 0 <= value.value < 10_000
