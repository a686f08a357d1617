"""Names that several rules about retries put into their words."""

from __future__ import annotations

from ...nouns.project import Retry

_NAMED = 2


def covered(retry: Retry) -> str:
    """What a retry repeats, as written, the first two by name."""
    calls = list(dict.fromkeys(site.call for site in retry.covers))
    if not calls:
        return f"`{retry.function.qualified}`" if retry.decorates else "its work"
    more = [f"{len(calls) - _NAMED} more"] if len(calls) > _NAMED else []
    return " and ".join([", ".join(f"`{call}`" for call in calls[:_NAMED]), *more])
