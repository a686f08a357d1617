"""Statements: scopes, blocks, bindings, imports and jumps, in file order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...nouns.facts import Binding, Class, Const, Expr, Function, Name, Sequence
from ...nouns.source import Source, Span
from . import imports, simple
from .expressions import TOO_DEEP, ExpressionReader
from .headers import for_type_checkers, governed_lines, reason_of, with_values
from .literals import OPAQUE

if TYPE_CHECKING:
    from tree_sitter import Node

_COMPOUND = frozenset(
    {
        "if_statement",
        "for_statement",
        "while_statement",
        "try_statement",
        "with_statement",
        "function_definition",
        "class_definition",
        "decorated_definition",
        "match_statement",
    }
)
_IGNORED = frozenset({"comment", "pass_statement", "future_import_statement"})


class StatementReader(ExpressionReader):
    """Walks the statements of one file once, top to bottom."""

    def __init__(self, source: Source, *, keep_statements: bool) -> None:
        super().__init__(source)
        self.statement_lines: list[tuple[int, int]] = []
        self._keep = keep_statements
        self._names: list[str] = []  # the qualified name, outermost first
        self.guarded = False
        self._class_blocks: dict[int, int] = {}

    def read_module(self, root: Node) -> None:
        """Read a whole file; function 0 is its top level."""
        self.functions.append(None)
        block = self.open_block("module", -1, root, function=0)
        self._statements(root, block)
        self.functions[0] = Function("<module>", "<module>", block, -1, Span(1, 1, 1, 1))

    def _statements(self, node: Node | None, block: int) -> None:
        if node is None:
            return
        self.depth += 1
        if self.depth > TOO_DEEP:
            self.cannot_read(node, "nested too deeply")
        else:
            for child in node.named_children:
                self._statement(child, block)
        self.depth -= 1

    def _statement(self, node: Node, block: int) -> None:
        kind = node.type
        if kind in _IGNORED:
            return
        if kind == "ERROR":
            self.cannot_read(node, "syntax error")
            for child in node.named_children:
                if child.type in _COMPOUND and not child.has_error:
                    self._statement(child, block)
            return
        compound = kind in _COMPOUND
        if not compound and node.has_error:
            self.cannot_read(node, "syntax error")
            return
        if self._keep:
            self.statement_lines.append(governed_lines(node, kind, compound=compound))
        handler = _STATEMENTS.get(kind)
        if handler is not None:
            handler(self, node, block)
        else:
            for child in node.named_children:
                self.expression(child, block)

    def _expression_statement(self, node: Node, block: int) -> None:
        for child in node.named_children:
            kind = child.type
            if kind == "assignment":
                self._assignment(child, block)
            elif kind == "augmented_assignment":
                target = self.expression(child.child_by_field_name("left"), block)
                value = self.expression(child.child_by_field_name("right"), block)
                op = child.children[1].type.rstrip("=")
                self.bindings.append(Binding(target, value, block, self.span(child), how="augment", op=op))
            elif kind not in ("string", "comment"):
                self.expression(child, block)

    def _assignment(self, node: Node, block: int) -> Expr:
        right = node.child_by_field_name("right")
        value: Expr | None = None
        if right is not None:
            value = self._assignment(right, block) if right.type == "assignment" else self.expression(right, block)
        annotation_node = node.child_by_field_name("type")
        annotation = self.inside(annotation_node, block) if annotation_node is not None else None
        target = self.expression(node.child_by_field_name("left"), block)
        self.bindings.append(Binding(target, value, block, self.span(node), annotation))
        if isinstance(target, Name) and target.id == "__all__" and isinstance(value, Sequence):
            self.exports.extend(str(item.value) for item in value.items if isinstance(item, Const))
        return value if value is not None else OPAQUE

    def _if(self, node: Node, block: int) -> None:
        test = self.expression(node.child_by_field_name("condition"), block)
        before = self.guarded
        self.guarded = before or for_type_checkers(test)
        previous = self.open_block("branch", block, node, subject=test)
        self._statements(node.child_by_field_name("consequence"), previous)
        self.guarded = before
        for clause in node.children_by_field_name("alternative"):
            if clause.type == "elif_clause":
                test = self.expression(clause.child_by_field_name("condition"), block)
                previous = self.open_block("branch", block, clause, subject=test, partner=previous)
                self._statements(clause.child_by_field_name("consequence"), previous)
            else:
                other = self.open_block("otherwise", block, clause, partner=previous)
                self._statements(clause.child_by_field_name("body"), other)

    def _for(self, node: Node, block: int) -> None:
        over = self.expression(node.child_by_field_name("right"), block)
        target = self.expression(node.child_by_field_name("left"), block)
        is_async = node.children[0].type == "async"
        inner = self.open_block("loop", block, node, subject=over, form="for", is_async=is_async, target=target)
        left = node.child_by_field_name("left")
        self.bindings.append(Binding(target, over, inner, self.span(left if left is not None else node), how="element"))
        self._statements(node.child_by_field_name("body"), inner)
        self._loop_else(node, block, inner)

    def _while(self, node: Node, block: int) -> None:
        inner = self.open_block("loop", block, node, form="while")
        test = self.expression(node.child_by_field_name("condition"), inner)
        opened = self.blocks[inner]
        self.blocks[inner] = type(opened)(
            opened.kind, opened.parent, opened.function, opened.span, test, opened.partner, opened.form
        )
        self._statements(node.child_by_field_name("body"), inner)
        self._loop_else(node, block, inner)

    def _loop_else(self, node: Node, block: int, loop: int) -> None:
        clause = node.child_by_field_name("alternative")
        if clause is not None:
            other = self.open_block("otherwise", block, clause, partner=loop)
            self._statements(clause.child_by_field_name("body"), other)

    def _try(self, node: Node, block: int) -> None:
        guarded = self.open_block("try", block, node)
        self._statements(node.child_by_field_name("body"), guarded)
        for clause in node.named_children:
            if clause.type in ("except_clause", "except_group_clause"):
                self._handler(clause, block, guarded)
            elif clause.type in ("else_clause", "finally_clause"):
                kind = clause.type
                inner = self.open_block(
                    "otherwise" if kind == "else_clause" else "finally", block, clause, partner=guarded
                )
                body = clause.child_by_field_name("body") or clause.named_children[-1]
                self._statements(body, inner)

    def _handler(self, node: Node, block: int, guarded: int) -> None:
        caught: Expr | None = None
        name: Expr | None = None
        parts = [child for child in node.named_children if child.type != "comment"]
        body = parts.pop() if parts and parts[-1].type == "block" else None
        if parts and parts[0].type == "as_pattern":
            inside = [child for child in parts[0].named_children if child.type != "comment"]
            caught = self.expression(inside[0], block)
            name = Name(self.text(inside[-1])) if len(inside) > 1 else None
        elif parts:
            caught = self.expression(parts[0], block)
            name = self.expression(parts[1], block) if len(parts) > 1 else None
        inner = self.open_block(
            "handler", block, node, subject=caught, partner=guarded, target=name, form=reason_of(node)
        )
        self._statements(body, inner)

    def _with(self, node: Node, block: int) -> None:
        is_async = node.children[0].type == "async"
        clause = next((child for child in node.named_children if child.type == "with_clause"), None)
        inner = block
        items = [] if clause is None else [item for item in clause.named_children if item.type == "with_item"]
        for item in with_values(items):
            target_node: Node | None = None
            value_node: Node = item
            if item.type == "as_pattern":
                value_node = item.named_children[0]
                alias = item.child_by_field_name("alias")
                target_node = alias.named_children[0] if alias is not None and alias.named_children else None
            value = self.expression(value_node, inner)
            target = self.expression(target_node, inner) if target_node is not None else None
            inner = self.open_block("with", inner, node, subject=value, is_async=is_async, target=target)
            if target is not None:
                self.bindings.append(Binding(target, value, inner, self.span(item), how="enter"))
        self._statements(node.child_by_field_name("body"), inner)

    def _decorated(self, node: Node, block: int) -> None:
        listed = [child for child in node.named_children if child.type == "decorator"]
        decorators = tuple(self.inside(child, block) for child in listed)
        definition = node.child_by_field_name("definition")
        if definition is None:
            return
        if definition.type == "class_definition":
            self._class(definition, block, decorators)
        else:
            self._function(definition, block, decorators, tuple(self.span(child) for child in listed))

    def _function(
        self, node: Node, block: int, decorators: tuple[Expr, ...] = (), spans: tuple[Span, ...] = ()
    ) -> None:
        name_node = node.child_by_field_name("name")
        parameters = node.child_by_field_name("parameters")
        if name_node is None or parameters is None or parameters.has_error:
            self.cannot_read(node, "syntax error")
            return
        index = len(self.functions)
        self.functions.append(None)
        listed = self.parameters(parameters, block)
        returns_node = node.child_by_field_name("return_type")
        returns = self.inside(returns_node, block) if returns_node is not None else None
        name = self.text(name_node)
        self._names.append(name)
        cls = self._class_blocks.get(block, -1)
        inner = self.open_block("function", block, node, function=index)
        self._statements(node.child_by_field_name("body"), inner)
        self.functions[index] = Function(
            name,
            ".".join(self._names),
            inner,
            block,
            self.span(name_node),
            listed,
            decorators,
            spans,
            returns,
            cls,
            node.children[0].type == "async",
            index in self.generators,
        )
        self._names.pop()

    def _class(self, node: Node, block: int, decorators: tuple[Expr, ...] = ()) -> None:
        name_node = node.child_by_field_name("name")
        if name_node is None:
            self.cannot_read(node, "syntax error")
            return
        index = len(self.classes)
        self.classes.append(None)
        bases_node = node.child_by_field_name("superclasses")
        passed = self._arguments(bases_node, block) if bases_node is not None else ()
        bases = tuple(argument.value for argument in passed if argument.name is None)
        name = self.text(name_node)
        self._names.append(name)
        inner = self.open_block("class", block, node)
        self._class_blocks[inner] = index
        self._statements(node.child_by_field_name("body"), inner)
        self.classes[index] = Class(name, ".".join(self._names), inner, block, self.span(name_node), bases, decorators)
        self._names.pop()

    def _match(self, node: Node, block: int) -> None:
        for subject in node.children_by_field_name("subject"):
            self.expression(subject, block)
        body = node.child_by_field_name("body")
        for clause in [] if body is None else body.named_children:
            if clause.type == "case_clause":
                inner = self.open_block("case", block, clause)
                guard = clause.child_by_field_name("guard")
                if guard is not None:
                    self.expression(guard, inner)
                self._statements(clause.child_by_field_name("consequence"), inner)


_STATEMENTS: dict[str, Callable[[StatementReader, Node, int], None]] = {
    "expression_statement": StatementReader._expression_statement,
    "import_statement": imports.plain,
    "import_from_statement": imports.from_module,
    "if_statement": StatementReader._if,
    "for_statement": StatementReader._for,
    "while_statement": StatementReader._while,
    "try_statement": StatementReader._try,
    "with_statement": StatementReader._with,
    "decorated_definition": StatementReader._decorated,
    "function_definition": StatementReader._function,
    "class_definition": StatementReader._class,
    "match_statement": StatementReader._match,
    "return_statement": simple.jump,
    "raise_statement": simple.jump,
    "break_statement": simple.jump,
    "continue_statement": simple.jump,
    "global_statement": simple.scope,
    "nonlocal_statement": simple.scope,
    "delete_statement": simple.delete,
}
