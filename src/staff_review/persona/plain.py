"""A model's words made fit for a report: plain text, no link, no image, no mention, no sign that cannot be seen."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 600
_IMAGE_OR_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\([^)\n]*\)")
_ADDRESS = re.compile(r"\b(?:https?|ftp|file|data|javascript):\S+|\bwww\.\S+", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?(?:-->|$)|</?[A-Za-z][^<>\n]*>", re.DOTALL)
_MENTION = re.compile(r"(?<![\w`.])@(?=[A-Za-z])")
_FENCE = re.compile(r"^\s*(?:`{3,}|~{3,})[\w -]*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


def plain(text: str, longest: int = LONGEST) -> str:
    """One paragraph of plain text; backticks around names stay, and what is in them stays as it is."""
    text = "".join(letter for letter in _FENCE.sub(" ", text) if _shown(letter))
    pieces = text.split("`")
    # Between two backticks stands code: a decorator there is no mention and a type parameter no tag.
    whole = len(pieces) % 2 == 1
    kept = [piece if whole and number % 2 else _prose(piece) for number, piece in enumerate(pieces)]
    return cut(" ".join(("`" if whole else " ").join(kept).split()), longest)


def cut(text: str, longest: int) -> str:
    """The text, or its first whole sentences; a text without an end is cut at a word."""
    if len(text) <= longest:
        return text
    ends = [found.end() for found in _SENTENCE_END.finditer(text[:longest])]
    if ends:
        short = text[: ends[-1]]
    else:
        short = text[: longest - 4].rpartition(" ")[0] or text[: longest - 4]
        short += " ..."
    return short + "`" if short.count("`") % 2 else short


def _prose(text: str) -> str:
    before = ""
    while text != before:  # what is taken out may leave what must be taken out, as in `<<b>b>`
        before = text
        text = _ADDRESS.sub("(an address was left out)", _IMAGE_OR_LINK.sub(r"\1", text))
        text = _MENTION.sub("", _TAG.sub("", text))
    return text


def _shown(letter: str) -> bool:
    return letter in "\n\r\t" or unicodedata.category(letter) not in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
