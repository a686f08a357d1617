"""The map as one HTML file: to move about in, to click; a drawing and a table where scripts do not run.

The page lies in ``page/``. Data reaches its script as JSON in which nothing can end the element that holds it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ..nouns.findings import Finding
from ..nouns.system import System
from .html_system import edges_of
from .look import clean
from .map_html_view import view_of
from .map_svg import drawing_of
from .map_words import NOTHING_FOUND, counts, is_empty, shown_edges
from .tally import counted

_SCRIPTS = ("vendor/cytoscape.min.js", "vendor/cytoscape-dagre.min.js", "map.js")
_HARMLESS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def render(system: System, findings: Sequence[Finding], stream: TextIO, service: str = "") -> None:
    """Write the page; with `service`, only what touches that one."""
    loader = PackageLoader(__package__, "page")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # As they are: code of others may hold what a template would take for its own.
    style, *scripts = (Markup(loader.get_source(environment, name)[0]) for name in ("map.css", *_SCRIPTS))  # noqa: S704
    shown = System(services=system.services, stores=system.stores, edges=tuple(shown_edges(system, service)))
    told = counted(len(findings), "finding") if findings else "no findings"
    page = {
        "title": clean(f"Service map of {service}" if service else "Service map"),
        "facts": NOTHING_FOUND if is_empty(system) else f"{counts(system)}, {told}",
        "drawing": Markup(drawing_of(system, service)),  # noqa: S704 - drawn by us; its texts were escaped when it was
        "edges": edges_of(shown),
        "data": _embedded(view_of(system, findings, service)),
    }
    written = environment.get_template("map.html.jinja").render(
        page=page, style=style, scripts=scripts, digests=[_digest(f"\n{script}") for script in scripts]
    )
    stream.write(written)


def _embedded(data: object) -> Markup:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup("".join(_HARMLESS.get(char, char) for char in text))  # noqa: S704 - nothing in it is markup any more


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
