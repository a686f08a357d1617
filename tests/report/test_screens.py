"""Whole screens as a user sees them; `UPDATE_SCREENS=1 pytest tests/report` writes them anew, to be read as a diff."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len

from staff_review.nouns.explanation import ExplainedCall, Explanation, Judgement, PolicyPart
from staff_review.nouns.findings import Review, Step
from staff_review.nouns.rulebook import Rule, Rulebook, Standard
from staff_review.nouns.settings import Settings
from staff_review.nouns.source import Place, Span
from staff_review.report import Report, full, rule_list, rule_page, why
from staff_review.report.look import Look

SCREENS = Path(__file__).parent / "screens"
ReportOf = Callable[..., Report]


def compare(name: str, screen: str) -> None:
    path = SCREENS / f"{name}.txt"
    if os.environ.get("UPDATE_SCREENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(screen, encoding="utf-8")
    assert screen == path.read_text(encoding="utf-8")


def drawn(report: Report, look: Look) -> str:
    stream = io.StringIO()
    full.render(report, stream, look)
    return stream.getvalue()


@pytest.mark.parametrize("width", [50, 60, 100])
def test_full_report(full_review: Review, report_of: ReportOf, width: int) -> None:
    screen = drawn(report_of(full_review), Look(width=width))
    compare(f"full-{width}", screen)
    wide = [line for line in screen.splitlines() if cell_len(line) > width]
    # Only what must stay whole for copying may be wider: paths and commands.
    assert all("src/" in line or "staff-review" in line for line in wide)


@pytest.mark.parametrize("width", [50, 100])
def test_full_report_with_opinions(told_review: Review, report_of: ReportOf, width: int) -> None:
    few = msgspec.structs.replace(told_review, findings=(told_review.findings[0], told_review.findings[-1]))
    compare(f"opinions-{width}", drawn(report_of(few), Look(width=width)))


def test_opinions_without_a_finding_are_shown(told_review: Review, report_of: ReportOf) -> None:
    screen = drawn(report_of(msgspec.structs.replace(told_review, findings=(), gaps=())), Look())
    assert "backend-staff on missing-timeout: critical, shown" in screen
    assert "no findings" in screen
    assert "not complete, the budget of $0.50 was used up" in screen


def test_full_report_in_ascii_without_colour(full_review: Review, report_of: ReportOf) -> None:
    screen = drawn(report_of(full_review), Look(width=80, unicode=False))
    assert screen.isascii()
    assert "\x1b" not in screen
    compare("full-ascii", screen)


def test_colour_marks_only_severity_rule_and_caret(full_review: Review, report_of: ReportOf) -> None:
    screen = drawn(report_of(full_review), Look(colour=True))
    assert "\x1b[1;31merror\x1b[0m" in screen
    assert "\x1b[1;33mwarning\x1b[0m" in screen
    assert "\x1b[36mmissing-timeout\x1b[0m" in screen
    assert "^^^^^^^^^^^^\x1b[0m" in screen
    assert not any("\x1b[3" in line for line in screen.splitlines() if "why " in line or "fix " in line)


def test_clean_run_is_one_line(clean_review: Review, report_of: ReportOf) -> None:
    screen = drawn(report_of(clean_review), Look())
    assert screen == "no findings · 12 files · 480 lines · 0.1 s · no settings file, built-in defaults\n"


def test_clean_run_names_its_gaps(full_review: Review, report_of: ReportOf) -> None:
    screen = drawn(report_of(Review(gaps=full_review.gaps)), Look())
    assert "src/broken.py:12  syntax error: this statement was not read" in screen
    assert screen.endswith("exit 0: nothing at or above error\n")


def test_our_own_fault_is_named_beside_what_was_found(faulty_review: Review, report_of: ReportOf) -> None:
    screen = drawn(report_of(faulty_review), Look())
    assert "missing-timeout" in screen
    assert "call-in-loop: KeyError: 'x'" in screen
    assert screen.endswith("exit 3: part of staff-review failed (call-in-loop), so the review is not complete\n")


def test_what_the_message_and_the_place_say_is_not_said_again(full_review: Review, report_of: ReportOf) -> None:
    finding = full_review.findings[2]
    step = Step(finding.place, "calls `requests.get`")
    more = {"trail": (step,), "policy": {"limit": "unbounded: requests has no limit of its own", "retry": "none"}}
    screen = drawn(report_of(Review(findings=(msgspec.structs.replace(finding, **more),))), Look())
    assert "retry  none" in screen
    assert "unbounded" not in screen
    assert "path " not in screen


def test_settings_and_scale_are_named(full_review: Review, report_of: ReportOf, declared_scale: Settings) -> None:
    screen = drawn(report_of(full_review, declared_scale), Look())
    assert "settings from pyproject.toml" in screen
    assert "weighed for 5,000 requests a second, p99 100 ms, 2 regions\n" in screen


def test_text_from_outside_cannot_steer_the_terminal(full_review: Review, report_of: ReportOf) -> None:
    path = "src/\x1b[2Jevil\u202e.py"
    finding = full_review.findings[0]
    place = Place(path, finding.place.span)
    nasty = Report(
        Review(findings=(msgspec.structs.replace(finding, place=place),)),
        Settings(),
        report_of(full_review).verdict,
        sources={path: ["\x1b]0;owned\x07get()"] * 8},
    )
    screen = drawn(nasty, Look())
    assert "\x1b" not in screen
    assert "\u202e" not in screen
    assert "evil" in screen


def _rule(name: str, **more: object) -> Rule:
    plain = {
        "title": "Remote call without a time limit",
        "message": "`{call}` can wait",
        "standard": "limits",
        "severity": "error",
        "confidence": "high",
        "since": "0.1",
        "why": "The thread is held for as long as the peer stalls.",
        "family": "timeouts",
        "instead": "Pass a limit to `{call}` that fits the caller's budget: {mend}.",
        "silent": ("a session sets a limit",),
        "bad": "\nrequests.get(url)",
        "good": "\nrequests.get(url, timeout=(3.05, 10))",
        "references": ("https://example.org/limits",),
    }
    return Rule(id=name, **{**plain, **more})  # type: ignore[arg-type]


@pytest.fixture
def rulebook() -> Rulebook:
    rules = (
        _rule("missing-timeout", was=("no-limit",), scale={"below_rps_10": "warning", "above_p99_ms_900": "note"}),
        _rule("timeout-disabled", title="Time limit switched off", severity="warning"),
        _rule(
            "call-in-loop",
            title="Remote call for each item",
            family="chains-and-budgets",
            severity="note",
            status="preview",
        ),
    )
    standard = Standard(id="limits", title="Every remote call has a limit", text="It has.")
    return Rulebook({rule.id: rule for rule in rules}, (), {"limits": standard})


@pytest.mark.parametrize("width", [50, 60, 100])
def test_rule_page(rulebook: Rulebook, width: int) -> None:
    stream = io.StringIO()
    rule_page.render(rulebook.rules["missing-timeout"], rulebook, stream, Look(width=width))
    compare(f"rule-{width}", stream.getvalue())


@pytest.mark.parametrize("width", [60, 100])
def test_rule_list(rulebook: Rulebook, width: int) -> None:
    stream = io.StringIO()
    rule_list.render(rulebook, stream, Look(width=width))
    compare(f"rules-{width}", stream.getvalue())


@pytest.fixture
def explanation() -> Explanation:
    here = Place("src/auth/plugin.py", Span(129, 16, 129, 28))
    call = ExplainedCall(
        here,
        "requests.get",
        "requests.get",
        ("blocking", "http"),
        (
            PolicyPart("limit", "unbounded: requests has no limit of its own"),
            PolicyPart("retry", "3 attempts, exponential", Place("src/http.py", Span(12, 1, 12, 9))),
        ),
        ((Step(Place("src/views.py", Span(41, 1, 41, 4)), "POST /login"), Step(here, "requests.get")),),
        (
            Judgement("call-in-loop", False, "it stands in no loop"),
            Judgement(
                "missing-timeout",
                True,
                "no limit on the call, its session, an adapter or around it, and the library sets none",
            ),
        ),
    )
    return Explanation(here.path, 129, '        keys = requests.get(URL).json()["keys"]', (call,))


@pytest.mark.parametrize("width", [50, 60, 100])
def test_why(explanation: Explanation, width: int) -> None:
    stream = io.StringIO()
    why.render(explanation, stream, Look(width=width))
    compare(f"why-{width}", stream.getvalue())


def test_why_on_a_line_without_a_call_points_to_the_nearest() -> None:
    stream = io.StringIO()
    why.render(Explanation("src/app.py", 3, nearby=(1, 8)), stream, Look())
    assert "No call begins on this line" in stream.getvalue()
    assert "Nearest lines with one: 1 and 8." in stream.getvalue()
