"""Words from outside as Markdown that shows them and does nothing: no markup, no link, no mention, no end of a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .look import clean

_SPECIAL = re.compile(r"([\\`*_\[\]|<>~&$]|^[-+=#])")
_MENTION = re.compile(r"([@#])(?=[\w-])|\b(GH-)(?=\d)|(?<=\w)(://)(?=\S)|\b(www\.)(?=\S)", re.IGNORECASE)
_INVISIBLE = "\u200b"
_CODE = re.compile(r"`([^`]+)`")


def plain(text: str) -> str:
    """The text as it is; whoever it names is not told, and nothing in it becomes a link."""
    return _SPECIAL.sub(r"\\\1", _MENTION.sub(lambda found: found[0] + _INVISIBLE, _on_one_line(text)))


def code(text: str, *, in_table: bool = False) -> str:
    """The text as code on one line."""
    text = _on_one_line(text)
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    # A bar ends a cell even in code; a backslash before it is taken away by the table and by nothing else.
    return f"{ticks}{space}{text.replace('|', chr(92) + '|') if in_table else text}{space}{ticks}"


def inline(text: str, *, in_table: bool = False) -> str:
    """Our own words, with what they quote in backticks shown as code."""
    parts = _CODE.split(text)
    return "".join(code(part, in_table=in_table) if number % 2 else plain(part) for number, part in enumerate(parts))


def fenced(lines: Sequence[str], language: str = "") -> str:
    """Lines of code as a block that nothing in them can end."""
    text = "\n".join(clean(line).rstrip() for line in lines)
    ticks = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return f"{ticks}{language}\n{text}\n{ticks}"


def quoted(text: str) -> str:
    """Lines of Markdown as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def folded(title: str, body: str) -> str:
    """Markdown that is shown when a reader asks for it; the title is our own."""
    return f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"


def _on_one_line(text: str) -> str:
    return clean(text.replace("\n", " "))
