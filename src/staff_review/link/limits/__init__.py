"""The effective time limit of a remote call, wherever it was set."""

from __future__ import annotations

import msgspec

from ...nouns.facts import Const, Expr
from ...nouns.libraries import Effect, Operation, TimeLimit
from ...nouns.project import Limit
from ..calls.contexts import Contexts
from ..calls.ending import ended_before
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at, has_spread, passed_for_parameter
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import CallKey, FunctionKey, Instance
from ..knowledge.versions import Versions
from .amounts import UNSEEN, Amounts, Depends, Outcome, call_name, duration
from .finished import is_finished
from .handed import bounded_by_helper
from .passing import Passing
from .receivers import Receivers

_CALLERS_DEEP = 5


class Limits:
    """Answers, for one call, what bounds it; the order is: around it, own argument, client, default."""

    def __init__(self, graph: Graph, contexts: Contexts, versions: Versions) -> None:
        self._graph = graph
        self._contexts = contexts
        self._versions = versions
        self._evaluator = graph.evaluator
        self.amounts = Amounts(graph.evaluator)
        self.passing = Passing(graph, self.amounts, versions)
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
        if around is None:
            return self._inside(key, one, operation)
        inner = self._inside(key, one, operation)
        told = isinstance(inner, Limit) and inner.state == "bounded" and inner.how == "argument"
        return msgspec.structs.replace(around, inner=inner.seconds) if told and isinstance(inner, Limit) else around

    def _inside(self, key: CallKey, one: Resolved, operation: Operation) -> Outcome:
        """The limit of the call itself: its own argument, its client, the default."""
        file = self._graph.program.opened[key[0]]
        spec = operation.timeout
        if Effect.WAIT in operation.effects and is_finished(self._graph, file, key[1], one):
            return Limit("bounded", "not-due", "the block that began it has waited for it")
        if Effect.WAIT in operation.effects and ended_before(file, key[1]):
            return Limit("bounded", "not-due", "it waits for what ends by itself")
        if spec is not None:
            own = self.own(file, key[1], spec, one)
            if isinstance(own, Depends) and own.options:
                otherwise = self.receivers.limit(one.receiver, one.path) or self.default(spec, one.path, key)
                if not isinstance(otherwise, Limit) or otherwise.state == "unknown":
                    return UNSEEN
                return otherwise if otherwise.state == "bounded" else own
            if own is not None:
                return own
        if operation.client_limit == "none" and spec is None:
            return Limit("bounded", "not-due", "it does not wait for a peer")
        if operation.client_limit != "client" and spec is None:
            return UNSEEN
        of_client = self.receivers.limit(one.receiver, one.path)
        if of_client is not None and (spec is not None or not isinstance(of_client, Limit)):
            return of_client
        if isinstance(of_client, Limit):
            here = self.receivers.set_here(file, key[1], one.receiver) if of_client.state == "unbounded" else None
            by_default = of_client.by_default or of_client.how == "default"
            return here or msgspec.structs.replace(of_client, by_default=by_default)
        if spec is None:
            return UNSEEN
        return self.said_at_client(one, self.default(spec, one.path, key))

    def said_at_client(self, one: Resolved, limit: Limit) -> Limit:
        """A missing limit that belongs on the client is said where the client is made."""
        if isinstance(one.receiver, Instance) and one.receiver.made is None and limit.state == "unbounded":
            # Only its type is known: whoever made it may have given it a subclass or an adapter with a limit.
            limit = msgspec.structs.replace(limit, certain=False)
        if isinstance(one.receiver, Instance) and limit.state == "unbounded":
            client = self._graph.program.catalog.clients.get(one.receiver.type)
            if client is not None and client.report == "client":
                return msgspec.structs.replace(limit, how="client")
        return limit

    def own(self, file: FileIndex, index: int, spec: TimeLimit, one: Resolved) -> Outcome | None:
        """What the call's own arguments say; None when they say nothing."""
        found = self.passing.of(file, index, spec, one)
        if found is None and one.partial is not None:
            bound = self._graph.program.file(one.partial[0])
            if bound is not None:
                named = msgspec.structs.replace(spec, position=None)
                found = self.passing.of(bound, one.partial[1], named)
        runner = self._graph.runners.by.get((file.path, index))
        for inside in runner.inside if runner is not None else ():
            found = found or self._in_runner(file, index, msgspec.structs.replace(spec, position=None), inside)
        if found is None and spec.whole_process in self.process_wide:
            return self.process_wide[spec.whole_process or ""]
        return found

    def _in_runner(self, file: FileIndex, index: int, spec: TimeLimit, inside: CallKey) -> Outcome | None:
        """What a helper adds to a call that it makes for us; what we give it for that is said at the call already."""
        found = self.passing.of(self._graph.program.opened[inside[0]], inside[1], spec)
        if not isinstance(found, Depends):
            return found
        return None if found.options else self.at_caller(found, (file.path, file.forwarded[index]))

    def default(self, spec: TimeLimit, path: str, key: CallKey) -> Limit:
        """What the library does when nobody says anything, judged by the version in use."""
        package = self._graph.program.catalog.package_of(path)
        text, certain = self._versions.default(spec.default, package or "", key[0])
        seconds = duration(text)
        library = path.partition(".")[0]
        if seconds is None:
            file = self._graph.program.opened.get(key[0])
            certain = certain and (file is None or not self.passing.is_text_hidden(file, key[1], spec))
            return Limit("unbounded", "default", f"{library} sets no limit of its own", certain=certain)
        return Limit(
            "bounded", "default", f"{library} gives up after {seconds:g} s by default", seconds, certain=certain
        )

    def enclosing(self, file: FileIndex, index: int, *, asynchronous: bool) -> Limit | None:
        """A limit around the call: a with-block, a wrapper it is an argument of, or around every caller."""
        call = file.calls[index]
        for region in self._contexts.regions(file, call.block):
            if region.kind == "limit" and asynchronous:
                text = f"bounded by `{region.name}` around it"
                return Limit("bounded", "enclosing", text, region.seconds, set_at=region.place)
        for outer, one in self._graph.kinds_around(file, index):
            if one.policy is not None and one.policy.kind == "limit" and asynchronous:
                at = one.policy.seconds
                given = expression_at(file.calls[outer], at.argument, at.position) if at is not None else None
                if given is not None and given != Const(None):
                    name = call_name(file.calls[outer].callee)
                    return Limit(
                        "bounded",
                        "enclosing",
                        f"bounded by `{name}` around it",
                        self.seconds(file, outer, given),
                        set_at=file.place(file.calls[outer].span),
                    )
        if not asynchronous:
            return None
        helper = bounded_by_helper(self._graph, self._contexts, file, index)
        if helper is not None:
            name = self._graph.program.opened[helper[0]].function(helper[1]).qualified
            return Limit("bounded", "enclosing", f"bounded by `{name}`, which it is handed to")
        runner = self._graph.runners.by.get((file.path, index))
        for path, inner in runner.inside if runner is not None else ():
            inside = self.enclosing(self._graph.program.opened[path], inner, asynchronous=True)
            if inside is not None:
                return inside
        return self._around_callers((file.path, file.facts.blocks[call.block].function), 0)

    def seconds(self, file: FileIndex, index: int, given: Expr) -> float | None:
        """The seconds that an argument is, where that is a number."""
        outcome = self.amounts.of_values(
            self._evaluator.argument(file, index, given), TimeLimit(), (file.path, index), ""
        )
        return outcome.seconds if isinstance(outcome, Limit) and outcome.state == "bounded" else None

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
        default = "none" if depends.endless else "of the library"
        spec = TimeLimit(
            argument=depends.name, parts=("connect", "read"), default=default, null_is_default=depends.null_is_default
        )
        if depends.options:
            found = self.passing.of(file, key[1], spec)
            if found is None and depends.endless:
                return Limit("unbounded", "caller", f"`{function.qualified}` is given no limit")
            return found if found is not None else UNSEEN
        expr = passed_for_parameter(call, function, depends.name)
        if expr is not None:
            values = self._evaluator.argument(file, key[1], expr)
            return self.amounts.of_values(values, spec, key, f"{depends.name}={shown(file, expr)}")
        if has_spread(call):
            found = self.passing.of(file, key[1], spec)
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
        if default is None or (default == Const(None) and depends.null_is_default):
            return UNSEEN
        if default == Const(None):
            return Limit(
                "unbounded",
                "caller",
                f"`{depends.name}` of `{function.qualified}` is None unless passed",
                set_at=target.place(function.span),
            )
        values = self._evaluator.values(target, function.parent_block, default, function.span.line, 0)
        outcome = self.amounts.of_values(values, TimeLimit(argument=depends.name), (target.path, 0), depends.name)
        if isinstance(outcome, Limit) and outcome.state == "bounded":
            text = f"bounded by the default of `{depends.name}` in `{function.qualified}`"
            return Limit("bounded", "wrapper", text, outcome.seconds, target.place(function.span))
        return outcome if isinstance(outcome, Limit) else UNSEEN
