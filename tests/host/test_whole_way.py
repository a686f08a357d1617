"""From a repository with a branch, through the check of its change, to the comments: four pushes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_github import Repository
from github_server import Server

from staff_review.cli import run

OLD = "import requests\n\n\ndef stock(sku):\n    return requests.get(f'http://stock.internal/{sku}')\n"
HEAD = "import requests\n\nLIMIT = 2\n\n\ndef price(sku):\n"
BAD = "    return requests.get(f'http://price.internal/{sku}')\n"
GOOD = "    return requests.get(f'http://price.internal/{sku}', timeout=LIMIT)\n"


def git(folder: Path, *arguments: str) -> str:
    names = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", *names, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def push(tmp_path: Path, on_github: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Repository]:
    """Commits a file on a branch, checks what the branch changes, and posts that."""
    folder, repository = tmp_path / "shop", on_github.repository
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("STAFF_REVIEW_CACHE", str(tmp_path / "cache"))
    git(folder, "init", "-q", "-b", "main")
    (folder / "stock.py").write_text(OLD)
    (folder / "staff-review.toml").write_text('fix-timeout = "3s"\n')
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "begin")
    git(folder, "checkout", "-qb", "feature")
    repository.before = {}

    def push(code: str) -> Repository:
        (folder / "price.py").write_text(code)
        git(folder, "add", ".")
        git(folder, "commit", "-qm", "next")
        repository.head, repository.after = git(folder, "rev-parse", "HEAD"), {"price.py": code}
        report = str(tmp_path / "staff-review.json")
        run([".", "--diff", "main", "--select", "timeouts", "--format", f"json={report}", "--exit-zero"])
        assert run(["comment", report, "--github", "--commit", repository.head]) == 0
        return repository

    return push


def test_introduce_move_fix_reintroduce(push: Callable[[str], Repository], capsys: pytest.CaptureFixture[str]) -> None:
    repository = push(HEAD + BAD)
    (comment,) = repository.review_comments
    first = comment["body"]
    assert (comment["path"], comment["line"]) == ("price.py", 7)
    assert first.startswith("**error: `requests.get` can wait for ever")
    assert "```suggestion\n    return requests.get(f'http://price.internal/{sku}', timeout=3)\n```" in first
    (summary,) = repository.issue_comments
    assert "stock.py" not in summary["body"]

    push("# Prices.\n\n" + HEAD + BAD)
    assert (comment["body"], comment["edits"]) == (first, 0)

    push(HEAD + GOOD)
    assert comment["body"].startswith("No longer reported at ")
    assert comment["minimized"]

    push(HEAD + BAD)
    assert comment["body"].startswith("**error: `requests.get` can wait for ever")
    assert not comment["minimized"]
    assert (len(repository.reviews), len(repository.review_comments), len(repository.issue_comments)) == (1, 1, 1)
    posted = [line for line in capsys.readouterr().err.split("\n") if "new comment" in line]
    assert posted == [
        "staff-review: 1 new comment, 0 changed, the summary is up to date",
        "staff-review: 0 new comments, 0 changed, the summary is up to date",
        "staff-review: 0 new comments, 1 changed, the summary is up to date",
        "staff-review: 0 new comments, 1 changed, the summary is up to date",
    ]
