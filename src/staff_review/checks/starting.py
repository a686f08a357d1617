"""What runs while a service starts or ends, when nobody is served."""

from __future__ import annotations

import re

from ..functions import FunctionRef
from ..project import Project

_STARTING = re.compile(r"(?:^|_)(?:lifespan|on_startup|startup)$")


def starts_up(project: Project, function: FunctionRef) -> bool:
    """Whether a function belongs to the start or the end of a service, by how the world calls it or by its name."""
    if any(_STARTING.search(name) for name in function.qualified.split(".")):
        return True
    entry = project.reached_by.get(function)
    return entry is not None and entry.kind == "start-up"
