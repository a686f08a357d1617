"""What `--stats` and `--profile` say, and that they say it beside the report and not in it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from drawing import compare

from staff_review.hall.stopwatch import Stopwatch
from staff_review.nouns.findings import Review, Silenced
from staff_review.nouns.timings import Timings
from staff_review.report import Report
from staff_review.report.measures import render_profile, render_stats

SOURCE = Path(__file__).parents[2] / "src"
TIMINGS = Timings(
    phases={"finding files": 0.0112, "reading": 1.25, "linking": 0.5, "checks": 0.0488},
    rules={"missing-timeout": 0.0301, "call-in-loop": 0.0012, "unsafe-retry": 0.0175},
    files={f"src/shop/orders_{number}.py": 0.1 / (number + 1) for number in range(12)},
)


def test_the_table_of_rules(full_review: Review, report_of: Callable[..., Report]) -> None:
    silenced = (Silenced(full_review.findings[0], "baseline"), Silenced(full_review.findings[-1], "comment"))
    stream = io.StringIO()
    render_stats(report_of(msgspec.structs.replace(full_review, silenced=silenced)), TIMINGS, stream)
    compare("stats", stream.getvalue())


def test_the_times() -> None:
    stream = io.StringIO()
    render_profile(TIMINGS, stream)
    compare("profile", stream.getvalue())


def test_an_answer_that_was_remembered_has_no_times(full_review: Review, report_of: Callable[..., Report]) -> None:
    for render in (lambda stream: render_stats(report_of(full_review), Timings(), stream), _nothing_to_profile):
        stream = io.StringIO()
        render(stream)
        assert "no check was asked: nothing changed" in stream.getvalue()


def _nothing_to_profile(stream: io.StringIO) -> None:
    render_profile(Timings(phases={"cache": 0.1}), stream)


def test_a_phase_within_another_counts_once() -> None:
    seconds: Iterator[float] = iter([0.0, 1.0, 3.0, 7.0, 8.0])
    watch = Stopwatch(lambda: next(seconds))
    with watch.phase("linking"), watch.phase("reading"):
        pass
    assert watch.timings().phases == {"linking": 3.0, "reading": 4.0}


def test_standard_output_belongs_to_the_report(tmp_path: Path) -> None:
    (tmp_path / "price.py").write_text(
        "import requests\n\n\ndef price():\n    return requests.get('http://a.internal')\n"
    )
    command = [sys.executable, "-m", "staff_review", ".", "--format", "json", "--stats", "--profile"]
    environ = {**os.environ, "PYTHONPATH": str(SOURCE), "STAFF_REVIEW_CACHE": str(tmp_path / "cache")}
    first, second = (
        subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
        for _ in range(2)
    )
    assert json.loads(first.stdout)["findings"]
    assert "Slowest rules" in first.stderr
    assert "price.py" in first.stderr
    assert "    missing-timeout" in first.stderr
    assert "whose answer was kept" in second.stderr
