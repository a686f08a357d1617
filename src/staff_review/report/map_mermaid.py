"""The map as a Mermaid flowchart: solid lines wait, dashed lines do not, stores are cylinders."""

from __future__ import annotations

import re
from typing import TextIO

from ..nouns.errors import UsageError
from ..nouns.system import UNKNOWN, System
from .look import clean
from .map_words import label_of, shown_edges

MOST_EDGES = 500
"""Mermaid's own default for ``maxEdges``."""
_MOST_TEXT = 50_000  # and for maxTextSize


def render(system: System, stream: TextIO, service: str = "") -> None:
    """Write a flowchart; raises UsageError for one that Mermaid would refuse to draw."""
    text = flowchart_of(system, service)
    if len(text) > _MOST_TEXT or text.count("\n") > MOST_EDGES * 3:
        raise UsageError("the map is larger than Mermaid draws; choose a part with `--service NAME`")
    stream.write(text)


def flowchart_of(system: System, service: str = "") -> str:
    """The flowchart as text, nodes and edges in the map's order."""
    edges = shown_edges(system, service)
    touched = {name for edge in edges for name in (edge.source, edge.target)} | ({service} if service else set())
    if len(edges) > MOST_EDGES:
        raise UsageError(f"{len(edges)} edges are more than Mermaid draws; choose a part with `--service NAME`")
    lines = ["flowchart LR"]
    services = [one.name for one in system.services if not service or one.name in touched]
    lines += [f"  {node_id(name)}[{quoted(name)}]" for name in services]
    lines += [f"  {node_id(one.name)}[({quoted(one.name)})]" for one in system.stores if one.name in touched]
    lines += [f"  {node_id(one.name)}([{quoted(one.name)}])" for one in system.externals if one.name in touched]
    if any(not edge.known for edge in edges):
        lines.append(f"  {node_id(UNKNOWN)}{{{{{quoted(UNKNOWN)}}}}}")
    broken: list[int] = []
    for number, edge in enumerate(edges):
        ends = (edge.target, edge.source) if edge.role == "consume" else (edge.source, edge.target)
        arrow = "-.->" if edge.kind == "async" else "---" if edge.kind == "store" else "-->"
        label = quoted(label_of(edge)) if label_of(edge) else ""
        lines.append(f"  {node_id(ends[0])} {arrow}{f'|{label}|' if label else ''} {node_id(ends[1])}")
        if edge.kind == "sync" and edge.policy.state == "unbounded":
            broken.append(number)
    if broken:
        lines.append(f"  linkStyle {','.join(map(str, broken))} stroke:#c0392b")
    return "\n".join(lines) + "\n"


def node_id(name: str) -> str:
    """An identifier that no two names share and no keyword of Mermaid is."""
    plain = re.sub(r"[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):x}_", name)
    return f"n_{plain}"


def quoted(text: str) -> str:
    """A text as a label, whatever stands in it."""
    plain = clean(text).replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
    return f'"{plain}"'
