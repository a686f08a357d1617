"""Work that only brings a connection about, or asks whether somebody is there: who repeats it may mean to wait."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from ...nouns.facts import Attribute, CallRef, Const, Expr, Item, Name, Unary
from ...nouns.libraries import Effect
from ...nouns.project import Site
from ..calls.flow import names_in
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.telling import only_tells

_JOINING = re.compile(
    r"(?:re)?(?:connect(?:s|ed|ion)?|subscribe|attach|join)|bootstrap|listen|ping|open|handshake|acquire|lock|leader"
    r"|watch|ready|health[yz]?|alive|wait"
)
"""Words of what makes a connection, takes a place or asks whether somebody is there."""
_MAKING = frozenset({"init", "initialize", "create", "make", "get", "setup", "set", "ensure", "establish", "start"})
_CONNECTION = re.compile(r"connect(?:ions?)?")
"""With a word of making before it, in the name of a function: it brings connections about."""
_READING_ON = re.compile(r"get_?response|(?:recv|receive|read)(?:_\w+|line|exactly)?")
"""Members by which the next piece of an answer is read."""
_LEAVING = re.compile(r"delete|destroy|terminate|detach|remove|release")
_CONNECTED = re.compile(r"not \S*connected\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_READING = frozenset({"GET", "HEAD"})


def joins(file: FileIndex, block: int, covers: Iterable[Site]) -> bool:
    """Whether a block that is repeated only joins or leaves: by its names, or as it reads what nobody takes."""
    sites = list(covers)
    if sites and all(map(_makes_client, sites)):
        return True
    names = [site.call.rpartition(".")[2] for site in sites] or _asked(file, block)
    libraries = {site.operation.partition(".")[0] for site in sites}
    if is_called_joining(file.function(file.facts.blocks[block].function).name, libraries):
        return True
    if sites and all(map(_READING_ON.fullmatch, names)):
        return True  # it waits on for the answer to what was asked before
    if any(_CONNECTED.search(shown(file, test)) for test in _asked_first(file, block)):
        return True
    if names and all(any(map(_JOINING.fullmatch, _words(name))) for name in names):
        return True
    if not sites and _is_made(file, block):
        return True
    if not sites and any(map(_LEAVING.fullmatch, (word for name in names for word in _words(name)))):
        return True  # what is taken away waits until nothing holds it
    read = bool(sites) and all(site.verb in _READING for site in sites)
    return read and not _is_taken(file, block, sites)


def is_called_joining(name: str, libraries: Container[str] = ()) -> bool:
    """Whether a function is called like one that joins a peer, or makes a connection or what a library has for one."""
    words = _words(name)
    if not words or _JOINING.fullmatch(words[0]):
        return bool(words)
    return words[0] in _MAKING and (_CONNECTION.fullmatch(words[-1]) is not None or words[-1] in libraries)


def is_lock(name: str) -> bool:
    """Whether something is called like a lock, whose turn one waits for."""
    return "lock" in _words(name)


def _makes_client(site: Site) -> bool:
    """Whether a call makes a client that joins its peer by that: an object, by its name, and no process."""
    return site.direct and site.operation.rpartition(".")[2][:1].isupper() and Effect.PROCESS not in site.effects


def _is_made(file: FileIndex, block: int) -> bool:
    """Whether the loop around a block goes on until the block has made what it asks for: ``while not client:``."""
    bindings = file.bindings_in.get(file.facts.blocks[block].function, ())
    made = [one.target for one in bindings if file.inside(one.block, block) and isinstance(one.value, CallRef)]
    return any(isinstance(test, Unary) and test.op == "not" and test.of in made for test in _asked_first(file, block))


def _asked_first(file: FileIndex, block: int) -> Iterator[Expr | None]:
    """What the innermost loop around a block asks before each round."""
    return (file.facts.blocks[one].subject for one in file.chain(block) if file.facts.blocks[one].form == "while")


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _asked(file: FileIndex, block: int) -> list[str]:
    """The last names of what a block calls, but for what only tells somebody."""
    calls = (file.calls[index] for index in file.calls_in.get(file.facts.blocks[block].function, ()))
    names = [leaf_of(call.callee) for call in calls if file.inside(call.block, block)]
    return [name for name in names if name and not only_tells(name)]


def _is_taken(file: FileIndex, block: int, sites: list[Site]) -> bool:
    """Whether a block gives something back, or names something that its function reads elsewhere."""
    function, start = file.facts.blocks[block].function, file.facts.blocks[block].span
    bindings = file.bindings_in.get(function, ())
    inside = [one.target for one in bindings if file.inside(one.block, block)]
    bound = {target.id for target in inside if isinstance(target, Name)}.union(*(site.gives for site in sites))
    if any(isinstance(target, (Attribute, Item)) for target in inside):
        return True  # kept, and read by others
    jumps = file.jumps_in.get(function, ())
    if any(jump.kind == "return" and file.inside(jump.block, block) and not _is_bare(jump.value) for jump in jumps):
        return True
    said = [(jump.block, jump.span, jump.value) for jump in jumps]
    said += [(binding.block, binding.span, binding.value) for binding in bindings]
    for call in (file.calls[index] for index in file.calls_in.get(function, ())):
        said += [(call.block, call.span, one) for one in (call.callee, *(given.value for given in call.arguments))]
    later = (expr for at, span, expr in said if span > start and not file.inside(at, block))
    return not bound.isdisjoint(names_in(file, *later))


def _is_bare(value: Expr | None) -> bool:
    return value is None or isinstance(value, Const)
