"""What all drawings of the map say alike: which edges are drawn, what stands on them, what a way adds up to."""

from __future__ import annotations

from collections.abc import Sequence

from ..nouns.journeys import Chain, Policy
from ..nouns.map_changes import Wait
from ..nouns.system import Edge, External, System
from .tally import counted, listed

NOTHING_FOUND = (
    "No system found: no compose file, manifest, Dockerfile, Procfile or server entry point below these paths."
)


def is_empty(system: System) -> bool:
    """Whether there is nothing to draw."""
    return not (system.services or system.stores or system.edges)


def shown_edges(system: System, service: str = "") -> list[Edge]:
    """The edges that a reader wants: without guessed infrastructure; with `service`, only those that touch it."""
    return [
        edge
        for edge in system.edges
        if (edge.calls or edge.side != "infra") and (not service or service in (edge.source, edge.target))
    ]


def policy_in_words(policy: Policy) -> str:
    """What bounds and repeats a call: "3 s, 2 attempts, breaker"; "" when nobody can say anything."""
    parts: list[str] = []
    if policy.state == "unbounded":
        parts.append("no limit")
    elif policy.seconds is not None:
        parts.append(seconds_in_words(policy.seconds))
    if policy.endless:
        parts.append("retries without end")
    elif policy.attempts is not None and policy.attempts > 1:
        parts.append(f"{policy.attempts} attempts")
    if policy.breaker:
        parts.append("breaker")
    return ", ".join(parts)


def policies_in_words(policies: Sequence[Policy] | None) -> str:
    """What bounds the calls of an edge: "3 s; no limit"; "" for no calls."""
    return "; ".join(dict.fromkeys(policy_in_words(one) or "no limit known" for one in policies or ()))


def wait_in_words(wait: Wait | None) -> str:
    """How long a request may wait at worst: "3 s", "3 s for each item", "no limit"."""
    if wait is None:
        return "no calls"
    words = {"unbounded": "no limit", "unknown": "not known"}.get(wait.state) or seconds_in_words(wait.seconds or 0.0)
    return f"{words} and more with each item" if wait.looped and wait.state == "bounded" else words


def seconds_in_words(seconds: float) -> str:
    """A duration for people: "250 ms", "3 s", "2 min"."""
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 120 else f"{seconds / 60:.3g} min"


def label_of(edge: Edge) -> str:
    """What stands on an edge: "http, 3 s", "amqp: orders, invoices and 3 more"."""
    words = policy_in_words(edge.policy) if edge.kind != "async" else ""
    topics = listed([*edge.topics[:2], *([f"{len(edge.topics) - 2} more"] if len(edge.topics) > 2 else [])])
    about = f"{edge.protocol}: {topics}" if topics else edge.protocol
    return ", ".join(part for part in (about, words) if part)


def worst_in_words(chain: Chain) -> str:
    """How long a request may wait on a chain: "at worst 3 s"; a limit that nobody can tell is not a missing one."""
    if chain.seconds is not None:
        return f"at worst {seconds_in_words(chain.seconds)}"
    without = chain.endless or any(leg.policy.state == "unbounded" or leg.policy.endless for leg in chain.legs)
    return "no bound on the whole" if without else "bound not known"


def counts(system: System) -> str:
    """How much there is: "5 services, 8 edges, 2 stores, 1 external, 1 beside them"; what is beside is no service."""
    edges = [edge for edge in shown_edges(system) if edge.known]
    unknown = sum(1 for edge in shown_edges(system) if not edge.known)
    parts = [
        counted(sum(1 for one in system.services if not one.side), "service"),
        counted(len(edges), "edge"),
        counted(sum(1 for one in system.stores if not one.side), "store"),
        counted(len(shown_externals(system)), "external"),
    ]
    beside = sum(1 for one in system.services if one.side) + sum(1 for one in system.stores if one.side)
    parts += [f"{beside} beside them"] if beside else []
    return ", ".join([*parts, *([f"{counted(unknown, 'call')} to an unknown peer"] if unknown else [])])


def shown_externals(system: System) -> list[External]:
    """The peers outside that a reader wants: infrastructure only where an edge that is shown ends at it."""
    ends = {edge.target for edge in shown_edges(system)}
    return [one for one in system.externals if not one.side or one.name in ends]
