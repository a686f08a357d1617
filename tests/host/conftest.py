"""A pull request on a server of our own, and reports to post on it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_github import Repository
from github_server import TOKEN, Server
from small_change import AFTER, BEFORE

from staff_review.nouns.findings import Review, Suggestion
from staff_review.nouns.settings import Settings
from staff_review.report import Report
from staff_review.report.as_json import document_of
from staff_review.report.tally import verdict_of


@pytest.fixture
def repository() -> Repository:
    """A pull request that changes one line of a file of forty."""
    made = Repository()
    made.before, made.after = BEFORE, AFTER
    return made


@pytest.fixture
def server(repository: Repository) -> Iterator[Server]:
    """GitHub, listening; whatever it had to complain of fails the test."""
    server = Server(repository)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()
    assert not server.complaints


@pytest.fixture
def event(tmp_path: Path) -> Path:
    """What GitHub tells a workflow; a pull request of the repository itself."""
    path = tmp_path / "event.json"
    path.write_text(json.dumps({"pull_request": {"number": 7, "head": {"sha": "a" * 40}}}))
    return path


@pytest.fixture
def on_github(server: Server, event: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The environment of a step of a workflow."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "GITHUB_REPOSITORY": "team/shop", "GITHUB_API_URL": server.url, "GITHUB_GRAPHQL_URL": f"{server.url}/graphql",
        "GITHUB_TOKEN": TOKEN, "GITHUB_EVENT_PATH": str(event),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return server


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., str]:
    """Writes a report as an earlier run would have."""

    def write(review: Review, suggestions: dict[str, Suggestion] | None = None) -> str:
        report = Report(review, Settings(), verdict_of(review, "error"), suggestions=suggestions or {}, version="0.1.0")
        path = tmp_path / "report.json"
        path.write_text(json.dumps(document_of(report)))
        return str(path)

    return write
