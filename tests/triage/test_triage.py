"""What becomes of hits: worded, weighed, merged, ordered, shown or hidden."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staff_review.nouns.errors import UsageError
from staff_review.nouns.findings import Hit
from staff_review.nouns.rulebook import Rulebook
from staff_review.nouns.settings import PathSettings, Scale, Settings
from staff_review.triage import Triaged, is_test_below

Judged = Callable[..., Triaged]
MakeHit = Callable[..., Hit]


def test_a_finding_has_the_rules_words_with_the_hits_names(judged: Judged, hit: MakeHit) -> None:
    (finding,) = judged(hit(scope="load", policy={"limit": "none"})).findings
    assert finding.message == "`requests.get` is bad"
    assert (finding.family, finding.severity, finding.confidence) == ("timeouts", "error", "high")
    assert (finding.scope, finding.policy) == ("load", {"limit": "none"})


def test_a_missing_name_is_a_fault_and_everything_else_stands(judged: Judged, hit: MakeHit) -> None:
    result = judged(hit(names={}), hit("timeout-disabled"))
    assert [finding.rule for finding in result.findings] == ["timeout-disabled"]
    assert [(fault.check, fault.error) for fault in result.faults] == [
        ("missing-timeout", "the message of rule `missing-timeout` asks for `call`, which its check did not give")
    ]


def test_a_hit_of_no_rule_is_a_fault(judged: Judged, hit: MakeHit) -> None:
    assert [fault.check for fault in judged(hit("unheard-of")).faults] == ["unheard-of"]


def test_one_rule_speaks_once_on_a_line_with_its_weightiest_hit(judged: Judged, hit: MakeHit) -> None:
    light, heavy = hit(column=1, severity="note"), hit(column=30)
    findings = judged(light, heavy, heavy).findings
    assert [(finding.place.span.column, finding.severity) for finding in findings] == [(30, "error")]


def test_two_rules_on_one_line_both_speak_in_order(judged: Judged, hit: MakeHit) -> None:
    findings = judged(hit("timeout-disabled"), hit("missing-timeout"), hit(line=1), hit(path="a.py", line=9)).findings
    assert [(finding.place.path, finding.place.line, finding.rule) for finding in findings] == [
        ("a.py", 9, "missing-timeout"),
        ("src/app.py", 1, "missing-timeout"),
        ("src/app.py", 3, "missing-timeout"),
        ("src/app.py", 3, "timeout-disabled"),
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.randoms(use_true_random=False))
def test_the_order_of_hits_changes_nothing(judged: Judged, hit: MakeHit, seed: random.Random) -> None:
    hits = [hit(line=line, column=column, subject=str(column % 2)) for line in range(1, 4) for column in (1, 2, 3)]
    before = judged(*hits)
    seed.shuffle(hits)
    assert judged(*hits) == before


def test_a_hit_may_lower_the_weight_but_never_raise_it(judged: Judged, hit: MakeHit) -> None:
    lowered = hit(severity="note", confidence="medium")
    raised = hit("timeout-disabled", severity="error", confidence="high")
    assert [(one.severity, one.confidence) for one in judged(lowered, raised).findings] == [
        ("note", "medium"),
        ("warning", "high"),
    ]


@pytest.mark.parametrize(("rate", "severity"), [(5, "warning"), (10, "error"), (100, "error"), (5000, "error")])
def test_the_declared_scale_bends_the_severity(judged: Judged, hit: MakeHit, rate: float, severity: str) -> None:
    wished = Settings(scale=Scale(requests_per_second=rate))
    assert judged(hit(), settings=wished).findings[0].severity == severity


def test_the_settings_severity_wins_over_scale(judged: Judged, hit: MakeHit) -> None:
    wished = Settings(scale=Scale(requests_per_second=5), severity={"no-limit": "note"})
    assert judged(hit(), settings=wished).findings[0].severity == "note"


def test_low_confidence_is_counted_and_shown_on_request(judged: Judged, hit: MakeHit) -> None:
    unsure = hit(confidence="low")
    assert judged(unsure).findings == ()
    assert judged(unsure).hidden == {"low confidence": 1}
    assert len(judged(unsure, settings=Settings(minimum_confidence="low")).findings) == 1


def test_test_code_is_counted_and_shown_on_request(judged: Judged, hit: MakeHit) -> None:
    in_test = hit(path="src/tests/helper.py")
    assert (judged(in_test).findings, judged(in_test).hidden) == ((), {"test code": 1})
    assert len(judged(in_test, settings=Settings(include_tests=True)).findings) == 1


def test_rules_for_the_asking_stay_quiet_until_asked(judged: Judged, hit: MakeHit) -> None:
    hits = (hit("new-idea"), hit("contested"))
    assert judged(*hits).findings == ()
    assert [one.rule for one in judged(*hits, settings=Settings(preview=True)).findings] == ["new-idea"]
    assert [one.rule for one in judged(*hits, settings=Settings(opinions=True)).findings] == ["contested"]
    assert [one.rule for one in judged(*hits, settings=Settings(select=("new-idea",))).findings] == ["new-idea"]
    assert judged(*hits, settings=Settings(select=("scale",))).findings == ()


@pytest.mark.parametrize(
    ("wished", "rules"),
    [
        (Settings(select=("timeouts",)), ["missing-timeout"]),
        (Settings(select=("no-limit", "call-in-loop")), ["call-in-loop", "missing-timeout"]),
        (Settings(ignore=("timeouts",)), ["call-in-loop"]),
        (Settings(select=("timeouts",), ignore=("missing-timeout",)), []),
    ],
)
def test_select_and_ignore(judged: Judged, hit: MakeHit, wished: Settings, rules: list[str]) -> None:
    assert [one.rule for one in judged(hit(), hit("call-in-loop"), settings=wished).findings] == rules


def test_an_unknown_name_is_the_users_mistake_with_the_nearest_one(judged: Judged) -> None:
    with pytest.raises(
        UsageError, match=r"`mising-timeout` \(did you mean `missing-timeout`\?\); `staff-review rules`"
    ):
        judged(settings=Settings(select=("mising-timeout",)))


def test_per_path_settings_silence_and_say_so(judged: Judged, hit: MakeHit) -> None:
    wished = Settings(per_path=(PathSettings("legacy/**", ("timeouts",)),))
    result = judged(hit(path="legacy/old/app.py"), hit(), settings=wished)
    assert [one.place.path for one in result.findings] == ["src/app.py"]
    assert [(one.by, one.reason) for one in result.silenced] == [("settings", "per-path setting for legacy/**")]


def test_per_path_patterns_are_relative_to_the_settings_file(judged: Judged, hit: MakeHit) -> None:
    wished = Settings(root="..", per_path=(PathSettings("/src", ("timeouts",)),))
    assert len(judged(hit(path="../src/app.py"), settings=wished).silenced) == 1
    assert len(judged(hit(path="src/app.py"), settings=wished).findings) == 1


def test_fingerprints_survive_moved_lines_and_spaces(judged: Judged, hit: MakeHit) -> None:
    before = judged(hit(scope="f", subject="get(url)"), hit(line=9, scope="f", subject="get(url)"))
    after = judged(hit(line=40, scope="f", subject="get( url )"), hit(line=50, column=1, scope="f", subject="get(url)"))
    assert [one.fingerprint for one in before.findings] == [one.fingerprint for one in after.findings]


@pytest.mark.parametrize("other", [{"scope": "g"}, {"subject": "post(url)"}, {"path": "src/b.py"}, {"line": 4}])
def test_fingerprints_tell_findings_apart(judged: Judged, hit: MakeHit, other: dict[str, object]) -> None:
    plain = {"scope": "f", "subject": "get(url)"}
    findings = judged(hit(**plain), hit(**{"line": 4, **plain, **other})).findings
    assert len({one.fingerprint for one in findings}) == 2
    assert all(len(one.fingerprint) == 16 for one in findings)


@pytest.mark.parametrize(
    "path",
    ["tests/a.py", "src/test_a.py", "a_test.py", "pkg/conftest.py", "docs/conf.py", "app/migrations/0001_initial.py",
     "db/versions/2190e703eb6e_settings_to_attributes.py", "db/schemas/009_last_activity.py",
     "examples/demo.py", "benchmarks/load.py", "web/api.spec.ts", "pkg/client_test.go",
     "tools/create_test_data.py", "app/fill_testdata.py", "scripts/api-tests.py", "scripts/smoke-test.py",
     "qa/scenarios/orders.py"],
)  # fmt: skip
def test_test_code_is_known_by_its_path(path: str) -> None:
    assert is_test_below()(path)
    assert is_test_below((".",))(path)


@pytest.mark.parametrize(
    "path",
    ["src/app.py", "src/latest.py", "contest.py", "src/testimony/app.py", "attest_client.py", "app/qa/answers.py"],
)
def test_other_code_is_not_test_code(path: str) -> None:
    assert not is_test_below()(path)


def test_a_folder_that_the_user_names_is_not_test_code_for_its_own_name() -> None:
    judge = is_test_below(("./examples/", "../fixtures/case"))
    assert not judge("examples/app.py")
    assert not judge("../fixtures/case/app.py")
    assert judge("examples/tests/app.py")
    assert judge("tests/app.py")


def test_braces_that_hold_no_name_are_text(rulebook: Rulebook, judged: Judged, hit: MakeHit) -> None:
    text = 'pass `{"timeout": 5}` or `{{call}}` to {call}'
    plain = rulebook.rules["missing-timeout"]
    rulebook.rules[plain.id] = msgspec.structs.replace(plain, instead=text)
    assert judged(hit()).findings[0].instead == 'pass `{"timeout": 5}` or `{call}` to requests.get'
