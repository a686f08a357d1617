"""Names that several rules about retries put into their words."""

from __future__ import annotations

from ..project import Retry


def covered(retry: Retry) -> str:
    """What a retry repeats, as written, the first two named."""
    calls = list(dict.fromkeys(site.call for site in retry.covers))
    if not calls:
        return retry.function.qualified
    more = f" and {len(calls) - 2} more" if len(calls) > 2 else ""
    return ", ".join(calls[:2]) + more
