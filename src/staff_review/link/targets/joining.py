"""Templates put together: in a row, as alternatives, through ``%`` and ``format``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ...nouns.targets import Hole, Part, Template, Variable

_MOST = 16
UNSAID = (Template((Hole(),)),)


def joined(parts: Sequence[tuple[Template, ...]]) -> list[Template]:
    """Every way to put alternatives of the parts in a row, few enough to look at; each beginning is kept."""
    found: list[tuple[Part, ...]] = [()]
    for alternatives in parts:
        found = [(*begun, *one.parts) for one in alternatives for begun in found][: max(_MOST, len(found))]
    return [Template(_flat(one)) for one in found]


def chosen(options: Sequence[tuple[Template, ...]], *, first_true: bool) -> list[Template]:
    """Alternatives; in ``a or b`` what follows is the default of a setting that stands alone."""
    first = options[0][0].parts if options else ()
    if first_true and len(options) > 1 and len(first) == 1 and isinstance(first[0], Variable):
        return [Template((Variable(first[0].name, first[0].default or options[1][0]),))]
    every = [one for alternatives in options for one in alternatives]
    return [one for one in every if one.said] or every


def with_percent(text: Template, values: Sequence[tuple[Template, ...]]) -> list[Template]:
    """A text with ``%s`` filled from values in order."""
    pieces: list[tuple[Template, ...]] = []
    rest = list(values)
    for part in text.parts:
        if not isinstance(part, str):
            pieces.append((Template((part,)),))
            continue
        for number, piece in enumerate(re.split(r"%[-\d.]*[sdirf]|%\(\w+\)s", part)):
            if number:
                pieces.append(rest.pop(0) if rest else UNSAID)
            pieces.append((Template((piece,)),))
    return joined(pieces)


def formatted(text: Template, filling: Callable[[str, int], tuple[Template, ...]]) -> list[Template]:
    """A text with ``{}``, ``{0}`` and ``{name}`` filled; `filling` gives what stands for a name or a position."""
    pieces: list[tuple[Template, ...]] = []
    number = 0
    for part in text.parts:
        if not isinstance(part, str):
            pieces.append((Template((part,)),))
            continue
        for place, piece in enumerate(re.split(r"\{([\w.]*)(?:![rsa])?(?::[^}]*)?\}", part)):
            if place % 2 == 0:
                pieces.append((Template((piece,)),))
                continue
            name = piece.partition(".")[0]
            at = int(name) if name.isdigit() else number
            number += 0 if name else 1
            pieces.append(filling("" if name.isdigit() else name, at))
    return joined(pieces)


def _flat(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Parts with literals that touch put together."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return tuple(found)
