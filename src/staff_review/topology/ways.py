"""The one way from each endpoint that is worth most: the deepest, the slowest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ..nouns.journeys import Leg
from .journeys import Journeys, Node

_DEEPEST = 40
Worth: TypeAlias = Callable[[tuple[Leg, ...]], Any]
"""What a way is worth; of two ways, the one with the greater value is taken."""


class Ways:
    """The best way from each endpoint by one measure, each found once."""

    def __init__(self, journeys: Journeys, worth: Worth) -> None:
        self._journeys = journeys
        self._worth = worth
        self._found: dict[Node, tuple[Leg, ...]] = {}

    def of(self, node: Node) -> tuple[Leg, ...]:
        """The best way from an endpoint; where it comes round to an endpoint on the way, it ends."""
        stack = [node]
        begun: set[Node] = set()
        while stack:
            here = stack[-1]
            if here in self._found:
                stack.pop()
                continue
            begun.add(here)
            steps = self._journeys.steps(here)
            open_steps = [arrived for _, arrived in steps if arrived not in self._found and arrived not in begun]
            if open_steps:
                stack.append(open_steps[0])
                continue
            stack.pop()
            ways = [(leg, *self._found.get(arrived, ())) for leg, arrived in steps]
            self._found[here] = max(ways, key=self._worth, default=())[:_DEEPEST]
        return self._found[node]
