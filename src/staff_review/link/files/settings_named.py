"""Settings that the catalog knows by their names, in a module of settings or on an application."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Attribute, Binding, Const, Expr, Item, Name
from ...nouns.source import Place, Span
from .program import Program
from .settings_modules import settings_modules

_OFF = (Const(False), Const(None))


def setting_named(program: Program, names: set[str]) -> Place | None:
    """Where one of some settings is, or may be, switched on, the first place; else None."""
    return next((place for place, _ in settings_named(program, names)), None)


def settings_named(program: Program, names: set[str]) -> Iterator[tuple[Place, Expr | None]]:
    """Each place that gives one of some settings a value other than none, and that value."""
    files = {file.path: file for file in (*settings_modules(program), *program.opened.values())} if names else {}
    for path in sorted(files):
        file = files[path]
        found: list[tuple[Span, Expr | None]] = [
            (one.span, one.value) for one in file.facts.bindings if _name_of(one) in names
        ]
        if not names.isdisjoint(file.keywords):
            calls = ((call.span, argument) for call in file.facts.calls for argument in call.arguments)
            found.extend((span, argument.value) for span, argument in calls if argument.name in names)
        yield from ((file.place(span), value) for span, value in found if value not in _OFF)


def _name_of(binding: Binding) -> str:
    target = binding.target
    if isinstance(target, Item) and isinstance(target.key, Const):
        return str(target.key.value)
    if isinstance(target, Attribute):
        return target.name
    return target.id if isinstance(target, Name) else ""
