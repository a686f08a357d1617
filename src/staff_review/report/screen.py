"""Lines on a terminal: styles by meaning, wrapping with a hanging indent, right-aligned asides.

rich is imported here and in the modules that draw screens; the formats for pipes never import them.
"""

from __future__ import annotations

from typing import TextIO, TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from .look import Look

Piece: TypeAlias = "str | tuple[str, str]"

STYLES = {
    "error": "bold red",
    "warning": "bold yellow",
    "note": "bold blue",
    "rule": "cyan",
    "caret": "red",
    "path": "bold",
    "heading": "bold",
    "quiet": "dim",
}


class Screen:
    """Writes to one stream in one look; pieces are plain texts or (text, meaning) with a meaning of `STYLES`."""

    def __init__(self, stream: TextIO, look: Look) -> None:
        self.look = look
        self._console = Console(
            file=stream,
            width=look.width,
            force_terminal=look.colour,
            no_color=not look.colour,
            color_system="standard" if look.colour else None,
            markup=False,
            highlight=False,
            emoji=False,
            legacy_windows=False,
        )

    def line(self, *pieces: Piece, indent: int = 0) -> None:
        """One line as it is: never wrapped, so that paths stay whole."""
        self._console.print(self._text(" " * indent, *pieces), soft_wrap=True)

    def blank(self) -> None:
        """An empty line."""
        self._console.print()

    def sides(self, left: tuple[Piece, ...], right: str, indent: int = 0) -> None:
        """A line with an aside at the right edge, or below it when there is no room for that."""
        text = self._text(" " * indent, *left)
        gap = self.look.width - cell_len(text.plain) - cell_len(right)
        if gap < 2 and right:
            self._console.print(text, soft_wrap=True)
            self.paragraph(right, indent=indent + 2, meaning="quiet")
        else:
            self._console.print(text + Text(" " * gap) + self._text((right, "quiet")), soft_wrap=True)

    def paragraph(
        self, text: str, *, indent: int = 0, label: str = "", hang: int | None = None, meaning: str = ""
    ) -> None:
        """Words wrapped to the width after a label; all lines but the first begin at column `hang`, from 0."""
        hang = indent + cell_len(label) if hang is None else hang
        head = (" " * indent + label).ljust(hang)
        for number, part in enumerate(wrapped(self.look.clean(text), self.look.width - hang, len(head) - hang)):
            self.line(head if number == 0 else " " * hang, (part, meaning))

    def _text(self, *pieces: Piece) -> Text:
        text = Text(overflow="ignore", no_wrap=True)
        for piece in pieces:
            words, meaning = (piece, "") if isinstance(piece, str) else piece
            text.append(self.look.clean(words), style=STYLES.get(meaning, ""))
        return text


def cut(text: str, width: int, look: Look) -> str:
    """The text in at most `width` cells, with an ellipsis where something is missing."""
    text = look.clean(text)
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - cell_len(look.ellipsis))).rstrip() + look.ellipsis


def wrapped(text: str, width: int, taken: int = 0) -> list[str]:
    """The words in lines of at most `width` cells, a wider word alone; `taken` cells of the first line are in use."""
    lines = [""]
    for word in text.split():
        candidate = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and cell_len(candidate) > width - (taken if len(lines) == 1 else 0):
            lines.append(word)
        else:
            lines[-1] = candidate
    return lines
