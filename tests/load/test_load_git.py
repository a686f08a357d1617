"""What git is asked, and what happens when it does not answer."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.load.files import Listing, discover
from staff_review.nouns.settings import Settings

Write = Callable[..., Path]
Git = Callable[..., None]


def names(listing: Listing) -> list[str]:
    return [entry.path for entry in listing.files]


def reasons(listing: Listing) -> dict[str, str]:
    return {gap.path: gap.reason for gap in listing.gaps}


def test_a_tracked_file_is_found_though_it_is_ignored_and_a_deleted_one_is_not(write: Write, git: Git) -> None:
    write(".gitignore", "kept.py\n")
    write("kept.py")
    gone = write("gone.py")
    git("init", "-q")
    git("add", "-f", ".")
    gone.unlink()
    assert names(discover((".",), Settings())) == ["kept.py"]


def test_submodules_and_repositories_inside_are_searched_under_their_own_rules(write: Write, git: Git) -> None:
    for name in ("origin", "inner"):
        write(f"{name}/a.py")
        write(f"{name}/out/b.py")
        write(f"{name}/.gitignore", "out/\n")
        git("init", "-q", inside=name)
        git("add", ".", inside=name)
        git("commit", "-q", "-m", "first", inside=name)
    write(".gitignore", "origin/\n")
    git("init", "-q")
    git("submodule", "add", "-q", "./origin", "linked")
    write("linked/new.py")
    git("submodule", "add", "-q", "./origin", "emptied")
    git("submodule", "deinit", "-q", "-f", "emptied")
    assert names(discover((".",), Settings())) == ["inner/a.py", "linked/a.py", "linked/new.py"]
    assert names(discover(("linked",), Settings())) == ["linked/a.py", "linked/new.py"]


def test_repositories_below_a_plain_folder_are_listed_by_git(write: Write, git: Git) -> None:
    write("one/kept.py")
    write("one/.gitignore", "*.py\n")
    git("init", "-q", inside="one")
    git("add", "-f", ".", inside="one")
    write("two/b.py")
    assert names(discover((".",), Settings())) == ["one/kept.py", "two/b.py"]


def test_a_broken_repository_is_walked_and_said(write: Write) -> None:
    write("a.py")
    write("out/b.py")
    write(".gitignore", "out/\n")
    write(".git", "gitdir: nowhere\n")
    listing = discover((".",), Settings())
    assert names(listing) == ["a.py"]
    assert reasons(listing)["."].startswith("git could not list it, so ignore files were read without git: ")


def test_git_that_does_not_answer_is_not_waited_for(write: Write, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    git("init", "-q")
    write("pkg/a.py")
    write("pkg/b.log.py")
    write(".gitignore", "*.log.py\n")

    def hangs(*_: object, timeout: float, **__: object) -> None:
        raise subprocess.TimeoutExpired("git", timeout)

    monkeypatch.setattr("subprocess.run", hangs)
    listing = discover(("pkg",), Settings())
    assert names(listing) == ["pkg/a.py"]
    assert "no answer in 30 seconds" in reasons(listing)["."]


def test_without_git_on_the_machine_folders_are_walked_silently(
    write: Write, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "-q")
    write("a.py")
    write("inner/b.py")
    git("init", "-q", inside="inner")
    monkeypatch.setenv("PATH", "")
    listing = discover((".",), Settings())
    assert (names(listing), listing.gaps) == (["a.py", "inner/b.py"], ())


def test_the_repository_of_a_running_hook_does_not_mislead(
    write: Write, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.py")
    git("init", "-q")
    monkeypatch.setenv("GIT_DIR", "/nowhere/.git")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    listing = discover((".",), Settings())
    assert (names(listing), listing.gaps) == (["a.py"], ())


def test_a_repository_cannot_make_us_run_its_programs(write: Write, git: Git, project: Path) -> None:
    write("a.py")
    git("init", "-q")
    git("add", ".")
    monitor = write("monitor.sh", "#!/bin/sh\ntouch ran\n")
    monitor.chmod(0o755)
    git("config", "core.fsmonitor", str(monitor))
    (project / "ran").unlink(missing_ok=True)
    assert names(discover((".",), Settings())) == ["a.py"]
    assert not (project / "ran").exists()
