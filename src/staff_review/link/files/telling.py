"""Calls that only tell somebody what happened: they mend nothing, and take no time that counts."""

from __future__ import annotations

import re

_TELLING = re.compile(
    r"\w*(?:log|print|warn|debug|info|error|exc|critical|metric|counter|capture)\w*|inc(?:r|rement)?|add|str|repr|format|type|join"
)


def only_tells(name: str) -> bool:
    """Whether the last name of a call says that it writes or counts what happened."""
    return _TELLING.fullmatch(name.lower()) is not None
