"""The map on a terminal: each service with what it calls, then the ways of requests, deepest first."""

from __future__ import annotations

from typing import TextIO

from ..nouns.journeys import Chain
from ..nouns.system import Call, Edge, Service, System
from .look import Look
from .map_words import NOTHING_FOUND, counts, is_empty, label_of, policy_in_words, shown_edges, worst_in_words
from .screen import Piece, Screen

_CHAINS = 14
_ENDPOINTS = 40


def render(system: System, stream: TextIO, look: Look, service: str = "") -> None:
    """Write the map; with `service`, only that one and its endpoints."""
    screen = Screen(stream, look)
    if is_empty(system):
        screen.line(NOTHING_FOUND)
        return
    screen.sides((("Service map", "heading"),), counts(system))
    edges = shown_edges(system)
    for one in system.services:
        if not service or one.name == service:
            _service(screen, one, [edge for edge in edges if edge.source == one.name])
    unknown = [edge for edge in edges if not edge.known and service in ("", edge.source)]
    _unknown(screen, unknown)
    chains = [chain for chain in system.judgement.chains if not service or service in chain.services]
    _chains(screen, chains)


def _service(screen: Screen, service: Service, edges: list[Edge]) -> None:
    screen.blank()
    about = [service.language, service.role if service.role != "service" else "", service.side]
    where = service.path or ("" if service.place is None else str(service.place))
    words = screen.look.dot.join(part for part in about if part)
    screen.line(
        (screen.look.clean(service.name), "heading"), "  ", (words, "quiet"), "  ", (screen.look.clean(where), "quiet")
    )
    known = [edge for edge in edges if edge.known]
    by_endpoint: dict[str, list[tuple[Edge, Call]]] = {}
    for edge in known:
        for call in edge.calls:
            for name in call.endpoints:
                by_endpoint.setdefault(name, []).append((edge, call))
    for name in list(by_endpoint)[:_ENDPOINTS]:
        _endpoint(screen, name, by_endpoint[name])
    rest = [edge for edge in known if not any(call.endpoints for call in edge.calls)]
    for number, edge in enumerate(rest):
        _branch(screen, _edge_words(edge, screen), last=number == len(rest) - 1, indent=2)
    if not known:
        screen.line(("calls nobody", "quiet"), indent=2)


def _endpoint(screen: Screen, name: str, calls: list[tuple[Edge, Call]]) -> None:
    screen.line(screen.look.clean(name), indent=2)
    rows: dict[str, tuple[Piece, ...]] = {}
    for edge, call in calls:
        rows.setdefault(_call_name(edge, call), _call_words(edge, call, screen))
    for number, (_, words) in enumerate(rows.items()):
        _branch(screen, words, last=number == len(rows) - 1, indent=4)


def _branch(screen: Screen, words: tuple[Piece, ...], *, last: bool, indent: int) -> None:
    corner, side = ("`-", "|-") if not screen.look.unicode else ("└─", "├─")
    screen.line((corner if last else side, "quiet"), " ", *words, indent=indent)


def _call_name(edge: Edge, call: Call) -> str:
    if edge.kind == "async":
        return f"{edge.target} {edge.role} {' '.join(edge.topics[:1])}".strip()
    if edge.kind == "store":
        return edge.target
    return " ".join(part for part in (edge.target, call.verb, call.path) if part)


def _call_words(edge: Edge, call: Call, screen: Screen) -> tuple[Piece, ...]:
    clean = screen.look.clean
    policy = policy_in_words(call.policy) if edge.kind != "async" else ""
    asides = [edge.protocol, policy, "once per item" if call.looped else ""]
    style = "error" if call.policy.state == "unbounded" and edge.kind == "sync" else "quiet"
    return (clean(_call_name(edge, call)), "  ", (clean(", ".join(part for part in asides if part)), style))


def _edge_words(edge: Edge, screen: Screen) -> tuple[Piece, ...]:
    clean = screen.look.clean
    verb = {"publish": "publishes to ", "consume": "takes from "}.get(edge.role, "")
    asides = [label_of(edge), "" if edge.calls else f"{edge.confidence} confidence, from configuration", edge.side]
    place = f"  {edge.evidence[0]}" if edge.evidence and screen.look.width >= 90 else ""
    return (
        f"{verb}{clean(edge.target)}",
        "  ",
        (clean(", ".join(part for part in asides if part)), "quiet"),
        (clean(place), "quiet"),
    )


def _unknown(screen: Screen, edges: list[Edge]) -> None:
    if not edges:
        return
    screen.blank()
    screen.line(("Calls to a peer that is not known", "heading"))
    for edge in edges:
        place = str(edge.evidence[0]) if edge.evidence else edge.source
        screen.line(f"? {screen.look.clean(place)}", "  ", (screen.look.clean(edge.because), "quiet"), indent=2)


def _chains(screen: Screen, chains: list[Chain]) -> None:
    if not chains:
        return
    screen.blank()
    screen.sides(
        (("Requests that wait for several services", "heading"),),
        f"{min(len(chains), _CHAINS)} of {len(chains)}, deepest first",
    )
    arrow = " → " if screen.look.unicode else " -> "
    for chain in chains[:_CHAINS]:
        screen.line(screen.look.clean(arrow.join(chain.services)), indent=2)
        worst = worst_in_words(chain)
        attempts = f"up to {chain.attempts} calls of the last" if chain.attempts > 1 else ""
        parts = [screen.look.clean(chain.endpoint), f"{len(chain.services)} services", worst, attempts,
                 f"available {chain.availability * 100:.2f} % of the time at 99.9 % each"]  # fmt: skip
        screen.paragraph(screen.look.dot.join(part for part in parts if part), indent=4, meaning="quiet")
