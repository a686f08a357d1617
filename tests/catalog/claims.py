"""What a file of the catalog claims of a library, compared with what the installed library says of itself."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Iterator

import installed
import msgspec
from amounts import SECONDS, in_use, number, seconds
from installed import MissingError

from staff_review.load.braces import all_expanded
from staff_review.nouns.libraries import (
    ArgumentAt,
    Client,
    Effect,
    Insecure,
    Library,
    LimitObject,
    Operation,
    Policy,
    TimeLimit,
    Until,
    Verification,
)

RUN_TIME = "made at run time"
"""What the `source` of an entry says when its names exist in no module, only on objects of a running program."""


def problems(library: Library) -> list[str]:
    """Every claim of a library that the installed one contradicts, in words; empty when all is well."""
    said: list[str] = []
    for key, target in library.alias.items():
        said += unknown((*all_expanded((key,)), target), assigned=True)
    for key, target in library.returns.items():
        whole = key.partition("[")[0]  # what follows is a part of what it gives, by its position
        said += unknown((*all_expanded((whole,)), target), assigned=True)
    for operation in library.operation:
        said += _operation(operation, library)
    for client in library.client:
        said += _client(client, library)
    for limit in library.limit:
        said += _limit(limit)
    for policy in library.policy:
        said += _policy(policy)
    for weakness in library.insecure:
        said += _insecure(weakness)
    for named in (*library.term, *library.entry, *library.config, *library.meaning, *library.error):
        names = all_expanded(named.names)
        at = getattr(named, "value", None) or getattr(named, "handler", None)
        said += [*unknown(names), *rejected(names, [at])]
    for twin in filter(installed.present, library.also):
        said += problems(_renamed(library, twin))
    return list(dict.fromkeys(said))


def _renamed(library: Library, root: str) -> Library:
    """The same claims of another root that is said to behave the same."""
    document = msgspec.json.encode(msgspec.structs.replace(library, library=root, package=None, also=()))
    return msgspec.json.decode(document.replace(f'"{library.library}.'.encode(), f'"{root}.'.encode()), type=Library)


def names_of(library: Library) -> Iterator[str]:
    """Every canonical path that a library's entries speak of, braces multiplied out."""
    for entry in (
        *library.operation,
        *library.limit,
        *library.policy,
        *library.term,
        *library.entry,
        *library.config,
        *library.insecure,
        *library.meaning,
        *library.error,
        *library.act,
    ):
        yield from all_expanded(entry.names)
    for client in library.client:
        yield from all_expanded((client.type, *client.made_by))
    for key, target in library.returns.items():
        yield from (*all_expanded((key,)), target)


def verifiable(names: Iterable[str]) -> Iterator[str]:
    """The names that stand for one thing of an installed library."""
    for name in names:
        if "*" not in name and installed.present(name.partition(".")[0]) and installed.of_this_python(name):
            yield name


def unknown(names: Iterable[str], source: str | None = None, assigned: bool = False) -> Iterator[str]:
    """The names that do not exist; an attribute that methods assign counts where `assigned` allows it."""
    if RUN_TIME in (source or ""):
        return
    for name in verifiable(name for name in names if not installed.of_another_version(name)):
        try:
            installed.found(name)
        except MissingError as missing:
            if not (assigned and _attribute(name)):
                yield f"{missing}; if it is {RUN_TIME}, say so in the `source` of its entry"


def _attribute(name: str) -> bool:
    owner, _, last = name.rpartition(".")
    try:
        return installed.sets(installed.found(owner)[0], last)
    except MissingError:
        return False


def parameters(name: str) -> list[inspect.Parameter] | None:
    try:
        return installed.parameters(name)
    except MissingError:
        return None


