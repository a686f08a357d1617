"""The cache: what it remembers, when it must not trust itself, and what may befall its file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import staff_review
from staff_review.load.cache import Cache, Record
from staff_review.load.files import Entry

Write = Callable[..., Path]
OLD = 1_600_000_000_000_000_000
RECORD = Record("d" * 32, b"names", b"facts")


def entry_of(path: Path, mtime_ns: int = OLD) -> Entry:
    return Entry(path.name, str(path), "python", path.stat().st_size, mtime_ns)


def only_file(folder: Path) -> Path:
    (path,) = [path for path in folder.iterdir() if path.suffix == ".facts"]
    return path


@pytest.fixture
def folder() -> Path:
    return Path(os.environ["STAFF_REVIEW_CACHE"])


@pytest.fixture
def entry(write: Write) -> Entry:
    return entry_of(write("a.py"))


@pytest.fixture
def kept(project: Path, entry: Entry) -> Entry:
    """An entry whose record is in the saved cache of the project."""
    cache = Cache.open(str(project), "1")
    cache.put(entry, RECORD)
    assert cache.save() == ""
    return entry


def test_a_file_that_did_not_change_is_remembered(project: Path, write: Write, folder: Path) -> None:
    cache = Cache.open(str(project), "1")
    scanned, odd = entry_of(write("b.py")), Entry("\\xe9.py", str(project / "\udce9.py"), "python", 1, OLD)
    Path(odd.absolute).touch()
    records = {entry_of(write("a.py")): RECORD, scanned: Record("e", b""), odd: Record("f", b"s", b"")}
    for entry, record in records.items():
        assert cache.get(entry) is None
        cache.put(entry, record)
    assert cache.save() == ""
    again = Cache.open(str(project), "1")
    assert {entry: again.get(entry) for entry in records} == records
    before = only_file(folder).stat().st_ino
    assert again.save() == ""
    assert only_file(folder).stat().st_ino == before, "nothing changed, so nothing was to be written"


def test_another_size_or_time_is_another_file_until_it_was_read(project: Path, kept: Entry) -> None:
    touched = Entry(kept.path, kept.absolute, kept.language, kept.size, OLD + 1)
    longer = Entry(kept.path, kept.absolute, kept.language, kept.size + 1, OLD)
    cache = Cache.open(str(project), "1")
    assert cache.get(touched) is None
    assert cache.get(longer) is None
    assert cache.get_read(touched, "another digest") is None
    assert cache.get_read(touched, RECORD.digest) == RECORD
    assert cache.save() == ""
    assert Cache.open(str(project), "1").get(touched) == RECORD


def test_a_file_changed_just_before_it_was_read_is_read_again(
    project: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time_ns", lambda: OLD + 1_500_000_000)
    cache = Cache.open(str(project), "1")
    cache.put(entry, RECORD)
    cache.save()
    again = Cache.open(str(project), "1")
    assert again.get(entry) is None
    monkeypatch.setattr("time.time_ns", lambda: OLD + 9_000_000_000)
    assert again.get_read(entry, RECORD.digest) == RECORD
    again.save()
    assert Cache.open(str(project), "1").get(entry) == RECORD


def test_a_run_on_a_part_keeps_the_rest_but_not_what_was_deleted(project: Path, write: Write, folder: Path) -> None:
    first, second, third = (entry_of(write(name)) for name in ("a.py", "b.py", "c.py"))
    cache = Cache.open(str(project), "1")
    for entry in (first, second, third):
        cache.put(entry, RECORD)
    cache.save()
    size = only_file(folder).stat().st_size
    Path(third.absolute).unlink()
    partial = Cache.open(str(project), "1")
    partial.put(first, Record("n", b"names", b"facts"))
    assert partial.save() == ""
    again = Cache.open(str(project), "1")
    assert (again.get(first), again.get(second)) == (Record("n", b"names", b"facts"), RECORD)
    assert again.get(third) is None
    assert only_file(folder).stat().st_size < size


@pytest.mark.usefixtures("kept")
def test_another_version_starts_anew(project: Path, entry: Entry) -> None:
    assert Cache.open(str(project), "2").get(entry) is None


def test_projects_do_not_share(project: Path, kept: Entry) -> None:
    assert Cache.open(str(project / "inner"), "1").get(kept) is None


def broken_files(whole: bytes) -> dict[str, bytes]:
    return {
        "empty": b"",
        "foreign": b"SQLite format 3\0" * 50,
        "head only": whole[:60],
        "truncated": whole[:-1],
        "longer": whole + b"\0",
        "index damaged": whole[:70] + bytes([whole[70] ^ 1]) + whole[71:],
        "huge index": whole[:40] + b"\xff" * 8 + whole[48:],
    }


@pytest.mark.parametrize("how", broken_files(b"\0" * 100))
def test_a_damaged_file_is_ignored_and_rebuilt(how: str, project: Path, kept: Entry, folder: Path) -> None:
    path = only_file(folder)
    path.write_bytes(broken_files(path.read_bytes())[how])
    cache = Cache.open(str(project), "1")
    assert cache.get(kept) is None
    cache.put(kept, RECORD)
    assert cache.save() == ""
    assert Cache.open(str(project), "1").get(kept) == RECORD


def test_a_damaged_record_costs_only_itself(project: Path, write: Write, folder: Path) -> None:
    first, second = entry_of(write("a.py")), entry_of(write("b.py"))
    cache = Cache.open(str(project), "1")
    cache.put(first, RECORD)
    cache.put(second, RECORD)
    cache.save()
    path = only_file(folder)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    again = Cache.open(str(project), "1")
    assert (again.get(first), again.get(second)) == (RECORD, None)
    assert again.get_read(second, RECORD.digest) is None


@pytest.mark.skipif(sys.platform == "win32", reason="a folder without write permission")
def test_a_folder_that_cannot_be_written_is_a_notice(
    project: Path, entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("STAFF_REVIEW_CACHE", str(tmp_path / "file" / "cache"))
    cache = Cache.open(str(project), "1")
    cache.put(entry, RECORD)
    assert cache.save().startswith("the cache was not kept: ")


def test_a_write_that_fails_half_way_leaves_the_old_file(
    project: Path, kept: Entry, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache.open(str(project), "1")
    cache.put(kept, Record("n"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        assert cache.save().endswith("no space left on device")
    assert [path.suffix for path in folder.iterdir()] == [".facts"]
    assert Cache.open(str(project), "1").get(kept) == RECORD


def test_the_folder_in_the_project_wins_and_hides_from_git(project: Path, entry: Entry, folder: Path) -> None:
    own = project / ".staff-review-cache"
    own.mkdir()
    cache = Cache.open(str(project), "1")
    cache.put(entry, RECORD)
    assert cache.save() == ""
    assert only_file(own)
    assert (own / ".gitignore").read_text() == "*\n"
    assert not folder.exists()
    assert Cache.open(str(project), "1").get(entry) == RECORD


def test_a_link_in_place_of_that_folder_is_not_followed(project: Path, entry: Entry, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / ".staff-review-cache").symlink_to(tmp_path / "elsewhere")
    cache = Cache.open(str(project), "1")
    cache.put(entry, RECORD)
    assert cache.save() == ""
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_users_cache_folder_is_the_usual_one(
    project: Path, entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STAFF_REVIEW_CACHE")
    monkeypatch.setenv("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", str(tmp_path / "user"))
    cache = Cache.open(str(project), "1")
    cache.put(entry, RECORD)
    assert cache.save() == ""
    assert list((tmp_path / "user").rglob("*.facts"))


RUN = """
import sys
from staff_review.load.cache import Cache, Record
from staff_review.load.files import Entry
root, me = sys.argv[1:]
for turn in range(30):
    cache = Cache.open(root, "1")
    for number in range(50):
        entry = Entry("x", f"{root}/{number}.py", "python", 1, 10**18)
        record = cache.get(entry)
        assert record is None or record.facts == record.digest.encode() * 1000, record
        cache.put(entry, Record(f"{me}{turn}", b"", f"{me}{turn}".encode() * 1000))
    trouble = cache.save()
    assert not trouble, trouble
