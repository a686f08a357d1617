"""Files of products, our own and a user's: what they say, with braces multiplied out and put together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from ..nouns.libraries import Library
from ..nouns.products import Products
from .braces import all_expanded
from .toml import Document, decoded, mistake

_SPELLED = ("images", "hosts", "services", "invokes", "words", "settings", "kinds")
_TABLES = ("product", "command", "framework", "resource")
_T = TypeVar("_T", bound=msgspec.Struct)


def is_of_products(document: Document) -> bool:
    """Whether a user's file of the catalog speaks of products: it names no library, and has a key that none has."""
    return "library" not in document.table and not document.table.keys() <= set(Library.__struct_fields__)


def products_in(document: Document) -> Products:
    """What one file says; raises UsageError for a wrong key or value."""
    said = decoded(document, Products)
    plain = {
        table: tuple(_plain(entry, document, (table, number)) for number, entry in enumerate(getattr(said, table)))
        for table in _TABLES
    }
    return msgspec.structs.replace(said, **plain)


def together(files: Iterable[Products]) -> Products:
    """What several files say, in their order."""
    listed = tuple(files)
    return Products(
        product=tuple(one for file in listed for one in file.product),
        command=tuple(one for file in listed for one in file.command),
        framework=tuple(one for file in listed for one in file.framework),
        resource=tuple(one for file in listed for one in file.resource),
    )


def _plain(entry: _T, document: Document, steps: tuple[str | int, ...]) -> _T:
    changed: dict[str, tuple[str, ...]] = {}
    for field in _SPELLED:
        try:
            changed |= {field: all_expanded(getattr(entry, field))} if hasattr(entry, field) else {}
        except ValueError as error:
            raise mistake(document, (*steps, field), str(error)) from error
    return msgspec.structs.replace(entry, **changed)
