"""The beginning of a user's own rule: it proves itself as it was written, as a pattern and as a check."""

from __future__ import annotations

import runpy
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import tomli
from click.testing import CliRunner

from staff_review.checks import installed
from staff_review.cli.new_rule import new_rule
from staff_review.cli.prove import prove as prove_command
from staff_review.load.rulebook import rulebook_of
from staff_review.load.settings import settings_of
from staff_review.nouns.errors import UsageError
from staff_review.prove import cases, expected_in, prove, with_rules_beside

RULE = "pause-in-loop"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(*words: str) -> str:
    return CliRunner().invoke(new_rule, words, catch_exceptions=False).output


def failures() -> list[str]:
    Path("pyproject.toml").write_text('[tool.staff-review]\nrules = ["reliability/rules/*.toml"]\n')
    found = cases(Path("reliability/fixtures"))
    expecting = [case for case in found if expected_in(case)]
    assert (len(expecting), len(found) - len(expecting)) == (2, 3)
    return [str(failure) for case in found for failure in prove(case, settings_of("."))]


def test_a_pattern_proves_itself() -> None:
    assert "staff-review prove reliability/fixtures" in asked(RULE)
    assert failures() == []
    rule = tomli.loads(Path(f"reliability/rules/{RULE}.toml").read_text())
    assert rule["family"] == "reliability"
    assert rule["standard"] in rulebook_of().standards


def test_cases_find_the_rule_that_lies_beside_them() -> None:
    asked(RULE)
    for folder, count in (("reliability/fixtures", 5), (f"reliability/fixtures/{RULE}/pause_in_a_loop", 1)):
        ran = CliRunner().invoke(prove_command, [folder], catch_exceptions=False, standalone_mode=False)
        assert (ran.return_value, ran.stderr) == (0, f"{count} of {count} cases hold\n")


def test_a_rule_that_settings_name_is_read_once() -> None:
    asked(RULE)
    assert failures() == []
    settings = settings_of(".")
    assert with_rules_beside(cases(Path("reliability/fixtures")), settings) == settings


def test_a_check_proves_itself_once_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "pip install -e reliability/checks" in asked(RULE, "--check")
    missing = f"no installed package has a check for it ({installed.GROUP})"
    assert all(missing in line or "missed" in line for line in failures())
    assert any(missing in line for line in failures())
    package = tomli.loads(Path("reliability/checks/pyproject.toml").read_text())
    ((name, target),) = package["project"]["entry-points"][installed.GROUP].items()
    module, _, function = target.partition(":")
    written = runpy.run_path(f"reliability/checks/{module.replace('.', '/')}.py")

    class Installed(EntryPoint):
        def load(self) -> object:
            return written[function]

    def entry_points(*, group: str, name: str) -> tuple[EntryPoint, ...]:
        return (Installed(name, target, group),) if (group, name) == (installed.GROUP, RULE) else ()

    assert name == RULE
    monkeypatch.setattr(installed, "entry_points", entry_points)
    assert failures() == []


def test_a_second_check_joins_the_package_of_the_first() -> None:
    asked(RULE, "--check")
    before = Path("reliability/checks/pyproject.toml").read_text()
    said = asked("wait-in-loop", "--check")
    assert 'wait-in-loop = "reliability_checks.wait_in_loop:check"' in said
    assert Path("reliability/checks/pyproject.toml").read_text() == before
    assert Path("reliability/checks/reliability_checks/wait_in_loop.py").is_file()


def test_nothing_is_overwritten() -> None:
    asked(RULE)
    rule = Path(f"reliability/rules/{RULE}.toml")
    rule.write_text("mine")
    with pytest.raises(UsageError, match="exists; choose another id"):
        asked(RULE)
    assert rule.read_text() == "mine"
    asked(RULE, "--folder", "other/place")
    assert Path(f"other/place/rules/{RULE}.toml").is_file()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Loop", "is no id for a rule"),
        ("loop", "is no id for a rule"),
        ("../up-there", "is no id for a rule"),
        ("no-loop", "name the bad thing instead"),
        ("missing-timeout", "the rule `missing-timeout` exists"),
    ],
)
def test_an_id_that_is_none_is_refused(name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        asked(name)
    assert not Path("reliability").exists()
