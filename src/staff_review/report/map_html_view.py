"""What the page of the map knows, as plain data: nodes with their endpoints, edges with sites, policy and findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from ..nouns.findings import Finding
from ..nouns.settings import SEVERITIES
from ..nouns.source import Place
from ..nouns.system import UNKNOWN, Call, Edge, Service, System
from .look import clean
from .map_svg import places_of
from .map_words import label_of, policy_in_words, shown_edges

_LAID_OUT = 300
_MOST_ENDPOINTS = 200
_MOST_SITES = 40
_MOST_FINDINGS = 20
_WAITS = {"sync": "waits for the answer", "async": "message, nobody waits", "store": "store"}
_STATES = {"bounded": "bounded", "unbounded": "none: it can wait for ever", "unknown": "not known"}
_BY = {"code": "in the code", "gateway": "at the gateway", "mesh": "by the mesh"}


def view_of(system: System, findings: Sequence[Finding] = (), service: str = "") -> dict[str, Any]:
    """Nodes and edges by number, in the map's order; every text is clean, none is markup."""
    edges = shown_edges(system, service)
    names = list(dict.fromkeys(name for edge in edges for name in _ends(edge)))
    names += [one.name for one in system.services if one.name not in names and service in ("", one.name)]
    number = {name: position for position, name in enumerate(names)}
    met = _Findings(findings)
    # The layout of the page takes seconds for so many; ours does not.
    places = places_of(names, list(dict.fromkeys(map(_ends, edges)))) if len(edges) > _LAID_OUT else {}
    return {
        "nodes": [{**_node(name, system, met), "at": places.get(name)} for name in names],
        "edges": [
            {"from": number[source], "to": number[target], **_edge(edge, met)}
            for edge, (source, target) in ((edge, _ends(edge)) for edge in edges)
        ],
    }


class _Findings:
    """Findings by where they stand, or where their trail passes."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._all = findings
        self._by_line: dict[tuple[str, int], list[Finding]] = defaultdict(list)
        for one in findings:
            places = [one.place, *(step.place for step in one.trail if one.family == "system")]
            for path, line in dict.fromkeys((place.path, place.line) for place in places):
                self._by_line[path, line].append(one)

    def at(self, places: Sequence[Place]) -> list[dict[str, str]]:
        """Those on the lines of some calls and of what bounds them, worst first."""
        lines = {(place.path, line) for place in places for line in range(place.line, place.span.end_line + 1)}
        return _told([one for line in sorted(lines) for one in self._by_line.get(line, ())])

    def below(self, folder: str) -> list[dict[str, str]]:
        """Those in the code of a service, worst first."""
        return _told([one for one in self._all if one.place.path.startswith(f"{folder}/")]) if folder else []


def _told(findings: Sequence[Finding]) -> list[dict[str, str]]:
    distinct = {one.fingerprint: one for one in findings}
    worst = sorted(distinct.values(), key=lambda one: (-SEVERITIES.index(one.severity), str(one.place)))
    return [
        {"rule": one.rule, "severity": one.severity, "message": clean(one.message), "at": clean(str(one.place))}
        for one in worst
    ]


def _ends(edge: Edge) -> tuple[str, str]:
    """The ends of an edge in the direction in which data goes."""
    return (edge.target, edge.source) if edge.role == "consume" else (edge.source, edge.target)


def _node(name: str, system: System, met: _Findings) -> dict[str, Any]:
    service = next((one for one in system.services if one.name == name), None)
    if service is not None:
        return _service(service, met)
    store = next((one for one in system.stores if one.name == name), None)
    kind = "store" if store is not None else "unknown" if name == UNKNOWN else "external"
    about = {"store": store.product if store else "", "unknown": "peers that nobody can know from the files"}
    told = about.get(kind, "outside of what was read")
    rows = [["is", told]] if told else []
    return {"name": clean(name), "kind": kind, "about": rows, "endpoints": [], "findings": []}


def _service(service: Service, met: _Findings) -> dict[str, Any]:
    rows = [
        ["written in", service.language],
        ["code", service.path],
        ["deployed", str(service.place) if service.place is not None else ""],
        ["also called", ", ".join(service.aliases)],
    ]
    found = met.below(service.path)
    return {
        "name": clean(service.name),
        "kind": service.role,
        "about": [[label, clean(text)] for label, text in rows if text],
        "endpoints": [[clean(one.name), clean(str(one.place))] for one in service.endpoints[:_MOST_ENDPOINTS]],
        "moreEndpoints": max(0, len(service.endpoints) - _MOST_ENDPOINTS),
        "findings": found[:_MOST_FINDINGS],
        "moreFindings": max(0, len(found) - _MOST_FINDINGS),
    }


def _edge(edge: Edge, met: _Findings) -> dict[str, Any]:
    limits = [call.policy.set_at for call in edge.calls if call.policy.set_at is not None]
    found = met.at([*(call.place for call in edge.calls), *limits])
    return {
        "kind": edge.kind,
        "label": clean(label_of(edge)),
        "open": edge.kind == "sync" and edge.policy.state == "unbounded",
        "severity": found[0]["severity"] if found else "",
        "about": [[label, clean(text)] for label, text in _about(edge) if text],
        "sites": [_site(call, edge) for call in edge.calls[:_MOST_SITES]],
        "moreSites": max(0, len(edge.calls) - _MOST_SITES),
        "evidence": [] if edge.calls else [clean(str(place)) for place in edge.evidence],
        "findings": found[:_MOST_FINDINGS],
        "moreFindings": max(0, len(found) - _MOST_FINDINGS),
    }


def _about(edge: Edge) -> list[tuple[str, str]]:
    """What is said of an edge: how, what about, and its effective policy."""
    policy = edge.policy
    limit = _STATES[policy.state]
    if policy.state == "bounded" and policy.seconds is not None:
        limit = policy_in_words(policy)
    set_by = f"{_BY.get(policy.by, '')}, {policy.set_at}" if policy.set_at is not None else _BY.get(policy.by, "")
    waits = edge.kind != "async"
    return [
        ("how", f"{edge.protocol}, {_WAITS[edge.kind]}"),
        ("topics", ", ".join(edge.topics)),
        ("database", edge.database),
        ("limit", limit if waits else ""),
        ("set", set_by.lstrip(", ") if waits else ""),
        ("retries", ("without end" if policy.endless else _attempts(policy.attempts)) if waits else ""),
        ("breaker", ("yes" if policy.breaker else "no") if edge.kind == "sync" else ""),
        ("known from", "" if edge.calls else f"configuration, {edge.confidence} confidence"),
        ("not known", edge.because),
    ]


def _attempts(attempts: int | None) -> str:
    return "not known" if attempts is None else "none" if attempts <= 1 else f"{attempts} attempts"


def _site(call: Call, edge: Edge) -> dict[str, Any]:
    notes = [
        policy_in_words(call.policy) if edge.kind != "async" else "",
        "once per item" if call.looped else "",
        "failure handled" if call.fallback else "",
        "answer not used" if call.unused and edge.kind == "sync" else "",
    ]
    said = " ".join(part for part in (call.verb, call.path) if part) if edge.kind == "sync" else call.operation
    return {
        "at": clean(str(call.place)),
        "said": clean(said or call.operation),
        "notes": clean(", ".join(note for note in notes if note)),
        "endpoints": [clean(name) for name in call.endpoints[:_MOST_FINDINGS]],
    }
