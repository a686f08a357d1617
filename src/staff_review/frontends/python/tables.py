"""The growing tables of one file's facts, and how a node becomes a span or text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...nouns.facts import Binding, Block, BlockKind, Call, Class, Expr, Function, Import, Jump, Unread
from ...nouns.source import Source, Span

if TYPE_CHECKING:
    from tree_sitter import Node

LONG_LINE = 10_000
"""Bytes of a line beyond which columns are counted in bytes: decoding it again for every span would be quadratic."""


class Tables:
    """Collects facts in file order; indices handed out here are the indices in `FileFacts`."""

    def __init__(self, source: Source) -> None:
        self.data = source.data
        self.path = source.path
        self.imports: list[Import] = []
        self.functions: list[Function | None] = []
        self.classes: list[Class | None] = []
        self.blocks: list[Block] = []
        self.bindings: list[Binding] = []
        self.calls: list[Call | None] = []
        self.jumps: list[Jump] = []
        self.exports: list[str] = []
        self.globals: list[tuple[int, str]] = []
        self.unread: list[Unread] = []
        self.generators: set[int] = set()
        self._lines: list[bytes] | None = None if source.data.isascii() else source.data.split(b"\n")

    def span(self, node: Node) -> Span:
        """The span of a node, columns in characters."""
        row, column = node.start_point
        end_row, end_column = node.end_point
        if self._lines is None:
            return Span(row + 1, column + 1, end_row + 1, end_column + 1)
        return Span(row + 1, self._characters(row, column), end_row + 1, self._characters(end_row, end_column))

    def _characters(self, row: int, column: int) -> int:
        lines = self._lines or ()
        line = lines[row] if row < len(lines) else b""
        if column > LONG_LINE or line.isascii():
            return column + 1
        return len(line[:column].decode("utf-8", "replace")) + 1

    def text(self, node: Node) -> str:
        """The source text of a node."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def open_block(
        self,
        kind: BlockKind,
        parent: int,
        node: Node,
        *,
        subject: Expr | None = None,
        partner: int = -1,
        form: str = "",
        is_async: bool = False,
        target: Expr | None = None,
        function: int | None = None,
    ) -> int:
        """Add a block below `parent` and give its index; it belongs to its parent's function unless one is named."""
        owner = self.blocks[parent].function if function is None else function
        self.blocks.append(Block(kind, parent, owner, self.span(node), subject, partner, form, is_async, target))
        return len(self.blocks) - 1

    def cannot_read(self, node: Node, reason: str) -> None:
        """Note a stretch that is left out."""
        line = node.start_point[0] + 1
        if not self.unread or self.unread[-1].line != line:
            self.unread.append(Unread(line, reason))

    def finished_functions(self) -> list[Function]:
        """All functions; each was filled in when its body had been read."""
        return [function for function in self.functions if function is not None]

    def finished_classes(self) -> list[Class]:
        """All classes; each was filled in when its body had been read."""
        return [cls for cls in self.classes if cls is not None]

    def finished_calls(self) -> list[Call]:
        """All calls; each was filled in when its arguments had been read."""
        return [call for call in self.calls if call is not None]
