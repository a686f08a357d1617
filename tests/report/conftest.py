"""One review by hand, with everything in it that a report can show."""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

import msgspec
import pytest

from staff_review.nouns.findings import (
    ArchitectureNote,
    Comment,
    Dropped,
    Fault,
    Figures,
    Finding,
    Gap,
    PersonaRun,
    Review,
    Silenced,
    Spent,
    Step,
    TradeOff,
    Verdict,
)
from staff_review.nouns.rulebook import Rule
from staff_review.nouns.settings import Confidence, Scale, Settings, Severity
from staff_review.nouns.source import Place, Span
from staff_review.report import Checkout, Report
from staff_review.report.tally import verdict_of

PLUGIN = "src/dispatch/plugins/dispatch_core/plugin.py"
JIRA = "src/dispatch/plugins/dispatch_jira/plugin.py"

SOURCES = {
    PLUGIN: [
        "import requests",
        "",
        "class PKCEAuthProviderPlugin(AuthenticationProviderPlugin):",
        "    def get_current_user(self, request):",
        "        credentials = request.headers",
        "",
        "        # Grab all possible keys to account for key rotation and find the right key",
        '        keys = requests.get(DISPATCH_AUTHENTICATION_PROVIDER_PKCE_JWKS).json()["keys"]',
        "        for key in keys:",
        "\tbody = requests.post(f'{BASE}/a/very/long/address/{with_many}/{holes}', json={'text': '日本語'}, "
        "headers=headers, auth=HTTPBasicAuth(*auth), allow_redirects=False)",
    ],
    JIRA: [
        "def get_user_by_email(url):",
        '    response = requests.request("GET", url, headers=headers, auth=HTTPBasicAuth(*auth))',
    ],
}
WHY = (
    "The caller's thread, connection and lock stay held for as long as the peer stalls. Under load the pool fills "
    "within seconds, and requests that never needed this peer fail too."
)
MEND = "Pass a limit that fits the caller's own budget: `timeout=(3.05, 10)`."


def place(path: str, line: int, column: int = 1, end: int | None = None) -> Place:
    """A span on one line."""
    return Place(path, Span(line, column, line, column + 1 if end is None else end))


def finding(
    where: Place,
    rule: str = "missing-timeout",
    *,
    family: str = "timeouts",
    severity: Severity = "error",
    confidence: Confidence = "high",
    message: str = "`requests.get` can wait for ever: requests has no limit of its own",
    instead: str = MEND,
    trail: tuple[Step, ...] = (),
    policy: dict[str, str] | None = None,
) -> Finding:
    """A finding as triage would word it."""
    return Finding(
        rule,
        family,
        where,
        severity,
        confidence,
        message,
        WHY,
        instead,
        f"{crc32(f'{rule} {where}'.encode()):016x}",
        trail,
        policy or {},
    )


def _findings() -> tuple[Finding, ...]:
    trail = (
        Step(place("src/dispatch/auth/views.py", 41), "POST /login"),
        Step(place("src/dispatch/auth/service.py", 120), "get_current_user"),
        Step(place(PLUGIN, 8), "PKCEAuthProviderPlugin.get_current_user"),
    )
    first = finding(
        place(PLUGIN, 8, 16, 28), trail=trail, policy={"limit": "none on the call, none on a session", "retry": "none"}
    )
    return (
        first,
        finding(
            place(PLUGIN, 8, 16, 28),
            "uncached-remote-config",
            family="chains-and-budgets",
            severity="warning",
            confidence="medium",
            message="The keys are fetched on each request; the provider at line 184 caches its own",
            instead="Keep the keys until one of them is not found.",
        ),
        finding(place(PLUGIN, 10, 9, 22)),
        finding(
            place(JIRA, 2, 16, 32), message="`requests.request` can wait for ever: requests has no limit of its own"
        ),
        *(finding(place(f"src/dispatch/plugins/zoom/client_{number}.py", 10 * number, 5)) for number in range(1, 12)),
    )


@pytest.fixture
def report_of() -> Callable[..., Report]:
    """Builds a report around a review, with the exit code that follows from it."""

    def build(review: Review, settings: Settings | None = None) -> Report:
        settings = settings or Settings()
        verdict = verdict_of(review, settings.fail_on)
        return Report(review, settings, verdict, sources=SOURCES, command="staff-review src", version="0.1.0")

    return build


