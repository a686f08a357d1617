"""What stands in for the real thing, in tests and demonstrations."""

from __future__ import annotations

import re

from ...nouns.functions import FunctionRef

_STANDING_IN = re.compile(r"fake|mock|dummy|stub|virtual|simulat", re.IGNORECASE)


def stands_in(named: FunctionRef | str) -> bool:
    """Whether something is called like what stands in for the real thing."""
    return _STANDING_IN.search(named if isinstance(named, str) else named.qualified) is not None
