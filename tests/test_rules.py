"""Every rule on its fixture cases: found where a comment expects it, and silent on all other lines under all rules."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.rulebook import Rule
from staff_review.prove import Failure, cases, expected_in, prove

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
CASES = tuple(case for case in cases(FIXTURES) if case.parent.name != "systems")
RULES = {name: rule for name, rule in rulebook_of().rules.items() if rule.family != "silences"}  # these live in triage
SENTENCE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+){1,12}")


def shown(case: Path, failures: list[Failure]) -> str:
    """The differences with the lines they are about."""
    lines = [f"{case.parent.name}/{case.name}"]
    for failure in failures:
        file = case / failure.path
        text = file.read_text().split("\n") if failure.path and file.is_file() else []
        code = text[failure.line - 1].strip() if 0 < failure.line <= len(text) else ""
        lines.append(f"  {failure}" + (f"\n      {code}" if code else ""))
    return "\n".join(lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path) -> None:
    failures = prove(case)
    assert not failures, shown(case, failures)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case_is_well_formed(case: Path) -> None:
    """Its name is a sentence, its code is Python, and what it expects are rules."""
    assert SENTENCE.fullmatch(case.name)
    sources = sorted(case.rglob("*.py"))
    assert sources
    for source in sources:
        ast.parse(source.read_text(), str(source))
    expected = {rule for _, _, rule in expected_in(case)}
    assert expected <= set(RULES)


def test_every_rule_has_cases_that_hit_and_cases_that_must_be_silent() -> None:
    hitting: dict[str, int] = defaultdict(int)
    silent: dict[str, int] = defaultdict(int)
    for case in CASES:
        tally = hitting if case.parent.name in {rule for _, _, rule in expected_in(case)} else silent
        tally[case.parent.name] += 1
    thin = {rule: (hitting[rule], silent[rule]) for rule in RULES if hitting[rule] < 2 or silent[rule] < 3}
    assert not thin, f"rules with fewer than 2 cases that hit or 3 that are silent: {thin}"
    assert {case.parent.name for case in CASES} <= set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_words_are_whole(rule: Rule) -> None:
    """A message is one clause for a line of a report; the rest is prose that ends."""
    assert rule.message == rule.message.strip()
    assert not rule.message.endswith(".")
    assert "\n" not in rule.message
    for text in (rule.why, rule.instead):
        assert text.strip().endswith(".")
        assert "!" not in text
    assert len(re.findall(r"\.(?:\s|$)", rule.why)) <= 3
    assert all((rule.references, rule.bad.strip(), rule.good.strip(), rule.silent))


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_examples_of_a_rule_are_python(rule: Rule) -> None:
    for example in (rule.bad, rule.good):
        ast.parse(f"async def example():\n{_indented(example)}\n")


def _indented(code: str) -> str:
    return "\n".join("    " + line for line in code.strip().split("\n"))
