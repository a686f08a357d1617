"""What the tests of `load` share: a cache of their own, a git that knows nothing of the machine, and small writers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]
Git = Callable[..., None]


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the user's own cache, settings of git, or hook may reach a test."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("STAFF_REVIEW_CACHE", str(tmp_path.with_name(tmp_path.name + "-cache")))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    # A temporary folder may itself be inside a repository.
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working directory."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def write(project: Path) -> Write:
    """Write files below the project: `write("a/b.py", "text")`, or several names with one line each."""

    def written(name: str, text: str | bytes = "x = 1\n") -> Path:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


@pytest.fixture
def git(project: Path) -> Git:
    """Run git in the project, or in a folder inside it."""

    def run(*arguments: str, inside: str = ".") -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]
        command = ["git", *identity, *arguments]
        subprocess.run(command, cwd=project / inside, check=True, capture_output=True, timeout=60)

    return run
