"""Templates of pages (Django's, Jinja's): which loops they hold and what they put into the page, as `FileFacts`."""

from __future__ import annotations

from ...nouns.demand import Glance, Triggers
from ...nouns.facts import FileFacts
from ...nouns.source import Source
from .paths import WORD
from .tags import TagReader

__all__ = ["facts_of", "glance_at", "words_in"]


def facts_of(source: Source) -> FileFacts:
    """Facts of one template: its names are those of whoever renders it, what it puts into the page it yields."""
    reader = TagReader(source.data.decode("utf-8", "replace"))
    reader.read()
    return FileFacts(
        path=source.path,
        language=source.language,
        lines=source.data.count(b"\n") + 1,
        imports=tuple(reader.imports),
        functions=(reader.page,),
        blocks=tuple(reader.blocks),
        bindings=tuple(reader.bindings),
        jumps=tuple(reader.jumps),
    )


def glance_at(_data: bytes, _triggers: Triggers) -> Glance:
    """Nothing: a template matters where code renders it, and is read when that is seen."""
    return Glance((), False)


def words_in(data: bytes) -> frozenset[bytes]:
    """The words of one template."""
    return frozenset(WORD.findall(data))
