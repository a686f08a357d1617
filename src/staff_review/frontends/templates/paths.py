"""What a tag names: dotted paths such as ``order.customer.name``, without filters, texts and words of the language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.facts import Attribute, Expr, Name

WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
_PATH = re.compile(r"(?P<filter>\|\s*)?(?<![\w.])(?P<path>[A-Za-z_]\w*(?:\.\w+)*)(?P<named>\s*=(?!=))?")
_LANGUAGE = frozenset(
    {"and", "or", "not", "in", "is", "if", "else", "as", "by", "with", "only", "from", "import", "reversed"}
    | {"True", "False", "None", "true", "false", "none", "forloop", "loop"}
)


def paths_in(text: str) -> Iterator[Expr]:
    """Every dotted path of an expression, in its order."""
    for found in _PATH.finditer(_TEXT.sub(" ", text)):
        if not found["filter"] and not found["named"] and found["path"].partition(".")[0] not in _LANGUAGE:
            yield path_of(found["path"])


def path_of(text: str) -> Expr:
    """One dotted path; calls in it are dropped, as templates make them by themselves."""
    first, *rest = text.split(".")
    expr: Expr = Name(first)
    for name in rest:
        expr = Attribute(expr, name)
    return expr


def text_in(text: str) -> str:
    """The first quoted text of a tag; "" where there is none."""
    found = _TEXT.search(text)
    return found[0][1:-1] if found is not None else ""
