"""Project → hits: one module per rule, named as the rule; each gives one function ``check``."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TypeAlias

from ..nouns.findings import Hit
from ..nouns.project import Project

Check: TypeAlias = Callable[[Project], Iterable[Hit]]

_MODULES = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__) if not found.ispkg]

CHECKS: dict[str, Check] = {
    module.__name__.rpartition(".")[2].replace("_", "-"): module.check
    for module in _MODULES
    if hasattr(module, "check")
}
"""Every check by the id of its rule."""
