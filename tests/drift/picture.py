"""The picture of a report for the README: what a terminal shows, as an SVG that holds no address and no script."""

from __future__ import annotations

import io
import re

from rich.console import Console
from rich.text import Text

_FONT_FILE = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
_TAG = re.compile(r"<style>.*?</style>|<[^>]+>", re.DOTALL)


def picture_of(command: str, coloured: str, width: int) -> str:
    """The SVG of a command and its coloured output up to the summary."""
    findings = coloured.partition("Summary")[0].rstrip()
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(f"$ {command}\n\n{findings}"))
    drawing = console.export_svg(title=command, unique_id="report")
    return "\n".join(line.rstrip() for line in _FONT_FILE.sub("", drawing).splitlines()) + "\n"


def same_words(one: str, other: str) -> bool:
    """Whether two pictures show the same: what draws them may change how, from one version to the next."""
    return _TAG.sub("", one).split() == _TAG.sub("", other).split()
