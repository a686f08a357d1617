"""The memory of answers: which it gives back, which it drops, and what may befall its files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from staff_review.load.memory import Memory, key_of

KEYS = [key_of([bytes([number])]) for number in range(20)]


@pytest.fixture
def folder() -> Path:
    return Path(os.environ["STAFF_REVIEW_CACHE"])


def aged(folder: Path) -> None:
    """Make all that is kept a second older, so that the order in which it was used is told by time."""
    for path in folder.iterdir():
        at = path.stat().st_mtime_ns - 1_000_000_000
        os.utime(path, ns=(at, at))


def test_each_answer_stands_under_its_own_key(project: Path) -> None:
    memory = Memory(str(project))
    assert [memory.keep(key, b"answer " + key) for key in KEYS[:3]] == ["", "", ""]
    assert [Memory(str(project)).recall(key) for key in KEYS[:4]] == [*(b"answer " + key for key in KEYS[:3]), None]


def test_what_was_not_asked_for_longest_is_dropped(project: Path, folder: Path) -> None:
    memory = Memory(str(project))
    for key in KEYS:
        assert memory.keep(key, b"answer") == ""
        aged(folder)
        assert memory.recall(KEYS[0]) == b"answer"
    left = [key for key in KEYS if memory.recall(key) is not None]
    assert KEYS[0] in left
    assert KEYS[-1] in left
    assert len(left) == len(list(folder.iterdir())) < len(KEYS)


def test_projects_do_not_share_and_do_not_drop_what_others_keep(project: Path, tmp_path: Path) -> None:
    other = Memory(str(tmp_path / "other"))
    other.keep(KEYS[0], b"other")
    memory = Memory(str(project))
    for key in KEYS[1:]:
        memory.keep(key, b"answer")
    assert memory.recall(KEYS[0]) is None
    assert other.recall(KEYS[0]) == b"other"


@pytest.mark.parametrize("damage", [b"", b"answer", b"\0" * 16], ids=["cut", "bare", "zeros"])
def test_a_damaged_answer_is_none(damage: bytes, project: Path, folder: Path) -> None:
    memory = Memory(str(project))
    memory.keep(KEYS[0], b"answer")
    (path,) = folder.iterdir()
    path.write_bytes(damage or path.read_bytes()[:-1])
    assert memory.recall(KEYS[0]) is None


def test_a_folder_that_cannot_be_written_is_told(project: Path, folder: Path) -> None:
    folder.write_text("a file in its place")
    memory = Memory(str(project))
    assert memory.keep(KEYS[0], b"answer") != ""
    assert memory.recall(KEYS[0]) is None
