"""``a.{b,c}`` multiplied out, so that the rest of the program sees plain paths only."""

from __future__ import annotations

from collections.abc import Iterable

_MOST = 10_000
_DEEPEST = 8


def expanded(pattern: str) -> tuple[str, ...]:
    """All the paths a pattern stands for, in order; raises ValueError, in words, for a pattern that makes no sense."""
    if "{" not in pattern and "}" not in pattern:
        return (pattern,)
    results = [""]
    rest = pattern
    while rest:
        opening = rest.find("{")
        plain = rest if opening < 0 else rest[:opening]
        if "}" in plain:
            raise ValueError(f"`{pattern}` closes a brace that it never opened")
        results = [result + plain for result in results]
        if opening < 0:
            break
        options, rest = _options(rest[opening:], pattern)
        if len(results) * len(options) > _MOST:
            raise ValueError(f"`{pattern[:80]}` stands for more than {_MOST} paths")
        results = [result + option for result in results for option in options]
    return tuple(results)


def all_expanded(patterns: Iterable[str]) -> tuple[str, ...]:
    """The paths of several patterns, each once."""
    return tuple(dict.fromkeys(path for pattern in patterns for path in expanded(pattern)))


def _options(text: str, pattern: str) -> tuple[list[str], str]:
    """What the brace group that opens `text` offers, and the text after it."""
    depth, start = 0, 1
    options: list[str] = []
    for index, character in enumerate(text):
        if character == "{":
            depth += 1
            if depth > _DEEPEST:
                break
        elif character == "," and depth == 1:
            options.extend(expanded(text[start:index].strip()))
            start = index + 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                options.extend(expanded(text[start:index].strip()))
                return options, text[index + 1 :]
    raise ValueError(f"`{pattern[:80]}` opens a brace that it never closes")
