"""Git-style patterns of ignore files and of settings, and what they cover."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pathspec import GitIgnoreSpec

_MOST_PATTERNS = 2_000
_STARS = re.compile(r"\*+")
_NAMED_GROUP = re.compile(r"\(\?P<\w+>")
_MOST_STARS = 3  # in one segment: each more multiplies the time to match a hostile name by its length


class Spec:
    """Git-style patterns compiled: whether one of them has an opinion on a name."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._spec = GitIgnoreSpec.from_lines(patterns)
        # Most names fall under no pattern; one search tells that where there are a hundred patterns to try.
        shapes = (one.regex.pattern for one in self._spec.patterns if one.regex is not None)
        self._any = re.compile("|".join(f"(?:{_NAMED_GROUP.sub('(?:', shape)})" for shape in shapes) or "(?!)")

    def covers(self, name: str) -> bool:
        """Whether the patterns cover a name with slashes."""
        return self.verdict(name) is True

    def verdict(self, name: str) -> bool | None:
        """Whether the patterns cover a name with slashes; None where they say nothing of it."""
        return self._spec.check_file(name).include if self._any.search(name) else None


def spec_of(lines: Iterable[str]) -> tuple[Spec, tuple[str, ...]]:
    """Git-style patterns compiled, and those refused: malformed, too costly to match, or too many."""
    kept: list[str] = []
    refused: list[str] = []
    for line in lines:
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        (kept if len(kept) < _MOST_PATTERNS and _is_sound(pattern) else refused).append(line)
    return Spec(kept), tuple(refused[:20])


def rebased(pattern: str, folder: str) -> str:
    """A git-style pattern of a file in `folder` as one for the folder above, "." for the same one."""
    if folder == ".":
        return pattern
    negated, body = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    anchored = "/" in body.rstrip("/") or body.startswith("**/")
    start = re.sub(r"([\\*?\[])", r"\\\1", folder)
    return f"{negated}/{start}/{'' if anchored else '**/'}{body.lstrip('/')}"


def _is_sound(pattern: str) -> bool:
    if any(len(_STARS.findall(segment)) > _MOST_STARS for segment in pattern.split("/")):
        return False
    try:
        GitIgnoreSpec.from_lines([pattern])
    except ValueError:
        return False
    return True
