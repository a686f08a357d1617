"""How a screen may look: its width, colours and characters, decided once from the stream and the environment."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from typing import Literal, TextIO, TypeAlias

import msgspec

ColourChoice: TypeAlias = Literal["auto", "always", "never"]

WIDEST = 100
NARROW = 60
_CONTROL = re.compile(  # control characters, invisible and direction marks, halves of a character
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufe00-\ufe0e\ufeff"
    r"\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python itself writes into the environment in the place of the locale "C"."""
_TWINS = {
    "\u2026": "...",
    "\u2192": "->",
    "\u00b7": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
}


class Look(msgspec.Struct, frozen=True):
    """Width in terminal cells, whether to colour, whether more than ASCII may be written."""

    width: int = WIDEST
    colour: bool = False
    unicode: bool = True

    @property
    def narrow(self) -> bool:
        """Whether there is too little room for gutters and tables."""
        return self.width < NARROW

    @property
    def ellipsis(self) -> str:
        """What stands for text that was cut."""
        return "…" if self.unicode else "..."

    @property
    def dot(self) -> str:
        """What stands between facts on one line."""
        return " · " if self.unicode else ", "

    def clean(self, text: str) -> str:
        """Text from outside made fit for a screen: no control characters, and only what the encoding can write."""
        plain = clean(text)
        return plain if self.unicode else _ascii(plain)


def clean(text: str) -> str:
    """The text without control characters, so that a file name or a line of code cannot steer who shows it."""
    return _CONTROL.sub("?", text.replace("\t", "    "))


def look_of(stream: TextIO, choice: ColourChoice, environ: Mapping[str, str], columns: int) -> Look:
    """The look for a stream: NO_COLOR, FORCE_COLOR, TERM=dumb and the encoding are honoured; `columns` is its width."""
    encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("_", "-")
    wide = encoding in ("utf-8", "utf8", "utf-8-sig", "utf-16")
    return Look(
        width=max(20, min(columns, WIDEST)),
        colour=_colour(stream, choice, environ),
        unicode=wide and not (on_terminal(stream) and _in_plain_locale(environ)),
    )


def _in_plain_locale(environ: Mapping[str, str]) -> bool:
    """Whether the user set the terminal to ASCII; Python writes UTF-8 there all the same, and says so (PEP 538)."""
    if environ.get("PYTHONIOENCODING") or environ.get("PYTHONUTF8") == "1":
        return False
    said = [environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    return next((locale for locale in said if locale not in ("", *_COERCED)), "") in ("C", "POSIX")


def on_terminal(stream: TextIO) -> bool:
    """Whether a person is likely to read the stream as it is written; a closed stream has no reader."""
    try:
        return os.isatty(stream.fileno())
    except (OSError, ValueError):
        return False


def _colour(stream: TextIO, choice: ColourChoice, environ: Mapping[str, str]) -> bool:
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return environ.get("TERM") != "dumb" and on_terminal(stream)


def _ascii(text: str) -> str:
    return "".join(_TWINS.get(character) or _nearest(character) for character in text)


def _nearest(character: str) -> str:
    # An accent is dropped before a letter is: `é` reads better as `e` than as `?`.
    plain = unicodedata.normalize("NFKD", character)[0]
    return plain if plain.isascii() else "?"
