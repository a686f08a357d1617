"""The GitHub Action and the recipes: valid, safe, and their scripts really run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from staff_review.hall.ci_files import github_workflow, gitlab_job

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
RECIPES = re.findall(r"```yaml\n(.+?)```", (ROOT / "docs" / "ci.md").read_text("utf-8"), re.DOTALL)
WORKFLOWS = [text for text in RECIPES if "\njobs:" in text]
(GITLAB,) = (text for text in RECIPES if "CI_PIPELINE_SOURCE" in text)
(HOOKS,) = (text for text in RECIPES if text.startswith("repos:"))
STEPS = yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]
CODE = "import requests\n\n\ndef price():\n    return requests.get('http://price.internal')\n"


def clean(command: list[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def checked(schema: str, path: Path) -> None:
    clean([sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)])


def audited(path: Path) -> None:
    program = shutil.which("zizmor", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert program, "zizmor is part of the development environment"
    clean([program, "--offline", "--no-progress", "--persona", "pedantic", str(path)])


def test_the_action_is_valid_and_safe() -> None:
    checked("github-actions", ACTION)
    audited(ACTION)


@pytest.mark.parametrize(
    "text",
    [*WORKFLOWS, github_workflow("staff-review @ git+https://example.org/a@v1", "main")],
    ids=["plain", "untrusted", "trusted", "of init"],
)
def test_a_workflow_of_the_recipes_or_of_init_is_valid_and_safe(text: str, tmp_path: Path) -> None:
    path = tmp_path / ".github" / "workflows" / "staff-review.yml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    checked("github-workflows", path)
    audited(path)


@pytest.mark.parametrize("text", [GITLAB, gitlab_job("staff-review==1.0")], ids=["recipe", "of init"])
def test_a_job_for_gitlab_is_valid(text: str, tmp_path: Path) -> None:
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(text)
    checked("gitlab-ci", path)


def test_the_recipe_for_pre_commit_names_our_hooks() -> None:
    ours = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    (repository,) = yaml.safe_load(HOOKS)["repos"]
    assert {hook["id"] for hook in repository["hooks"]} <= ours


def test_recipes_and_action_agree() -> None:
    """Each action is pinned by one commit everywhere, and a recipe gives only inputs that there are."""
    action = yaml.safe_load(ACTION.read_text("utf-8"))
    steps = [step for text in WORKFLOWS for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]
    for step in steps:
        if step.get("uses", "").startswith("OWNER/staff-review@"):
            assert set(step.get("with", {})) <= set(action["inputs"])
    outputs = {name for text in WORKFLOWS for name in re.findall(r"steps\.review\.outputs\.(\w+)", text)}
    assert outputs <= set(action["outputs"])


def test_each_foreign_action_is_pinned_by_one_commit_everywhere() -> None:
    """Here, in the recipes, and in what `init` writes."""
    texts = (
        ACTION.read_text("utf-8"),
        *WORKFLOWS,
        github_workflow("staff-review @ git+https://example.org/a@v1", "main"),
    )
    pins = {found for text in texts for found in re.findall(r"uses: ([\w/-]+)@(\S+) # (v[\d.]+)", text)}
    uses = [found for text in texts for found in re.findall(r"uses: (?!OWNER/)(\S+)", text)]
    assert all(len(commit) == 40 for _, commit, _ in pins)
    assert {action for action, _, _ in pins} == {used.split("@")[0] for used in uses}
    for project in {action.split("/")[1] for action, _, _ in pins}:
        assert len({(commit, tag) for action, commit, tag in pins if action.split("/")[1] == project}) == 1, project


def test_no_input_is_part_of_a_script() -> None:
    assert not [step for step in STEPS if "${{" in step.get("run", "")]


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A runner with a checkout, and the program where the first step would have put it."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "python").symlink_to(sys.executable)
    program = programs / "staff-review"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m staff_review "$@"\n')
    program.chmod(0o755)
    (tmp_path / "checkout" / "shop").mkdir(parents=True)
    (tmp_path / "checkout" / "shop" / "price.py").write_text(CODE)
    return tmp_path


def step(runner: Path, name: str, **given: str) -> tuple[int, dict[str, str], str]:
    """Run one script of the action as a runner does; its exit code, its outputs, what it says."""
    (found,) = [one for one in STEPS if one.get("id") == name]
    output = runner / "output"
    output.write_text("")
    usual = {"FOLDER": ".", "PATHS": ".", "DIFF_BASE": "auto", "PERSONA": "false", "UPLOAD": "false"}
    names = {**dict.fromkeys(found["env"], ""), **usual, "PROGRAMS": str(runner / "programs")}
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(runner), "GITHUB_OUTPUT": str(output), **names,
        "HOME_FOLDER": str(runner), "STAFF_REVIEW_CACHE": str(runner / "cache"), **given,
    }  # fmt: skip
    assert set(given) <= {*found["env"], "GITHUB_BASE_REF"}
    ran = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]],
        cwd=runner / "checkout", env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return ran.returncode, outputs, ran.stdout + ran.stderr


def test_the_check_writes_what_is_asked_and_keeps_the_verdict_for_the_end(runner: Path) -> None:
    code, outputs, said = step(runner, "check", PATHS="shop\n", SARIF="out.sarif", HTML="out.html")
    assert code == 0, said
    assert (outputs["code"], outputs["findings"]) == ("1", "1")
    assert "::error file=shop/price.py,line=5" in said
    report: dict[str, Any] = json.loads(Path(outputs["report"]).read_text())
    assert report["findings"][0]["path"] == "shop/price.py"
    assert Path(outputs["sarif"]) == runner / "checkout" / "out.sarif"
    assert Path(outputs["sarif"]).exists()
    assert (runner / "checkout" / "out.html").exists()


def test_a_mistake_in_an_input_is_told_and_leaves_no_old_report(runner: Path) -> None:
    step(runner, "check")
    code, outputs, said = step(runner, "check", FAIL_ON="fatal")
    assert (code, outputs) == (0, {"code": "2"})
    assert "'fatal' is not one of" in said


@pytest.mark.parametrize("name", ["PATHS", "CONFIG", "DIFF_BASE", "FAIL_ON", "SARIF", "HTML", "GITHUB_BASE_REF"])
@pytest.mark.parametrize("text", ["$(touch pwned)", "`touch pwned`", "; touch pwned #", '"; touch pwned; "', "--fix"])
def test_no_text_of_an_input_becomes_code(runner: Path, name: str, text: str) -> None:
    step(runner, "check", **{name: text})
    assert not list(runner.rglob("pwned"))
    assert (runner / "checkout" / "shop" / "price.py").read_text() == CODE
