"""What one file says, in no language's terms.

A front end reads a syntax tree and writes these; nothing after it sees a tree. They are plain and frozen, so they are
cached and cross process borders as bytes. An index (``block``, ``function``, ``call``) points into the tuple of that
name in the same `FileFacts`. How Go, Java and TypeScript map onto them: docs/decisions/0002.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from .source import Span


class _Fact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Small, immutable, without cycles: so the collector need not visit it."""


class Const(_Fact, tag=1, frozen=True):
    """A literal: text, number, truth value, or the language's null (`None`)."""

    value: str | int | float | bool | None


class Name(_Fact, tag=2, frozen=True):
    """A bare identifier, resolved by the scopes around its block."""

    id: str


class Attribute(_Fact, tag=3, frozen=True):
    """``of.name``: a member, a module's symbol, a package's function."""

    of: Expr
    name: str


class CallRef(_Fact, tag=4, frozen=True):
    """The value of the call at this index of `FileFacts.calls`."""

    index: int


class Text(_Fact, tag=5, frozen=True):
    """An interpolated string: literal parts and expression holes, in order."""

    parts: tuple[Expr, ...]


class Sequence(_Fact, tag=6, frozen=True):
    """A list, tuple, set, slice or array literal."""

    kind: Literal["list", "tuple", "set"]
    items: tuple[Expr, ...]


class Mapping(_Fact, tag=7, frozen=True):
    """A dictionary, map or object literal; a key of `None` spreads its value into it."""

    items: tuple[tuple[Expr | None, Expr], ...]


class Spread(_Fact, tag=8, frozen=True):
    """``*of``, ``**of`` or ``...of`` inside a literal."""

    of: Expr


class Choice(_Fact, tag=9, frozen=True):
    """One of several values: a conditional expression, or ``a or b`` (`test` None, the first true one wins)."""

    test: Expr | None
    options: tuple[Expr, ...]


class Binary(_Fact, tag=10, frozen=True):
    """Arithmetic, comparison, logical ``and`` or a slice (``:``); `op` as written in Python (``==``, ``is not``)."""

    op: str
    left: Expr
    right: Expr


class Unary(_Fact, tag=11, frozen=True):
    """``not of`` or ``-of``."""

    op: str
    of: Expr


class Closure(_Fact, tag=12, frozen=True):
    """A function written in place: lambda, func literal, arrow function; its index in `FileFacts.functions`."""

    function: int


class Await(_Fact, tag=13, frozen=True):
    """``await of``, a channel receive, a blocking unwrap of a future in the syntax itself."""

    of: Expr


class Item(_Fact, tag=14, frozen=True):
    """``of[key]``."""

    of: Expr
    key: Expr


class Comprehension(_Fact, tag=15, frozen=True):
    """``[element for …]``: `block` is the innermost loop block that it opens."""

    kind: Literal["list", "set", "dict", "generator"]
    element: Expr
    block: int


class Opaque(_Fact, tag=16, frozen=True):
    """An expression whose value is not described; calls inside it are in `FileFacts.calls` all the same."""


Expr: TypeAlias = (
    Const
    | Name
    | Attribute
    | CallRef
    | Text
    | Sequence
    | Mapping
    | Spread
    | Choice
    | Binary
    | Unary
    | Closure
    | Await
    | Item
    | Comprehension
    | Opaque
)

BlockKind: TypeAlias = Literal[
    "module", "function", "class", "loop", "try", "handler", "finally", "with", "branch", "otherwise", "case"
]


class Block(_Fact, frozen=True):
    """A stretch of statements with one context; blocks form a tree through `parent` (-1 at the module).

    `subject`: what a loop runs over or waits on, what a branch tests, what a with-block enters, what a handler catches.
    `partner`: for a handler, finally or otherwise block, the try, loop or branch block it belongs to (else -1).
    """

    kind: BlockKind
    parent: int
    function: int
    span: Span
    subject: Expr | None = None
    partner: int = -1
    form: str = ""  # loop: "for", "while", "comprehension"; handler: "explained" by a comment; otherwise empty
    is_async: bool = False
    target: Expr | None = None  # loop variable, with-target, name of the caught error


