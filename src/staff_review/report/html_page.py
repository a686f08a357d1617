"""One HTML file that needs no network and no scripts: to read, to print, to keep beside a release.

The page, its style and its script lie in ``page/``; whatever comes from a review passes through a template as text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ..nouns.findings import Review
from ..nouns.settings import Scale
from . import Report
from .changes import against, map_lines
from .html_system import edges_of
from .html_view import Views, silence_of
from .look import clean
from .remarks import opinions_found, run_line
from .tally import counted, found, gap_lines, left_out, looked_at, settings_words

_GAPS = 200
_FIXED = 50
_CODE = re.compile(r"`([^`]+)`")


def render(report: Report, stream: TextIO) -> None:
    """Write the page."""
    environment = Environment(
        loader=PackageLoader(__package__, "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["words"] = _words
    environment.filters["cleaned"] = clean
    environment.filters["breakable"] = _breakable
    style, script = (Markup(environment.get_template(name).render()) for name in ("page.css", "page.js"))  # noqa: S704
    page = environment.get_template("page.html.jinja")
    stream.write(page.render(page=_page(report), style=style, script=script, script_digest=_digest(f"\n{script}")))


def _page(report: Report) -> dict[str, object]:
    """All that the template asks for; everything is a plain text, except the map, which we drew ourselves."""
    review, checkout, views = report.review, report.checkout, Views(report)
    chapters, remarks = views.chapters(), views.lone_remarks()
    edges = edges_of(report.system) if report.system else []
    about = " · ".join(filter(None, [checkout.name, checkout.commit, checkout.date]))
    return {
        "title": clean(f"staff-review{f', {checkout.name}' if checkout.name else ''}: {found(review)}"),
        "about": clean(about),
        "version": report.version,
        "found": found(review),
        "facts": " · ".join(looked_at(review)),
        "code": report.verdict.code,
        "verdict": clean(str(report.verdict)),
        "notices": [*_of_change(review), *review.notices],
        "faults": [(clean(fault.check), clean(fault.error)) for fault in review.faults],
        "chapters": chapters,
        "most": max((len(chapter.findings) for chapter in chapters), default=1),
        "sections": _sections(
            system=bool(report.service_map or edges), opinions=bool(remarks or review.persona or review.architecture)
        ),
        "service_map": Markup(report.service_map),  # noqa: S704 - drawn by us; its texts were escaped when it was
        "edges": [(edge, views.where(edge.place) if edge.place else None) for edge in edges],
        "remarks": remarks,
        "opinions": opinions_found(review),
        "dropped": _dropped(review),
        "speaker": clean(review.persona.persona) if review.persona else "",
        "persona": clean(run_line(review.persona)) if review.persona else "",
        "architecture": review.architecture,
        "left_out": " · ".join(left_out(review)),
        "gaps": [{"where": clean(place), "reason": clean(why)} for place, why in gap_lines(review.gaps, _GAPS)],
        "silenced": [
            *(silence_of(one, views) for one in review.silenced),
            *(silence_of(one, views) for one in review.silenced_comments),
        ],
        "run": _run(report),
    }


def _dropped(review: Review) -> list[dict[str, str]]:
    return [
        {"where": clean(f"{one.path}:{one.line}" if one.line else one.path), "text": one.text, "reason": one.reason}
        for one in (review.persona.dropped if review.persona else ())
    ]


def _of_change(review: Review) -> list[str]:
    """Against what the findings are new, and what is mended."""
    change = review.introduced
    if change is None:
        return []
    elsewhere = (
        f"{counted(len(change.elsewhere), 'finding')} in files that it does not touch" if change.elsewhere else ""
    )
    fixed = ", ".join(f"{one.rule} at {clean(str(one.place))}" for one in change.fixed[:_FIXED])
    more = f" and {len(change.fixed) - _FIXED:,} more" if len(change.fixed) > _FIXED else ""
    mended = f"Fixed by this change ({len(change.fixed):,}): {fixed}{more}" if fixed else ""
    edges = "; ".join(clean(line) for line in map_lines(change.map)[:_FIXED])
    return [one for one in (f"{clean(against(change))}.", elsewhere, mended, edges and f"The map: {edges}") if one]


def _sections(*, system: bool, opinions: bool) -> list[tuple[str, str]]:
    wanted = [("map", "Service map", system), ("opinions", "Opinions", opinions)]
    always = [("left-out", "What is not in the list"), ("run", "How this was made")]
    return [*((anchor, title) for anchor, title, there in wanted if there), *always]


def _run(report: Report) -> list[tuple[str, str]]:
    scale = report.settings.scale or Scale()
    rate, regions = f"{scale.requests_per_second:,g} requests a second", counted(scale.regions, "region")
    weighed = f"{rate}, p99 {scale.p99_ms:,g} ms, {regions}{'' if report.settings.scale else ' (defaults)'}"
    return [
        ("command", clean(report.typed or report.command)),
        ("version", report.version or "unknown"),
        ("settings", clean(settings_words(report.settings))),
        ("weighed for", weighed),
        ("fails on", report.settings.fail_on),
    ]


def _words(text: str) -> Markup:
    """Words of ours, with what they quote in backticks shown as code."""
    parts = _CODE.split(clean(text.replace("\n", " ")))
    wrapped = (
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )
    return Markup("").join(wrapped)


def _breakable(path: str) -> Markup:
    """A path that may go on in the next line after a slash."""
    return Markup("/<wbr>").join(path.split("/"))


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
