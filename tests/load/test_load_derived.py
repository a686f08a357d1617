"""What is worked out of all rules is kept for the next run, and only for the same rules and engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.hall.triggers import triggers_for
from staff_review.link.knowledge.triggers import triggers_of
from staff_review.load import derived as derived_module
from staff_review.load.derived import derived
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.demand import Triggers

ONE = Triggers({"requests": frozenset({"get"})}, {})
OURS = 'library = "ours"\nlanguage = "python"\n[[operation]]\nnames = ["ours.{name}"]\neffects = ["http"]\n'
OTHER = Triggers({"redis": frozenset()}, {})


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own to keep things in."""
    folder = tmp_path / "kept"
    monkeypatch.setenv("STAFF_REVIEW_CACHE", str(folder))
    monkeypatch.setattr(derived_module, "_LAST", {})
    return folder


def of(stamp: str, found: Triggers) -> Triggers:
    return derived("ours.triggers", stamp, Triggers, lambda: found)


@pytest.fixture(params=["same process", "next run"])
def again(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What happens between two questions: nothing, or the process ends."""

    def forget() -> None:
        if request.param == "next run":
            monkeypatch.setattr(derived_module, "_LAST", {})

    return forget


def test_it_is_worked_out_once_for_a_state(again: Callable[[], None]) -> None:
    first = of("a", ONE)
    again()
    assert [first, of("a", OTHER)] == [ONE, ONE]


def test_another_state_is_worked_out_anew(again: Callable[[], None]) -> None:
    of("a", ONE)
    again()
    assert of("b", OTHER) == OTHER
    again()
    assert of("a", OTHER) == OTHER


@pytest.mark.parametrize("damage", [b"", b"no stamp", b"cut"])
def test_a_damaged_file_counts_for_nothing(kept: Path, damage: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    of("a", ONE)
    (path,) = kept.glob("*.triggers")
    path.write_bytes(path.read_bytes()[:-3] if damage == b"cut" else damage)
    monkeypatch.setattr(derived_module, "_LAST", {})
    assert of("a", OTHER) == OTHER


def test_where_nothing_can_be_kept_the_next_run_works_it_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("STAFF_REVIEW_CACHE", str(tmp_path / "file"))
    assert of("a", ONE) == ONE
    monkeypatch.setattr(derived_module, "_LAST", {})
    assert of("a", OTHER) == OTHER


def test_kept_triggers_are_those_of_the_rulebook(tmp_path: Path) -> None:
    catalog = tmp_path / "ours.toml"
    catalog.write_text(OURS.format(name="ask"), "utf-8")
    for extra in ((), (str(catalog),)):
        rulebook = rulebook_of(extra)
        assert triggers_for(rulebook) == triggers_for(rulebook) == triggers_of(rulebook.libraries, "python")
    assert "ours" in triggers_for(rulebook_of((str(catalog),))).names
    assert "ours" not in triggers_for(rulebook_of()).names


def test_a_changed_catalog_is_another_state(tmp_path: Path) -> None:
    catalog = tmp_path / "ours.toml"
    for name in ("first", "the_second"):
        catalog.write_text(OURS.format(name=name), "utf-8")
        assert triggers_for(rulebook_of((str(catalog),))).names["ours"] == {name}
