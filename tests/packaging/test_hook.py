"""The hook for pre-commit: a valid manifest, whose command reviews the whole project."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import tomli
from pre_commit.clientlib import load_manifest

from staff_review.cli import run
from staff_review.load.files import LANGUAGES

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
(HOOK,) = load_manifest(str(MANIFEST))


def test_the_manifest_is_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_the_command_is_the_one_that_is_installed() -> None:
    scripts = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert HOOK["entry"] in scripts
    assert HOOK["language"] == "python"


@pytest.mark.parametrize(
    "name",
    [
        *(f"deep/in/app{suffix}" for suffix in LANGUAGES),
        *("pyproject.toml", "staff-review.toml", "reliability/own.toml", "uv.lock", "poetry.lock", "Pipfile.lock"),
        *("requirements.txt", "requirements/production.txt"),
    ],
)
def test_it_starts_for_whatever_can_change_a_review(name: str) -> None:
    assert re.search(HOOK["files"], name)


@pytest.mark.parametrize("name", ["README.md", "app.py.orig", "schema.sql"])
def test_it_does_not_start_for_what_cannot(name: str) -> None:
    assert not re.search(HOOK["files"], name)


def test_it_reviews_the_project_whatever_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pre-commit runs it: in the root, with its own arguments and no names of files."""
    assert (HOOK["pass_filenames"], HOOK["require_serial"]) == (False, True)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "peer.py").write_text("import requests\n\nrequests.get('http://peer.internal')\n")
    monkeypatch.chdir(tmp_path)
    assert run(HOOK["args"]) == 1
    (tmp_path / "app" / "peer.py").write_text("import requests\n\nrequests.get('http://peer.internal', timeout=2)\n")
    assert run(HOOK["args"]) == 0
