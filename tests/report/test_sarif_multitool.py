"""SARIF in Microsoft's own validator with the rules that GitHub adds, where npm's @microsoft/sarif-multitool is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from drawing import drawn

ROOT = Path(__file__).parents[2]
PROGRAM = shutil.which("Sarif.Multitool")
NOBODY = "http://127.0.0.1:9"
WHOLE = ["--no-cache", "--include-tests", "--preview", "--opinions", "--min-confidence", "low", "--exit-zero"]
SUGGESTED = "import requests\n\n\ndef price():\n    return requests.get('http://preis.internal/größe').json()\n"

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="npm's @microsoft/sarif-multitool is not on the path")


def judged(folder: Path) -> list[tuple[str, str, str]]:
    """What is said of the logs in a folder: level, rule and log; the program ends with 0 whatever it finds."""
    command = [str(PROGRAM), "validate", f"{folder}/*.sarif", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
    told = ["-o", str(folder / "told.json"), "--log", "ForceOverwrite"]
    # It would look whether the pages that rules refer to are there.
    offline = {**os.environ, "HTTP_PROXY": NOBODY, "HTTPS_PROXY": NOBODY}
    subprocess.run([*command, *told], check=True, stdout=subprocess.DEVNULL, env=offline, timeout=200)
    (run,) = json.loads((folder / "told.json").read_text("utf-8-sig"))["runs"]
    return sorted({(one.get("level", "warning"), one["ruleId"], log_of(one)) for one in run["results"]})


def log_of(result: dict[str, Any]) -> str:
    return Path(result["locations"][0]["physicalLocation"]["artifactLocation"].get("uri", "")).stem


def write(target: Path, *arguments: str, folder: Path) -> None:
    command = [sys.executable, "-m", "staff_review", *arguments, *WHOLE, "--format", f"sarif={target}"]
    subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, check=True)


def test_the_rules_of_github_find_no_error(report_of: Any, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Chains, systems, fixes, silences, gaps and faults; the one warning is that the program has no page of its own."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "price.py").write_text(SUGGESTED, "utf-8")
    (tmp_path / "shop" / "staff-review.toml").write_text('fix-timeout = "5s"\n')
    write(tmp_path / "fixes.sarif", ".", folder=tmp_path / "shop")
    systems = ("grpc_with_kubernetes", "events_over_kafka_and_rabbitmq")
    write(tmp_path / "systems.sarif", *(f"fixtures/systems/{name}" for name in systems), folder=ROOT)
    names = ("full_review", "told_review", "clean_review", "faulty_review")
    for name in names:
        report = drawn("sarif", report_of(request.getfixturevalue(name)))
        (tmp_path / f"{name}.sarif").write_text(report, "utf-8")
    (run,) = json.loads((tmp_path / "systems.sarif").read_text("utf-8"))["runs"]
    assert any("codeFlows" in result for result in run["results"])
    assert '"fixes"' in (tmp_path / "fixes.sarif").read_text("utf-8")
    logs = sorted((*names, "fixes", "systems"))
    assert judged(tmp_path) == [("warning", "SARIF2005", log) for log in logs]


def test_it_would_find_one(report_of: Any, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    log = json.loads(drawn("sarif", report_of(request.getfixturevalue("told_review"))))
    del log["runs"][0]["tool"]["driver"]["rules"][0]["help"]
    (tmp_path / "helpless.sarif").write_text(json.dumps(log), "utf-8")
    assert ("error", "GH2012", "helpless") in judged(tmp_path)
