"""Expressions: each node becomes a small symbolic value; each call a row of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ...nouns.facts import (
    Argument,
    Attribute,
    Await,
    Binding,
    Call,
    CallRef,
    Closure,
    Comprehension,
    Const,
    Expr,
    Function,
    Jump,
    Name,
    Parameter,
    Sequence,
    Spread,
    Text,
)
from . import operators
from .literals import OPAQUE, joined, number_of, string_of
from .tables import Tables

if TYPE_CHECKING:
    from tree_sitter import Node

TOO_DEEP = 120
"""Nesting beyond which an expression is left out: no person writes that, and Python's own stack is finite."""

_CONSTANTS: dict[str, Expr] = {"true": Const(True), "false": Const(False), "none": Const(None)}
_SEQUENCES: dict[str, Literal["list", "tuple", "set"]] = {
    "list": "list",
    "tuple": "tuple",
    "set": "set",
    "expression_list": "tuple",
    "pattern_list": "tuple",
    "tuple_pattern": "tuple",
    "list_pattern": "list",
}
_COMPREHENSIONS: dict[str, Literal["list", "set", "dict", "generator"]] = {
    "list_comprehension": "list",
    "set_comprehension": "set",
    "dictionary_comprehension": "dict",
    "generator_expression": "generator",
}
_NUMBERS = frozenset({"integer", "float"})
_LEAVES = frozenset({"comment", "ellipsis", "pass_statement", "line_continuation"})


