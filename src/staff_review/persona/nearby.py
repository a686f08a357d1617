"""The lines that a function cannot be judged without: what it names of its file, where its calls lead, who calls it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..facts import Attribute, Binding, Expr, FileFacts, Import, Name
from ..source import Place
from .extents import Extent
from .files import LONGEST_LINE, Files

SHORT = 25
"""Lines up to which a helper is shown whole: half of one is a riddle."""
_MOST_HELPERS = 120
_MOST_ELSEWHERE = 120
_LONGEST_STATEMENT = 6
_LONGEST_IMPORT = 60
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


def lines_beside(files: Files, path: str, extents: Sequence[Extent], inside: set[int]) -> set[int]:
    """The lines of some functions, and what they name of their file: imports, module's values, fields, helpers."""
    facts = files.facts(path)
    wanted = set(inside)
    if facts is None:
        return wanted
    lines = files.lines(path)
    names = {name for number in inside for name in _IDENTIFIER.findall(_at(lines, number)[:LONGEST_LINE])}
    for one in facts.imports:
        if facts.blocks[one.block].function == 0 and (one.alias or one.module.partition(".")[0]) in names:
            wanted |= {one.line, _statement_of(one, lines)}
    classes = {extent.cls for extent in extents if extent.cls >= 0}
    wanted |= {facts.classes[cls].span.line for cls in classes}
    for binding in facts.bindings:
        if _binds_one_of(binding, names, classes, facts):
            wanted |= set(range(binding.span.line, min(binding.span.end_line, binding.span.line + 12) + 1))
    return wanted | _helpers(files, path, facts, names, classes, wanted)


def lines_elsewhere(files: Files, path: str, extents: Sequence[Extent], leads: Iterable[Place], main: set[int]) -> (
    dict[str, set[int]]
):  # fmt: skip
    """Lines elsewhere that places lead to, short functions whole; those of `path` itself are added to `main`."""
    found: dict[str, set[int]] = {}
    room = _MOST_ELSEWHERE
    for place in dict.fromkeys(leads):
        if room <= 0:
            break
        extent = files.extent(place.path, place.line)
        if place.path == path and extent in extents:
            continue
        numbers = set(range(place.line, min(place.span.end_line, place.line + _LONGEST_STATEMENT) + 1))
        if extent is not None:
            numbers |= set(range(extent.first, extent.last + 1)) if _is_short(extent) else {extent.first}
        known = main if place.path == path else found.setdefault(place.path, set())
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


def _helpers(
    files: Files, path: str, facts: FileFacts, names: set[str], classes: set[int], wanted: set[int]
) -> set[int]:
    """The functions of the same file that are named, and of the long ones their head and their calls."""
    found: set[int] = set()
    for extent in files.extents(path):
        if extent.first in wanted or extent.qualified.rpartition(".")[2] not in names:
            continue
        if len(found) > _MOST_HELPERS or not (extent.cls < 0 or extent.cls in classes):
            continue
        if _is_short(extent):
            found |= set(range(extent.first, extent.last + 1))
        elif sites := files.sites(path, extent):
            found |= {extent.first, facts.functions[extent.index].span.line, *(site.place.line for site in sites)}
    return found


def _is_short(extent: Extent) -> bool:
    return extent.last - extent.first < SHORT


def _statement_of(one: Import, lines: Sequence[str]) -> int:
    """The line where the statement of an import begins: above an indented name of a long list."""
    first = one.line
    while first > max(1, one.line - _LONGEST_IMPORT) and _at(lines, first)[:1].isspace():
        first -= 1
    return first


def _binds_one_of(binding: Binding, names: set[str], classes: set[int], facts: FileFacts) -> bool:
    """Whether a binding gives one of these names a value: at the top of the module, or as a field of these classes."""
    target: Expr = binding.target
    if isinstance(target, Name):
        return facts.blocks[binding.block].function == 0 and target.id in names
    if isinstance(target, Attribute) and isinstance(target.of, Name) and target.name in names:
        return facts.functions[facts.blocks[binding.block].function].cls in classes
    return False


def _at(lines: Sequence[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""
