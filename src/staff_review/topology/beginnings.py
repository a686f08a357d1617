"""What calls begin with: requests that are answered, or work that is taken from a queue or a clock."""

from __future__ import annotations

from ..nouns.project import Project
from ..nouns.targets import Origin, Target

_ASKED = ("http", "websocket", "grpc", "rpc")


class Beginnings:
    """The functions that the world calls, by what makes it call them."""

    def __init__(self, project: Project) -> None:
        offered = [(one.kind, Origin(one.place.path, one.function)) for one in project.offers]
        entered = [one.function for one in project.entries if one.kind == "request"]
        self._begun = {origin for kind, origin in offered if kind not in _ASKED}
        self._asked = {origin for kind, origin in offered if kind in _ASKED}
        self._asked |= {Origin(one.path, one.qualified) for one in entered} - self._begun
        self._tasked = {origin for kind, origin in offered if kind == "task"}

    def only_asked(self, target: Target) -> bool:
        """Whether a call is made for requests alone: not while loading, nor for messages, tasks or by schedule."""
        origins = set(target.origins)
        return (
            not origins.isdisjoint(self._asked)
            and origins.isdisjoint(self._begun)
            and all(origin.function for origin in origins)
        )

    def only_worked(self, target: Target) -> bool:
        """Whether a call is made for tasks alone, whatever helpers lie between."""
        origins = set(target.origins)
        worked = origins & self._tasked
        return (
            bool(worked)
            and origins.isdisjoint((self._asked | self._begun) - self._tasked)
            and target.begun <= {origin.path for origin in worked}
            and all(origin.function for origin in origins)
        )
