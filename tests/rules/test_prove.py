"""The proof itself: what it reads as an expectation, and what it calls a difference."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from staff_review import prove as proof
from staff_review.nouns.errors import UsageError
from staff_review.nouns.findings import Fault, Finding, Gap, Review
from staff_review.nouns.settings import Settings
from staff_review.nouns.source import Place, Span
from staff_review.prove import Failure, cases, expected_in, prove


def finding(path: Path, line: int, rule: str) -> Finding:
    place = Place(os.path.relpath(path), Span(line, 1, line, 5))
    return Finding(rule, "timeouts", place, "error", "high", "", "", "", "")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "missing-timeout" / "call_in_a_view"
    (folder / "shop").mkdir(parents=True)
    (folder / "shop" / "views.py").write_text("one()\ntwo()  # expect: missing-timeout, call-in-loop\n")
    (folder / "main.go").write_text("\n\nget() // expect: missing-timeout\n")
    return folder


def reviewed(monkeypatch: pytest.MonkeyPatch, review: Review) -> list[tuple[tuple[str, ...], Settings]]:
    asked: list[tuple[tuple[str, ...], Settings]] = []

    def review_paths(paths: tuple[str, ...], settings: Settings, *, cache: bool) -> SimpleNamespace:
        assert not cache
        asked.append((paths, settings))
        return SimpleNamespace(review=review)

    monkeypatch.setattr(proof, "review_paths", review_paths)
    return asked


def test_comments_of_any_language_are_expectations(case: Path) -> None:
    assert expected_in(case) == {
        ("main.go", 3, "missing-timeout"),
        ("shop/views.py", 2, "missing-timeout"),
        ("shop/views.py", 2, "call-in-loop"),
    }


def test_nothing_differs_when_rule_and_line_agree(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    views, main = case / "shop" / "views.py", case / "main.go"
    findings = (
        finding(views, 2, "missing-timeout"),
        finding(views, 2, "call-in-loop"),
        finding(main, 3, "missing-timeout"),
    )
    asked = reviewed(monkeypatch, Review(findings))
    assert prove(case, Settings(catalog=("own.toml",))) == []
    ((paths, settings),) = asked
    assert paths == (str(case),)
    assert (settings.root, settings.preview, settings.catalog) == (str(case), True, ("own.toml",))
    assert settings.minimum_confidence == "medium"


def test_a_wrong_line_is_missed_and_unexpected(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    views = case / "shop" / "views.py"
    reviewed(monkeypatch, Review((finding(views, 1, "missing-timeout"), finding(views, 2, "call-in-loop"))))
    assert prove(case) == [
        Failure("call_in_a_view", "main.go", 3, "missing-timeout", "missed"),
        Failure("call_in_a_view", "shop/views.py", 1, "missing-timeout", "unexpected"),
        Failure("call_in_a_view", "shop/views.py", 2, "missing-timeout", "missed"),
    ]


def test_silence_of_what_was_not_looked_at_proves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("x = (\n")
    gap = Gap(os.path.relpath(tmp_path / "a.py"), 1, "not understood")
    reviewed(monkeypatch, Review(gaps=(gap,), faults=(Fault("call-in-loop", "KeyError: 3"),)))
    assert [str(failure) for failure in prove(tmp_path)] == [
        f"{tmp_path.name}: fault: call-in-loop: KeyError: 3",
        "a.py:1: unread: not understood",
    ]


def test_cases_stand_two_folders_down(case: Path) -> None:
    (case.parent / "__pycache__").mkdir()
    assert cases(case.parent.parent) == (case,)


def test_a_missing_folder_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        prove(tmp_path / "nowhere")
