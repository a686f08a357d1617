"""A small service with two findings, the engine's view of it, and a server of ours that answers for a model."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from model_endpoint import NOTHING, Plan, Server, message
from small_service import ASKED, CHARGE, RATES, RULEBOOK

from staff_review.hall.commenting import commented
from staff_review.hall.review import Outcome, review
from staff_review.nouns.settings import PersonaSettings, Settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without settings, caches, keys or profiles of their own, in a folder of code."""
    for name in ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", "CI",
                 "ANTHROPIC_LOG", "CLOUD_ML_REGION", "ANTHROPIC_CUSTOM_HEADERS"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path / "home" / "anthropic"))
    monkeypatch.setenv("STAFF_REVIEW_HOME", str(tmp_path / "home" / "own"))
    monkeypatch.setenv("STAFF_REVIEW_CACHE", str(tmp_path / "home" / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "home"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small service, which is also the working directory."""
    folder = tmp_path / "service"
    for name, text in {"billing/charge.py": CHARGE, "billing/rates.py": RATES, "billing/__init__.py": ""}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def outcome(service: Path) -> Outcome:
    """The static review of the service."""
    found = review((".",), Settings(root=str(service)), RULEBOOK, cache=False)
    assert {finding.rule for finding in found.review.findings} == {"missing-timeout"}
    return found


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Plan], Server]]:
    """Starts a server that answers by a plan, and points the SDK at it."""
    servers: list[Server] = []

    def start(plan: Plan = lambda _body, _number: message(NOTHING)) -> Server:
        server = Server(plan)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "any")
        return server

    yield start
    for server in servers:
        server.over.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def comment_on(outcome: Outcome, service: Path) -> Callable[..., Outcome]:
    """Runs the whole persona on the service."""

    def run(asked: PersonaSettings = ASKED, **more: object) -> Outcome:
        return commented(outcome, (".",), Settings(root=str(service)), RULEBOOK, asked, **more)  # type: ignore[arg-type]

    return run
