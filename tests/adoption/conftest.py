"""A small service in a repository of its own, which is the working directory, and the door to the tool."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.cli import run
from staff_review.load import provenance

Door = Callable[..., tuple[int, str, str]]
Git = Callable[..., None]

WAITS = "import requests\n\n\ndef stock(sku):\n    return requests.get(f'http://stock/{sku}')\n"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files, one of which has a finding; nothing of the user's git or cache reaches it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STAFF_REVIEW_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setattr(provenance, "requirement", lambda version: f"staff-review=={version}")  # as from an index
    folder = tmp_path / "service"
    (folder / "shop").mkdir(parents=True)
    (folder / "shop/stock.py").write_text(WAITS)
    (folder / "shop/names.py").write_text("def name(sku):\n    return sku.title()\n")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def git(service: Path) -> Git:
    """Run git in the service."""

    def asked(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=service, check=True, capture_output=True, timeout=60)

    return asked


@pytest.fixture
def door(service: Path, capsys: pytest.CaptureFixture[str]) -> Door:
    """Run a command: its exit code, standard output, standard error."""
    assert service.is_dir()

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return command