def rejected(names: Iterable[str], places: Iterable[ArgumentAt | None]) -> Iterator[str]:
    """The arguments that a callable does not take under that name or at that position."""
    wanted = [at for at in places if at is not None]
    for name in verifiable(names):
        listed = parameters(name)
        if listed is not None:
            for at in wanted:
                yield from _refuses(name, listed, at)


def _refuses(name: str, listed: list[inspect.Parameter], at: ArgumentAt) -> Iterator[str]:
    kinds = {parameter.kind for parameter in listed}
    ordered = [one.name for one in listed if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    swallowed = inspect.Parameter.VAR_KEYWORD in kinds
    if (
        at.argument is not None
        and all(one.name != at.argument for one in listed)
        and not (swallowed and installed.mentions(name, at.argument))
    ):
        yield f"`{name}` takes no argument `{at.argument}`"
        return
    if at.position is None:
        return
    there = ordered[at.position] if at.position < len(ordered) else "*"
    if there == "*" and (inspect.Parameter.VAR_POSITIONAL not in kinds or at.argument in ordered):
        yield f"`{name}` takes no argument `{at.argument or ''}` at position {at.position}"
    elif there != "*" and at.argument not in (None, there):
        yield f"`{name}` takes `{there}` at position {at.position}, not `{at.argument}`"


def _operation(operation: Operation, library: Library) -> Iterator[str]:
    names = all_expanded(operation.names)
    limit = operation.timeout
    yield from unknown(names, operation.source)
    extra = [text.partition("=")[0] for text in operation.bounded_by] + list(_also(limit))
    verb = operation.verb if operation.verb is not None and operation.verb.source == "argument" else None
    places = [_place(limit), verb, operation.url, operation.verify, *(ArgumentAt(argument=one) for one in extra)]
    yield from rejected(names, places)
    if limit is not None:
        for name in verifiable(names):
            yield from _default(name, limit, library, operation.source)
    for name in verifiable(names):
        yield from _verified(name, operation.verify)
        if Effect.BLOCKING in operation.effects and _known(name) and installed.is_coroutine(name):
            yield f"`{name}` is a coroutine function, so it does not block"
    yield from _orphans(operation, names, library)


def _orphans(operation: Operation, names: Iterable[str], library: Library) -> Iterator[str]:
    """Operations that leave their limit to a client of which the file says nothing."""
    if operation.client_limit == "client":
        types = tuple(name for client in library.client for name in all_expanded((client.type,)))
        for name in names:
            if not name.startswith(tuple(f"{one}." for one in types)):
                yield f"`{name}` leaves its limit to a client, but the file has no [[client]] for it"


def _client(client: Client, library: Library) -> Iterator[str]:
    types = all_expanded((client.type,))
    makers = (*types, *all_expanded(client.made_by))
    yield from unknown(makers, client.source)
    places = [_place(client.timeout), client.verify, client.transport]
    for at in (*places, *(ArgumentAt(argument=one) for one in _also(client.timeout))):
        refusals = {name: list(rejected((name,), [at])) for name in verifiable(makers)}
        if refusals and all(refusals.values()):
            yield from refusals[next(iter(refusals))]
        if client.timeout is not None and at is places[0]:
            for name in (name for name, refused in refusals.items() if not refused):
                yield from _default(name, client.timeout, library, client.source)
    for method in (*client.limit_setters, *client.carriers):
        yield from unknown((f"{one}.{method}" for one in types), client.source)
    for attribute in client.limit_attributes:
        yield from unknown((f"{one}.{attribute}" for one in types), client.source, assigned=True)
    for name in verifiable(makers):
        yield from _verified(name, client.verify)


def _limit(limit: LimitObject) -> Iterator[str]:
    names = all_expanded(limit.names)
    yield from unknown(names)
    yield from rejected(names, [limit.whole, *(ArgumentAt(argument=one) for one in (*limit.read, *limit.connect))])


def _policy(policy: Policy) -> Iterator[str]:
    names = all_expanded(policy.names)
    yield from unknown(names, policy.source)
    yield from rejected(names, [policy.seconds, policy.callable, *policy.stop, *policy.wait, *policy.on])
    if policy.kind == "retry":
        for name in verifiable(names):
            yield from _retry(name, policy)


def _retry(name: str, policy: Policy) -> Iterator[str]:
    stops = [value for value in _defaults(name, policy.stop) if number(value) is not None]
    waits = [value for value in _defaults(name, policy.wait) if (number(value) or 0) > 0]
    kind, _, count = policy.stop_default.partition(":")
    if kind == "never" and any((number(value) or 0) > 0 for value in stops):
        yield f"`{name}` stops by itself ({stops}), so its stop_default is not `never`"
    if kind == "attempts" and float(count) not in [number(value) for value in stops] and not policy.source:
        yield f"`{name}` does not say that it stops after {count} attempts; name the source in its entry"
    if policy.wait_default == "none" and waits:
        yield f"`{name}` waits by itself ({waits}), so its wait_default is not `none`"


def _insecure(weakness: Insecure) -> Iterator[str]:
    names = all_expanded(weakness.names)
    yield from unknown(names, assigned=weakness.assigned)
    yield from unknown(all_expanded(weakness.off_names))
    if weakness.argument is not None or weakness.position is not None:
        at = Verification(argument=weakness.argument, position=weakness.position, off=weakness.off)
        yield from rejected(names, [at])
        for name in verifiable(names):
            yield from _verified(name, at)


def _verified(name: str, verify: Verification | None) -> Iterator[str]:
    if verify is not None:
        for value in _defaults(name, [verify]):
            if isinstance(value, bool) and any(value is off for off in verify.off):
                yield f"`{name}` has {verify.argument}={value} by default, which is said to switch the check off"


def _known(name: str) -> bool:
    try:
        installed.found(name)
    except MissingError:
        return False
    return True


def _place(limit: TimeLimit | None) -> ArgumentAt | None:
    if limit is None or (limit.argument is None and limit.position is None):
        return None
    return ArgumentAt(argument=limit.argument, position=limit.position)


def _also(limit: TimeLimit | None) -> tuple[str, ...]:
    return () if limit is None else (*limit.also, *((limit.connect,) if limit.connect else ()))


def _defaults(name: str, places: Iterable[ArgumentAt]) -> list[object]:
    """The default values that the signature states for these arguments."""
    listed = {parameter.name: parameter for parameter in parameters(name) or ()}
    wanted = [listed[at.argument] for at in places if at.argument in listed]
    return [one.default for one in wanted if one.default is not inspect.Parameter.empty]


def _default(name: str, limit: TimeLimit, library: Library, source: str | None) -> Iterator[str]:
    """Whether the default limit is what the signature states; what it does not state needs a source."""
    claimed = seconds(str(in_use(limit.default, library.package)))
    for stated in _defaults(name, [limit]):
        amount = number(stated, SECONDS[limit.unit])
        switched_off = any(stated == off for off in limit.off) or (amount or 0) < 0
        if amount is not None and not switched_off:
            if claimed is None or not math.isclose(amount, claimed):
                yield f"`{name}` has {limit.argument}={stated!r} by default, not {limit.default!r}"
            return
        if claimed is None and (stated is None or switched_off or limit.whole_process):
            return
    kept = _kept(name, library)
    for default in kept:  # what the call does not say, its client does
        if default != limit.default:
            yield f"`{name}` is said to wait {limit.default!r}, but its client {default!r}"
    if claimed is not None and not source and not kept and _known(name):
        yield f"the signature of `{name}` does not state {limit.default!r}; name the source in its entry"


def _kept(name: str, library: Library) -> list[str | tuple[Until, ...]]:
    """The default limits of the clients that an operation is a method of."""
    owner = name.rpartition(".")[0]
    return [one.timeout.default for one in library.client if one.timeout and owner in all_expanded((one.type,))]
