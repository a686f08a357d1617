"""The map as one SVG drawing, for the HTML report: layers from left to right, no script, no network."""

from __future__ import annotations

from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from ..nouns.system import UNKNOWN, Edge, System
from .look import clean
from .map_words import label_of, shown_edges

_WIDTH, _HEIGHT = 168, 40
_ACROSS, _DOWN = 120, 26
_MOST_NODES = 400
_ROUNDS = 8
_LONGEST_NAME = 22


def render(system: System, stream: TextIO, service: str = "") -> None:
    """Write the drawing."""
    stream.write(drawing_of(system, service) + "\n")


def drawing_of(system: System, service: str = "") -> str:
    """The drawing as text; "" when there is nothing to draw, or more than anybody could read."""
    edges = [edge for edge in shown_edges(system, service) if edge.known]
    names = list(dict.fromkeys(name for edge in edges for name in (edge.source, edge.target)))
    names += [one.name for one in system.services if one.name not in names and not service]
    if not names or len(names) > _MOST_NODES:
        return ""
    pairs = list(dict.fromkeys(_ends(edge) for edge in edges))
    places = places_of(names, pairs)
    width = max(x for x, _ in places.values()) + _WIDTH + 20
    height = max(y for _, y in places.values()) + _HEIGHT + 20
    kinds = _kinds(system)
    return "\n".join(
        [
            '<svg class="service-map" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Service map"'
            f' viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
            _STYLE,
            *(_line(edge, places) for edge in edges),
            *(_node(name, places[name], kinds.get(name, "external")) for name in names),
            "</svg>",
        ]
    )


_STYLE = """<defs><marker id="map-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"
 orient="auto"><path d="M0 0 8 4 0 8z" fill="context-stroke"/></marker></defs>
<style>
.service-map text { font: 13px system-ui, sans-serif; fill: currentColor }
.service-map .node { fill: var(--map-ground, Canvas); stroke: currentColor; stroke-width: 1.3 }
.service-map .external { stroke-dasharray: 2 3 }
.service-map .gateway { stroke-width: 2.4 }
.service-map .edge { fill: none; stroke: #6b7280; stroke-width: 1.2 }
.service-map .async { stroke-dasharray: 5 4 }
.service-map .unbounded { stroke: #c0392b; stroke-width: 1.6 }
.service-map .store-edge { stroke-opacity: .65 }
</style>"""


def places_of(names: list[str], pairs: list[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Where the upper left corner of each node stands, in pixels; quick with any number of them."""
    return _places(_layers(names, pairs), pairs)


def _ends(edge: Edge) -> tuple[str, str]:
    return (edge.target, edge.source) if edge.role == "consume" else (edge.source, edge.target)


def _kinds(system: System) -> dict[str, str]:
    kinds: dict[str, str] = {one.name: one.role for one in system.services}
    kinds.update((one.name, "store") for one in system.stores)
    return {**kinds, UNKNOWN: "external"}


def _layers(names: list[str], pairs: list[tuple[str, str]]) -> list[list[str]]:
    """Nodes by the longest way to them; what closes a ring does not push its start further right."""
    following: dict[str, list[str]] = {name: [] for name in names}
    for source, target in pairs:
        following[source].append(target)
    order: list[str] = []
    state: dict[str, int] = {}
    for name in names:
        stack = [(name, iter(following[name]))] if name not in state else []
        state.setdefault(name, 1)
        while stack:
            here, rest = stack[-1]
            after = next((one for one in rest if one not in state), None)
            if after is None:
                state[here] = 2
                order.append(here)
                stack.pop()
            else:
                state[after] = 1
                stack.append((after, iter(following[after])))
    rank = {name: position for position, name in enumerate(reversed(order))}
    depth = dict.fromkeys(names, 0)
    for name in reversed(order):
        for after in following[name]:
            if rank[after] > rank[name]:
                depth[after] = max(depth[after], depth[name] + 1)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for name in names:
        layers[depth[name]].append(name)
    return layers


def _places(layers: list[list[str]], pairs: list[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Where each node stands; nodes of a layer are ordered by the middle of their neighbours, which uncrosses lines."""
    near: dict[str, list[str]] = {}
    for source, target in pairs:
        near.setdefault(source, []).append(target)
        near.setdefault(target, []).append(source)
    row = {name: float(position) for layer in layers for position, name in enumerate(layer)}
    for _ in range(_ROUNDS):
        for layer in layers:
            middle = {
                name: sum(row[one] for one in near.get(name, [])) / len(near[name]) if near.get(name) else row[name]
                for name in layer
            }
            layer.sort(key=lambda name, middle=middle: (middle[name], name))  # type: ignore[misc]  # bound at once
            row.update((name, float(position)) for position, name in enumerate(layer))
    tallest = max(len(layer) for layer in layers)
    places: dict[str, tuple[int, int]] = {}
    for column, layer in enumerate(layers):
        top = (tallest - len(layer)) * (_HEIGHT + _DOWN) // 2 + 20
        for position, name in enumerate(layer):
            places[name] = (20 + column * (_WIDTH + _ACROSS), top + position * (_HEIGHT + _DOWN))
    return places


def _line(edge: Edge, places: dict[str, tuple[int, int]]) -> str:
    source, target = _ends(edge)
    (x1, y1), (x2, y2) = places[source], places[target]
    y1, y2 = y1 + _HEIGHT // 2, y2 + _HEIGHT // 2
    if x2 > x1:
        x1 += _WIDTH
        bend = (x1 + x2) // 2
        path = f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}"
    else:  # back to an earlier layer, or within one: round the outside
        x1, x2 = x1 + _WIDTH, x2 + _WIDTH
        path = f"M{x1} {y1}C{x1 + 70} {y1} {x2 + 70} {y2} {x2} {y2}"
    marks = ["edge", *(["async"] if edge.kind == "async" else []), *(["store-edge"] if edge.kind == "store" else [])]
    marks += ["unbounded"] if edge.kind == "sync" and edge.policy.state == "unbounded" else []
    arrow = "" if edge.kind == "store" else ' marker-end="url(#map-arrow)"'
    place = str(edge.evidence[0]) if edge.evidence else ""
    title = escape(clean(f"{source} to {target}: {label_of(edge)}. {place}"))
    return f'<path class="{" ".join(marks)}" d="{path}"{arrow}><title>{title}</title></path>'


def _node(name: str, place: tuple[int, int], kind: str) -> str:
    x, y = place
    plain = clean(name)
    short = plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 1] + "…"
    radius = {"store": 18, "external": 18}.get(kind, 6)
    return (
        f"<g data-name={quoteattr(plain)}><title>{escape(plain)}</title>"
        f'<rect class="node {kind}" x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="{radius}"/>'
        f'<text x="{x + _WIDTH // 2}" y="{y + _HEIGHT // 2 + 5}" text-anchor="middle">{escape(short)}</text></g>'
    )
