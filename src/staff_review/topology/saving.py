"""A system as bytes and back, so that services of separate repositories can meet."""

from __future__ import annotations

import msgspec

from ..nouns.errors import UsageError
from ..nouns.system import System

SCHEMA = "staff-review-saved-map/1"


class Saved(msgspec.Struct, frozen=True):
    """What a saved map holds: the schema, by which a reader knows whether it understands the rest."""

    schema: str
    system: System


def saved(system: System) -> bytes:
    """A system as JSON; the same system gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(Saved(SCHEMA, system)), indent=1) + b"\n"


def restored(data: bytes, name: str) -> System:
    """The system of a saved map; `name` is what the user called it; raises UsageError where it is none."""
    try:
        schema = msgspec.json.decode(data, type=dict[str, object]).get("schema")
        if schema == SCHEMA:
            return msgspec.json.decode(data, type=Saved).system
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"`{name}` is no map that was saved here; make one with `staff-review map --save {name}`"
        ) from error
    raise UsageError(f"`{name}` was saved by another version; save it again with `staff-review map --save {name}`")
