"""The map for programs: who is there, who calls whom, and where that is written."""

from __future__ import annotations

import json
from typing import Any, TextIO

from msgspec.structs import asdict

from ..nouns.journeys import Policy
from ..nouns.system import Call, Edge, Service, System
from .map_words import shown_edges

SCHEMA = "staff-review-map/1"
_SIDE = "side"  # shown as `class`, as every other part of the map


def render(system: System, stream: TextIO, *, everything: bool = False) -> None:
    """Write one JSON object; the same system gives the same text. `everything` keeps guessed infrastructure too."""
    stream.write(json.dumps(document_of(system, everything=everything), indent=1) + "\n")


def document_of(system: System, *, everything: bool = False) -> dict[str, Any]:
    """The map as plain data; calls whose target is unknown stand apart, under `unknown`."""
    edges = [edge for edge in system.edges if everything or edge.calls or edge.side != "infra"]
    return {
        "schema": SCHEMA,
        "services": [_service(one) for one in system.services],
        "stores": [
            {"name": one.name, "aliases": list(one.aliases), "type": one.product, "class": one.side or None}
            for one in system.stores
        ],
        "externals": [{"name": one.name, "class": one.side or None} for one in system.externals],
        "edges": [_edge(edge) for edge in edges if edge.known],
        "unknown": [_unknown(edge) for edge in shown_edges(system) if not edge.known],
        "summary": _summary(system),
    }  # fmt: skip


def _service(service: Service) -> dict[str, Any]:
    plain = {name: value for name, value in asdict(service).items() if isinstance(value, str) and name != _SIDE}
    return {
        **plain,
        "aliases": list(service.aliases),
        "class": service.side or None,
        "endpoints": [endpoint.name for endpoint in service.endpoints],
    }


def _edge(edge: Edge) -> dict[str, Any]:
    """An edge in the direction in which data goes: from a broker to whoever consumes."""
    ends = (edge.target, edge.source) if edge.role == "consume" else (edge.source, edge.target)
    return {
        "from": ends[0],
        "to": ends[1],
        "kind": edge.kind,
        "protocol": edge.protocol,
        "role": edge.role or None,
        "topics": list(edge.topics),
        "database": edge.database or None,
        "policy": policy_of(edge.policy),
        "confidence": edge.confidence,
        "evidence": [str(place) for place in edge.evidence],
        "sites": [_call(call) for call in edge.calls],
        "class": edge.side or None,
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "at": str(call.place), "operation": call.operation, "verb": call.verb or None, "path": call.path or None,
        "endpoints": list(call.endpoints), "policy": policy_of(call.policy), "loop": call.looped,
    }  # fmt: skip


def policy_of(policy: Policy) -> dict[str, Any]:
    """What bounds, repeats and cuts a call, as plain data."""
    return {
        "state": policy.state,
        "seconds": policy.seconds,
        "attempts": policy.attempts,
        "breaker": policy.breaker,
        "set_at": str(policy.set_at) if policy.set_at is not None else None,
    }


def _unknown(edge: Edge) -> dict[str, Any]:
    return {
        "from": edge.source, "to": "?", "kind": edge.kind, "protocol": edge.protocol, "because": edge.because,
        "evidence": [str(place) for place in edge.evidence],
    }  # fmt: skip


def _summary(system: System) -> dict[str, Any]:
    judgement = system.judgement
    return {
        "chains": [
            {
                "endpoint": chain.endpoint, "services": list(chain.services), "depth": len(chain.services),
                "worst_seconds": chain.seconds, "attempts": chain.attempts,
                "availability": round(chain.availability, 6),
            }
            for chain in judgement.chains
        ],
        "rings": [list(ring.services) for ring in judgement.rings],
        "shared": [{"store": one.store, "services": list(one.services)} for one in judgement.shared],
    }  # fmt: skip
