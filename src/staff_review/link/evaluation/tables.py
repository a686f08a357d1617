"""Tables that are written as a call: ``dict(host=host, port=port)`` has what ``{"host": host, "port": port}`` has."""

from __future__ import annotations

from ...nouns.facts import Const, Mapping
from ..files.index import FileIndex
from ..files.values import UNKNOWN, Values, Written

TABLE = "builtins.dict"


def table_written(file: FileIndex, index: int) -> Values:
    """The literal that a call means whose arguments are all named."""
    call = file.calls[index]
    items = tuple((Const(one.name), one.value) for one in call.arguments if one.name is not None and not one.spread)
    if not items or len(items) != len(call.arguments):
        return (UNKNOWN,)
    return (Written(file.path, call.block, Mapping(items)),)
