"""A safe fix in the formats that can carry one; the schemas hold, and applying it gives what the fix gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SOURCE = Path(__file__).parents[2] / "src"
SCHEMAS = Path(__file__).parent / "schemas"
CODE = """\
import requests


def price(sku):
    return requests.get(
        f"http://preis.internal/größe/{sku}"
    ).json()
"""
MENDED = CODE.replace('{sku}"\n    )', '{sku}",\n        timeout=5\n    )')
FORMS = ("sarif", "rdjson", "json", "jsonl", "html")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report in each format, of code with a fix that its settings declare to be safe."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "price.py").write_text(CODE, "utf-8")
    (folder / "staff-review.toml").write_text('fix-timeout = "5s"\n')
    wishes = [word for form in FORMS for word in ("--format", f"{form}=out.{form}")]
    command = [sys.executable, "-m", "staff_review", ".", "--no-cache", *wishes]
    ran = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(SOURCE)}, check=False)
    assert ran.returncode == 1
    return folder


def validated(folder: Path, form: str, schema: str) -> Any:
    document = json.loads((folder / f"out.{form}").read_text("utf-8"))
    jsonschema.validate(document, json.loads((SCHEMAS / schema).read_text("utf-8")))
    return document


def test_sarif_replaces_a_region(written: Path) -> None:
    (result,) = validated(written, "sarif", "sarif-2.1.0.json")["runs"][0]["results"]
    ((change,),) = (fix["artifactChanges"] for fix in result["fixes"])
    ((deleted, inserted),) = ((one["deletedRegion"], one["insertedContent"]) for one in change["replacements"])
    assert change["artifactLocation"]["uri"] == "price.py"
    lines = CODE.splitlines()
    assert (deleted["startColumn"], deleted["endColumn"]) == (1, len(lines[deleted["endLine"] - 1]) + 1)
    lines[deleted["startLine"] - 1 : deleted["endLine"]] = inserted["text"].split("\n")
    assert "\n".join(lines) + "\n" == MENDED


def test_rdjson_replaces_whole_lines(written: Path) -> None:
    (diagnostic,) = validated(written, "rdjson", "rdjson.json")["diagnostics"]
    (suggestion,) = diagnostic["suggestions"]
    first, last = (suggestion["range"][end]["line"] for end in ("start", "end"))
    lines = CODE.splitlines()
    lines[first - 1 : last] = suggestion["text"].split("\n")
    assert "\n".join(lines) + "\n" == MENDED


def test_json_by_lines_says_what_json_says(written: Path) -> None:
    (finding,) = json.loads((written / "out.json").read_text("utf-8"))["findings"]
    lines = [json.loads(line) for line in (written / "out.jsonl").read_text("utf-8").splitlines()]
    assert finding["suggestion"]
    assert [one["suggestion"] for one in lines if one["kind"] == "finding"] == [finding["suggestion"]]


def test_html_shows_what_comes_and_goes(written: Path) -> None:
    page = (written / "out.html").read_text("utf-8")
    assert "<ins>+         f&#34;http://preis.internal/größe/{sku}&#34;,</ins>" in page
    assert "<del>-         f&#34;http://preis.internal/größe/{sku}&#34;</del>" in page
