"""Calls whose errors nobody around their function ever sees."""

from __future__ import annotations

from ...nouns.project import Site

_PASSING = frozenset({"raises", "calls", "continues", "breaks"})


def keeps(site: Site) -> bool:
    """Whether the nearest handler around a call takes every error and lets none out."""
    handlers = site.context.handlers
    return bool(handlers) and handlers[0].broad and _PASSING.isdisjoint(handlers[0].does)