class Parameter(_Fact, frozen=True):
    """One parameter; `kind` is "plain", "positional", "keyword", "rest" (``*args``) or "options" (``**kwargs``)."""

    name: str
    kind: Literal["plain", "positional", "keyword", "rest", "options"] = "plain"
    annotation: Expr | None = None
    default: Expr | None = None


class Function(_Fact, frozen=True):
    """A function, method or closure; index 0 is the module's own top level."""

    name: str
    qualified: str
    block: int
    parent_block: int
    span: Span  # of the signature line, for pointing
    parameters: tuple[Parameter, ...] = ()
    decorators: tuple[Expr, ...] = ()
    decorator_spans: tuple[Span, ...] = ()
    returns: Expr | None = None
    cls: int = -1
    is_async: bool = False
    is_generator: bool = False


class Class(_Fact, frozen=True):
    """A class, struct or interface, with its bases as expressions."""

    name: str
    qualified: str
    block: int
    parent_block: int
    span: Span
    bases: tuple[Expr, ...] = ()
    decorators: tuple[Expr, ...] = ()


class Import(_Fact, frozen=True):
    """One imported name. ``from ..a import b as c``: module "a", level 2, name "b", alias "c".

    ``import a.b`` has no name.

    A star import has the name "*". `guarded` means that it runs only for type checkers.
    """

    module: str
    name: str | None
    alias: str
    block: int
    line: int
    level: int = 0
    guarded: bool = False


class Argument(_Fact, frozen=True):
    """One argument of a call: by position (`name` None), by name, or spread ("*" / "**")."""

    name: str | None
    value: Expr
    spread: Literal["", "*", "**"] = ""


class Call(_Fact, frozen=True):
    """A call as written: who, with what, in which context, and whether its value is awaited or thrown away."""

    callee: Expr
    arguments: tuple[Argument, ...]
    block: int
    span: Span
    callee_span: Span
    awaited: bool = False
    discarded: bool = False


class Binding(_Fact, frozen=True):
    """A value given to a target: assigned, augmented, an element of an iterable, an entered context, or deleted."""

    target: Expr
    value: Expr | None
    block: int
    span: Span
    annotation: Expr | None = None
    how: Literal["assign", "augment", "element", "enter", "delete"] = "assign"
    op: str = ""  # of an augmented assignment: "+" for ``+=``


class Jump(_Fact, frozen=True):
    """Leaving a block: return, raise, break, continue, yield; `value` is what is returned, raised or yielded."""

    kind: Literal["return", "raise", "break", "continue", "yield", "yield from"]
    block: int
    span: Span
    value: Expr | None = None


class Silence(_Fact, frozen=True):
    """A request in a comment to be quiet about `rules` on `lines` (first, last); (0, 0) is the whole file."""

    rules: tuple[str, ...]
    line: int
    lines: tuple[int, int]
    reason: str = ""
    until: str = ""


class Unread(_Fact, frozen=True):
    """A stretch that could not be understood; the rest of the file stands."""

    line: int
    reason: str


class FileFacts(msgspec.Struct, frozen=True, array_like=True):
    """All that the rest of the program will ever know of one file."""

    path: str
    language: str
    lines: int
    imports: tuple[Import, ...] = ()
    functions: tuple[Function, ...] = ()
    classes: tuple[Class, ...] = ()
    blocks: tuple[Block, ...] = ()
    bindings: tuple[Binding, ...] = ()
    calls: tuple[Call, ...] = ()
    jumps: tuple[Jump, ...] = ()
    exports: tuple[str, ...] = ()  # ``__all__`` where it is literal
    globals: tuple[tuple[int, str], ...] = ()  # (function, name) declared global or nonlocal
    silences: tuple[Silence, ...] = ()
    unread: tuple[Unread, ...] = ()
