"""What a change does to the map as a Mermaid flowchart: thick lines are new, red dotted ones are gone."""

from __future__ import annotations

from typing import TextIO

from ..nouns.errors import UsageError
from ..nouns.findings import Introduced
from ..nouns.map_changes import EdgeChange, MapChange
from .map_mermaid import MOST_EDGES, node_id, quoted
from .map_words import policies_in_words

_COLOURS = {"added": "#1f883d", "removed": "#c0392b", "changed": "#bf8700"}


def render(introduced: Introduced, stream: TextIO) -> None:
    """Write the flowchart; raises UsageError for one that Mermaid would refuse to draw."""
    stream.write(flowchart_of(introduced.map))


def flowchart_of(change: MapChange) -> str:
    """Only what differs, as text; the ends of the lines are boxes, whatever they are."""
    if len(change.edges) > MOST_EDGES:
        raise UsageError(f"{len(change.edges)} edges differ, more than Mermaid draws; use `--format text`")
    names = list(dict.fromkeys(name for edge in change.edges for name in (edge.source, edge.target)))
    lines = ["flowchart LR", *(f"  {node_id(name)}[{quoted(name)}]" for name in names)]
    if not names:
        lines.append(f"  same[{quoted('the map stays as it was')}]")
    coloured: dict[str, list[str]] = {}
    for number, edge in enumerate(change.edges):
        what = "added" if edge.added else "removed" if edge.removed else "changed"
        coloured.setdefault(what, []).append(str(number))
        arrow = {"added": "==>", "removed": "-.->", "changed": "-->"}[what]
        lines.append(f"  {node_id(edge.source)} {arrow}|{quoted(_label(edge, what))}| {node_id(edge.target)}")
    lines += [f"  linkStyle {','.join(numbers)} stroke:{_COLOURS[what]}" for what, numbers in sorted(coloured.items())]
    return "\n".join(lines) + "\n"


def _label(edge: EdgeChange, what: str) -> str:
    before, after = policies_in_words(edge.before), policies_in_words(edge.after)
    words = {"added": after, "removed": before}.get(what, f"{before} → {after}" if before != after else "")
    return ", ".join(part for part in (what, edge.protocol, " ".join(edge.topics[:2]), words) if part)
