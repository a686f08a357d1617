"""What serves nobody: a service that starts or stops, and what a person runs."""

from __future__ import annotations

import re

from ...nouns.functions import FunctionRef
from ...nouns.project import Project

_STARTING = re.compile(r"(?:^|_)(?:lifespan|on_startup|startup)$")


def starts_up(project: Project, function: FunctionRef) -> bool:
    """Whether a function belongs to the start or the end of a service, by how the world calls it or by its name."""
    if any(_STARTING.search(name) for name in function.qualified.split(".")):
        return True
    entry = project.reached_by.get(function)
    return entry is not None and entry.kind == "start-up"


def serves_nobody(project: Project, function: FunctionRef) -> bool:
    """Whether a function runs before anybody is served, or while one person looks on."""
    return function in project.watched or starts_up(project, function)
