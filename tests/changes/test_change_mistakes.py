"""When git cannot tell what to compare with: one sentence, and the mend."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from scratch_repository import Repository

from staff_review.nouns.errors import UsageError


def complaint(repository: Repository, since: str = "", *, staged: bool = False) -> str:
    with pytest.raises(UsageError) as caught:
        repository.change(since, staged=staged)
    said = str(caught.value)
    assert "\n" not in said
    return said


def clone(repository: Repository, to: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> Repository:
    command = ["git", "clone", "-q", *options, f"file://{repository.folder}", str(to)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    monkeypatch.chdir(to)
    return Repository(to)


@pytest.mark.parametrize("since", ["nowhere", "main..topic", "--output=x", "HEAD~9", "v1"])
def test_what_is_no_commit(repository: Repository, since: str) -> None:
    repository.commit(a="a = 1\n")
    said = complaint(repository, since)
    assert said == f"`{since}` is no commit of this clone; name a branch, a tag or a commit that `git log` shows"


def test_a_branch_that_was_not_fetched(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit(a="a = 1\n")
    there = clone(repository, tmp_path / "clone", monkeypatch)
    assert complaint(there, "origin/topic") == (
        "`origin/topic` is no commit of this clone; get it with `git fetch origin topic:refs/remotes/origin/topic`"
    )


def test_a_shallow_clone(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = repository.commit(a="a = 1\n")
    repository.git("branch", "topic")
    repository.commit(a="a = 2\n")
    repository.git("checkout", "-q", "topic")
    repository.commit(b="b = 1\n")
    there = clone(repository, tmp_path / "clone", monkeypatch, "--depth=1", "--no-single-branch")
    assert complaint(there, "origin/main") == (
        "this clone is too shallow to show where `origin/main` and HEAD part; get the whole history with "
        "`git fetch --unshallow`, in GitHub Actions with `fetch-depth: 0` for actions/checkout"
    )
    assert "`git fetch --unshallow` (`fetch-depth: 0` for actions/checkout)" in complaint(there, first)
    there.git("fetch", "-q", "--unshallow")
    assert there.change("origin/main").introduced is not None


def test_no_common_commit(repository: Repository) -> None:
    repository.commit(a="a = 1\n")
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit(b="b = 1\n")
    assert complaint(repository, "main") == (
        "`main` and HEAD have no commit in common; name a branch that this one came from"
    )


def test_no_commit_at_all(repository: Repository) -> None:
    repository.write(a="a = 1\n")
    assert "this repository has no commit yet; `--staged`" in complaint(repository, "HEAD")


def test_no_repository(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare/a.py").write_text("a = 1\n")
    monkeypatch.chdir(tmp_path / "bare")
    said = complaint(repository, "HEAD")
    assert said == "`.` is in no git repository, so there is nothing to compare it with"


def test_two_repositories(repository: Repository) -> None:
    repository.commit(a__a="a = 1\n")
    repository.git("init", "-q", "b")
    repository.write(b__b="b = 1\n")
    with pytest.raises(UsageError, match="`a` and `b` are in different git repositories; compare one at a time"):
        repository.change("HEAD", ("a", "b"))


def test_conflicts(repository: Repository) -> None:
    repository.commit(a="a = 1\n")
    repository.git("checkout", "-q", "-b", "topic")
    repository.commit(a="a = 2\n")
    repository.git("checkout", "-q", "main")
    repository.commit(a="a = 3\n")
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "topic")
    said = complaint(repository, staged=True)
    assert said == "`a.py` has conflicts that are not resolved; resolve them and `git add` it"
    assert repository.change("HEAD").introduced is not None  # the disk, whatever stands there, has no such trouble


def test_a_partial_clone(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it lacks is not fetched behind the user's back, nor is it taken for empty."""
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.commit(a="a = 1\n")
    repository.commit(a="a = 2\n")
    there = clone(repository, tmp_path / "clone", monkeypatch, "--filter=blob:none")
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "none")  # as without a network, in a git that knows no other way
    assert "git fetch --refetch --no-filter" in complaint(there, "HEAD~1")


def test_no_git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit(a="a = 1\n")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert complaint(repository, "HEAD") == "there is no git on this machine, which comparing commits needs; install it"
