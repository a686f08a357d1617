"""Secrets out of what is sent: each value by a stable placeholder, lines kept, and counted."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

LONGEST = 2_000
"""Letters of a line that are looked at; what is sent of a line is less."""

_TOKENS = (
    ("aws-key", r"\b(?:AKIA|ASIA|AGPA|AROA)[0-9A-Z]{16}\b"),
    ("github-token", r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{22,}"),
    ("gitlab-token", r"\bglpat-[\w-]{20,}"),
    ("slack-token", r"\bxox[abeoprs]-[\w-]{10,}"),
    ("slack-hook", r"(?<=hooks\.slack\.com/services/)[\w/]{20,}"),
    ("stripe-key", r"\b[rs]k_(?:live|test)_\w{16,}"),
    ("model-key", r"\bsk-(?:ant-)?[\w-]{20,}"),
    ("google-key", r"\bAIza[\w-]{35}"),
    ("npm-token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("sendgrid-key", r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
    ("jwt", r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
    ("authorisation", r"(?i:(?<=bearer )|(?<=basic ))[\w.~+/=-]{16,}"),
    ("password", r"(?<=://)(?P<before>[^\s/:@'\"(]*:)(?P<value>[^\s/@'\"{}$%<\[*]+)(?=@)"),
)
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_NAMED = re.compile(
    r"""(?P<before>\b[\w.-]*(?:(?P<word>passw(?:or)?d|passwd|pwd|passphrase|secret)
        |token(?!s|iz)|api_?key|apikey|access_?key|private_?key|signing_?key|encryption_?key|credential)
        [\w.-]*["']?\]?[ \t]*(?::[ \t]*\w+[ \t]*)?(?P<by>=|:|,)[ \t]*[rbuRBU]{0,2}(?P<quote>["']))
        (?P<value>[^"'\s]{4,})(?=(?P=quote))""",
    re.IGNORECASE | re.VERBOSE,
)
_PLACEHOLDER = re.compile(r"^[{$%<\[]|://|^(?:none|null|true|false|test|todo|x+|\*+|\.+)$", re.IGNORECASE)
_WORDS = re.compile(r"[/:]?[a-zA-Z]+(?:[_./: -]+[a-zA-Z]+)*\W?|[a-zA-Z]+-?\d{1,3}")
_RANDOM = 2.5  # bits a letter


class Redactor:
    """Hides values in texts that belong together; equal values get equal placeholders, numbered as they appear."""

    def __init__(self, patterns: Sequence[str] = ()) -> None:
        kinds = [*_TOKENS, *(("yours", pattern) for pattern in patterns)]
        self._patterns = [(kind, re.compile(pattern)) for kind, pattern in kinds]
        self._known: dict[tuple[str, str], str] = {}
        self._numbers: Counter[str] = Counter()

    @property
    def hidden(self) -> int:
        """How many different values were hidden."""
        return len(self._known)

    def lines(self, texts: Sequence[str]) -> list[str]:
        """The same number of lines, without what must not leave the machine."""
        joined = "\n".join(text.replace("\n", " ")[:LONGEST] for text in texts)
        return self.text(joined).split("\n") if texts else []

    def text(self, text: str) -> str:
        """A text with the same line ends, without what must not leave the machine."""
        text = _KEY_BLOCK.sub(self._block, text)
        for kind, pattern in self._patterns:
            text = pattern.sub(lambda found, kind=kind: self._whole(kind, found), text)  # type: ignore[misc]
        return _NAMED.sub(self._named, text)

    def _block(self, found: re.Match[str]) -> str:
        mark = self._mark("private-key", found[0])
        return "\n".join([mark] * (found[0].count("\n") + 1))

    def _whole(self, kind: str, found: re.Match[str]) -> str:
        parts = found.groupdict()
        value = parts.get("value") or found[0]
        return (parts.get("before") or "") + "\n".join(self._mark(kind, piece) for piece in value.split("\n"))

    def _named(self, found: re.Match[str]) -> str:
        value = found["value"]
        if "<redacted:" in value or _PLACEHOLDER.search(value):
            return found[0]
        # After "token", or behind a comma, a plain word is a name of something; after "password =" it may be the thing.
        sure = found["word"] and found["by"] != ","
        if not sure and (_WORDS.fullmatch(value) or _entropy(value) < _RANDOM):
            return found[0]
        return found["before"] + self._mark("secret", value)

    def _mark(self, kind: str, value: str) -> str:
        if (kind, value) not in self._known:
            self._numbers[kind] += 1
            self._known[kind, value] = f"<redacted:{kind}:{self._numbers[kind]}>"
        return self._known[kind, value]


def _entropy(value: str) -> float:
    """Bits a letter: about 4 and more for random ones, below 3 for words."""
    counts = Counter(value)
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())
