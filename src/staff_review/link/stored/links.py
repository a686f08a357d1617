"""One call of those that build a query."""

from __future__ import annotations

from typing import NamedTuple

from ..files.index import FileIndex
from ..files.values import FunctionKey


class Link(NamedTuple):
    """One call that helped to build a query."""

    path: str
    file: FileIndex
    call: int

    @property
    def function(self) -> FunctionKey:
        """The function that the call stands in."""
        return self.file.path, self.file.facts.blocks[self.file.calls[self.call].block].function
