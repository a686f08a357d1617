"""What each service offers, from the entry points of the code that it runs."""

from __future__ import annotations

from ..nouns.project import Project
from ..nouns.system import Endpoint
from ..nouns.targets import Origin, Target
from .ownership import Ownership


def endpoints_of(project: Project, ownership: Ownership) -> dict[str, tuple[Endpoint, ...]]:
    """Endpoints by the name of the service, in file order."""
    found: dict[str, dict[str, Endpoint]] = {}
    for offer in project.offers:
        itself = Origin(offer.place.path, offer.function)
        place = Target(offer.place, "", frozenset(), offer.function, origins={itself: ()})
        for member in ownership.working(place) if offer.kind in ("task", "message") else ownership.running(place):
            topics = tuple(
                "".join(part for part in topic.parts if isinstance(part, str)) for topic in offer.topics if topic.said
            )
            endpoint = Endpoint(
                offer.name,
                offer.kind,
                offer.place,
                offer.function,
                offer.verb,
                offer.path,
                tuple(one for one in topics if one),
            )
            found.setdefault(member.name, {}).setdefault(offer.name, endpoint)
    return {name: tuple(endpoints.values()) for name, endpoints in found.items()}
