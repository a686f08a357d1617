"""Service meshes: the limits, retries and breakers that Istio, Linkerd, Consul and the Gateway API give to a host.

Only what holds for every request to the host counts: one rule without a limit leaves the host without.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ...nouns.deployment import Mesh
from .durations import seconds_of
from .listing import Found, at
from .yaml import Node

_Rule: TypeAlias = tuple[int, float | None, int | None]
"""What one rule gives: its line, the limit of a whole request in seconds, and attempts with the first."""

KINDS = frozenset(
    {"VirtualService", "DestinationRule", "ServiceProfile", "HTTPRoute", "GRPCRoute", "Service", "ServiceResolver",
     "ServiceRouter"}
)  # fmt: skip


def meshes_of(file: Found, root: Node) -> Iterator[Mesh]:
    """The policies that one document gives to calls inside the mesh; a gateway's, from outside, are none."""
    kind, name = root.get("kind").text, root.get("metadata", "name").text
    spec = root.get("spec")
    place = at(file.path, spec.line or root.line)
    if kind == "VirtualService" and _inside(spec.get("gateways").texts()):
        rules = [_istio(rule) for rule in spec.get("http").items]
        yield from (_mesh(host, file, spec, rules) for host in spec.get("hosts").texts())
    elif kind == "DestinationRule":
        policy = spec.get("trafficPolicy")
        if policy.get("outlierDetection"):
            yield Mesh(spec.get("host").text, at(file.path, policy.line), breaker=True)
    elif kind == "ServiceProfile":  # policy.linkerd.io: named as the host
        yield _mesh(
            name, file, spec, [(one.line, _limit(one.get("timeout")), None) for one in spec.get("routes").items]
        )
    elif kind in ("HTTPRoute", "GRPCRoute"):
        rules = [_gateway_api(rule) for rule in spec.get("rules").items]
        parents = [one for one in spec.get("parentRefs").items if one.get("kind").text == "Service"]
        yield from (_mesh(one.get("name").text, file, spec, rules) for one in parents)
    elif kind == "ServiceResolver":
        yield Mesh(name, place, _limit(spec.get("requestTimeout")))
    elif kind == "ServiceRouter":
        ends = [one.get("destination") for one in spec.get("routes").items]
        yield _mesh(
            name,
            file,
            spec,
            [(one.line, _limit(one.get("requestTimeout")), _more(one.get("numRetries"))) for one in ends],
        )
    elif kind == "Service":
        yield from _annotated(file, root, name)


def _inside(gateways: list[str]) -> bool:
    """Whether a rule is for calls between services: without a word about gateways it is."""
    return not gateways or "mesh" in gateways


def _mesh(host: str, file: Found, spec: Node, rules: list[_Rule]) -> Mesh:
    """The policy of a host: the longest limit, where that is written, if every rule has one; the most attempts."""
    limited = [(seconds, line) for line, seconds, _ in rules if seconds is not None]
    seconds, line = max(limited) if limited and len(limited) == len(rules) else (None, spec.line)
    attempts = [number for _, _, number in rules if number is not None]
    return Mesh(host, at(file.path, line), seconds, max(attempts, default=None))


def _istio(rule: Node) -> _Rule:
    """The limit of the whole request, else that of each attempt times their number."""
    attempts = _more(rule.get("retries", "attempts"))
    each = _limit(rule.get("retries", "perTryTimeout"))
    whole = _limit(rule.get("timeout"))
    limit = whole if whole is not None or each is None else each * (attempts or 1)
    return rule.line, limit, attempts


def _gateway_api(rule: Node) -> _Rule:
    timeouts = rule.get("timeouts")
    limit = _limit(timeouts.get("request") or timeouts.get("backendRequest"))
    return rule.line, limit, _more(rule.get("retry", "attempts"))


def _annotated(file: Found, root: Node, name: str) -> Iterator[Mesh]:
    """What the annotations of a Service say to Linkerd."""
    annotations = root.get("metadata", "annotations")
    told = {key: value for key, value in annotations.members() if "linkerd.io/" in key}
    if told:
        limits = [told[key] for key in ("timeout.linkerd.io/request", "timeout.linkerd.io/response") if key in told]
        repeats = any(key in told for key in ("retry.linkerd.io/http", "retry.linkerd.io/grpc"))
        limited = told.get("retry.linkerd.io/limit")
        yield Mesh(
            name,
            at(file.path, annotations.line),
            _limit(limits[0]) if limits else None,
            (_more(limited) if limited is not None else 2) if repeats else None,
            breaker="balancer.linkerd.io/failure-accrual" in told,
        )


def _limit(node: Node) -> float | None:
    """A limit in seconds; 0 switches it off."""
    return seconds_of(node.text) or None


def _more(node: Node) -> int | None:
    """Attempts with the first one, from the number of repeats."""
    return int(node.text[:4]) + 1 if node.text.isdigit() else None
