"""Fixes on small files: each becomes what its case says, is then clean, and is not changed a second time."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from staff_review.hall.mending import Mended, mended
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.settings import Settings

CASES = sorted(Path(__file__).parent.glob("cases/*/*"))
RULEBOOK = rulebook_of()


def fixed(folder: Path) -> Mended:
    """Every fix of every rule, written."""
    settings = Settings(root=str(folder), preview=True)
    return mended((".",), settings, RULEBOOK, unsafe=True, write=True, cache=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "app.py"
    file.write_bytes((case / "before.py").read_bytes())
    expected = (case / "after.py").read_text("utf-8")
    first = fixed(tmp_path)
    assert file.read_text("utf-8") == expected
    ast.parse(expected)
    changed = expected != (case / "before.py").read_text("utf-8")
    told = first.fixed if changed else first.outcome.review.findings
    assert case.parent.name in {finding.rule for finding in told}
    again = fixed(tmp_path)
    assert file.read_text("utf-8") == expected
    assert again.fixed == ()
    assert again.outcome.review.findings == first.outcome.review.findings


def test_each_case_of_a_rule_is_fixed_or_left_alone_on_purpose() -> None:
    rules = {case.parent.name for case in CASES}
    assert rules <= RULEBOOK.rules.keys()
    for rule in rules:
        changes = [
            (case / "before.py").read_bytes() != (case / "after.py").read_bytes()
            for case in CASES
            if case.parent.name == rule
        ]
        assert any(changes)
