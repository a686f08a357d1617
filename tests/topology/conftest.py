"""Systems read from a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.hall.mapping import system_below
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.settings import Settings
from staff_review.nouns.system import System

RULEBOOK = rulebook_of()


@pytest.fixture
def system_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., System]:
    """Writes files into an empty folder and maps it, without those that `exclude` covers."""

    def mapped(files: dict[str, str], exclude: tuple[str, ...] = ()) -> System:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        monkeypatch.chdir(tmp_path)
        return system_below((".",), Settings(exclude=exclude), RULEBOOK)

    return mapped
