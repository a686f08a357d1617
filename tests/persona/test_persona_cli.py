"""The door of the persona: preview, list, and what the options of `check` mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from staff_review.cli.persona import asked_for, explain, persona, verdict_with
from staff_review.nouns.findings import Dropped, PersonaRun
from staff_review.nouns.settings import PersonaSettings
from staff_review.report.tally import Verdict

NOTHING_GIVEN: dict[str, Any] = {
    "persona": None,
    "persona_name": None,
    "persona_deadline": None,
    "persona_budget": None,
    "persona_required": False,
}


def given(**more: Any) -> PersonaSettings | None:
    return asked_for({**NOTHING_GIVEN, **more})


def test_off_unless_asked_for(home: Path) -> None:
    assert given() is None
    assert given(persona=True) == PersonaSettings()
    assert given(persona_required=True) == PersonaSettings()
    assert given(persona=True, persona_deadline=9.0, persona_budget=0.1, persona_name="dba") == PersonaSettings(
        deadline=9.0, max_usd=0.1, name="dba"
    )
    (home / "own").mkdir(parents=True)
    (home / "own" / "settings.toml").write_text("[persona]\non = true\nmax-usd = 0.2\n")
    assert given() == PersonaSettings(on=True, max_usd=0.2)
    assert given(persona=False) is None


@pytest.mark.parametrize(
    ("state", "required", "code"),
    [("not run", True, 3), ("not run", False, 1), ("partial", True, 1), ("complete", True, 1)],
)
def test_only_a_required_persona_that_did_not_run_changes_the_exit_code(state: Any, required: bool, code: int) -> None:
    found = Verdict(1, "1 error")
    run = PersonaRun("backend-staff", state, "no key")
    assert verdict_with(found, run, required=required).code == code
    assert verdict_with(found, None, required=required) == found


def test_what_was_dropped_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    explain(PersonaRun("p", "complete", dropped=(Dropped("a.py", 3, "It leaks.", "a guess"),)))
    assert capsys.readouterr().err == "p: 1 of its remarks were dropped\n  a.py:3: It leaks.\n    dropped: a guess\n"


@pytest.mark.usefixtures("service")
def test_preview_prints_what_would_be_sent() -> None:
    shown = CliRunner().invoke(persona, ["preview", "."])
    assert shown.exit_code == 0
    assert "Request 1 of 2: billing/charge.py" in shown.stdout
    assert "<redacted:stripe-key:1>" in shown.stdout
    assert "4eC39" not in shown.stdout
    assert "about 2 requests" in shown.stderr
    assert "It could not be sent now: no key: set ANTHROPIC_API_KEY" in shown.stderr
    bodies = [json.loads(line) for line in CliRunner().invoke(persona, ["preview", "--json", "."]).stdout.splitlines()]
    assert [body["model"] for body in bodies] == ["claude-sonnet-5-5"] * 2


def test_list_names_the_personas() -> None:
    assert CliRunner().invoke(persona, ["list"]).stdout.startswith("backend-staff  Staff engineer, back end")
