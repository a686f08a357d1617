"""Diffs as code hosts make them, and by another way the lines that they show."""

from __future__ import annotations

from difflib import SequenceMatcher, unified_diff


def patch_between(before: str, after: str) -> str:
    """The hunks of a unified diff, as GitHub gives them."""
    lines = list(unified_diff(before.splitlines(), after.splitlines(), lineterm=""))
    return "\n".join(lines[2:])


def commentable(before: str, after: str) -> set[int]:
    """The lines of the new side on which a comment may stand."""
    matcher = SequenceMatcher(None, before.splitlines(), after.splitlines())
    groups = matcher.get_grouped_opcodes(3)
    return {line + 1 for group in groups for _, _, _, first, last in group for line in range(first, last)}
