"""The systems of the fixtures and their drawings."""

from __future__ import annotations

import io
from pathlib import Path

from staff_review.hall.mapping import system_below
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.settings import Settings
from staff_review.report import map_dot, map_json, map_mermaid, map_text
from staff_review.report.look import Look

FIXTURES = Path(__file__).parents[2] / "fixtures" / "systems"
EXPECTED = "expected"
NAMES = (
    "events_over_kafka_and_rabbitmq", "grpc_with_kubernetes", "http_chain_with_compose", "terraform_on_aws",
    "three_repositories",
)  # fmt: skip
_RULEBOOK = rulebook_of()


def drawn(kind: str) -> str:
    """One drawing of the system in the working directory."""
    system = system_below((".",), Settings(), _RULEBOOK)
    stream = io.StringIO()
    if kind == "map.txt":
        map_text.render(system, stream, Look(width=100, colour=False, unicode=True))
    elif kind == "map.mmd":
        map_mermaid.render(system, stream)
    elif kind == "map.dot":
        map_dot.render(system, stream)
    else:
        map_json.render(system, stream)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"
