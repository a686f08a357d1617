"""The lines that a function cannot be judged without: what it names of its file, where its calls lead, who calls it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..nouns.facts import Attribute, Binding, Const, Expr, FileFacts, Import, Item, Name
from ..nouns.source import Place
from .extents import Extent, functions_around
from .files import Files
from .named import Names, imported_from, names_on

SHORT = 25
"""Lines up to which what stands elsewhere is shown whole: half of a function is a riddle."""
_HELPER = 90  # lines up to which a helper of the same file is shown whole, while there is room
_MOST_HELPERS = 160
_MOST_ELSEWHERE = 120
_LONGEST_STATEMENT = 60
_LONGEST_IMPORT = 60
_LONGEST_HEAD = 12
_NEAR = 4  # lines that are shown around a line of a long function


def lines_beside(files: Files, path: str, extents: Sequence[Extent], inside: set[int]) -> set[int]:
    """The lines of some functions, and what they name of their file: imports, values, fields, classes, helpers."""
    facts = files.facts(path)
    wanted = set(inside)
    if facts is None:
        return wanted
    lines = files.lines(path)
    names = names_on(files, path, inside)
    for one in facts.imports:
        if facts.blocks[one.block].function == 0 and (one.alias or one.module.partition(".")[0]) in names.all:
            wanted |= {one.line, _statement_of(one, lines)}
    own = {extent.cls for extent in extents if extent.cls >= 0}
    classes = own | {index for index, one in enumerate(facts.classes) if one.name in names.all}
    for index in classes:
        wanted |= _class_lines(files, path, index, whole=index not in own)
    around = {outer for extent in extents for outer in functions_around(facts, extent)}
    own_names = {one.target.id for one in facts.bindings if one.span.line in inside and isinstance(one.target, Name)}
    for binding in facts.bindings:
        if isinstance(binding.target, Name) and facts.blocks[binding.block].function and binding.target.id in own_names:
            continue  # another variable, which has the same name in the function around
        if _binds_one_of(binding, names, around | {0}, classes, facts):
            wanted |= _statement(binding)
            function = facts.blocks[binding.block].function
            if function and function not in around:
                wanted.add(facts.functions[function].span.line)
    return wanted | _helpers(files, path, names, classes, wanted)


def lines_elsewhere(files: Files, path: str, extents: Sequence[Extent], leads: Iterable[Place], main: set[int]) -> (
    dict[str, set[int]]
):  # fmt: skip
    """Lines elsewhere that places lead to, short functions whole; those of `path` itself are added to `main`.

    Where there is room left: the making of what the functions make of other files' classes.
    """
    found: dict[str, set[int]] = {}
    room = _MOST_ELSEWHERE
    for place in dict.fromkeys(leads):
        if room <= 0:
            break
        extent = files.extent(place.path, place.line)
        if place.path == path and extent in extents:
            continue
        last = min(place.span.end_line, place.line + SHORT)
        numbers = set(range(place.line, last + 1))
        if extent is not None:
            near = set(range(max(extent.first, place.line - _NEAR), min(extent.last, last + _NEAR) + 1))
            numbers |= _shown(files, place.path, extent, SHORT) | near
        known = main if place.path == path else found.setdefault(place.path, set())
        room -= len(numbers - known)
        known |= numbers
    for other, numbers in _made(files, path, extents):
        known = found.setdefault(other, set())
        if len(numbers - known) <= room:
            room -= len(numbers - known)
            known |= numbers
    return {name: numbers for name, numbers in found.items() if numbers}


def leads_of(files: Files, path: str, extents: Iterable[Extent]) -> Iterable[Place]:
    """Where the calls of functions get their limits and come to their effects, and who calls the functions."""
    for extent in extents:
        for site in files.sites(path, extent):
            if site.limit is not None and site.limit.set_at is not None:
                yield site.limit.set_at
            for effect in sorted(site.ways):
                yield from (step.place for step in site.ways[effect].trail)
        yield from (site.place for site in files.known.callers(path, range(extent.first, extent.last + 1)))
        yield from (site.place for site in files.known.held(path, range(extent.first, extent.last + 1)))


def _helpers(files: Files, path: str, names: Names, classes: set[int], wanted: set[int]) -> set[int]:
    """The functions of the same file that are named, and of the long ones their head and their calls."""
    found: set[int] = set()
    for extent in sorted(files.extents(path), key=lambda one: one.last - one.first):
        name = extent.qualified.rpartition(".")[2]
        if extent.first in wanted or not (extent.cls < 0 or extent.cls in classes):
            continue
        if name in names.all or (name == "__init__" and _made_here(files, path, extent, names)):
            room = _MOST_HELPERS - len(found)
            found |= _shown(files, path, extent, min(_HELPER, room))
            found |= {site.place.line for site in files.sites(path, extent)} if room > 0 else set()
    return found


def _made_here(files: Files, path: str, extent: Extent, names: Names) -> bool:
    facts = files.facts(path)
    return facts is not None and facts.classes[extent.cls].name in names.called


def _made(files: Files, path: str, extents: Sequence[Extent]) -> Iterable[tuple[str, set[int]]]:
    """The heads and the `__init__` of other files' classes that functions make objects of."""
    facts = files.facts(path)
    names = names_on(files, path, (line for extent in extents for line in range(extent.first, extent.last + 1)))
    for one in facts.imports if facts is not None else ():
        if (one.alias or "") not in names.called:
            continue
        source = imported_from(files, path, one)
        for index, cls in enumerate(source[1].classes if source else ()):
            if source is None or cls.name != one.name:
                continue
            numbers = _class_lines(files, source[0], index, whole=True)
            for extent in files.extents(source[0]):
                if extent.cls == index and extent.qualified.endswith(".__init__"):
                    numbers |= _shown(files, source[0], extent, SHORT)
            yield source[0], numbers


