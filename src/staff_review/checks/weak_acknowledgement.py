"""A producer that takes a message for stored before all replicas have it."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.settings import Confidence
from ..nouns.site import Site
from .grounds.handing_over import is_set
from .hits import hit_at

_WEAK = (0, 1, "0", "1")


def check(project: Project) -> Iterator[Hit]:
    """Producers that ask for one acknowledgement or none, in words or by the library's default."""
    for site in project.sites:
        if Act.PRODUCER in site.acts and site.direct and is_set(site, "acks", *_WEAK) and _counts(site):
            acks = site.options["acks"]
            because = ", the library's default" if acks.state == "absent" else ""
            names = {"acks": f"{acks.values[0]}{because}"}
            confidence: Confidence | None = None if acks.certain else "medium"
            yield hit_at("weak-acknowledgement", site, project, names=names, effects=_MADE, confidence=confidence)


def _counts(site: Site) -> bool:
    """Whether the default holds: a producer that is idempotent asks for all."""
    return site.options["acks"].state == "given" or is_set(site, "idempotence", False)


_MADE = frozenset({Act.PRODUCER})