@pytest.fixture
def full_review() -> Review:
    """Findings of two families, more of one rule than are drawn, and something of everything else."""
    findings = _findings()
    return Review(
        findings=findings,
        silenced=(Silenced(findings[0], "comment", "batch job, watched by cron"),),
        hidden={"low confidence": 3, "test code": 12},
        gaps=(
            Gap("src/broken.py", 12, "syntax error: this statement was not read"),
            Gap("src/huge.py", 0, "larger than 1 MB"),
        ),
        notices=("`src/dispatch/old` is excluded by the settings.",),
        figures=Figures(files=655, parsed=120, cached=500, lines=48_210, seconds=2.81),
    )


@pytest.fixture
def told_review(full_review: Review) -> Review:
    """The full review, and a persona's word on it: beside a finding, alone, in doubt, and on the whole."""
    first, *_, last = full_review.findings
    beside = Comment(
        first.place,
        "backend-staff",
        "Sign-in has one hard dependency, and it is fetched live on each request.",
        topic="missing-timeout",
        weight="critical",
        certainty="shown",
        quote='keys = requests.get(DISPATCH_AUTHENTICATION_PROVIDER_PKCE_JWKS).json()["keys"]',
        scenario="The key server stalls for a minute; each worker waits in `get_current_user`, and nobody can sign in.",
        fix="Keep the keys, and serve the old ones while new ones are fetched.",
        unseen="Whether a proxy in front of it keeps the answer.",
        hand_to="identity team",
        beside=first.fingerprint,
        fingerprint="a" * 16,
    )
    alone = Comment(place(JIRA, 2, 16, 32), "backend-staff", "A `429` is counted as a failure.", fingerprint="b" * 16)
    doubt = Verdict(last.fingerprint, "backend-staff", "doubtful", "the session sets a limit", "Session(timeout=5)")
    whole = ArchitectureNote(
        "backend-staff",
        "Sign-in and the calendar share one pool of workers.",
        (TradeOff("Two pools", "Sign-in survives", "More memory"),),
        ("A queue before the calendar.",),
        (("web", "identity"), ("web", "calendar")),
    )
    run = PersonaRun(
        "backend-staff",
        "partial",
        "the budget of $0.50 was used up",
        "a-model",
        "models.example.org",
        units=14,
        done=12,
        spent=Spent(12, 90_000, 60_000, 8_000, 0.49),
        said=3,
        dropped=(Dropped(PLUGIN, 3, "There is no lock.", "its quote is not in the file"),),
    )
    more = {"comments": (beside, alone), "verdicts": (doubt,), "architecture": whole, "persona": run}
    return msgspec.structs.replace(full_review, **more)


@pytest.fixture
def rules() -> dict[str, Rule]:
    """The rule that most findings are of; of the other, a report knows only what its findings say."""
    rule = Rule(
        id="missing-timeout",
        title="Remote call without a time limit",
        message="`{call}` can wait for ever: {because}",
        standard="timeouts-and-breakers",
        severity="error",
        confidence="high",
        since="0.1",
        why=WHY,
        instead="Pass a limit that fits the caller's own budget: {mend}.",
        references=("https://example.org/timeouts",),
        bad="\nrequests.get(url)",
        good="\nrequests.get(url, timeout=(3.05, 10))",
        silent=("a session sets a limit", "the call runs inside `asyncio.timeout`"),
        family="timeouts",
    )
    return {rule.id: rule}


@pytest.fixture
def told_report(told_review: Review, report_of: Callable[..., Report], rules: dict[str, Rule]) -> Report:
    """A report with everything that a format can show."""
    checkout = Checkout("dispatch", "4f1c2aa", "", "https://example.org/team/dispatch/blob/4f1c2aa/", "2026-11-23")
    return msgspec.structs.replace(report_of(told_review), rules=rules, checkout=checkout)


@pytest.fixture
def clean_review() -> Review:
    """No findings, nothing left out."""
    return Review(figures=Figures(files=12, lines=480, seconds=0.07))


@pytest.fixture
def faulty_review(full_review: Review) -> Review:
    """One of our own checks failed beside one finding."""
    return Review(findings=full_review.findings[:1], faults=(Fault("call-in-loop", "KeyError: 'x'"),))


@pytest.fixture
def declared_scale() -> Settings:
    """Settings that a file gave, with a scale."""
    scale = Scale(requests_per_second=5000, p99_ms=100, regions=2)
    return Settings(origin="pyproject.toml", origins=("pyproject.toml",), scale=scale)