class ExpressionReader(Tables):
    """Turns expression nodes into `Expr`, adding calls, closures and comprehension loops to the tables."""

    depth = 0

    def expression(self, node: Node | None, block: int) -> Expr:
        """The symbolic value of a node evaluated in `block`."""
        if node is None:
            return OPAQUE
        kind = node.type
        if kind == "identifier":
            return Name(self.text(node))
        if kind == "attribute":
            return self._attribute(node, block)
        if kind == "call":
            return self._call(node, block)
        if kind == "string":
            return string_of(node, self.text(node), lambda inside: self.expression(inside, block))
        if kind in _NUMBERS:
            return number_of(self.text(node))
        constant = _CONSTANTS.get(kind)
        if constant is not None:
            return constant
        if kind in _LEAVES:
            return OPAQUE
        self.depth += 1
        try:
            if self.depth > TOO_DEEP:
                self.cannot_read(node, "nested too deeply")
                return OPAQUE
            return self._compound(node, kind, block)
        finally:
            self.depth -= 1

    def _attribute(self, node: Node, block: int) -> Expr:
        names: list[str] = []
        while node.type == "attribute":
            member = node.child_by_field_name("attribute")
            inner = node.child_by_field_name("object")
            if member is None or inner is None:
                return OPAQUE
            names.append(self.text(member))
            node = inner
        value = self.expression(node, block)
        if len(names) > TOO_DEEP:
            self.cannot_read(node, "nested too deeply")
            return OPAQUE
        for name in reversed(names):
            value = Attribute(value, name)
        return value

    def _compound(self, node: Node, kind: str, block: int) -> Expr:
        if kind in _SEQUENCES:
            return Sequence(_SEQUENCES[kind], tuple(self.items(node, block)))
        if kind in _COMPREHENSIONS:
            return self._comprehension(node, _COMPREHENSIONS[kind], block)
        reader = _READERS.get(kind)
        if reader is not None:
            return reader(self, node, block)
        for child in node.named_children:  # nothing is said of this node, but calls inside it count
            self.expression(child, block)
        return OPAQUE

    def items(self, node: Node, block: int) -> list[Expr]:
        """The values of the parts of a node, comments left out."""
        return [self.expression(child, block) for child in node.named_children if child.type != "comment"]

    def inside(self, node: Node, block: int) -> Expr:
        """The value of the first part of a node that is no comment."""
        for child in node.named_children:
            if child.type != "comment":
                return self.expression(child, block)
        return OPAQUE

    def _call(self, node: Node, block: int) -> Expr:
        self.depth += 1
        if self.depth > TOO_DEEP:
            self.cannot_read(node, "nested too deeply")
            self.depth -= 1
            return OPAQUE
        index = len(self.calls)
        self.calls.append(None)
        function = node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        callee = self.expression(function, block)
        passed = self._arguments(arguments, block) if arguments is not None else ()
        parent = node.parent
        holder = parent.type if parent is not None else ""
        self.calls[index] = Call(
            callee,
            passed,
            block,
            self.span(node),
            self.span(function) if function is not None else self.span(node),
            awaited=holder == "await",
            discarded=self._discarded(parent, holder),
        )
        self.depth -= 1
        return CallRef(index)

    @staticmethod
    def _discarded(parent: Node | None, holder: str) -> bool:
        if holder == "await" and parent is not None and parent.parent is not None:
            holder = parent.parent.type
        return holder == "expression_statement"

    def _arguments(self, node: Node, block: int) -> tuple[Argument, ...]:
        if node.type == "generator_expression":
            return (Argument(None, self._comprehension(node, "generator", block)),)
        passed: list[Argument] = []
        for child in node.named_children:
            kind = child.type
            if kind == "keyword_argument":
                name = child.child_by_field_name("name")
                value = self.expression(child.child_by_field_name("value"), block)
                passed.append(Argument(self.text(name) if name is not None else None, value))
            elif kind == "list_splat":
                passed.append(Argument(None, self.inside(child, block), "*"))
            elif kind == "dictionary_splat":
                passed.append(Argument(None, self.inside(child, block), "**"))
            elif kind != "comment":
                passed.append(Argument(None, self.expression(child, block)))
        return tuple(passed)

    def _comprehension(self, node: Node, kind: Literal["list", "set", "dict", "generator"], block: int) -> Expr:
        inner = block
        for clause in node.named_children:
            if clause.type == "for_in_clause":
                over = self.expression(clause.child_by_field_name("right"), inner)
                target = self.expression(clause.child_by_field_name("left"), inner)
                is_async = any(child.type == "async" for child in clause.children)
                inner = self.open_block(
                    "loop", inner, node, subject=over, form="comprehension", is_async=is_async, target=target
                )
                self.bindings.append(Binding(target, over, inner, self.span(clause), how="element"))
            elif clause.type == "if_clause":
                test = self.inside(clause, inner)
                inner = self.open_block("branch", inner, node, subject=test)
        element = self.expression(node.child_by_field_name("body"), inner)
        return Comprehension(kind, element, inner)

    def _lambda(self, node: Node, block: int) -> Expr:
        index = len(self.functions)
        self.functions.append(None)
        parameters = node.child_by_field_name("parameters")
        listed = self.parameters(parameters, block) if parameters is not None else ()
        body = node.child_by_field_name("body")
        inner = self.open_block("function", block, node, function=index)
        value = self.expression(body, inner)
        self.jumps.append(Jump("return", inner, self.span(body if body is not None else node), value))
        self.functions[index] = Function("<lambda>", "<lambda>", inner, block, self.span(node), listed)
        return Closure(index)

    def parameters(self, node: Node, block: int) -> tuple[Parameter, ...]:
        """The parameters of a function or lambda; defaults and annotations are evaluated outside it, in `block`."""
        listed: list[Parameter] = []
        after: Literal["plain", "keyword"] = "plain"
        for child in node.named_children:
            kind = child.type
            if kind == "keyword_separator":
                after = "keyword"
            elif kind == "positional_separator":
                listed = [Parameter(p.name, "positional", p.annotation, p.default) for p in listed]
            elif kind != "comment":
                parameter = self._parameter(child, after, block)
                if parameter is not None:
                    listed.append(parameter)
                    after = "keyword" if parameter.kind == "rest" else after
        return tuple(listed)

    def _parameter(self, node: Node, after: Literal["plain", "keyword"], block: int) -> Parameter | None:
        annotation_node = node.child_by_field_name("type")
        annotation = self.inside(annotation_node, block) if annotation_node is not None else None
        default_node = node.child_by_field_name("value")
        default = self.expression(default_node, block) if default_node is not None else None
        name = node.child_by_field_name("name")
        if name is None:
            name = node if node.type == "identifier" else next(iter(node.named_children), None)
        if name is None:
            return None
        if name.type == "list_splat_pattern":
            return Parameter(self.text(name).lstrip("* "), "rest", annotation)
        if name.type == "dictionary_splat_pattern":
            return Parameter(self.text(name).lstrip("* "), "options", annotation)
        if node.type == "list_splat_pattern":
            return Parameter(self.text(node).lstrip("* "), "rest", annotation)
        if node.type == "dictionary_splat_pattern":
            return Parameter(self.text(node).lstrip("* "), "options", annotation)
        return Parameter(self.text(name), after, annotation, default)

    def _walrus(self, node: Node, block: int) -> Expr:
        value = self.expression(node.child_by_field_name("value"), block)
        target = self.expression(node.child_by_field_name("name"), block)
        self.bindings.append(Binding(target, value, block, self.span(node)))
        return value

    def _yield(self, node: Node, block: int) -> Expr:
        value = self.inside(node, block) if node.named_child_count else None
        whole = any(child.type == "from" for child in node.children)
        self.jumps.append(Jump("yield from" if whole else "yield", block, self.span(node), value))
        self.generators.add(self.blocks[block].function)
        return OPAQUE

    def _joined(self, node: Node, block: int) -> Expr:
        return joined(self.items(node, block))

    def _spread(self, node: Node, block: int) -> Expr:
        # The grammar takes the star of `[*f(x)]`, alone in its brackets, for a part of `f`.
        bound = node.parent is not None and node.parent.type in ("call", "attribute", "subscript")
        return self.inside(node, block) if bound else Spread(self.inside(node, block))

    def _await(self, node: Node, block: int) -> Expr:
        return Await(self.inside(node, block))

    def _fragment(self, node: Node, block: int) -> Expr:
        parts = [self.expression(child, block) for child in node.named_children]
        return Text(tuple(parts))


_READERS = {
    "parenthesized_expression": ExpressionReader.inside,
    "type": ExpressionReader.inside,
    "await": ExpressionReader._await,
    "lambda": ExpressionReader._lambda,
    "dictionary": operators.mapping,
    "binary_operator": operators.binary,
    "boolean_operator": operators.binary,
    "comparison_operator": operators.comparison,
    "not_operator": operators.unary,
    "unary_operator": operators.unary,
    "conditional_expression": operators.conditional,
    "subscript": operators.subscript,
    "slice": operators.sliced,
    "named_expression": ExpressionReader._walrus,
    "yield": ExpressionReader._yield,
    "concatenated_string": ExpressionReader._joined,
    "list_splat": ExpressionReader._spread,
    "list_splat_pattern": ExpressionReader._spread,
    "dictionary_splat": ExpressionReader._spread,
    "generic_type": operators.generic_type,
    "union_type": operators.union_type,
    "member_type": ExpressionReader._fragment,
}
