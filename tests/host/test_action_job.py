"""The action as a job runs it: every script of it in order, each with the environment that its step is given."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from github_server import TOKEN, Server

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
GOOD = "import requests\n\n\ndef price(sku):\n    return requests.get(f'http://price.internal/{sku}', timeout=2)\n"
BAD = GOOD.replace(", timeout=2", "")
_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


class Job:
    """Steps share the outputs of those before; an action of others is passed over, and a failing script is the end."""

    def __init__(self, folder: Path, scratch: Path, environ: dict[str, str], inputs: dict[str, str]) -> None:
        self.folder, self.scratch, self.environ = folder, scratch, environ
        self.values = {f"inputs.{name}": str(one.get("default", "")) for name, one in ACTION["inputs"].items()}
        self.values |= {f"inputs.{name}": text for name, text in inputs.items()}
        self.values |= {"github.action_path": str(ROOT), "github.event_name": "pull_request", "runner.os": "Linux"}
        self.values |= {"github.token": TOKEN}
        self.values["inputs.token"] = TOKEN
        self.used: list[str] = []
        self.said = ""

    def run(self, *, only: str = "") -> int:
        for step in ACTION["runs"]["steps"]:
            name = step.get("id", "")
            if (only and name != only) or f"steps.{name}.done" in self.values or not self._wanted(step.get("if", "")):
                continue
            if "uses" in step:
                self.used.append(step["uses"].split("@")[0])
            elif code := self._script(step):
                return code
        return 0

    def outputs(self) -> dict[str, str]:
        return {name: self._filled(one["value"]) for name, one in ACTION["outputs"].items()}

    def _filled(self, text: Any) -> str:
        return _EXPRESSION.sub(lambda found: self.values.get(found[1], ""), str(text))

    def _wanted(self, condition: str) -> bool:
        for part in filter(None, condition.split(" && ")):
            name, how, literal = part.split()
            if (self.values.get(name, "") == literal.strip("'")) != (how == "=="):
                return False
        return True

    def _script(self, step: dict[str, Any]) -> int:
        output = self.scratch / "output"
        output.write_text("")
        given = {name: self._filled(text) for name, text in step.get("env", {}).items()}
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder, env={**self.environ, "GITHUB_OUTPUT": str(output), **given},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.said += ran.stdout + ran.stderr
        if "id" in step:
            self.values[f"steps.{step['id']}.done"] = "true"
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            self.values[f"steps.{step['id']}.outputs.{name}"] = value
        return ran.returncode


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, surroundings: dict[str, str]) -> dict[str, str]:
    """What the first step leaves, which takes the longest: the product in an environment of its own."""
    scratch = tmp_path_factory.mktemp("runner")
    python = f"{Path(sys.executable).parent}:{surroundings['PATH']}"
    run = Job(scratch, scratch, surroundings | {"RUNNER_TEMP": str(scratch), "PATH": python}, {})
    assert run.run(only="install") == 0, run.said
    assert (Path(run.values["steps.install.outputs.programs"]) / "staff-review").exists()
    return {name: value for name, value in run.values.items() if name.startswith("steps.")}


@pytest.fixture
def job(
    tmp_path: Path, on_github: Server, event: Path, surroundings: dict[str, str], installed: dict[str, str]
) -> Callable[..., Job]:
    """A checkout of a pull request, and the runner that gives the action its environment."""
    shop, scratch = tmp_path / "shop", tmp_path / "runner"
    shop.mkdir()
    scratch.mkdir()

    def git(*arguments: str) -> str:
        command = ["git", *arguments]
        ran = subprocess.run(command, cwd=shop, env=surroundings, check=True, capture_output=True, text=True)
        return ran.stdout.strip()

    def made(before: str, after: str, **inputs: str) -> Job:
        git("init", "-q", "-b", "main")
        (shop / "old.py").write_text(BAD)
        (shop / "price.py").write_text(before)
        git("add", ".")
        git("commit", "-qm", "begin")
        git("update-ref", "refs/remotes/origin/main", "main")
        (shop / "price.py").write_text(after)
        git("commit", "-qam", "change")
        head = git("rev-parse", "HEAD")
        event.write_text(json.dumps({"pull_request": {"number": 7, "head": {"sha": head}}}))
        repository = on_github.repository
        repository.head, repository.before, repository.after = head, {"price.py": before}, {"price.py": after}
        environ = surroundings | {
            "RUNNER_TEMP": str(scratch), "GITHUB_STEP_SUMMARY": str(scratch / "summary.md"), "GITHUB_ACTIONS": "true",
            "GITHUB_BASE_REF": "main", "GITHUB_REPOSITORY": "team/shop", "GITHUB_API_URL": on_github.url,
            "GITHUB_GRAPHQL_URL": f"{on_github.url}/graphql", "GITHUB_EVENT_PATH": str(event),
        }  # fmt: skip
        run = Job(shop, scratch, environ, {name.replace("_", "-"): text for name, text in inputs.items()})
        run.values |= installed
        return run

    return made


def test_a_pull_request_that_brings_a_finding(job: Callable[..., Job], on_github: Server, tmp_path: Path) -> None:
    run = job(GOOD, BAD, comment="inline", upload_sarif="true", html_file="review.html")
    assert run.run() == 1, run.said
    assert "::error file=price.py,line=5" in run.said
    assert "old.py" not in run.said
    outputs = run.outputs()
    assert outputs["findings"] == "1"
    assert json.loads(Path(outputs["sarif"]).read_text())["runs"][0]["results"]
    assert json.loads(Path(outputs["report"]).read_text())["findings"][0]["path"] == "price.py"
    assert (run.folder / "review.html").exists()
    assert "price.py" in (tmp_path / "runner" / "summary.md").read_text()
    (comment,) = on_github.repository.review_comments
    assert (comment["path"], comment["line"]) == ("price.py", 5)
    assert len(on_github.repository.issue_comments) == 1
    assert run.used == ["actions/cache/restore", "actions/cache/save", "github/codeql-action/upload-sarif"]


def test_a_pull_request_that_brings_none(job: Callable[..., Job], on_github: Server) -> None:
    run = job(GOOD, GOOD.replace("price", "cost", 1), comment="inline")
    assert run.run() == 0, run.said
    assert run.outputs()["findings"] == "0"
    assert not on_github.repository.review_comments
    assert not on_github.repository.issue_comments
    assert run.used == ["actions/cache/restore", "actions/cache/save"]
