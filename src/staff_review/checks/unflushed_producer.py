"""A producer whose buffer is never emptied on purpose."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.site import Site
from .grounds.handing_over import is_set
from .hits import hit_at


def check(project: Project) -> Iterator[Hit]:
    """Producers that are made and used, of a type that nothing in the program flushes, closes or enters."""
    emptied = project.exchanges.settled | {_type(site) for site in project.sites if Act.FLUSH in site.acts}
    filled = {_type(site) for site in project.sites if Act.PUBLISH in site.acts and is_set(site, "buffered", True)}
    for site in project.sites:
        made = site.operation
        if Act.PRODUCER in site.acts and site.direct and made in filled - emptied and site.gives:
            yield hit_at("unflushed-producer", site, project, effects=frozenset({Act.PRODUCER}))


def _type(site: Site) -> str:
    return site.operation.rpartition(".")[0]
