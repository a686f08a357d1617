"""The effective time limit of a remote call, wherever it was set."""

from __future__ import annotations

import msgspec

from ..facts import Const, Expr, Mapping, Name
from ..project import Limit
from ..libraries import Effect, TimeLimit
from .amounts import Amounts, Depends, Outcome, call_name, combined, duration
from .arguments import expression_at, has_spread, passed_for_parameter
from .contexts import Contexts, shown
from .graph import Graph, Resolved
from .index import FileIndex
from .receivers import Receivers
from .values import CallKey, FunctionKey, Given, Instance, Literal, Written
from .versions import Versions

_CALLERS_DEEP = 5
UNSEEN = Limit("unknown", "unseen", "what bounds it cannot be known here")


class Limits:
    """Answers, for one call, what bounds it; the order is: around it, own argument, client, default."""

    def __init__(self, graph: Graph, contexts: Contexts, versions: Versions) -> None:
        self._graph = graph
        self._contexts = contexts
        self._versions = versions
        self._evaluator = graph.evaluator
        self.amounts = Amounts(graph.evaluator)
        self.receivers = Receivers(graph, self)
        self.process_wide: dict[str, Limit] = {}
        self._enclosed: dict[FunctionKey, Limit | None] = {}

    def of(self, key: CallKey, one: Resolved) -> Outcome:
        """The limit of operation `one` at call `key`, or the parameter that decides it."""
        operation = one.operation
        file = self._graph.program.opened[key[0]]
        if operation is None:
            return UNSEEN
        around = self.enclosing(file, key[1], asynchronous=Effect.BLOCKING not in operation.effects)
        if around is not None:
            return around
        spec = operation.timeout
        if spec is not None:
            own = self.own(file, key[1], spec, one)
            if isinstance(own, Depends) and own.options:
                otherwise = self.receivers.limit(one.receiver, one.path) or self.default(spec, one.path, key)
                return otherwise if isinstance(otherwise, Limit) and otherwise.state == "bounded" else own
            if own is not None:
                return own
        if operation.client_limit == "none" and spec is None:
            return Limit("bounded", "not-due", "it does not wait for a peer")
        of_client = self.receivers.limit(one.receiver, one.path)
        if of_client is not None:
            return of_client
        if spec is None:
            return UNSEEN
        return self._said_at_client(one, self.default(spec, one.path, key))

    def _said_at_client(self, one: Resolved, limit: Limit) -> Limit:
        """A missing limit that belongs on the client is said where the client is made."""
        if isinstance(one.receiver, Instance) and limit.state == "unbounded":
            client = self._graph.program.catalog.clients.get(one.receiver.type)
            if client is not None and client.report == "client":
                return msgspec.structs.replace(limit, how="client")
        return limit

    def own(self, file: FileIndex, index: int, spec: TimeLimit, one: Resolved) -> Outcome | None:
        """What the call's own arguments say; None when they say nothing."""
        found = self.passed(file, index, spec, one)
        if found is None and one.partial is not None:
            bound = self._graph.program.file(one.partial[0])
            if bound is not None:
                named = TimeLimit(**{**_fields(spec), "position": None})
                found = self.passed(bound, one.partial[1], named)
        if found is None and spec.whole_process in self.process_wide:
            return self.process_wide[spec.whole_process or ""]
        return found

    @staticmethod
    def _bounding(texts: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(name.strip(), value.strip().lower()) for name, _, value in (text.partition("=") for text in texts)]

    def _is_passed(self, file: FileIndex, index: int, name: str, value: str) -> bool:
        """Whether an argument has a value that ends the wait; a flag may also stand first without its name."""
        call = file.calls[index]
        expr = expression_at(call, name, 0 if value in ("false", "true") else None)
        if expr is None:
            return False
        if not value:
            return True
        found = self._evaluator.argument(file, index, expr)
        return any(isinstance(one, Literal) and str(one.value).lower() == value for one in found)

    def passed(self, file: FileIndex, index: int, spec: TimeLimit, one: Resolved | None = None) -> Outcome | None:
        """The limit written in the arguments of one call; None when no argument speaks of it."""
        call = file.calls[index]
        key = (file.path, index)
        for text in self._bounding(one.operation.bounded_by if one is not None and one.operation is not None else ()):
            if self._is_passed(file, index, *text):
                return Limit("bounded", "argument", f"bounded by `{text[0]}`", set_at=file.place(call.span))
        names = [name for name in (spec.argument, *spec.also) if name is not None]
        for name in names:
            expr = expression_at(call, name, spec.position if name == spec.argument else None)
            if expr is not None:
                written = f"{name}={shown(file, expr)}"
                outcome = self.amounts.of_values(self._evaluator.argument(file, index, expr), spec, key, written)
                if name == spec.argument or (isinstance(outcome, Limit) and outcome.state != "unbounded"):
                    return outcome
        if spec.argument is None and spec.position is not None:
            expr = expression_at(call, None, spec.position)
            if expr is not None:
                return self.amounts.of_values(self._evaluator.argument(file, index, expr), spec, key, shown(file, expr))
        if spec.path:
            inside = self._in_mappings(file, index, spec)
            if inside is not None:
                return inside
        spread = self._spread(file, index, spec, names)
        if spread is not None:
            return spread
        in_text = self._in_text(file, index, spec)
        if in_text is not None:
            return in_text
        connect = expression_at(call, spec.connect, None) if spec.connect is not None else None
        package = self._graph.program.catalog.package_of(one.path) if one is not None else None
        default = self._versions.default(spec.default, package or "", file.path)[0]
        if connect is not None and connect != Const(None) and duration(default) is None:
            return Limit(
                "unbounded", "argument", f"`{spec.connect}` bounds the connection, not the answer",
                set_at=file.place(call.span), connect_only=True,
            )
        return None

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
                outcomes.append(Depends(value.function, names[0] if names else "", options=True))
            else:
                return UNSEEN
        said = [outcome for outcome in outcomes if outcome is not None]
        return combined(said) if said and len(said) == len(outcomes) else (UNSEEN if said else None)

    def _in_mapping(self, value: Written, spec: TimeLimit, key: CallKey, names: list[str]) -> Outcome | None:
        assert isinstance(value.expr, Mapping)  # asked only for mappings
        inner = self._graph.program.file(value.path)
        if inner is None:
            return UNSEEN
        hidden: Outcome | None = None
        for name, item in value.expr.items:
            if isinstance(name, Const) and name.value in names:
                values = self._evaluator.values(inner, value.block, item)
                return self.amounts.of_values(values, spec, key, f"{name.value}={shown(inner, item)}")
            if name is None:
                for spread in self._evaluator.values(inner, value.block, item):
                    if isinstance(spread, Written) and isinstance(spread.expr, Mapping):
                        hidden = self._in_mapping(spread, spec, key, names) or hidden
                    elif isinstance(spread, Given) and self._is_options(spread):
                        hidden = Depends(spread.function, names[0] if names else "", options=True)
                    else:
                        hidden = UNSEEN
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
                values = self._evaluator.values(file, binding.block, binding.value, binding.span.line, binding.span.column)
                return self.amounts.of_values(values, spec, key, f"{item_key.value}={shown(file, binding.value)}")
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
                        return self.amounts.of_values(values, spec, key, f"{wanted}={shown(file, expr)}")
                if call_name(call.callee).endswith(".update"):
                    return UNSEEN
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
        at = spec.text_argument
        if at is None:
            return None
        expr = expression_at(file.calls[index], at.argument, at.position)
        if expr is None:
            return None
        for value in self._evaluator.argument(file, index, expr):
            text = value.value if isinstance(value, Literal) and not value.setting else None
            if not isinstance(text, str):
                return UNSEEN
            if any(option in text for option in spec.text_keys):
                return Limit("bounded", "argument", "bounded by an option of its address")
        return None

    def default(self, spec: TimeLimit, path: str, key: CallKey) -> Limit:
        """What the library does when nobody says anything, judged by the version in use."""
        package = self._graph.program.catalog.package_of(path)
        text, certain = self._versions.default(spec.default, package or "", key[0])
        seconds = duration(text)
        library = path.partition(".")[0]
        if seconds is None:
            return Limit("unbounded", "default", f"{library} sets no limit of its own", certain=certain)
        return Limit("bounded", "default", f"{library} gives up after {seconds:g} s by default", seconds, certain=certain)

    def enclosing(self, file: FileIndex, index: int, *, asynchronous: bool) -> Limit | None:
        """A limit around the call: a with-block, a wrapper it is an argument of, or around every caller."""
        call = file.calls[index]
        for region in self._contexts.of(file, call.block).regions:
            if region.kind == "limit" and asynchronous:
                return Limit("bounded", "enclosing", f"bounded by `{region.name}` around it", set_at=region.place)
        for outer, one in self._graph.kinds_around(file, index):
            if one.policy is not None and one.policy.kind == "limit" and asynchronous:
                at = one.policy.seconds
                given = expression_at(file.calls[outer], at.argument, at.position) if at is not None else None
                if given is not None and given != Const(None):
                    name = call_name(file.calls[outer].callee)
                    return Limit("bounded", "enclosing", f"bounded by `{name}` around it", set_at=file.place(file.calls[outer].span))
        if not asynchronous:
            return None
        return self._around_callers((file.path, file.facts.blocks[call.block].function), 0)

    def _around_callers(self, function: FunctionKey, depth: int) -> Limit | None:
        if function in self._enclosed:
            return self._enclosed[function]
        self._enclosed[function] = None
        callers = self._graph.callers.get(function, ())
        if not callers or depth >= _CALLERS_DEEP or self._graph.passed_around(function):
            return None
        found: Limit | None = None
        for path, index in callers:
            file = self._graph.program.opened.get(path)
            found = self.enclosing(file, index, asynchronous=True) if file is not None else None
            if found is None:
                return None
        self._enclosed[function] = found
        return found

    def at_caller(self, depends: Depends, key: CallKey) -> Outcome:
        """What one caller of a wrapper makes of the limit that the wrapper takes from it."""
        file = self._graph.program.opened[key[0]]
        target = self._graph.program.file(depends.function[0])
        if target is None:
            return UNSEEN
        function = target.function(depends.function[1])
        call = file.calls[key[1]]
        spec = TimeLimit(argument=depends.name, parts=("connect", "read"))
        if depends.options:
            found = self.passed(file, key[1], spec)
            return found if found is not None else Limit("unbounded", "caller", f"`{function.qualified}` is given no limit")
        expr = passed_for_parameter(call, function, depends.name)
        if expr is not None:
            values = self._evaluator.argument(file, key[1], expr)
            return self.amounts.of_values(values, spec, key, f"{depends.name}={shown(file, expr)}")
        if has_spread(call):
            found = self.passed(file, key[1], spec)
            return found if found is not None else UNSEEN
        return self.parameter_default(depends)

    def parameter_default(self, depends: Depends) -> Outcome:
        """What the wrapper itself does when a caller passes nothing."""
        target = self._graph.program.file(depends.function[0])
        if target is None:
            return UNSEEN
        function = target.function(depends.function[1])
        position = target.parameters.get((depends.function[1], depends.name))
        default = function.parameters[position].default if position is not None else None
        if default is None:
            return UNSEEN
        if default == Const(None):
            return Limit(
                "unbounded", "caller", f"`{depends.name}` of `{function.qualified}` is None unless passed",
                set_at=target.place(function.span),
            )
        values = self._evaluator.values(target, function.parent_block, default, function.span.line, 0)
        outcome = self.amounts.of_values(values, TimeLimit(argument=depends.name), (target.path, 0), depends.name)
        if isinstance(outcome, Limit) and outcome.state == "bounded":
            text = f"bounded by the default of `{depends.name}` in `{function.qualified}`"
            return Limit("bounded", "wrapper", text, outcome.seconds, target.place(function.span))
        return outcome if isinstance(outcome, Limit) else UNSEEN


def _fields(spec: TimeLimit) -> dict[str, object]:
    return {name: getattr(spec, name) for name in spec.__struct_fields__}


