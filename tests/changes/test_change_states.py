"""Which files a change is held against: commits, the index, merges, and the states in which a disk can be."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from scratch_repository import Repository

from staff_review.load.files import discover
from staff_review.load.objects import Comparison, comparison_of
from staff_review.load.read import read
from staff_review.load.settings import settings_of
from staff_review.nouns.findings import Review
from staff_review.nouns.source import Source

Said = Callable[[Review], list[str]]

WAITS = "import requests\n\n\ndef f():\n    requests.get('http://x')\n"
NEW = ["missing-timeout b.py:5"]


def states(since: str = "", *paths: str, staged: bool = False) -> Comparison:
    asked, settings = paths or (".",), settings_of(".")
    return comparison_of(asked, settings, discover(asked, settings), since=since, staged=staged)


def held(comparison: Comparison) -> dict[str, str]:
    """The files before, with their text."""
    settings = settings_of(".")
    found = {}
    for entry in comparison.before[0].listing.files:
        source = read(entry, settings)
        assert isinstance(source, Source)
        found[entry.path] = source.data.decode()
    return found


def test_files_of_a_commit_are_as_they_were_and_the_disk_is_left_alone(repository: Repository) -> None:
    repository.commit(a="a = 1\n", gone="g = 1\n", same="s = 1\n")
    repository.write(a="a = 2\n", new="n = 1\n")
    (repository.folder / "gone.py").unlink()
    before = {path.name: path.stat().st_mtime_ns for path in repository.folder.iterdir()}
    comparison = states("HEAD")
    assert held(comparison) == {"a.py": "a = 1\n", "gone.py": "g = 1\n", "same.py": "s = 1\n"}
    assert comparison.changed == {"a.py", "gone.py", "new.py"}
    assert {path.name: path.stat().st_mtime_ns for path in repository.folder.iterdir()} == before
    assert repository.git("status", "--porcelain").splitlines() == ["M a.py", " D gone.py", "?? new.py"]


def test_what_equals_the_disk_is_the_disks_own_file(repository: Repository) -> None:
    """So that what is known of it is used again, also when only its time changed."""
    repository.commit(a="a = 1\n", b="b = 1\n")
    os.utime(repository.folder / "b.py", (1, 1))
    comparison = states("HEAD")
    assert [entry.buffer for entry in comparison.before[0].listing.files] == [None, None]
    assert comparison.changed == frozenset()


def test_exclude_ignored_and_foreign_files_are_left_out_before_as_they_are_now(repository: Repository) -> None:
    repository.put("staff-review.toml", 'exclude = ["vendored/"]\n')
    repository.put(".gitignore", "built/\n")
    repository.commit(a="a = 1\n", vendored__v="v = 1\n", node_modules__n="n = 1\n")
    repository.write(a="a = 2\n", vendored__v="v = 2\n", node_modules__n="n = 2\n", built__b="b = 1\n")
    comparison = states("HEAD")
    assert list(held(comparison)) == ["a.py"]


def test_paths_are_shown_from_where_the_user_stands(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit(shop__a="a = 1\n", other__b="b = 1\n")
    repository.write(shop__a="a = 2\n", other__b="b = 2\n")
    monkeypatch.chdir(repository.folder / "shop")
    assert held(states("HEAD")) == {"a.py": "a = 1\n"}
    assert held(states("HEAD", ".", "../other")) == {"../other/b.py": "b = 1\n", "a.py": "a = 1\n"}


def test_a_large_file_of_then_is_left_out(repository: Repository) -> None:
    repository.put("staff-review.toml", "max-file-bytes = 1000\n")
    repository.commit(a="a = 1\n" * 1000)
    repository.write(a="a = 1\n")
    assert held(states("HEAD")) == {}


def test_what_stands_beside_the_code_is_as_it_was(repository: Repository) -> None:
    repository.put("requirements.txt", "redis==7\n")
    repository.put("inner/requirements/base.txt", "a==1\n")
    repository.commit(a="a = 1\n")
    repository.put("requirements.txt", "redis==8\n")
    repository.put("uv.lock", "version = 1\n")
    texts = states("HEAD").before[0].texts
    root = str(repository.folder)
    assert texts.names(root) == {"a.py", "inner", "requirements.txt"}
    assert texts.names(f"{root}/inner") == {"requirements"}
    assert texts.contents(f"{root}/requirements.txt", 1000) == b"redis==7\n"
    assert texts.contents(f"{root}/inner/requirements/base.txt", 1000) == b"a==1\n"
    with pytest.raises(FileNotFoundError):
        texts.contents(f"{root}/uv.lock", 1000)
    with pytest.raises(OSError, match="larger than"):
        texts.contents(f"{root}/requirements.txt", 3)


def test_a_branch_is_held_against_where_it_began(repository: Repository, said: Said) -> None:
    repository.commit(a="a = 1\n")
    repository.git("checkout", "-q", "-b", "topic")
    repository.commit(b=WAITS)
    repository.git("checkout", "-q", "main")
    repository.commit(a=WAITS)
    repository.git("checkout", "-q", "topic")
    assert said(repository.change("main")) == NEW


def test_a_merge_of_the_main_branch_brings_nothing_of_its_own(repository: Repository, said: Said) -> None:
    repository.commit(a="a = 1\n")
    repository.git("checkout", "-q", "-b", "topic")
    repository.commit(b=WAITS)
    repository.git("checkout", "-q", "main")
    repository.commit(a=WAITS)
    repository.git("checkout", "-q", "topic")
    repository.git("merge", "-q", "--no-edit", "main")
    assert said(repository.change("main")) == NEW
    assert said(repository.change("HEAD~1")) == ["missing-timeout a.py:5"]


def test_during_a_merge_only_what_neither_side_has_is_new(repository: Repository, said: Said) -> None:
    repository.commit(a="a = 1\n")
    repository.git("checkout", "-q", "-b", "topic")
    repository.commit(c="c = 1\n")
    repository.git("checkout", "-q", "main")
    repository.commit(a=WAITS)
    repository.git("checkout", "-q", "topic")
    repository.git("merge", "-q", "--no-commit", "--no-ff", "main")
    assert said(repository.change(staged=True)) == []
    repository.write(b=WAITS)
    repository.git("add", "b.py")
    assert said(repository.change(staged=True)) == NEW


def test_only_what_is_staged_counts(repository: Repository, said: Said) -> None:
    repository.commit(a="a = 1\n")
    repository.write(a=WAITS, b=WAITS, c=WAITS)
    repository.git("add", "b.py")
    assert said(repository.change(staged=True)) == NEW
    repository.write(b="b = 1\n")  # mended on the disk, not in what would be committed
    review = repository.change(staged=True)
    assert said(review) == NEW
    assert review.introduced is not None
    assert review.introduced.files == 1


def test_before_the_first_commit_all_that_is_staged_is_new(repository: Repository, said: Said) -> None:
    repository.write(b=WAITS)
    repository.git("add", "-A")
    review = repository.change(staged=True)
    assert said(review) == NEW
    assert review.introduced is not None
    assert review.introduced.commit == ""


def test_the_index_that_a_hook_is_shown_is_read(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """`git commit FILE` shows its hooks an index of its own."""
    repository.commit(a="a = 1\n")
    repository.write(a=WAITS, b=WAITS)
    hook = repository.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\nprintf %s "$GIT_INDEX_FILE" > "$PWD/.git/seen"\ncp "$GIT_INDEX_FILE" .git/kept\n')
    hook.chmod(0o755)
    repository.git("add", "b.py")
    repository.git("commit", "-q", "-m", "x", "a.py")
    assert Path(".git/seen").read_text() not in ("", ".git/index")
    repository.git("update-ref", "HEAD", "HEAD~1")
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository.folder / ".git/kept"))
    assert [str(one.place) for one in repository.change(staged=True).findings] == ["a.py:5"]


def test_a_submodule_is_the_same_on_both_sides(repository: Repository, tmp_path: Path, said: Said) -> None:
    repository.git("init", "-q", str(tmp_path / "inner"))
    (tmp_path / "inner/x.py").write_text(WAITS)
    inside = ("-C", str(tmp_path / "inner"))
    repository.git(*inside, "add", "-A")
    repository.git(*inside, "commit", "-q", "-m", "x")
    repository.git("submodule", "add", "-q", str(tmp_path / "inner"), "inner")
    repository.commit()
    repository.write(b=WAITS)
    assert said(repository.change("HEAD")) == NEW


def test_a_sparse_checkout_mends_nothing(repository: Repository) -> None:
    repository.commit(a__a=WAITS, b__b="b = 1\n")
    repository.git("sparse-checkout", "set", "b")
    assert not (repository.folder / "a/a.py").exists()
    review = repository.change("HEAD")
    assert review.introduced is not None
    assert (review.introduced.fixed, review.introduced.files) == ((), 0)


def test_odd_names_and_links_do_no_harm(repository: Repository, said: Said) -> None:
    repository.put("ü n\tn.py", "x = 1\n")
    (repository.folder / "link.py").symlink_to("b.py")
    repository.commit(b="b = 1\n")
    repository.put("ü n\tn.py", WAITS)
    repository.write(b=WAITS)
    assert sorted(one.split(" ", 1)[1] for one in said(repository.change("HEAD"))) == ["b.py:5", "ü n\tn.py:5"]


def test_no_program_of_the_repository_is_run(repository: Repository, tmp_path: Path, said: Said) -> None:
    """A filter, a diff driver or a monitor that its configuration names would run with the user's rights."""
    repository.commit(a="a = 1\n", old="o = 1\n" * 9)
    evil = f"touch {tmp_path}/ran; cat"
    for name in ("filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv", "diff.evil.command", "diff.external"):
        repository.git("config", name, evil)
    repository.git("config", "core.fsmonitor", f"touch {tmp_path}/ran; true")
    repository.put(".gitattributes", "*.py filter=evil diff=evil\n")
    (repository.folder / "old.py").rename(repository.folder / "new.py")
    repository.write(a=WAITS)
    assert said(repository.change("HEAD")) == ["missing-timeout a.py:5"]
    assert said(repository.change(staged=True)) == []
    assert not (tmp_path / "ran").exists()