"""


def test_two_runs_at_once_never_spoil_the_file(project: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(staff_review.__file__).parents[1])}
    runs = [
        subprocess.Popen([sys.executable, "-c", RUN, str(project), name], env=environment) for name in ("one", "two")
    ]
    assert [run.wait(120) for run in runs] == [0, 0]
    entry = Entry("x", f"{project}/7.py", "python", 1, 10**18)
    record = Cache.open(str(project), "1").get(entry)
    assert record is not None
    assert record.digest in ("one29", "two29")


def test_the_same_contents_under_another_name_are_known(project: Path, kept: Entry, write: Write) -> None:
    """A file that was renamed, or another branch's, need not be read again as long as its kind is the same."""
    moved = entry_of(write("moved.py", (project / kept.path).read_bytes()))
    held = Entry("held.py", f"{project}/held.py", "python", moved.size, 0, b"x")
    other = entry_of(write("moved.txt", (project / kept.path).read_bytes()))
    cache = Cache.open(str(project), "1")
    assert cache.get(moved) is None
    assert cache.may_know(moved)
    assert cache.may_know(held)
    assert cache.get_read(other, RECORD.digest) is None
    assert cache.get_read(moved, "e" * 32) is None
    assert cache.get_read(held, RECORD.digest) == RECORD
    assert cache.get_read(moved, RECORD.digest) == RECORD
    assert cache.save() == ""
    assert Cache.open(str(project), "1").get(moved) == RECORD


def test_contents_that_stand_nowhere_are_kept_as_long_as_they_are_asked_for(
    project: Path, write: Write, folder: Path
) -> None:
    held = Entry("a.py", f"{project}/a.py", "python", 1, 0, b"x")
    first = Cache.open(str(project), "1")
    first.put(held, RECORD)
    first.save()
    again = Cache.open(str(project), "1")
    assert again.get_read(held, RECORD.digest) == RECORD
    again.save()
    assert only_file(folder).stat().st_size > 0
    plain = Cache.open(str(project), "1")
    assert plain.get(entry_of(write("a.py"))) is None  # another run, about what is on the disk
    plain.put(entry_of(write("b.py")), Record("b" * 32))
    plain.save()
    assert Cache.open(str(project), "1").get_read(held, RECORD.digest) is None


def test_what_one_run_learns_it_knows_and_nothing_is_kept(write: Write, folder: Path) -> None:
    cache = Cache.for_one_run()
    entry = entry_of(write("a.py"))
    cache.put(entry, RECORD)
    assert cache.get(entry) == RECORD
    assert cache.get(entry_of(write("a.py", "other"))) is None
    assert not folder.exists()
