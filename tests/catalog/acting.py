"""What a file of the catalog says of acts and their options, compared with the installed library."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from amounts import in_use
from claims import RUN_TIME, parameters, rejected, unknown, verifiable

from staff_review.load.braces import all_expanded
from staff_review.nouns.acts import Acting, Constant, ValueAt
from staff_review.nouns.libraries import ArgumentAt, Library


def act_problems(library: Library) -> list[str]:
    """Every claim about acts that the installed library contradicts, in words; empty when all is well."""
    said = [problem for act in library.act for problem in _act(act, library)]
    return list(dict.fromkeys(said))


def _act(act: Acting, library: Library) -> Iterator[str]:
    names = all_expanded(act.names)
    yield from unknown(names, act.source)
    if RUN_TIME in (act.source or ""):
        return
    for option, at in act.options.items():
        yield from rejected(names, _places(at))
        for name in verifiable(names):
            for problem in _default(name, at, library, act.source):
                yield f"{problem} (option `{option}`)"


def _places(at: ValueAt) -> list[ArgumentAt]:
    spoken = at.argument is not None or at.position is not None
    own = [ArgumentAt(argument=at.argument, position=at.position)] if spoken else []
    return [*own, *(ArgumentAt(argument=one) for one in at.also)]


def _default(name: str, at: ValueAt, library: Library, source: str | None) -> Iterator[str]:
    """Whether the default is what the signature states; what it does not state needs a source.

    What is empty, zero or false may be left out, or claimed of an argument that no signature shows.
    """
    if at.keys or (at.argument is None and at.position is None):
        if at.default is not msgspec.UNSET and at.keys and not source:
            yield f"`{name}` cannot state a default for {at.keys}; name the source in its entry"
        return
    stated = _stated(name, at)
    if at.default is msgspec.UNSET:
        if stated and isinstance(stated, (int, str)):
            yield f"`{name}` has {at.argument}={stated!r} by default, which is left out"
        return
    claimed = in_use(at.default, library.package)
    if isinstance(stated, (bool, int, float, str)):
        if stated != claimed and not source:
            yield f"`{name}` has {at.argument}={stated!r} by default, not {claimed!r}"
    elif claimed and not source:
        yield f"the signature of `{name}` does not state {claimed!r}; name the source in its entry"


def _stated(name: str, at: ValueAt) -> Constant | object:
    """The default that the signature states for an argument; None for nothing, null or an object of the library."""
    return next(
        (one.default for one in parameters(name) or () if one.name == at.argument and one.default is not one.empty),
        None,
    )
