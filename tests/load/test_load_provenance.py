"""Where the program was installed from, as an installer elsewhere is told."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from staff_review.load import provenance

COMMIT = "0123456789012345678901234567890123456789"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], str]:
    """What is required where an installer left this note; without one, as from an index."""

    def required(note: Any) -> str:
        text = note if note is None or isinstance(note, str) else json.dumps(note)
        monkeypatch.setattr(provenance, "distribution", lambda _name: SimpleNamespace(read_text=lambda _file: text))
        return provenance.requirement("1.2")

    return required


@pytest.mark.parametrize(
    ("note", "required"),
    [
        (None, "staff-review==1.2"),
        (
            {"url": "https://example.org/a", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"staff-review @ git+https://example.org/a@{COMMIT}",
        ),
        (
            {"url": "https://me:secret@example.org/a.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"staff-review @ git+https://example.org/a.git@{COMMIT}",
        ),
        ({"url": "https://example.org/a.whl", "archive_info": {}}, "staff-review @ https://example.org/a.whl"),
        ({"url": "file:///tmp/a.whl", "archive_info": {}}, ""),
        ({"url": "file:///tmp/a", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, ""),
        ({"url": "https://localhost/a", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, ""),
        ({"url": "https://example.org/a;b", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, ""),
        ({"url": "https://example.org/a b", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, ""),
        ({"url": "file:///no/such/folder", "dir_info": {}}, ""),
        ("{", ""),
        ({"url": "https://[example.org", "archive_info": {}}, ""),
    ],
)
def test_it_is_what_an_installer_noted(note: Any, required: str, installed: Callable[[Any], str]) -> None:
    assert installed(note) == required


def test_run_from_its_sources_it_can_be_had_from_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(provenance, "distribution", missing)
    assert provenance.requirement("1.2") == ""


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("https://me@example.org/tools/a.git", "https://example.org/tools/a.git"),
        ("git@example.org:tools/a.git", "ssh://git@example.org/tools/a.git"),
        ("/somewhere/a", ""),
    ],
)
def test_a_checkout_is_where_its_commit_was_pushed(
    origin: str, address: str, project: Path, installed: Callable[[Any], str]
) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        return subprocess.run(command, cwd=project, check=True, capture_output=True, text=True).stdout.strip()

    note = {"url": project.as_uri(), "dir_info": {"editable": True}}
    git("init", "-q", "-b", "main")
    (project / "a.txt").write_text("a")
    git("add", "-A")
    git("commit", "-q", "-m", "a")
    git("remote", "add", "origin", origin)
    assert installed(note) == ""  # nobody saw it pushed
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert installed(note) == (f"staff-review @ git+{address}@{git('rev-parse', 'HEAD')}" if address else "")
    (project / "a.txt").write_text("b")
    assert installed(note) == ""  # not what was pushed
