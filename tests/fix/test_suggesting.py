"""Suggestions: how many there are, what a file with many of them costs, and fixes that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import libcst as cst
import pytest

from staff_review.hall import suggesting
from staff_review.hall.review import Outcome, review
from staff_review.hall.suggesting import suggestions_of
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.settings import Settings

RULEBOOK = rulebook_of()
CALL = "\n\ndef price_{0}():\n    return requests.get('https://prices.example/{0}')\n"
TASK = "\n\nasync def accept(order):\n    if order.gift:\n        asyncio.create_task(wrap(order))\n    return order\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def reviewed(settings: Settings) -> Outcome:
    return review((".",), settings, RULEBOOK, cache=False)


def _constants(number: int) -> str:
    return "".join(f"\nLIMIT_{one} = {one}" for one in range(number))


def limited(project: Path) -> Settings:
    """Settings that declare a limit, which makes the fix of a call without one a safe one."""
    return Settings(root=str(project), fix_timeout=2.5)


def counted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> list[Any]:
    """The first arguments of the calls made of a function from now on."""
    seen: list[Any] = []
    real = getattr(owner, name)

    def counting(*given: Any, **named: Any) -> Any:
        seen.append(given[0])
        return real(*given, **named)

    monkeypatch.setattr(owner, name, counting)
    return seen


def test_the_first_fifty_fixes_of_a_report_are_suggested(project: Path) -> None:
    for name in ("a", "b"):
        (project / f"{name}.py").write_text("import requests\n" + "".join(map(CALL.format, range(30))))
    outcome = reviewed(limited(project))
    findings = outcome.review.findings
    assert len(findings) == 60
    assert suggestions_of(outcome, limited(project)).keys() == {one.fingerprint for one in findings[:50]}


def test_a_fix_that_nobody_declared_safe_is_no_suggestion(project: Path) -> None:
    (project / "a.py").write_text("import requests\n" + CALL.format(1))
    undeclared = Settings(root=str(project))
    outcome = reviewed(undeclared)
    assert [one.edit is not None for one in outcome.review.findings] == [True]
    assert suggestions_of(outcome, undeclared) == {}


def test_a_file_is_parsed_once_and_each_of_its_fixes_once_more(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "import requests\n" + "".join(map(CALL.format, range(9)))
    (project / "a.py").write_text(text)
    outcome = reviewed(limited(project))
    parsed = counted(monkeypatch, cst, "parse_module")
    assert len(suggestions_of(outcome, limited(project))) == 9
    assert parsed.count(text) == 1
    assert len(parsed) == 1 + 9


@pytest.mark.parametrize("apart", [20, 150, 250])
def test_a_fix_in_two_places_is_no_suggestion(project: Path, monkeypatch: pytest.MonkeyPatch, apart: int) -> None:
    (project / "a.py").write_text("import asyncio\n" + _constants(apart) + "\n" + TASK)
    settings = Settings(root=str(project), select=("task-not-kept",))
    outcome = reviewed(settings)
    (finding,) = outcome.review.findings
    assert finding.edit is not None
    compared = counted(monkeypatch, suggesting, "_alike")
    matched = counted(monkeypatch, suggesting, "SequenceMatcher")
    assert suggestions_of(outcome, settings) == {}
    assert len(compared) == 2
    assert len(matched) == (apart < 200)  # what is further apart is not even compared


def test_where_the_files_are_too_large_the_shortest_have_their_suggestions(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, filling in (("a", 2_000), ("b", 0), ("c", 10)):
        text = "import requests\n" + _constants(filling) + CALL.format(1)
        (project / f"{name}.py").write_text(text)
    monkeypatch.setattr(suggesting, "_MOST_TEXT", 2_000)
    outcome = reviewed(limited(project))
    suggested = suggestions_of(outcome, limited(project)).keys()
    paths = {one.place.path for one in outcome.review.findings if one.fingerprint in suggested}
    assert (len(outcome.review.findings), paths) == (3, {"b.py", "c.py"})
