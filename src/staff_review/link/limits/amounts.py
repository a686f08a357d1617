"""Time as numbers: literals with units, tuples of parts, limit objects, values that come from callers."""

from __future__ import annotations

import math
import re

import msgspec

from ...nouns.facts import Const, Expr, Sequence
from ...nouns.libraries import LimitObject, TimeLimit
from ...nouns.project import Limit
from ...nouns.source import Place, Span
from ..evaluation.evaluate import Evaluator
from ..files.arguments import expression_at, has_spread
from ..files.values import CallKey, FunctionKey, Given, Instance, Literal, Value, Values, Written

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
LIMITING = re.compile(r"time|deadline|wait")
_FOR_EVER = 86_400.0 * 7
"""A limit of a week or more bounds nothing that a person waits for (threading.TIMEOUT_MAX and its like)."""


UNSEEN = Limit("unknown", "unseen", "what bounds it cannot be known here")


class Depends(msgspec.Struct, frozen=True):
    """The limit is whatever callers pass for parameter `name` (or as option `name` of its ``**options``).

    `endless`: with none of these options there is no limit; otherwise the library has one of its own.
    `null_is_default`: so it has for null.
    """

    function: FunctionKey
    name: str
    options: bool = False
    endless: bool = True
    null_is_default: bool = False


Outcome = Limit | Depends


def duration(text: str) -> float | None:
    """Seconds of a catalog duration ("5s", "250ms"); None for "none"."""
    found = _DURATION.fullmatch(text.strip())
    return float(found[1]) * _UNITS[found[2]] if found is not None else None


