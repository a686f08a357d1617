"""What a library keeps under a name of every class of its own, and a class of the program puts there itself."""

from __future__ import annotations

from ..files.values import UNKNOWN, External, Instance, Value, Values
from ..knowledge.catalog import Catalog


def keeps_as_usual(catalog: Catalog, own: Values, usual: Values) -> bool:
    """Whether a class puts the like of what the library would keep there, or what cannot be seen (``objects = …``)."""
    like = {catalog.makers.get(value.path) for value in usual if isinstance(value, External)} - {None}
    return bool(like) and all(_is_like(catalog, value, like) for value in own)


def _is_like(catalog: Catalog, value: Value, like: set[str | None]) -> bool:
    if isinstance(value, Instance):
        return value.type in like or catalog.clients.get(value.type) is None
    return value == UNKNOWN
