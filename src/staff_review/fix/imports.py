"""Imports put where the file's own order has a place for them; nothing else moves."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import libcst as cst

from .bindings import dotted, module_of, top_imports
from .separated import with_item
from .symbols import Needs


def with_imports(module: cst.Module, needs: Needs) -> cst.Module:
    """The module with everything imported that its edits need."""
    for name in sorted(needs.modules):
        module = _with_statement(module, f"import {name}")
    for source, names in sorted(needs.names.items()):
        node = _taking_from(module, source)
        if node is None:
            module = _with_statement(module, f"from {source} import {', '.join(sorted(names))}")
            continue
        for name in sorted(names):
            longer = _with_name(node, name)
            module = cst.ensure_type(module.deep_replace(node, longer), cst.Module)
            node = longer
    return module


def _taking_from(module: cst.Module, source: str) -> cst.ImportFrom | None:
    for _, node in top_imports(module):
        if (
            isinstance(node, cst.ImportFrom)
            and not isinstance(node.names, cst.ImportStar)
            and module_of(node) == source
        ):
            return node
    return None


def _with_name(node: cst.ImportFrom, name: str) -> cst.ImportFrom:
    names = [] if isinstance(node.names, cst.ImportStar) else list(node.names)
    keys = [_member_key(alias.evaluated_name) for alias in names]
    key = _member_key(name)
    place = next((index for index, other in enumerate(keys) if other > key), len(keys))
    index = place if keys == sorted(keys) else len(keys)
    opening = node.lpar.whitespace_after if node.lpar is not None else cst.SimpleWhitespace("")
    return node.with_changes(names=with_item(names, cst.ImportAlias(cst.Name(name)), index, opening))


def _member_key(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest: how the usual sorters order names of one module."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


def _with_statement(module: cst.Module, text: str) -> cst.Module:
    new = cst.ensure_type(cst.parse_statement(text, module.config_for_parsing), cst.SimpleStatementLine)
    sections = _sections(module)
    own = next((section for section in sections if _kind(module, section) == _kind_of(new)), None)
    body = list(module.body)
    if own is not None:
        place = _place_in([_import_of(body[index]) for index in own], _import_of(new))
        if place == len(own):
            return module.with_changes(body=[*body[: own[-1] + 1], new, *body[own[-1] + 1 :]])
        return _before(module, own[place], new, apart=False)
    after = [section for section in sections if _kind(module, section) < _kind_of(new)]
    if after:
        index = after[-1][-1] + 1
        return module.with_changes(
            body=[*body[:index], new.with_changes(leading_lines=[cst.EmptyLine(indent=False)]), *body[index:]]
        )
    return _before(module, sections[0][0] if sections else _first(body), new, apart=True)


def _before(module: cst.Module, index: int, new: cst.SimpleStatementLine, *, apart: bool) -> cst.Module:
    """The module with a statement before another, which keeps its comments; `apart` by an empty line."""
    body = list(module.body)
    if index >= len(body):
        return module.with_changes(body=[*body, new])
    next_one = body[index]
    lines: list[cst.EmptyLine] = list(getattr(next_one, "leading_lines", ()))
    remarks = next((number for number, line in enumerate(lines) if line.comment is not None), len(lines))
    blank, rest = lines[:remarks], lines[remarks:]
    if apart:
        rest = [cst.EmptyLine(indent=False), *rest]
        if not isinstance(_alone(next_one), (cst.Import, cst.ImportFrom)):
            rest, blank = lines or rest, blank[:1]
    body[index : index + 1] = [new.with_changes(leading_lines=blank), next_one.with_changes(leading_lines=rest)]
    return module.with_changes(body=body)


def _first(body: Sequence[cst.BaseStatement]) -> int:
    """The index behind the docstring and the imports from ``__future__``."""
    index = 0
    while index < len(body):
        only = _alone(body[index])
        documents = index == 0 and isinstance(only, cst.Expr) and isinstance(only.value, cst.SimpleString)
        if not documents and not _is_future(only):
            return index
        index += 1
    return index


def _sections(module: cst.Module) -> list[list[int]]:
    """The first run of imports, in sections as empty lines part them: indices into the body."""
    found: list[list[int]] = []
    before = -2
    for index, statement in enumerate(module.body):
        only = _alone(statement)
        if not isinstance(only, (cst.Import, cst.ImportFrom)) or _is_future(only):
            if found:
                break
            continue
        lines = statement.leading_lines if isinstance(statement, cst.SimpleStatementLine) else ()
        if before != index - 1 or any(line.comment is None for line in lines):
            found.append([])
        found[-1].append(index)
        before = index
    return found


def _place_in(section: Sequence[cst.Import | cst.ImportFrom], new: cst.Import | cst.ImportFrom) -> int:
    """Where a new import belongs: plain imports first unless the section mixes both kinds, then by module."""
    shapes = [isinstance(one, cst.ImportFrom) for one in section]
    mixed = shapes != sorted(shapes)

    def key(node: cst.Import | cst.ImportFrom) -> tuple[bool, str]:
        return (False if mixed else isinstance(node, cst.ImportFrom), _module(node).lower())

    return next((index for index, one in enumerate(section) if key(one) > key(new)), len(section))


def _kind(module: cst.Module, section: Sequence[int]) -> int:
    return _kind_of(module.body[section[0]])


def _kind_of(statement: cst.CSTNode) -> int:
    """0 for the standard library, 1 for packages; relative imports come last, 2."""
    path = _module(_import_of(statement))
    return 2 if path.startswith(".") else 0 if path.partition(".")[0] in sys.stdlib_module_names else 1


def _import_of(statement: cst.CSTNode) -> cst.Import | cst.ImportFrom:
    only = _alone(statement)
    if not isinstance(only, (cst.Import, cst.ImportFrom)):
        raise TypeError("not an import")
    return only


def _alone(statement: cst.CSTNode) -> cst.CSTNode | None:
    single = isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1
    return statement.body[0] if single and isinstance(statement, cst.SimpleStatementLine) else None


def _module(node: cst.Import | cst.ImportFrom) -> str:
    return module_of(node) if isinstance(node, cst.ImportFrom) else dotted(node.names[0].name)


def _is_future(node: cst.CSTNode | None) -> bool:
    return isinstance(node, cst.ImportFrom) and module_of(node) == "__future__"
