"""A repository of its own for each test."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from scratch_repository import Repository

from staff_review.nouns.findings import Review


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty repository that is the working directory; nothing of the user's git or cache reaches it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("STAFF_REVIEW_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    made = Repository(folder)
    made.git("init", "-q", "-b", "main")
    return made


@pytest.fixture
def said() -> Callable[[Review], list[str]]:
    """The findings of a review, each as rule and place."""
    return lambda review: [f"{one.rule} {one.place}" for one in review.findings]