class Amounts:
    """Turns what was passed as a limit into a `Limit`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def of_values(self, values: Values, spec: TimeLimit, key: CallKey, written: str) -> Outcome:
        """The limit that an argument means; `written` is the argument as the message should show it."""
        outcomes = [self._of_value(value, spec, key, written) for value in values]
        return combined(outcomes)

    def _of_value(self, value: Value, spec: TimeLimit, key: CallKey, written: str) -> Outcome:
        if isinstance(value, Literal):
            return self._of_literal(value, spec, key, written)
        if isinstance(value, Given):
            if value.not_none:
                return _bounded(None, self._at(key), written)
            return Depends(value.function, value.name, null_is_default=spec.null_is_default)
        if isinstance(value, Written):
            return self._of_written(value, spec, key, written)
        if isinstance(value, Instance):
            described = self._evaluator.program.catalog.limits.get(value.type)
            if described is not None and value.made is not None:
                return self.of_object(described, value.made)
            if described is not None:
                return _bounded(None, self._at(key), written)
        return Limit("unknown", "unseen", "what is passed cannot be known here")

    def _of_literal(self, value: Literal, spec: TimeLimit, key: CallKey, written: str) -> Outcome:
        number = value.value
        at = self._at(key)
        if number is None and spec.null_is_default:
            return Limit("bounded", "default", f"`{written}` leaves the limit of the library")
        off = any(number is given or (number == given and type(number) is type(given)) for given in spec.off)
        if isinstance(number, float) and (math.isinf(number) or math.isnan(number)):
            off = True
        if isinstance(number, bool):
            number = None if off else number
        if off or number is None:
            if value.setting:
                return Limit("unknown", "unseen", "a setting may give it", set_at=at)
            return Limit("unbounded", "argument", f"`{written}` switches its limit off", set_at=at, on_purpose=True)
        if isinstance(number, str):
            seconds = duration(number)
            return _bounded(seconds, at, written)
        seconds = float(number) * _UNITS[spec.unit]
        if seconds >= _FOR_EVER and seconds > 0:
            return Limit("unbounded", "argument", f"`{written}` is as good as none", set_at=at, on_purpose=True)
        return _bounded(seconds, at, written)

    def _of_written(self, value: Written, spec: TimeLimit, key: CallKey, written: str) -> Outcome:
        if not isinstance(value.expr, Sequence):
            return _bounded(None, self._at(key), written)
        file = self._evaluator.program.file(value.path)
        if file is None or len(value.expr.items) < 2:
            return _bounded(None, self._at(key), written)
        parts = spec.parts or ("connect", "read")
        read = parts.index("read") if "read" in parts else len(parts) - 1
        if read >= len(value.expr.items):
            return _bounded(None, self._at(key), written)
        plain = TimeLimit(off=(None,), unit=spec.unit)
        outcome = self.of_values(self._evaluator.values(file, value.block, value.expr.items[read]), plain, key, written)
        first = value.expr.items[0]
        if isinstance(outcome, Limit) and outcome.state == "unbounded" and first != Const(None):
            return Limit(
                "unbounded",
                "argument",
                f"`{written}` bounds the connection, not the answer",
                set_at=self._at(key),
                on_purpose=True,
                connect_only=True,
            )
        return outcome

    def of_object(self, described: LimitObject, made: CallKey) -> Outcome:
        """The limit that the making of a limit object describes."""
        file = self._evaluator.program.file(made[0])
        if file is None:
            return Limit("unknown", "unseen", "it is made where nobody can look")
        call = file.calls[made[1]]
        spec = TimeLimit(unit="s", off=described.off)
        scale = _UNITS[described.unit]
        whole = described.whole
        expr = expression_at(call, whole.argument, whole.position) if whole is not None else None
        reads = [expression_at(call, name, None) for name in described.read]
        connects = [expression_at(call, name, None) for name in described.connect]
        at = self._at(made)
        shown = f"{call_name(call.callee)}(…)"
        for given in (*reads, expr):
            if given is not None:
                outcome = self.of_values(self._evaluator.argument(file, made[1], given), spec, made, shown)
                if not (isinstance(outcome, Limit) and outcome.state == "unbounded"):
                    return _scaled(outcome, scale)
                if described.parts_override and expr is not None and given is not expr and expr != Const(None):
                    return Limit(
                        "unbounded",
                        "argument",
                        f"`{shown}` bounds the connection, not the answer",
                        set_at=at,
                        connect_only=True,
                    )
        if has_spread(call):
            return Limit("unknown", "unseen", "its parts come from a spread mapping")
        if any(one is not None and one != Const(None) for one in connects):
            return Limit(
                "unbounded",
                "argument",
                f"`{shown}` bounds the connection, not the answer",
                set_at=at,
                connect_only=True,
            )
        if expr is not None or any(given is not None for given in reads):
            return Limit("unbounded", "argument", f"`{shown}` switches its limit off", set_at=at, on_purpose=True)
        seconds = duration(described.default)
        if seconds is None:
            return Limit("unbounded", "argument", f"`{shown}` sets no limit", set_at=at)
        return Limit("bounded", "default", f"`{shown}` has {seconds:g} s by default", seconds, at)

    def _at(self, key: CallKey) -> Place:
        file = self._evaluator.program.file(key[0])
        return file.place(file.calls[key[1]].span) if file is not None else Place(key[0], Span(1, 1, 1, 1))


def _bounded(seconds: float | None, at: Place, written: str) -> Limit:
    amount = f"{seconds:g} s" if seconds is not None else written
    return Limit("bounded", "argument", f"bounded by {amount}", seconds, at)


def _scaled(outcome: Outcome, scale: float) -> Outcome:
    if isinstance(outcome, Limit) and outcome.seconds is not None and scale != 1.0:
        return msgspec.structs.replace(outcome, seconds=outcome.seconds * scale)
    return outcome


def combined(outcomes: list[Outcome]) -> Outcome:
    """One answer for several possibilities: only when all agree is anything claimed."""
    limits = [outcome for outcome in outcomes if isinstance(outcome, Limit)]
    depends = [outcome for outcome in outcomes if isinstance(outcome, Depends)]
    if depends:
        return depends[0] if all(one.state != "unknown" for one in limits) else limits[0]
    states = {one.state for one in limits}
    if states == {"bounded"}:
        return max(limits, key=lambda one: one.seconds or 0.0)
    if states == {"unbounded"}:
        return limits[0]
    return Limit("unknown", "unseen", "it depends on what happens at run time")


def call_name(expr: Expr) -> str:
    """The dotted callee of a call as written."""
    name = getattr(expr, "id", None)
    if name is not None:
        return str(name)
    inner = getattr(expr, "of", None)
    return f"{call_name(inner)}.{getattr(expr, 'name', '')}" if inner is not None else "…"


def mend_of(spec: TimeLimit | None) -> str:
    """The argument that would bound the call, as a reader would write it."""
    if spec is None or spec.argument is None:
        return "`timeout=`"
    if not LIMITING.search(spec.argument):
        return f"a limit in `{spec.argument}=`"
    pair = "(3.05, 10)" if spec.parts == ("connect", "read") else "5000" if spec.unit == "ms" else "5"
    return f"`{spec.argument}={pair}`"
