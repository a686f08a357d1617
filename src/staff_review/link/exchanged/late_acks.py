"""Whether a setting has every task acknowledged after it ran, under a name that the catalog knows."""

from __future__ import annotations

from ...nouns.facts import Attribute, Binding, Const, Item, Name
from ...nouns.source import Place
from ..files.program import Program
from ..files.settings_modules import settings_modules


def late_acks(program: Program) -> Place | None:
    """Where it is, or may be, switched on: in the settings or on the application, the first place; else None."""
    names = program.catalog.late_acks
    files = {file.path: file for file in (*settings_modules(program), *program.opened.values())}
    for path in sorted(files):
        for binding in files[path].facts.bindings if names else ():
            if _name_of(binding) in names and binding.value != Const(False):
                return files[path].place(binding.span)
    return None


def _name_of(binding: Binding) -> str:
    target = binding.target
    if isinstance(target, Item) and isinstance(target.key, Const):
        return str(target.key.value)
    if isinstance(target, Attribute):
        return target.name
    return target.id if isinstance(target, Name) else ""