def _shown(files: Files, path: str, extent: Extent, longest: int) -> set[int]:
    """A function whole, or its decorators and its signature where it is longer than that."""
    if extent.last - extent.first < longest:
        return set(range(extent.first, extent.last + 1))
    lines = files.lines(path)
    last = extent.first
    while last < min(extent.last, extent.first + _LONGEST_HEAD) and not _at(lines, last).rstrip().endswith((":", "{")):
        last += 1
    return set(range(extent.first, last + 1))


def _class_lines(files: Files, path: str, index: int, *, whole: bool) -> set[int]:
    """What stands in a class before its first function: bases, words, fields; with `whole`, all of a short one."""
    facts = files.facts(path)
    if facts is None:
        return set()
    cls = facts.classes[index]
    first, last = cls.span.line, facts.blocks[cls.block].span.end_line
    if not whole or last - first >= SHORT:
        methods = [extent.first for extent in files.extents(path) if extent.cls == index and extent.first > first]
        last = min([last, first + SHORT, *(line - 1 for line in methods)])
    return set(range(first, last + 1))


def _statement(binding: Binding) -> set[int]:
    return set(range(binding.span.line, min(binding.span.end_line, binding.span.line + _LONGEST_STATEMENT) + 1))


def _statement_of(one: Import, lines: Sequence[str]) -> int:
    """The line where the statement of an import begins: above an indented name of a long list."""
    first = one.line
    while first > max(1, one.line - _LONGEST_IMPORT) and _at(lines, first)[:1].isspace():
        first -= 1
    return first


def _binds_one_of(binding: Binding, names: Names, around: set[int], classes: set[int], facts: FileFacts) -> bool:
    """Whether a binding gives one of these names a value.

    At the top of the module, in a function around, as a field of these classes, or under a key that the code asks for.
    """
    target: Expr = binding.target
    block = facts.blocks[binding.block]
    if isinstance(target, Name) and target.id in names.all:
        inner = next((index for index, one in enumerate(facts.classes) if one.block == binding.block), None)
        return block.function in around if inner is None else inner in classes
    if isinstance(target, Item) and isinstance(target.key, Const):
        return target.key.value in names.keys
    if isinstance(target, Attribute) and isinstance(target.of, Name) and target.name in names.all:
        return facts.functions[block.function].cls in classes
    return False


def _at(lines: Sequence[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""
