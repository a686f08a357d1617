"""Parts of what a host answered; what is not there or of another kind is a trouble, not an accident."""

from __future__ import annotations

from typing import Any

from .trouble import TroubleError


def table_in(document: Any, name: str, *, missing: bool = False) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """The object of this name; raises TroubleError, or gives an empty one where it may be missing."""
    found = document.get(name) if isinstance(document, dict) else None
    if isinstance(found, dict):
        return found
    if missing and found is None:
        return {}
    raise TroubleError(f"the host answered without `{name}`")


def text_in(document: Any, name: str) -> str:  # noqa: ANN401 - JSON
    """The text of this name; raises TroubleError."""
    found = document.get(name) if isinstance(document, dict) else None
    if isinstance(found, str):
        return found
    raise TroubleError(f"the host answered without `{name}`")


def id_in(document: Any, name: str) -> str:  # noqa: ANN401 - JSON
    """The number of this name as text; it may be larger than what JSON is sure to carry. Raises TroubleError."""
    found = document.get(name) if isinstance(document, dict) else None
    if isinstance(found, str | int) and str(found).isdecimal():
        return str(found)
    raise TroubleError(f"the host answered without `{name}`")


def number_in(document: Any, name: str) -> int:  # noqa: ANN401 - JSON
    """The whole number of this name; raises TroubleError."""
    found = document.get(name) if isinstance(document, dict) else None
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    raise TroubleError(f"the host answered without `{name}`")
