"""A small rulebook and the making of hits by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from staff_review.nouns.findings import Hit
from staff_review.nouns.rulebook import Rule, Rulebook, Standard
from staff_review.nouns.settings import Settings
from staff_review.nouns.source import Place, Span
from staff_review.triage import Triaged, is_test_below, triage

TODAY = date(2027, 3, 15)


def _rule(name: str, family: str, **more: Any) -> Rule:
    plain = {
        "title": name.capitalize(),
        "message": "`{call}` is bad",
        "standard": "calm",
        "severity": "error",
        "confidence": "high",
        "since": "0.1",
        "why": "It hurts.",
        "instead": "Do not.",
    }
    return Rule(id=name, family=family, **{**plain, **more})


@pytest.fixture
def rulebook() -> Rulebook:
    """Two families of code rules and the rules about silences."""
    about = {"message": "{rules}: {because}", "severity": "note"}
    rules = (
        _rule(
            "missing-timeout",
            "timeouts",
            was=("no-limit",),
            scale={"below_rps_10": "warning", "above_rps_1000": "error"},
        ),
        _rule("timeout-disabled", "timeouts", severity="warning"),
        _rule("call-in-loop", "scale", confidence="medium"),
        _rule("new-idea", "scale", status="preview"),
        _rule("contested", "scale", status="opinion"),
        _rule("unused-silence", "silences", **about),
        _rule("expired-silence", "silences", **{**about, "severity": "warning"}),
        _rule("blanket-silence", "silences", message="name the rules", severity="warning"),
        _rule("silence-without-reason", "silences", message="{rules} without a reason", severity="note"),
    )
    return Rulebook(
        {rule.id: rule for rule in rules}, (), {"calm": Standard(id="calm", title="Calm", text="Keep calm.")}
    )


@pytest.fixture
def hit() -> Callable[..., Hit]:
    """Makes a hit of one rule on one line."""

    def make(
        rule: str = "missing-timeout", line: int = 3, path: str = "src/app.py", column: int = 5, **more: Any
    ) -> Hit:
        names = more.pop("names", {"call": "requests.get"})
        return Hit(rule, Place(path, Span(line, column, line, column + 12)), names=names, **more)

    return make


@pytest.fixture
def judged(rulebook: Rulebook) -> Callable[..., Triaged]:
    """Runs the whole of triage on hits."""

    def run(*hits: Hit, silences: Any = None, **more: Any) -> Triaged:
        settings = more.pop("settings", Settings())
        more.setdefault("is_test", is_test_below())
        return triage(hits, silences or {}, rulebook, settings, today=TODAY, **more)

    return run
