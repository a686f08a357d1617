"""Comments that were asked not to be shown: by a silence in the code, or by the baseline."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from model_endpoint import NOTHING, Plan, Reply, Server, kind_of, message
from small_service import ASKED, RULEBOOK

from staff_review.cli import run
from staff_review.hall.commenting import commented
from staff_review.hall.review import review
from staff_review.nouns.settings import Settings

Serve = Callable[[Plan], Server]
CLAIM = {
    "path": "billing/charge.py", "quote": 'requests.post("https://bank.example/charge", json=order', "start_line": 13,
    "end_line": 13, "topic": "repeated-effect", "unseen": "", "certainty": "shown", "weight": "critical",
    "claim": "A charge can be made twice.", "scenario": "The user presses twice; the bank charges twice.",
    "fix": "Send the order's id as an idempotency key.", "hand_to": "",
}  # fmt: skip
HOLDS = {"judgements": [{"candidate": "C1", "answers": [], "quote": "", "reason": "It is so.", "result": "holds"}]}


def reviewer(body: dict[str, Any], _number: int) -> Reply:
    if kind_of(body) == "doubt":
        return message(HOLDS)
    shown = json.dumps(body["messages"])
    path = "billing/charge.py" if "billing/charge.py" in shown else "charge.py"
    return message(NOTHING if "def rates" in shown else {**NOTHING, "comments": [{**CLAIM, "path": path}]})


@pytest.mark.parametrize("name", ["persona", "persona:repeated-effect"])
def test_a_silence_in_code_holds_for_comments_and_leaves_the_findings_alone(
    name: str, serve: Serve, service: Path
) -> None:
    serve(reviewer)
    file = service / "billing/charge.py"
    file.write_text(file.read_text().replace("API_KEY)", f"API_KEY)  # staff-review: ignore[{name}] -- known"))
    settings = Settings(root=str(service))
    before = review((".",), settings, RULEBOOK, cache=False)
    found = commented(before, (".",), settings, RULEBOOK, ASKED).review
    assert not found.comments
    [silenced] = found.silenced_comments
    assert (silenced.by, silenced.reason, silenced.comment.text) == ("comment", "known", CLAIM["claim"])
    assert found.findings == before.review.findings
    assert not found.silenced


def test_the_baseline_accepts_comments_wherever_a_run_begins(
    serve: Serve, service: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(reviewer)
    (service / "staff-review.toml").write_text("")
    assert run(["baseline", "create", "--persona"]) == 0
    assert "2 findings and 1 comment accepted" in capsys.readouterr().out
    assert run(["baseline", "check"]) == 0
    assert run(["baseline", "prune"]) == 0
    monkeypatch.chdir(service / "billing")
    capsys.readouterr()
    assert run(["--persona", "--format", "json", "."]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["comments"] == []
    assert [(one["by"], one["text"]) for one in document["silenced_comments"]] == [("baseline", CLAIM["claim"])]


def test_a_baseline_is_left_alone_when_the_persona_cannot_be_asked(
    service: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (service / "staff-review.toml").write_text("")
    assert run(["baseline", "create", "--persona"]) == 3
    assert "no key: set ANTHROPIC_API_KEY" in capsys.readouterr().err
    assert not (service / "staff-review-baseline.toml").exists()
