"""Places that weaken TLS: no check of the peer's certificate, or a broken version of the protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from ...nouns.facts import Attribute, Binary, Binding, CallRef, Choice, Const, Expr, Text, Unary
from ...nouns.libraries import Insecure, Verification
from ...nouns.project import Weakening
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at, has_spread
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.values import External, Literal, Value, Values
from ..sites import Sites
from .spread_options import option_in_spread
from .unsaid import Unsaid

_ABOUT = re.compile(r"verif|valid|ssl|tls|cert|secur|https|debug|local|self_signed")
"""Words of a condition that say: somebody chose this."""
_SENT = frozenset({"headers", "auth", "cookies", "cert", "json", "data", "params"})
"""Arguments that carry something of ours to the peer."""
_AUTHORITIES = ("cafile", "capath", "cadata")
_UNSEEN = " is off unless a caller asks for it"


class Weaknesses:
    """Finds weakenings of peer verification in calls, clients and assignments."""

    def __init__(self, graph: Graph, sites: Sites) -> None:
        self._graph = graph
        self._sites = sites
        self._unsaid = Unsaid(graph)

    def find(self) -> Iterator[Weakening]:
        """Every weakening, in file order."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            seen: set[int] = set()
            for index in self._graph.library_calls_of(file.path):
                for one in self._graph.of(path, index):
                    for weakening in self._in_call(file, index, one):
                        seen.add(index)
                        yield weakening
            yield from self._by_argument(file, seen)
            yield from self._without_echo(list(self._in_assignments(file)))

    def _in_call(self, file: FileIndex, index: int, one: Resolved) -> Iterator[Weakening]:
        catalog = self._graph.program.catalog
        made = catalog.makers.get(one.path) if one.path else None
        client = catalog.clients.get(made) if made is not None else None
        for verify in (one.operation.verify if one.operation is not None else None, client.verify if client else None):
            if verify is not None:
                yield from self._argument(file, index, verify)
        for weak in (catalog.insecure.get(one.path) if one.path else None) or ():
            if weak.assigned:
                continue
            if weak.argument is None and weak.position is None:
                if _is_checked_later(file, index):
                    continue
                yield replace(self._weakening(file, index, "its context checks nobody", True), about=weak.about)
            else:
                yield from self._named(file, index, weak)

    def _by_argument(self, file: FileIndex, seen: set[int]) -> Iterator[Weakening]:
        """Calls of anything with an argument that means the same everywhere: ``verify_ssl=False``."""
        for weak in self._graph.program.catalog.insecure.get("*") or ():
            if weak.argument not in file.keywords:
                continue
            for index, call in enumerate(file.facts.calls):
                named = index not in seen and any(argument.name == weak.argument for argument in call.arguments)
                if named and not self._is_ours(file, index):
                    yield from self._named(file, index, weak)

    def _is_ours(self, file: FileIndex, index: int) -> bool:
        """Whether the callee is a function or class of the program: what it does with the argument is judged there."""
        return any(
            type(value).__name__ in ("FunctionValue", "ClassValue")
            for value in self._graph.evaluator.callee(file, index)
        )

    def _argument(self, file: FileIndex, index: int, verify: Verification) -> Iterator[Weakening]:
        expr = expression_at(file.calls[index], verify.argument, verify.position)
        if expr is None:
            yield from self._in_options(file, index, verify)
            return
        found = self._unsaid.settled(self._graph.evaluator.argument(file, index, expr))
        off = all(_is_off(value, verify.off, ()) for value in found.values)
        if found.values and off and not self._is_plain(file, index):
            what = f"`{verify.argument}={shown(file, expr)}`{_UNSEEN if not found.seen else ''}"
            yield replace(
                self._weakening(file, index, what, _certain(found.values)),
                argument=(verify.argument or "") if False in verify.off and not found.left else "",
                by_default=not found.seen,
                asks_only=self._asks_only(file, index),
            )

    def _in_options(self, file: FileIndex, index: int, verify: Verification) -> Iterator[Weakening]:
        """``options["verify"] = False`` before ``get(url, **options)``, or the same written in the mapping."""
        said = option_in_spread(self._graph.evaluator, file, index, verify.argument or "")
        if said is None or self._is_plain(file, index):
            return
        values = self._graph.evaluator.values(said.file, said.block, said.expr)
        if values and all(_is_off(value, verify.off, ()) for value in values):
            what = f"`{verify.argument}={shown(said.file, said.expr)}`"
            yield replace(self._weakening(file, index, what, _certain(values)), asks_only=self._asks_only(file, index))

    @staticmethod
    def _asks_only(file: FileIndex, index: int) -> bool:
        """Whether a call only asks whether somebody answers: it sends nothing of ours, and nobody reads the answer."""
        call = file.calls[index]
        verb = leaf_of(call.callee)
        return call.discarded and verb in ("get", "head") and not _SENT & {one.name for one in call.arguments}

    @staticmethod
    def _is_plain(file: FileIndex, index: int) -> bool:
        """Whether the address is plain HTTP: there is no certificate to check."""
        for argument in file.calls[index].arguments:
            first = (
                argument.value.parts[0] if isinstance(argument.value, Text) and argument.value.parts else argument.value
            )
            if (
                isinstance(first, Const)
                and isinstance(first.value, str)
                and first.value.startswith(("http://", "ws://"))
            ):
                return True
        return False

    def _named(self, file: FileIndex, index: int, weak: Insecure) -> Iterator[Weakening]:
        expr = expression_at(file.calls[index], weak.argument, weak.position)
        if expr is None:
            if weak.left_out and not has_spread(file.calls[index]):
                what = f"without `{weak.argument}` the library checks nobody"
                yield replace(self._weakening(file, index, what, True), certain=True, about=weak.about, by_default=True)
            return
        found = self._unsaid.settled(self._graph.evaluator.argument(file, index, expr))
        if found.values and all(_is_off(value, weak.off, weak.off_names) for value in found.values):
            what = f"`{weak.argument or ''}={shown(file, expr)}`{_UNSEEN if not found.seen else ''}"
            yield replace(
                self._weakening(file, index, what, _certain(found.values)),
                argument=(weak.argument or "") if False in weak.off and not found.left else "",
                about=weak.about,
                by_default=not found.seen,
            )

    def _weakening(self, file: FileIndex, index: int, what: str, certain: bool) -> Weakening:
        call = file.calls[index]
        function = file.facts.blocks[call.block].function
        return Weakening(
            file.place(call.span),
            self._sites.function((file.path, function)),
            shown(file, call.callee),
            what,
            certain and not self._asked_for(file, call.block) and not self._is_left_before(file, index, function),
        )

    def _asked_for(self, file: FileIndex, block: int) -> bool:
        """Whether a condition stands around it: then a setting, not the code, decides."""
        return any(
            file.facts.blocks[number].kind in ("branch", "otherwise") and self._speaks_of_it(file, number)
            for number in file.chain(block)
        )

    def _is_left_before(self, file: FileIndex, index: int, function: int) -> bool:
        """Whether the function was left before where a setting asks for verification."""
        return any(
            jump.kind == "return" and jump.span < file.calls[index].span and self._asked_for(file, jump.block)
            for jump in file.jumps_in.get(function, ())
        )

    @staticmethod
    def _speaks_of_it(file: FileIndex, block: int) -> bool:
        """Whether a condition is about verification; an else branch is about what its if asks."""
        here = file.facts.blocks[block]
        test = here.subject if here.kind == "branch" else file.facts.blocks[max(here.partner, 0)].subject
        return any(_ABOUT.search(text.lower()) is not None for text in _asked(file, test))

    @staticmethod
    def _without_echo(found: list[Weakening]) -> Iterator[Weakening]:
        """``check_hostname = False`` must stand before ``verify_mode = CERT_NONE``; one claim is enough for both."""
        wholly = {one.function for one in found if "check_hostname" not in one.what}
        return (one for one in found if "check_hostname" not in one.what or one.function not in wholly)

    def _in_assignments(self, file: FileIndex) -> Iterator[Weakening]:
        names = self._graph.program.catalog.weak_attributes
        for binding in file.facts.bindings:
            target = binding.target
            if not isinstance(target, Attribute) or binding.value is None or target.name not in names:
                continue
            if any(file.facts.blocks[one].subject == binding.value for one in file.chain(binding.block)):
                continue  # it is set only if there is something in it: the path of an authority
            for owner in self._graph.evaluator.values(
                file, binding.block, target, binding.span.line, binding.span.column
            ):
                known = self._graph.program.catalog.insecure.get(owner.path) if isinstance(owner, External) else None
                weak = next((one for one in known or () if one.assigned), None)
                if weak is None or self._trusts_its_own(file, binding, target):
                    continue
                values = self._graph.evaluator.values(
                    file, binding.block, binding.value, binding.span.line, binding.span.column
                )
                if values and all(_is_off(value, weak.off, weak.off_names) for value in values):
                    function = file.facts.blocks[binding.block].function
                    yield Weakening(
                        file.place(binding.span),
                        self._sites.function((file.path, function)),
                        shown(file, target.of),
                        f"`{shown(file, target)} = {shown(file, binding.value)}`",
                        _certain(values) and not self._asked_for(file, binding.block),
                        about=weak.about,
                    )

    @staticmethod
    def _trusts_its_own(file: FileIndex, binding: Binding, target: Attribute) -> bool:
        """Whether only the name of the peer goes unchecked, and every certificate must be of an authority of ours."""
        if target.name != "check_hostname":
            return False
        here = file.bindings_in.get(file.facts.blocks[binding.block].function, ())
        return any(
            (one.target == Attribute(target.of, "verify_mode") and shown(file, one.value).endswith("CERT_REQUIRED"))
            or (one.target == target.of and isinstance(one.value, CallRef) and _is_given_one(file, one.value))
            for one in here
        )


