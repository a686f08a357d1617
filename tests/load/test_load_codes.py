"""What code mentions is searched once: kept by place, contents and engine, and looked for again when in doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from staff_review.load.codes import Codes
from staff_review.nouns.deployment import Code, Mention
from staff_review.nouns.source import Place, Span


class Searched:
    """Counts how often a file is searched."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Code:
        self.times += 1
        place = Place("app/main.go", Span(3, 1, 3, 1))
        return Code("app/main.go", "go", (Mention("variable", "PRICE_URL", place),), modules=frozenset({"net/http"}))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("STAFF_REVIEW_CACHE", str(tmp_path / "kept"))
    return str(tmp_path / "project")


def test_a_file_is_searched_once_in_a_run() -> None:
    codes, search = Codes(), Searched()
    first = codes.of("app/main.go", "text", search)
    assert codes.of("app/main.go", "text", search) == first == Searched()()
    assert search.times == 1
    assert codes.save() == ""


def test_other_contents_and_another_place_are_searched() -> None:
    codes, search = Codes(), Searched()
    for path, text in (("a.go", "text"), ("a.go", "texts"), ("b.go", "text"), ("a.go", "texts")):
        codes.of(path, text, search)
    assert search.times == 3


def test_what_was_found_is_known_to_the_next_run(root: str) -> None:
    codes, search = Codes(root, "1"), Searched()
    found = codes.of("app/main.go", "text", search)
    assert codes.save() == ""
    again = Codes(root, "1")
    assert again.of("app/main.go", "text", search) == found
    assert search.times == 1


def test_another_engine_searches_anew(root: str) -> None:
    codes, search = Codes(root, "1"), Searched()
    codes.of("app/main.go", "text", search)
    codes.save()
    Codes(root, "2").of("app/main.go", "text", search)
    assert search.times == 2


def test_what_was_kept_and_is_damaged_is_searched_anew(root: str, tmp_path: Path) -> None:
    codes, search = Codes(root, "1"), Searched()
    codes.of("app/main.go", "text", search)
    codes.save()
    (kept,) = (tmp_path / "kept").glob("*.code")
    whole = kept.read_bytes()
    for number, damaged in enumerate((whole[:-3], whole[:5], b"", whole[:-1] + bytes([whole[-1] ^ 1])), start=2):
        kept.write_bytes(damaged)
        Codes(root, "1").of("app/main.go", "text", search)
        assert search.times == number


def test_what_nobody_asks_for_goes_when_there_is_too_much_of_it(root: str, tmp_path: Path) -> None:
    search = Searched()
    for run in range(9):
        codes = Codes(root, "1")
        for number in range(10):
            codes.of(f"{run}.go", str(number), search)
        codes.save()
        (kept,) = (tmp_path / "kept").glob("*.code")
        assert kept.stat().st_size < 30 * 150
    assert search.times == 90
    assert Codes(root, "1").of("8.go", "9", search) == search()
    assert search.times == 91


def test_where_nothing_can_be_kept_it_says_so(root: str, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file stands where the folder should be")
    codes = Codes(root, "1")
    codes.of("app/main.go", "text", Searched())
    assert codes.save().startswith("what code mentions was not kept: ")
