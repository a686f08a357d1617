"""The map for Graphviz."""

from __future__ import annotations

from typing import TextIO

from ..nouns.system import System
from .look import clean
from .map_words import label_of, shown_edges


def render(system: System, stream: TextIO, service: str = "") -> None:
    """Write a directed graph: dashed edges do not wait, red ones wait for ever, stores are cylinders."""
    edges = shown_edges(system, service)
    touched = {name for edge in edges for name in (edge.source, edge.target)} | ({service} if service else set())
    lines = ["digraph system {", "  rankdir=LR;", '  node [shape=box, style=rounded, fontname="sans-serif"];']
    lines += [
        f"  {_quoted(one.name)}{' [style=bold]' if one.role == 'gateway' else ''};"
        for one in system.services
        if not service or one.name in touched
    ]
    lines += [f"  {_quoted(one.name)} [shape=cylinder];" for one in system.stores if one.name in touched]
    lines += [f"  {_quoted(one.name)} [shape=ellipse];" for one in system.externals if one.name in touched]
    for edge in edges:
        ends = (edge.target, edge.source) if edge.role == "consume" else (edge.source, edge.target)
        marks = [f"label={_quoted(label_of(edge))}"]
        marks += ["style=dashed"] if edge.kind == "async" else []
        marks += ["dir=none"] if edge.kind == "store" else []
        marks += ['color="#c0392b"'] if edge.kind == "sync" and edge.policy.state == "unbounded" else []
        lines.append(f"  {_quoted(ends[0])} -> {_quoted(ends[1])} [{', '.join(marks)}];")
    stream.write("\n".join([*lines, "}"]) + "\n")


def _quoted(text: str) -> str:
    plain = clean(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
