"""`init`: what it finds, what it would write, that it asks first and overwrites nothing."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from staff_review import __version__
from staff_review.hall import judging
from staff_review.hall.ci_files import hook_in
from staff_review.load import provenance

Door = Callable[..., tuple[int, str, str]]
Git = Callable[..., None]

HOOKS = """\
# Ours
repos:
  # the first
  - repo: https://example.org/hooks
    rev: v1
    hooks:
      - id: one

  - repo: local
    hooks: [{id: two, name: two, entry: "true", language: system}]
"""


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and ".git/" not in str(path)}


def test_without_a_terminal_it_shows_the_plan_and_writes_nothing(door: Door, service: Path, git: Git) -> None:
    git("init", "-q")
    (service / ".github").mkdir()
    (service / "pyproject.toml").write_text('[project]\nname = "shop"\nrequires-python = ">=3.11"\n')
    before = files(service)
    code, out, err = door("init")
    assert code == 0
    assert files(service) == before
    assert "found   git repository, 2 files of Python, Python 3.11 or newer, GitHub, 1 error in 1 file" in out
    planned = out.split("would write\n")[1].split("\n\n")[0]
    written = [line.split()[0] for line in planned.splitlines() if line[4:5].strip()]
    assert written == ["staff-review.toml", ".github/workflows/staff-review.yml", "staff-review-baseline.toml"]
    assert "no hook, because there is no .pre-commit-config.yaml" in out
    assert err == "  no terminal to ask on: nothing is written; `--yes` writes\n"


def test_what_it_writes_works_at_once_and_a_second_time_it_writes_nothing(door: Door, service: Path, git: Git) -> None:
    git("init", "-q")
    (service / ".pre-commit-config.yaml").write_text(HOOKS)
    before = files(service)
    code, out, _ = door("init", "--yes")
    assert code == 0
    added = files(service) - before
    assert added == {"staff-review.toml", "staff-review-baseline.toml"}
    assert all(f"wrote {name}" in out for name in (*added, ".pre-commit-config.yaml"))
    assert door(".")[0] == 0
    assert door("config", "verify")[0] == 0
    contents = {name: (service / name).read_bytes() for name in files(service)}
    code, out, _ = door("init", "--yes")
    assert (code, "nothing to write" in out) == (0, True)
    assert {name: (service / name).read_bytes() for name in files(service)} == contents


def test_what_is_there_is_left_alone(door: Door, service: Path) -> None:
    mine = {
        "pyproject.toml": "[tool.staff-review]\nfail-on = 'note'\n",
        ".pre-commit-config.yaml": "repos:\n- repo: local\n  hooks: [{id: staff-review}]\n",
        ".github/workflows/staff-review.yml": "mine\n",
        ".gitlab/staff-review.yml": "mine\n",
        "staff-review-baseline.toml": "",
    }
    for name, text in mine.items():
        (service / name).parent.mkdir(parents=True, exist_ok=True)
        (service / name).write_text(text)
    code, out, _ = door("init", "--yes", "--settings", "--pre-commit", "--github", "--gitlab", "--baseline")
    assert code == 0
    assert out.count("already") == 5
    assert {name: (service / name).read_text() for name in mine} == mine


@pytest.mark.parametrize(
    ("option", "path"),
    [
        ("--settings", "staff-review.toml"),
        ("--pre-commit", ".pre-commit-config.yaml"),
        ("--github", ".github/workflows/staff-review.yml"),
        ("--gitlab", ".gitlab/staff-review.yml"),
        ("--baseline", "staff-review-baseline.toml"),
    ],
)
def test_every_file_can_be_had_alone(door: Door, service: Path, option: str, path: str) -> None:
    before = files(service)
    assert door("init", "--yes", option)[0] == 0
    assert files(service) - before == {path}


def test_a_service_without_findings_needs_no_baseline(door: Door, service: Path) -> None:
    (service / "shop/stock.py").write_text("x = 1\n")
    assert "staff-review-baseline.toml" not in door("init")[1]


def test_the_hook_is_added_and_the_form_of_the_file_kept(door: Door, service: Path) -> None:
    path = service / ".pre-commit-config.yaml"
    path.write_text(HOOKS)
    door("init", "--yes", "--pre-commit")
    after = path.read_text()
    assert after.startswith(HOOKS.rstrip("\n"))
    hook = yaml.safe_load(after)["repos"][-1]["hooks"][0]
    assert (hook["id"], hook["entry"]) == ("staff-review", "staff-review --staged --near")
    assert hook["additional_dependencies"] == [f"staff-review=={__version__}"]
    assert yaml.safe_load(after)["repos"][:-1] == yaml.safe_load(HOOKS)["repos"]


def test_the_first_commit_after_it_is_known_already(
    door: Door, service: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "-q")
    (service / "compose.yaml").write_text("services:\n  shop:\n    build: shop\n  web:\n    build: web\n")
    git("add", "-A")
    git("commit", "-q", "-m", "old")
    door("init", "--yes", "--pre-commit", "--settings", "--github", "--gitlab", "--baseline")
    git("add", "-A")
    monkeypatch.setattr(judging, "project_of", lambda *_given, **_named: pytest.fail("it was linked again"))
    assert door("--staged")[0] == 0


def test_what_only_this_machine_has_is_asked_of_no_other(
    door: Door, service: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "-q")
    (service / ".github").mkdir()
    (service / ".pre-commit-config.yaml").write_text(HOOKS)
    monkeypatch.setattr(provenance, "requirement", lambda _version: "")
    _, out, _ = door("init", "--yes")
    assert "staff-review.yml is left out" in out
    assert not (service / ".github/workflows").exists()
    hook = yaml.safe_load((service / ".pre-commit-config.yaml").read_text())["repos"][-1]["hooks"][0]
    assert hook["language"] == "system"
    assert "additional_dependencies" not in hook


@pytest.mark.parametrize("requirement", ["git+https://example.org/tools@v1", "staff-review @ git+ssh://git@h.org/t@0a"])
def test_what_is_to_be_installed_may_be_told(requirement: str, door: Door, service: Path) -> None:
    assert door("init", "--yes", "--github", "--gitlab", "--pre-commit", "--install", requirement)[0] == 0
    workflow = yaml.safe_load((service / ".github/workflows/staff-review.yml").read_text())
    told = next(step["run"] for step in workflow["jobs"]["staff-review"]["steps"] if "run" in step)
    assert shlex.split(told) == ["pip", "install", requirement]
    job = yaml.safe_load((service / ".gitlab/staff-review.yml").read_text())["staff-review"]
    assert shlex.split(job["script"][0]) == ["pip", "install", requirement]
    hook = yaml.safe_load((service / ".pre-commit-config.yaml").read_text())["repos"][-1]["hooks"][0]
    assert hook["additional_dependencies"] == [requirement]


@pytest.mark.parametrize("text", ["", "-r x", "a; rm b", "a\nb", "$(a)", "${{ github.token }}", "a: b", "a #b", "'a'"])
def test_what_could_be_a_script_is_no_requirement(text: str, door: Door, service: Path) -> None:
    before = files(service)
    code, _, err = door("init", "--yes", "--github", "--install", text)
    assert (code, err.count("is nothing that pip installs")) == (2, 1)
    assert files(service) == before


@pytest.mark.parametrize(
    "text",
    [
        "repos:\n-   repo: a\n    rev: b\n    hooks:\n    -   id: c\n",
        "repos:\n- repo: a\n  hooks: []\n\n# what pre-commit.ci does\nci:\n  skip: [c]\n",
        "default_stages: [pre-commit]\nrepos:\n  - repo: a\n    hooks: []",
        "repos:  # all of them\n    - repo: a\n      hooks:\n        - id: b\n    # the end\nfail_fast: true\n",
    ],
)
def test_a_hook_is_the_last_of_the_list_in_every_usual_form(text: str) -> None:
    found = hook_in(text, "staff-review==1.0")
    assert found is not None
    at, more = found
    before, after = yaml.safe_load(text), yaml.safe_load(text[:at] + more + text[at:])
    assert after["repos"][:-1] == before["repos"]
    assert after["repos"][-1]["hooks"][0]["id"] == "staff-review"
    assert {**after, "repos": 0} == {**before, "repos": 0}
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in (text[:at] + more + text[at:]).splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize("text", ["repos: []\n", "", "repos: [{repo: a, hooks: []}]\n", "# repos:\n- repo: a\n"])
def test_a_file_in_another_form_is_not_touched(text: str, door: Door, service: Path) -> None:
    assert hook_in(text, "staff-review==1.0") is None
    (service / ".pre-commit-config.yaml").write_text(text)
    assert "is left alone" in door("init", "--yes", "--pre-commit")[1]
    assert (service / ".pre-commit-config.yaml").read_text() == text


def test_the_workflow_asks_for_reading_only_and_puts_nothing_of_the_event_into_its_script(
    door: Door, service: Path, git: Git
) -> None:
    git("init", "-q", "-b", "trunk")
    door("init", "--yes", "--github")
    text = (service / ".github/workflows/staff-review.yml").read_text()
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow[True]["push"]["branches"] == ["trunk"]
    steps = workflow["jobs"]["staff-review"]["steps"]
    assert "${{" not in json.dumps([step.get("run", "") for step in steps])
    assert all(len(step["uses"].split("@")[1]) == 40 for step in steps if "uses" in step)
    assert steps[0]["with"]["fetch-depth"] == 0


def test_the_job_of_gitlab_fails_only_for_what_is_new(door: Door, service: Path) -> None:
    out = door("init", "--yes", "--gitlab")[1]
    job = yaml.safe_load((service / ".gitlab/staff-review.yml").read_text())["staff-review"]
    assert job["artifacts"]["reports"]["codequality"] in job["script"][1]
    assert "CI_MERGE_REQUEST_DIFF_BASE_SHA" in job["script"][2]
    assert "add to .gitlab-ci.yml: include: [{local: .gitlab/staff-review.yml}]" in out
