"""Text that may be meant for the reviewer instead of the machine: made visible, and noticed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from .units import Line

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_TURNING = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
_WHO = r"(?:ai|llm|language\ model|assistant|chatbot|gpt|claude|copilot|code\ reviewer|automated\ review\w*)"
_SPEAKING = re.compile(
    rf"""
      \b(?:ignore|disregard|forget|override)\b[^.\n]{{0,40}}\b(?:previous|prior|above|earlier|all|any|your|these|system)\b
        [^.\n]{{0,40}}\b(?:instruction|prompt|rule|guideline|direction)s?\b
    | \b(?:report|return|respond\ with|answer\ with|output)\b[^.\n]{{0,20}}
        \b(?:nothing|no\ (?:issues?|findings?|comments?|problems?)|an?\ empty\ (?:list|array|object|result))\b
    | \b(?:you\ are|act\ as)\ (?:now\ )?(?:an?|the)\ (?:\w+\ ){{0,3}}{_WHO}\b
    | \b(?:dear|note\ to|attention|hey|message\ for)\W{{0,3}}(?:the\ )?{_WHO}\b
    | \b(?:do\ not|don't|never)\ (?:report|flag|mention|comment\ on|review)\b[^.\n]{{0,40}}
        \b(?:this|these|file|function|code|issues?|findings?)\b
    | \b(?:this|the)\ (?:code|file|function)\ (?:is|has\ been)\ (?:already\ )?(?:approved|audited|reviewed)\b
        [^.\n]{{0,40}}\b(?:skip|ignore|safe|no\ need)\b
    | \bsystem\ prompt\b | <\|?(?:im_start|im_end|system|endoftext)\|?> | ^\W*===\ (?:file|end)\b
    | "(?:comments|verdicts|addressed_to_reviewer)"\s*:\s*\[
    """,
    re.IGNORECASE | re.VERBOSE,
)


def visible(text: str) -> str:
    """The text with every sign that cannot be seen, or that turns the direction of reading, written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(letter) if _hidden(letter) else letter for letter in text)


def speaks_to_reviewer(text: str) -> bool:
    """Whether a line reads as if it were addressed to a reviewing model, or hides signs that turn or vanish."""
    return bool(_TURNING.search(text)) or bool(_SPEAKING.search(text))


def steering(lines: Iterable[tuple[Line, str]]) -> list[Line]:
    """Of lines with their text before it was made visible, those that speak to the reviewer."""
    return [line for line, text in lines if speaks_to_reviewer(text)]


def _hidden(letter: str) -> bool:
    return letter != "\t" and unicodedata.category(letter) in _UNSEEN


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
