"""What the arguments of one call say of its limit: by name, in a spread mapping, in an address, through options."""

from __future__ import annotations

from msgspec.structs import replace

from ...nouns.facts import Const, Expr, Mapping, Name
from ...nouns.libraries import TimeLimit
from ...nouns.project import Limit
from ...nouns.source import Place
from ..calls.ending import ended_by
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import CallKey, Given, Literal, Written
from ..knowledge.versions import Versions
from .amounts import UNSEEN, Amounts, Depends, Outcome, call_name, combined, duration

_UNNAMED: tuple[str | None, ...] = (None,)


class Passing:
    """Reads limits out of arguments."""

    def __init__(self, graph: Graph, amounts: Amounts, versions: Versions) -> None:
        self._graph = graph
        self._amounts = amounts
        self._versions = versions
        self._evaluator = graph.evaluator

    def of(self, file: FileIndex, index: int, spec: TimeLimit, one: Resolved | None = None) -> Outcome | None:
        """The limit written in the arguments of one call; None when no argument speaks of it."""
        call = file.calls[index]
        ended = ended_by(self._evaluator, file, index, one.operation if one is not None else None)
        if ended:
            return Limit("bounded", "argument", f"bounded by `{ended}`", set_at=file.place(call.span))
        names = [name for name in (spec.argument, *spec.also) if name is not None]
        return (
            self._written(file, index, spec, names)
            or (self._in_mappings(file, index, spec) if spec.path else None)
            or self._spread(file, index, spec, names)
            or self._in_text(file, index, spec)
            or self._connect_only(file, index, spec, one)
        )

    def options_at(self, file: FileIndex, index: int) -> Place | None:
        """Where the one mapping that is spread into a call is written, when that is a statement of its own."""
        spread = [argument.value for argument in file.calls[index].arguments if argument.spread == "**"]
        values = self._evaluator.argument(file, index, spread[0]) if len(spread) == 1 else ()
        written = values[0] if len(values) == 1 else None
        home = self._graph.program.file(written.path) if isinstance(written, Written) else None
        if home is None or not isinstance(written, Written) or not isinstance(written.expr, Mapping):
            return None
        found = (binding.span for binding in home.facts.bindings if binding.value is written.expr)
        return next((home.place(span) for span in found), None)

    def _written(self, file: FileIndex, index: int, spec: TimeLimit, names: list[str]) -> Outcome | None:
        """An argument of its own, by name or position; one that bounds too counts only when it does bound."""
        for name in names or _UNNAMED:
            main = name == spec.argument
            expr = expression_at(file.calls[index], name, spec.position if main else None)
            if expr is None:
                continue
            written = f"{name}={shown(file, expr)}" if name is not None else shown(file, expr)
            values = self._evaluator.argument(file, index, expr)
            outcome = self._amounts.of_values(values, spec, (file.path, index), written)
            if main or (isinstance(outcome, Limit) and outcome.state != "unbounded"):
                return outcome
        return None

    def _connect_only(self, file: FileIndex, index: int, spec: TimeLimit, one: Resolved | None) -> Limit | None:
        """Only the opening is bounded, and the library bounds no answer by itself."""
        call = file.calls[index]
        connect = expression_at(call, spec.connect, None) if spec.connect is not None else None
        package = self._graph.program.catalog.package_of(one.path) if one is not None else None
        default = self._versions.default(spec.default, package or "", file.path)[0]
        if connect is None or connect == Const(None) or duration(default) is not None:
            return None
        because = f"`{spec.connect}` bounds the connection, not the answer"
        return Limit("unbounded", "argument", because, set_at=file.place(call.span), connect_only=True)

    def _spread(self, file: FileIndex, index: int, spec: TimeLimit, names: list[str]) -> Outcome | None:
        call = file.calls[index]
        for argument in call.arguments:
            if argument.spread == "**":
                outcome = self._in_options(file, index, argument.value, spec, names)
                if outcome is not None:
                    return outcome
            elif argument.spread == "*" and spec.position is not None and not names:
                return UNSEEN
        return None

    def _in_options(self, file: FileIndex, index: int, expr: Expr, spec: TimeLimit, names: list[str]) -> Outcome | None:
        """What a ``**mapping`` argument says of the limit: written items, later additions, the callers' options."""
        call = file.calls[index]
        key = (file.path, index)
        if isinstance(expr, Name):
            added = self._added(file, call.block, expr.id, spec, key, names)
            if added is not None:
                return added
        outcomes: list[Outcome | None] = []
        for value in self._evaluator.argument(file, index, expr):
            if isinstance(value, Written) and isinstance(value.expr, Mapping):
                outcomes.append(self._in_mapping(value, spec, key, names))
            elif isinstance(value, Given) and self._is_options(value):
                outcomes.append(_options_of(value, spec, names))
            else:
                return UNSEEN
        said = [outcome for outcome in outcomes if outcome is not None]
        return combined(said) if said and len(said) == len(outcomes) else (UNSEEN if said else None)

    def _in_mapping(
        self, value: Written, spec: TimeLimit, key: CallKey, names: list[str], within: tuple[Written, ...] = ()
    ) -> Outcome | None:
        inner = self._graph.program.file(value.path)
        if inner is None or not isinstance(value.expr, Mapping) or value in within:
            return UNSEEN
        hidden: Outcome | None = None
        for name, item in value.expr.items:
            if isinstance(name, Const) and name.value in names:
                values = self._evaluator.values(inner, value.block, item)
                return self._amounts.of_values(values, spec, key, f"{name.value}={shown(inner, item)}")
            if name is None:
                for spread in self._evaluator.values(inner, value.block, item):
                    if isinstance(spread, Written) and isinstance(spread.expr, Mapping):
                        hidden = _over(hidden, self._in_mapping(spread, spec, key, names, (*within, value)))
                    elif isinstance(spread, Given) and self._is_options(spread):
                        hidden = _over(hidden, _options_of(spread, spec, names))
                    else:
                        hidden = _over(hidden, UNSEEN)
            elif not isinstance(name, Const):
                hidden = hidden or UNSEEN
        return hidden

    def _added(
        self, file: FileIndex, block: int, name: str, spec: TimeLimit, key: CallKey, names: list[str]
    ) -> Outcome | None:
        """``options["timeout"] = …`` and ``options.setdefault("timeout", …)`` in the same function."""
        function = file.facts.blocks[block].function
        for number in file.items.get((function, name), ()):
            binding = file.facts.bindings[number]
            item_key = getattr(binding.target, "key", None)
            if isinstance(item_key, Const) and item_key.value in names and binding.value is not None:
                values = self._evaluator.values(
                    file, binding.block, binding.value, binding.span.line, binding.span.column
                )
                return self._amounts.of_values(values, spec, key, f"{item_key.value}={shown(file, binding.value)}")
        for index in file.calls_in.get(function, ()):
            call = file.calls[index]
            if shown(file, call.callee) in (f"{name}.setdefault", f"{name}.update"):
                for wanted in names:
                    expr = expression_at(call, wanted, None)
                    first = expression_at(call, None, 0)
                    if expr is None and first == Const(wanted):
                        expr = expression_at(call, None, 1)
                    if expr is not None:
                        values = self._evaluator.argument(file, index, expr)
                        return self._amounts.of_values(values, spec, key, f"{wanted}={shown(file, expr)}")
                said = (
                    self._in_update(file, index, spec, key, names)
                    if call_name(call.callee).endswith(".update")
                    else None
                )
                if said is not None:
                    return said
        return None

    def _in_update(
        self, file: FileIndex, index: int, spec: TimeLimit, key: CallKey, names: list[str]
    ) -> Outcome | None:
        """``options.update({"timeout": …})``: nothing is said where all that is added can be read, and no limit is."""
        for argument in file.calls[index].arguments:
            if argument.name is not None:
                continue
            for value in self._evaluator.argument(file, index, argument.value):
                said: Outcome | None = UNSEEN
                if isinstance(value, Written) and isinstance(value.expr, Mapping):
                    said = self._in_mapping(value, spec, key, names)
                if said is not None:
                    return said
        return None

    def _is_options(self, given: Given) -> bool:
        file = self._graph.program.file(given.function[0])
        if file is None:
            return False
        position = file.parameters.get((given.function[1], given.name))
        return position is not None and file.function(given.function[1]).parameters[position].kind == "options"

    def _in_mappings(self, file: FileIndex, index: int, spec: TimeLimit) -> Outcome | None:
        for argument in file.calls[index].arguments:
            for value in self._evaluator.argument(file, index, argument.value):
                if isinstance(value, Written) and isinstance(value.expr, Mapping):
                    return self._in_mapping(value, spec, (file.path, index), list(spec.path))
            return UNSEEN
        return None

    def _in_text(self, file: FileIndex, index: int, spec: TimeLimit) -> Limit | None:
        """A limit inside an address or DSN; when the text cannot be read, it may be there: nothing is claimed."""
        texts = self._texts(file, index, spec)
        if not spec.text_seldom and None in texts:
            return UNSEEN
        if any(option in text for text in texts if text is not None for option in spec.text_keys):
            return Limit("bounded", "argument", "bounded by an option of its address")
        return None

    def is_text_hidden(self, file: FileIndex, index: int, spec: TimeLimit) -> bool:
        """Whether a call has an address or DSN that nobody can read, so that a limit may be in it."""
        return None in self._texts(file, index, spec)

    def _texts(self, file: FileIndex, index: int, spec: TimeLimit) -> list[str | None]:
        """What the address of a call can be; None for what nobody can read."""
        at = spec.text_argument
        expr = expression_at(file.calls[index], at.argument, at.position) if at is not None else None
        values = self._evaluator.argument(file, index, expr) if expr is not None else ()
        texts = [value.value if isinstance(value, Literal) and not value.setting else None for value in values]
        return [text if isinstance(text, str) else None for text in texts]


def _over(before: Outcome | None, after: Outcome | None) -> Outcome | None:
    """What is said by one mapping spread over another: options that callers leave out leave what lies below them."""
    if after is UNSEEN and isinstance(before, Depends):
        return replace(before, endless=False)
    if isinstance(after, Depends) and before is not None:
        return replace(after, endless=False)
    return after or before


def _options_of(given: Given, spec: TimeLimit, names: list[str]) -> Depends:
    """The limit that a caller may pass among the options of a function."""
    name = names[0] if names else ""
    return Depends(given.function, name, True, spec.default == "none", spec.null_is_default)
