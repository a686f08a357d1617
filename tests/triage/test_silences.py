"""Requests to be quiet: what they quiet, and what is said about the requests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from staff_review.nouns.facts import Silence
from staff_review.nouns.findings import Hit
from staff_review.nouns.settings import Settings
from staff_review.triage import Triaged

Judged = Callable[..., Triaged]
MakeHit = Callable[..., Hit]
PATH = "src/app.py"


def silence(*rules: str, lines: tuple[int, int] = (3, 3), reason: str = "cron retries it", until: str = "") -> Silence:
    return Silence(rules, lines[0] or 1, lines, reason, until)


def said(result: Triaged) -> list[tuple[str, str]]:
    return [(finding.rule, finding.message) for finding in result.findings]


def test_a_silence_quiets_its_rule_on_its_lines_and_keeps_the_finding(judged: Judged, hit: MakeHit) -> None:
    result = judged(hit(), hit("timeout-disabled"), hit(line=9), silences={PATH: (silence("missing-timeout"),)})
    assert [(one.rule, one.place.line) for one in result.findings] == [("timeout-disabled", 3), ("missing-timeout", 9)]
    assert [(one.finding.rule, one.by, one.reason) for one in result.silenced] == [
        ("missing-timeout", "comment", "cron retries it")
    ]


def test_a_silence_governs_the_whole_statement(judged: Judged, hit: MakeHit) -> None:
    assert judged(hit(line=5), silences={PATH: (silence("missing-timeout", lines=(3, 7)),)}).findings == ()


def test_a_file_silence_quiets_the_whole_file_and_no_other(judged: Judged, hit: MakeHit) -> None:
    whole = {PATH: (silence("missing-timeout", lines=(0, 0)),)}
    result = judged(hit(line=3), hit(line=99), hit(path="src/b.py"), silences=whole)
    assert [one.place.path for one in result.findings] == ["src/b.py"]
    assert [one.by for one in result.silenced] == ["file comment", "file comment"]


def test_a_former_name_of_the_rule_will_do(judged: Judged, hit: MakeHit) -> None:
    assert judged(hit(), silences={PATH: (silence("no-limit"),)}).findings == ()


@pytest.mark.parametrize("until", ["2027-03-15", "2027-03", "2027-12-31", ""])
def test_a_silence_holds_to_the_end_of_its_date(judged: Judged, hit: MakeHit, until: str) -> None:
    assert judged(hit(), silences={PATH: (silence("missing-timeout", until=until),)}).findings == ()


@pytest.mark.parametrize(
    ("until", "because"),
    [
        ("2027-03-14", "it ended on 2027-03-14"),
        ("2027-02", "it ended on 2027-02-28"),
        ("2027-02-30", "`until=2027-02-30` is no date; write `until=YYYY-MM-DD`"),
        ("soon", "`until=soon` is no date; write `until=YYYY-MM-DD`"),
    ],
)
def test_an_expired_silence_is_reported_and_the_finding_shows_again(
    judged: Judged, hit: MakeHit, until: str, because: str
) -> None:
    result = judged(hit(), silences={PATH: (silence("missing-timeout", until=until),)})
    assert said(result) == [
        ("expired-silence", f"missing-timeout: {because}"),
        ("missing-timeout", "`requests.get` is bad"),
    ]
    assert result.silenced == ()


@pytest.mark.parametrize(
    ("asked", "because"),
    [
        (silence("missing-timeout", lines=(7, 7)), "missing-timeout: nothing on line 7 asks for it"),
        (silence("missing-timeout", lines=(7, 9)), "missing-timeout: nothing on lines 7-9 asks for it"),
        (silence("call-in-loop", lines=(0, 0)), "call-in-loop: nothing in this file asks for it"),
        (silence("missing-timeout", "timeout-disabled"), "timeout-disabled: nothing on line 3 asks for it"),
        (
            silence("missing-timeouts"),
            "missing-timeouts: no rule is named `missing-timeouts` (did you mean `missing-timeout`?)",
        ),
    ],
)
def test_a_silence_without_use_is_reported(judged: Judged, hit: MakeHit, asked: Silence, because: str) -> None:
    findings = judged(hit(), silences={PATH: (asked,)}).findings
    assert [one.message for one in findings if one.rule == "unused-silence"] == [because]


@pytest.mark.parametrize(
    "more",
    [
        {"settings": Settings(ignore=("missing-timeout",))},
        {"settings": Settings(select=("call-in-loop", "silences"))},
        {"failed": frozenset({"missing-timeout"})},
    ],
)
def test_a_rule_that_did_not_run_leaves_no_silence_without_use(judged: Judged, more: dict[str, object]) -> None:
    assert judged(silences={PATH: (silence("missing-timeout"),)}, **more).findings == ()


def test_a_silence_of_a_hidden_finding_has_a_use(judged: Judged, hit: MakeHit) -> None:
    result = judged(hit(confidence="low"), silences={PATH: (silence("missing-timeout"),)})
    assert (result.findings, len(result.silenced)) == ((), 1)


def test_a_blanket_silence_quiets_nothing(judged: Judged, hit: MakeHit) -> None:
    assert said(judged(hit(), silences={PATH: (silence(),)})) == [
        ("blanket-silence", "name the rules"),
        ("missing-timeout", "`requests.get` is bad"),
    ]


def test_a_silence_without_a_reason_works_and_is_noted(judged: Judged, hit: MakeHit) -> None:
    result = judged(hit(), silences={PATH: (silence("missing-timeout", reason=""),)})
    assert said(result) == [("silence-without-reason", "missing-timeout without a reason")]
    assert len(result.silenced) == 1


def test_a_remark_about_silences_can_itself_be_silenced(judged: Judged) -> None:
    asked = (silence("missing-timeout"), silence("unused-silence", lines=(0, 0)))
    result = judged(silences={PATH: asked})
    assert result.findings == ()
    assert [one.finding.rule for one in result.silenced] == ["unused-silence"]


def test_remarks_about_silences_follow_select(judged: Judged) -> None:
    wished = Settings(select=("missing-timeout",))
    assert judged(silences={PATH: (silence("missing-timeout"),)}, settings=wished).findings == ()


@pytest.mark.parametrize("name", ["persona", "persona:hard-dependency"])
def test_only_who_asks_a_persona_knows_whether_its_silence_has_a_use(judged: Judged, name: str) -> None:
    assert judged(silences={PATH: (silence(name),)}).findings == ()
