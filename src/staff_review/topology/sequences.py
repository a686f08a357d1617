"""What one endpoint does across services: its calls in the order of the code, then what those who answer do."""

from __future__ import annotations

import difflib

from ..nouns.errors import UsageError
from ..nouns.sequences import Message, Sequence
from ..nouns.source import Place
from ..nouns.system import Call, Edge, Endpoint, System
from .journeys import Journeys, Node

_DEEPEST = 30
_MOST = 200
_NEAR = 3


def sequence_of(system: System, asked: str, service: str = "") -> Sequence:
    """What an endpoint does that is named as "POST /orders"; raises UsageError where none, or more than one, is meant.

    A path may be one as it is requested, with values in its holes; `service` says whose endpoint is meant.
    """
    (owner, endpoint) = _meant(system, asked, service)
    steps = _Steps(system)
    found = steps.of((owner, endpoint.name), 0)
    return Sequence(owner, endpoint.name, endpoint.place, found, steps.left < 0)


def _meant(system: System, asked: str, service: str) -> tuple[str, Endpoint]:
    offered = [
        (one.name, endpoint)
        for one in system.services
        if service in ("", one.name, *one.aliases)
        for endpoint in one.endpoints
    ]
    wanted = " ".join(asked.split())
    found = [one for one in offered if one[1].name.lower() == wanted.lower()] or _requested(system, offered, wanted)
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        several = ", ".join(f"`{endpoint.name}` of {name}" for name, endpoint in found[:_NEAR])
        raise UsageError(f"`{asked}` may be {several}; say which, with `--service NAME` or the whole name")
    if not offered:
        raise UsageError(f"no endpoint was found{f' in `{service}`' if service else ''}, so there is no `{asked}`")
    names = {endpoint.name.lower(): f"`{endpoint.name}` of {name}" for name, endpoint in reversed(offered)}
    near = difflib.get_close_matches(wanted.lower(), names, n=_NEAR, cutoff=0.3) or list(names)[-_NEAR:]
    raise UsageError(f"no endpoint is named `{asked}`; the nearest are {', '.join(names[one] for one in near)}")


def _requested(system: System, offered: list[tuple[str, Endpoint]], wanted: str) -> list[tuple[str, Endpoint]]:
    """The endpoints that a request with this verb and path, or this path alone, would reach."""
    verb, _, path = wanted.rpartition(" ")
    if not path.startswith("/"):
        return []
    journeys = Journeys(system)
    names = {name for name, _ in offered}
    reached = {(name, journeys.answering(name, verb.upper(), path)) for name in names}
    return [(name, endpoint) for name, endpoint in offered if (name, endpoint.name) in reached]


class _Steps:
    """Messages by the endpoint that sends them; each endpoint is told once, and `left` counts down what may be told."""

    def __init__(self, system: System) -> None:
        self.left = _MOST
        self._journeys = Journeys(system)
        self._services = {service.name: service for service in system.services}
        self._sent: dict[Node, list[tuple[tuple[int, ...], Edge, Call]]] = {}
        self._taken: dict[tuple[str, str], list[tuple[Node, Place]]] = {}
        self._told: set[Node] = set()
        for edge in system.edges:
            for call in edge.calls:
                if edge.role == "consume":
                    nodes = [((edge.source, name), call.place) for name in _doers(call)]
                    for topic in edge.topics:
                        taken = [one for one in nodes if self._takes(edge, one[0], topic)]
                        self._taken.setdefault((edge.target, topic), []).extend(taken)
                elif edge.side != "infra":
                    for name, turn in _doers(call).items():
                        self._sent.setdefault((edge.source, name), []).append((turn, edge, call))

    def _endpoint(self, node: Node) -> Endpoint | None:
        service = self._services.get(node[0])
        return next((one for one in service.endpoints if one.name == node[1]), None) if service is not None else None

    def _takes(self, edge: Edge, node: Node, topic: str) -> bool:
        """Whether a handler takes a topic; one that does not say which is for all of its service."""
        endpoint = self._endpoint(node)
        return endpoint is None or not endpoint.topics or topic in endpoint.topics or len(edge.topics) == 1

    def of(self, node: Node, depth: int) -> tuple[Message, ...]:
        """What an endpoint sends, in the order of its code."""
        self._told.add(node)
        found: list[Message] = []
        for _, edge, call in sorted(self._sent.get(node, ()), key=lambda one: (one[0], one[1].target)):
            self.left -= 1
            if self.left < 0:
                break
            found.append(self._message(edge, call, depth))
        return tuple(found)

    def _message(self, edge: Edge, call: Call, depth: int) -> Message:
        arrived = self._journeys.arrives(edge.target, call) if edge.kind == "sync" else ""
        takers = self._takers(edge) if edge.kind == "async" else {}
        if [node[0] for node in takers] == [edge.target]:  # nobody knows the broker in between
            ((_, arrived),) = takers
            takers = {}
        steps, again = self._then((edge.target, arrived), depth)
        if takers:
            steps = tuple(self._taking(edge, node, place, depth) for node, place in takers.items())
        return Message(
            source=edge.source,
            target=edge.target,
            kind=edge.kind,
            protocol=edge.protocol,
            place=call.place,
            operation=call.operation.rpartition(".")[2],
            policy=call.policy,
            verb=call.verb,
            path=call.path if edge.kind == "sync" else "",
            topics=edge.topics,
            tables=call.tables,
            endpoint=arrived,
            looped=call.looped,
            awaited=call.awaited,
            fallback=call.fallback,
            because=edge.because,
            again=again,
            steps=steps,
        )

    def _then(self, node: Node, depth: int) -> tuple[tuple[Message, ...], bool]:
        """What an endpoint does in its turn, and whether it was told already."""
        if not node[1] or depth >= _DEEPEST or not self._sent.get(node):
            return (), False
        return ((), True) if node in self._told else (self.of(node, depth + 1), False)

    def _takers(self, edge: Edge) -> dict[Node, Place]:
        """Who takes what is published, and where: from the broker, or straight where nobody knows the broker."""
        found: dict[Node, Place] = {}
        for topic in edge.topics:
            found.update(self._taken.get((edge.target, topic), ()))
        service = self._services.get(edge.target)
        for endpoint in service.endpoints if service is not None else ():
            if {*endpoint.topics} & {*edge.topics}:
                found[edge.target, endpoint.name] = endpoint.place
        handled = {service for service, name in found if self._endpoint((service, name)) is not None}
        # The loop that listens stands beside the handler that it calls.
        return {node: place for node, place in found.items() if self._endpoint(node) or node[0] not in handled}

    def _taking(self, edge: Edge, node: Node, place: Place, depth: int) -> Message:
        endpoint = self._endpoint(node)
        steps, again = self._then(node, depth)
        topics = endpoint.topics if endpoint is not None and endpoint.topics else edge.topics
        return Message(
            edge.target, node[0], "async", edge.protocol, place, topics=topics, awaited=False, taken=True,
            endpoint=endpoint.name if endpoint is not None else "", again=again, steps=steps,
        )  # fmt: skip


def _doers(call: Call) -> dict[str, tuple[int, ...]]:
    """The endpoints that make a call, with where they turn to it; of a script that is none's, the script itself."""
    if call.endpoints:
        return dict(zip(call.endpoints, call.turns or ((),) * len(call.endpoints), strict=False))
    return {f" {call.place.path}": (call.place.line, call.place.span.column)}
