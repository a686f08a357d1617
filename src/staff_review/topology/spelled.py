"""Names in which ``*`` stands for a run of characters, as patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable


def spelled(names: Iterable[str], run: str = ".*") -> str:
    """The regular expression that matches each of several names; `run` is what a ``*`` may be."""
    return "|".join(re.escape(name).replace(r"\*", run) for name in names)
