"""Requests in comments to be quiet: ``# staff-review: ignore[rule] until=2027-03-01 -- reason``."""

from __future__ import annotations

import re
from bisect import bisect_left

import tree_sitter

from ...nouns.facts import Silence

_REQUEST = re.compile(
    r"staff-review:\s*(?P<verb>ignore-file|ignore)\s*(?:\[(?P<rules>[^\]]*)\])?"
    r"(?:\s*until=(?P<until>[\w-]+))?(?:\s*--\s*(?P<reason>.*))?(?P<rest>.*)"
)


def silences_in(
    root: tree_sitter.Node, data: bytes, statements: list[tuple[int, int]], language: tree_sitter.Language
) -> tuple[Silence, ...]:
    """The silences that comments ask for, each with the lines of the statement it stands on or above."""
    captures = tree_sitter.QueryCursor(tree_sitter.Query(language, "(comment) @comment")).captures(root)
    found: list[Silence] = []
    for node in captures.get("comment", []):
        asked = _REQUEST.search(data[node.start_byte : node.end_byte].decode("utf-8", "replace"))
        if asked is None:
            continue
        line = node.start_point[0] + 1
        rules = tuple(name.strip() for name in (asked["rules"] or "").split(",") if name.strip())
        reason = (asked["reason"] or asked["rest"] or "").strip()
        lines = (0, 0) if asked["verb"] == "ignore-file" else _governed(node, data, line, statements)
        found.append(Silence(rules, line, lines, reason, asked["until"] or ""))
    return tuple(sorted(found, key=lambda silence: silence.line))


def _governed(node: tree_sitter.Node, data: bytes, line: int, statements: list[tuple[int, int]]) -> tuple[int, int]:
    begins = data.rfind(b"\n", 0, node.start_byte) + 1
    alone = not data[begins : node.start_byte].strip()
    enclosing = [lines for lines in statements if lines[0] <= line <= lines[1]]
    if enclosing:
        return min(enclosing, key=lambda lines: lines[1] - lines[0])
    if alone:
        after = bisect_left(statements, (line, 0))
        if after < len(statements):
            return statements[after]
    return (line, line)
