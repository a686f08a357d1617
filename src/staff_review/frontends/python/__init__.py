"""Python, every version to 3.14 whatever interpreter runs us: tree-sitter in, `FileFacts` out."""

from __future__ import annotations

import tree_sitter
import tree_sitter_python

from ...nouns.demand import Glance, Triggers
from ...nouns.facts import FileFacts
from ...nouns.source import Source
from .scan import imports_in, wants, words_in
from .silences import silences_in
from .statements import StatementReader

__all__ = ["facts_of", "glance_at", "words_in"]

_LANGUAGE = tree_sitter.Language(tree_sitter_python.language())


def facts_of(source: Source) -> FileFacts:
    """Facts of one Python file; a syntax error costs its own statement and is listed in `unread`."""
    tree = tree_sitter.Parser(_LANGUAGE).parse(source.data)
    asks_silence = b"staff-review:" in source.data
    reader = StatementReader(source, keep_statements=asks_silence)
    reader.read_module(tree.root_node)
    silences = silences_in(tree.root_node, source.data, reader.statement_lines, _LANGUAGE) if asks_silence else ()
    return FileFacts(
        path=source.path,
        language=source.language,
        lines=source.data.count(b"\n") + 1,
        imports=tuple(reader.imports),
        functions=tuple(reader.finished_functions()),
        classes=tuple(reader.finished_classes()),
        blocks=tuple(reader.blocks),
        bindings=tuple(reader.bindings),
        calls=tuple(reader.finished_calls()),
        jumps=tuple(reader.jumps),
        exports=tuple(reader.exports),
        globals=tuple(reader.globals),
        silences=silences,
        unread=tuple(reader.unread),
    )


def glance_at(data: bytes, triggers: Triggers) -> Glance:
    """What a file imports and whether something in it makes it worth reading whole; asked-for silences do."""
    imports = imports_in(data)
    test = any(one.partition(":")[0].partition(".")[0] in triggers.tests for one in imports)
    return Glance(imports, wants(data, imports, triggers) or b"staff-review:" in data, test)