def _asked(file: FileIndex, test: Expr | None) -> Iterator[str]:
    """What a condition asks, each side of it alone, however many there are."""
    if isinstance(test, Binary):
        yield from (text for side in (test.left, test.right) for text in _asked(file, side))
    elif isinstance(test, Choice):
        yield from (text for option in test.options for text in _asked(file, option))
    else:
        yield shown(file, test.of if isinstance(test, Unary) else test)


def _is_checked_later(file: FileIndex, index: int) -> bool:
    """Whether a context that is made to check nobody is told to check everybody before it is used."""
    here = file.bindings_in.get(file.facts.blocks[file.calls[index].block].function, ())
    names = [one.target for one in here if one.value == CallRef(index)]
    return any(
        isinstance(one.target, Attribute)
        and one.target.of in names
        and one.target.name == "verify_mode"
        and shown(file, one.value).endswith("CERT_REQUIRED")
        for one in here
    )


def _is_given_one(file: FileIndex, made: CallRef) -> bool:
    """Whether a context is made with an authority of its own, not with that of a call: the public ones are many."""
    arguments = file.calls[made.index].arguments
    return any(one.name in _AUTHORITIES and not isinstance(one.value, CallRef) for one in arguments)


def _is_off(value: Value, off: tuple[object, ...], names: tuple[str, ...]) -> bool:
    if isinstance(value, Literal) and not value.setting:
        if value.value is None and "none" in off:
            return True  # TOML has no null; in the catalog "none" stands for it too
        return any(value.value == one and type(value.value) is type(one) for one in off)
    return isinstance(value, External) and value.path in names


def _certain(values: Values) -> bool:
    return len(values) == 1
