"""What a baseline accepts: findings by name, and as many as there were when names have changed."""

from __future__ import annotations

from staff_review.nouns.baseline import Accepted, Baseline
from staff_review.nouns.findings import Finding
from staff_review.nouns.source import Place, Span
from staff_review.triage.baseline import accepting, without_accepted


def finding(name: str, path: str = "a.py", rule: str = "missing-timeout") -> Finding:
    return Finding(rule, "", Place(path, Span(1, 1, 1, 2)), "error", "high", "", "", "", name)


def shown(findings: list[Finding], *rows: Accepted) -> str:
    new, accepted = without_accepted(findings, Baseline("", rows))
    assert sorted(one.fingerprint for one in (*new, *accepted)) == sorted(one.fingerprint for one in findings)
    return "".join(one.fingerprint for one in new)


def test_what_is_named_is_accepted() -> None:
    assert shown([finding("a"), finding("b")], Accepted("a.py", "missing-timeout", ("b",))) == "a"


def test_what_is_named_goes_before_what_is_counted() -> None:
    """The first is new although it comes first: the other is the one that is known."""
    assert shown([finding("x"), finding("b")], Accepted("a.py", "missing-timeout", ("b",))) == "x"


def test_as_many_are_accepted_as_are_gone() -> None:
    row = Accepted("a.py", "missing-timeout", ("a", "b"))
    assert shown([finding("x"), finding("b")], row) == ""
    assert shown([finding("x"), finding("y"), finding("z")], row) == "z"


def test_only_of_the_same_rule_in_the_same_file() -> None:
    row = Accepted("a.py", "missing-timeout", ("a",))
    assert shown([finding("x", path="b.py"), finding("y", rule="call-in-loop")], row) == "xy"


def test_what_a_baseline_of_today_accepts_is_all_of_today() -> None:
    findings = [finding("a"), finding("b"), finding("c", "b.py"), finding("d", rule="call-in-loop")]
    baseline = accepting(findings)
    assert [(one.path, one.rule, one.fingerprints) for one in baseline.accepted] == [
        ("a.py", "call-in-loop", ("d",)),
        ("a.py", "missing-timeout", ("a", "b")),
        ("b.py", "missing-timeout", ("c",)),
    ]
    assert len(baseline) == 4
    assert without_accepted(findings, baseline) == ((), tuple(findings))
