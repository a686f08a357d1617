"""Edges that gateways open: from the unit that holds the configuration to the service behind each way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from ..nouns.deployment import Deployment, Image, Mesh, Route
from ..nouns.journeys import Policy
from ..nouns.system import Call, Edge
from .addresses import addresses_in
from .environment import Environments
from .members import Member
from .peers import Peers, is_outside

_CLUSTER_GATEWAYS = frozenset({"ingress", "mesh"})


def route_edges(
    deployment: Deployment, members: list[Member], environments: Environments, peers: Peers
) -> Iterator[tuple[Edge, Member | None]]:
    """Every edge of a gateway's configuration, with the gateway; the cluster's own gateways are no services."""
    for route in deployment.routes:
        if route.via in _CLUSTER_GATEWAYS:
            continue
        for gateway in _gateways(route, members, peers, deployment):
            target = environments.filled(gateway, route.target)
            for address in addresses_in(target):
                member = peers.at(address, gateway)
                if member is gateway or (member is None and not is_outside(address)):
                    continue
                policy = Policy(
                    "bounded" if route.seconds is not None else "unknown",
                    route.seconds,
                    route.attempts or 1,
                    breaker=route.breaker,
                    by="gateway" if not route.by_default else "",
                    set_at=None if route.by_default else route.place,
                )
                yield (
                    Edge(
                        source=gateway.name,
                        target=member.name if member is not None else address.host,
                        kind="store" if member is not None and member.stored else "sync",
                        protocol=route.protocol,
                        calls=(Call(route.place, "gateway route", (), "", route.match, policy),),
                        policy=policy,
                        evidence=(route.place,),
                        side="infra" if member is not None and member.part == "infra" else "",
                    ),
                    gateway,
                )


def guards_of(edges: Iterable[tuple[Edge, Member | None]]) -> Iterator[Mesh]:
    """What gateways give to those who call through them: one that bounds all of its ways answers within the longest."""
    by_gateway: dict[str, list[Policy]] = {}
    for edge, gateway in edges:
        if gateway is not None:
            by_gateway.setdefault(gateway.name, []).append(edge.policy)
    for name, policies in by_gateway.items():
        longest = max(policies, key=lambda one: one.worst or 0.0)
        if longest.set_at is not None and all(one.by == "gateway" and one.worst for one in policies):
            yield Mesh(name, longest.set_at, longest.worst, by="gateway")


def _gateways(route: Route, members: list[Member], peers: Peers, deployment: Deployment) -> list[Member]:
    """Who runs a configuration: the unit it names, one that is given the file, built beside it, or of that kind."""
    if route.via:
        named = peers.named(route.via)
        return [named] if named is not None else []
    path = route.place.path
    named = peers.named(PurePosixPath(path).stem)
    if named is not None and not named.stored and path.endswith((".yml", ".yaml")):
        return [named]
    running = [member for member in members if member.part in ("gateway", "service", "test")]
    exactly = [member for member in running if any(path == mount for unit in member.units for mount in unit.mounts)]
    if exactly:
        return [member for member in exactly if member.part == "gateway"] or exactly
    built = [member for member in running if member.root is not None and _within(path, member.root)]
    inner = max((member.root or "" for member in built), key=len, default="")
    around = [member for member in built if member.root == inner]
    if inner and inner not in deployment.tops and len(around) == 1:
        return around
    holding = [image.path for image in deployment.images if _copies(image, path)]
    copied = [
        member
        for member in members
        if (member.image is not None and member.image.path in holding)
        or any(unit.dockerfile in holding for unit in member.units)
    ]
    if copied:
        return copied[:1]
    if inner:
        return around[:1]
    given = [
        member
        for member in running
        if member.part == "gateway"
        and any(path.startswith(f"{mount}/") for unit in member.units for mount in unit.mounts if mount)
    ]
    if given or built:
        return given or built[:1]
    gateways = [member for member in members if member.part == "gateway"]
    return gateways if len(gateways) == 1 else []


def _copies(image: Image, path: str) -> bool:
    """Whether an image is given a file of the repository by its name."""
    return path.startswith(image.folder.rpartition("/")[0]) and any(
        _ends(path, copy.removeprefix("./")) for copy in image.copies if copy.strip("./")
    )


def _ends(path: str, copy: str) -> bool:
    """Whether a path ends in what is copied, where ``${STAGE}`` in it may be anything."""
    pattern = re.sub(r"\\\$\\\{?\w+(?:\\\})?", r"[^/]*", re.escape(copy))
    return re.search(rf"(?:^|/|(?<=\b)){pattern}$", path) is not None


def _within(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")
