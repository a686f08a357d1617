"""Import statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ...nouns.facts import Import

if TYPE_CHECKING:
    from tree_sitter import Node


class Reader(Protocol):
    """What an import statement needs of the statement reader."""

    imports: list[Import]
    guarded: bool

    def text(self, node: Node) -> str:
        """The source text of a node."""


def plain(reader: Reader, node: Node, block: int) -> None:
    """``import a.b as c``."""
    for child in node.named_children:
        line = child.start_point[0] + 1
        if child.type == "aliased_import":
            name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if name is not None and alias is not None:
                module = reader.text(name)
                reader.imports.append(Import(module, None, reader.text(alias), block, line, guarded=reader.guarded))
        elif child.type == "dotted_name":
            module = reader.text(child)
            reader.imports.append(Import(module, None, "", block, line, guarded=reader.guarded))


def from_module(reader: Reader, node: Node, block: int) -> None:
    """``from ..a import b as c``."""
    source = node.child_by_field_name("module_name")
    if source is None:
        return
    module = reader.text(source).replace(" ", "")
    level = len(module) - len(module.lstrip("."))
    module = module[level:]
    for child in node.named_children:
        if child == source:
            continue
        line = child.start_point[0] + 1
        if child.type == "wildcard_import":
            reader.imports.append(Import(module, "*", "", block, line, level, reader.guarded))
        elif child.type == "dotted_name":
            name = reader.text(child)
            reader.imports.append(Import(module, name, name, block, line, level, reader.guarded))
        elif child.type == "aliased_import":
            original, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if original is not None and alias is not None:
                reader.imports.append(
                    Import(module, reader.text(original), reader.text(alias), block, line, level, reader.guarded)
                )
