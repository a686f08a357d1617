"""A client with a pool that is made for one request, or one item of many, and thrown away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Loop, Making, Project
from .grounds.rounds import over_items
from .grounds.starting import serves_nobody
from .hits import hit_on

_SELDOM = re.compile(
    r"(?:^|_)(?:set_?up|install|register|registration|provision|onboard|exchange|manifest|ping|probe|health|migrate)(?:_|$)"
)
"""What is done once for each installation or account, or asks whether somebody is there."""


def check(project: Project) -> Iterator[Hit]:
    """Pooled clients that live and die inside a function that serves requests, or a round of a loop."""
    for making in project.makings:
        served = project.serves(making.function) is not None
        loop = None if making.varies else over_items(making.context.loops)
        if making.kept or making.passing or not making.pooled or not (served or loop is not None):
            continue
        yield hit_on(
            "client-per-call",
            making.place,
            making.function,
            project,
            subject=making.call,
            names={
                "type": making.type,
                "each": f"for each item of `{loop.over}`" if loop else f"each time `{making.function.qualified}` runs",
            },
            confidence=None if _is_sure(making, project, loop) else "low",
            severity=None if served else "note",
            trail=project.paths.get(making.function, ()),
        )


def _is_sure(making: Making, project: Project, loop: Loop | None) -> bool:
    """Whether one client would do: and requests, messages or a loop make it often."""
    if not making.shareable or _SELDOM.search(making.function.qualified.rpartition(".")[2]):
        return False
    entry = project.serves(making.function)
    often = entry is not None and entry.kind != "task"
    return often or (loop is not None and not serves_nobody(project, making.function))
