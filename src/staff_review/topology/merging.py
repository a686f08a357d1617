"""Edges of several sources put together: one for each pair, kind and role, with all evidence and the surest word."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from ..nouns.journeys import Policy
from ..nouns.system import Edge

_SURE = {"low": 0, "medium": 1, "high": 2}
_MOST_EVIDENCE = 12


def merged(edges: Iterable[Edge], brokers: frozenset[str]) -> tuple[Edge, ...]:
    """Edges in a stable order; what configuration guesses about a pair yields to what a linked call says."""
    grouped: dict[tuple[str, str, str, str, str], list[Edge]] = {}
    for edge in edges:
        grouped.setdefault((edge.source, edge.target, edge.kind, edge.role, edge.because), []).append(edge)
    found = {key: _together(group) for key, group in grouped.items()}
    pairs: dict[tuple[str, str], set[bool]] = {}
    for edge in found.values():
        pairs.setdefault((edge.source, edge.target), set()).add(bool(edge.calls))
    kept = [edge for edge in found.values() if edge.calls or pairs[(edge.source, edge.target)] == {False}]
    told = {(edge.source, edge.target) for edge in kept if edge.role}
    kept = [
        replace(edge, role="publish") if edge.kind == "async" and not edge.role and edge.target in brokers else edge
        for edge in kept
        if edge.kind != "async" or edge.role or (edge.source, edge.target) not in told
    ]
    return tuple(sorted(kept, key=lambda edge: (edge.source, edge.target, edge.kind, edge.role, edge.because)))


def _together(edges: list[Edge]) -> Edge:
    """One edge of several between the same two, the surest first."""
    if len(edges) == 1:
        return edges[0]
    ordered = sorted(edges, key=lambda edge: -_SURE[edge.confidence])
    first = ordered[0]
    calls = tuple(dict.fromkeys(call for edge in ordered for call in edge.calls))
    return replace(
        first,
        calls=calls,
        policy=weakest([call.policy for call in calls]) if calls else first.policy,
        evidence=tuple(dict.fromkeys(place for edge in ordered for place in edge.evidence))[:_MOST_EVIDENCE],
        topics=tuple(sorted({topic for edge in ordered for topic in edge.topics})),
        side=first.side if all(edge.side == first.side for edge in ordered) else "",
        database=next((edge.database for edge in ordered if edge.database), ""),
    )


def weakest(policies: list[Policy]) -> Policy:
    """The policy that speaks for several calls: the one that waits longest."""
    return max(policies, key=waiting, default=Policy())


def waiting(policy: Policy) -> tuple[int, float]:
    """By which policies are ordered: one that says nothing, then by the wait, then one that waits for ever."""
    return {"unbounded": 2, "unknown": 0, "bounded": 1}[policy.state], policy.worst or 0.0
