"""The door: which command, which format, which stream, which exit code. The hall behind it is played."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from staff_review import __version__
from staff_review.cli import run
from staff_review.nouns.errors import UsageError
from staff_review.nouns.explanation import Explanation
from staff_review.nouns.findings import Fault, Figures, Finding, Review
from staff_review.nouns.settings import Settings, Severity
from staff_review.nouns.source import Place, Span

Play = Callable[..., list[tuple[tuple[str, ...], Settings]]]


def finding(severity: Severity = "error", line: int = 1) -> Finding:
    place = Place("src/app.py", Span(line, 1, line, 4))
    return Finding(
        "missing-timeout", "timeouts", place, severity, "high", "It waits.", "It hurts.", "Do not.", f"{line:016x}"
    )


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Play:
    """Puts a hall behind the door that answers with one review, and returns the list of what it is asked."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def begin(answer: Review | Exception = Review(figures=Figures(files=1))) -> list[tuple[tuple[str, ...], Settings]]:  # noqa: B008
        asked: list[tuple[tuple[str, ...], Settings]] = []

        def review(paths: tuple[str, ...], settings: Settings, _rulebook: object, **_more: Any) -> SimpleNamespace:
            asked.append((paths, settings))
            if isinstance(answer, Exception):
                raise answer
            return SimpleNamespace(review=answer, sources={"src/app.py": ["get()"] * 50}, system=None)

        hall = ModuleType("staff_review.hall.review")
        vars(hall).update(review=review, explain=lambda path, line, *_: Explanation(path, line, text="get()"))
        monkeypatch.setitem(sys.modules, "staff_review.hall.review", hall)
        return asked

    return begin


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (["src"], ("src",)),
        (["check", "src", "lib/a.py"], ("src", "lib/a.py")),
        (["check"], (".",)),
        (["--format", "concise", "src"], ("src",)),
        (["./rule"], ("./rule",)),
    ],
)
def test_check_is_the_default_command(play: Play, arguments: list[str], paths: tuple[str, ...]) -> None:
    asked = play()
    assert run(arguments) == 0
    assert [what for what, _ in asked] == [paths]


def test_options_win_over_the_settings_file_and_what_is_ignored_adds_up(play: Play, tmp_path: Path) -> None:
    file = 'fail-on = "note"\ninclude-tests = true\nignore = ["call-in-loop"]\n'
    (tmp_path / "staff-review.toml").write_text(file, encoding="utf-8")
    asked = play()
    run([".", "--fail-on", "warning", "--select", "timeouts,call-in-loop", "--select", "retries", "--ignore", "data"])
    settings = asked[0][1]
    assert (settings.fail_on, settings.include_tests, settings.preview) == ("warning", True, False)
    assert settings.select == ("timeouts", "call-in-loop", "retries")
    assert settings.ignore == ("call-in-loop", "data")
    assert settings.origin == "staff-review.toml"


@pytest.mark.parametrize(
    ("severity", "arguments", "code"),
    [
        ("error", [], 1),
        ("warning", [], 0),
        ("warning", ["--fail-on", "warning"], 1),
        ("note", ["--fail-on", "note"], 1),
        ("error", ["--exit-zero"], 0),
    ],
)
def test_exit_codes_for_findings(play: Play, severity: Severity, arguments: list[str], code: int) -> None:
    play(Review(findings=(finding(severity),)))
    assert run([".", *arguments]) == code


def test_a_pipe_gets_findings_on_one_stream_and_words_on_the_other(
    play: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    play(Review(findings=(finding(),)))
    run(["."])
    out, err = capsys.readouterr()
    assert out == "src/app.py:1:1: error missing-timeout: It waits.\n"
    assert err.endswith("exit 1: 1 error (fail-on = error)\n")


def test_json_is_alone_on_standard_output(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play(Review(findings=(finding(),)))
    assert run([".", "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["summary"]["exit_code"] == 1
    assert err == ""


def test_full_can_be_had_in_a_pipe_and_has_no_colour_there(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play(Review(findings=(finding(),)))
    run([".", "--format", "full"])
    out, err = capsys.readouterr()
    assert "why    It hurts." in out
    assert "\x1b" not in out
    assert err == ""


def test_the_full_report_repeats_the_users_paths_in_its_hints(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play(Review(findings=(finding(),), hidden={"test code": 2}))
    run(["src", "my lib", "--format", "full"])
    assert "staff-review src 'my lib' --include-tests" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "starts"), [("report.json", "{"), ("report.txt", "src/app.py:1:1:")])
def test_a_report_goes_to_a_file(
    play: Play, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, starts: str
) -> None:
    play(Review(findings=(finding(),)))
    assert run([".", "--output", name]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "1 error in 1 file" in err
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(starts)


def test_a_file_that_cannot_be_written_is_the_users_mistake(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play()
    assert run([".", "--output", "no/such/folder/report.txt"]) == 2
    assert "cannot write the report to `no/such/folder/report.txt`" in capsys.readouterr().err


def test_a_mistake_found_by_the_hall_is_the_users_too(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play(UsageError("`srcc` does not exist (did you mean `src`?)"))
    assert run(["srcc"]) == 2
    assert capsys.readouterr().err == "staff-review: `srcc` does not exist (did you mean `src`?)\n"


def test_a_failed_check_is_exit_3_and_the_rest_is_still_reported(
    play: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    play(Review(findings=(finding(),), faults=(Fault("call-in-loop", "KeyError: 'x'"),)))
    assert run([".", "--exit-zero"]) == 3
    out, err = capsys.readouterr()
    assert "missing-timeout" in out
    assert "failed: call-in-loop: KeyError: 'x'" in err


def test_a_crash_of_ours_is_exit_3(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play(RuntimeError("surprise"))
    assert run(["."]) == 3
    assert "RuntimeError: surprise" in capsys.readouterr().err


def test_an_interrupt_is_quiet(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play()
    hall = sys.modules["staff_review.hall.review"]

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    vars(hall)["review"] = interrupted
    assert run(["."]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_rule_shows_a_page_and_rules_lists_them(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play()
    assert run(["rule", "missing-timeout"]) == 0
    assert "Why it matters" in capsys.readouterr().out
    assert run(["rules"]) == 0
    assert "missing-timeout" in capsys.readouterr().out
    assert run(["rules", "--format", "json"]) == 0
    assert "missing-timeout" in [rule["id"] for rule in json.loads(capsys.readouterr().out)["rules"]]


@pytest.mark.parametrize("place", ["src/app.py:12", "src/app.py:12:5"])
def test_why_asks_for_a_line(play: Play, capsys: pytest.CaptureFixture[str], place: str) -> None:
    play()
    assert run(["why", place]) == 0
    assert capsys.readouterr().out.startswith("src/app.py:12\n  get()\n")


def test_help_shows_the_commands_and_the_options_of_check(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play()
    assert run([]) == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("check", "rules", "why", "--fail-on", "--version", "Exit codes"))
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"staff-review {__version__}\n"


_HALL = """
import sys, types
from staff_review.nouns.findings import Finding, Review
from staff_review.nouns.source import Place, Span
place = Place("a.py", Span(1, 1, 1, 2))
one = Finding("missing-timeout", "timeouts", place, "error", "high", "It waits. " * 9, "", "", "0" * 16)
hall = types.ModuleType("staff_review.hall.review")
outcome = types.SimpleNamespace(review=Review(findings=(one,) * 20_000), sources={}, system=None)
hall.review = lambda *_, **__: outcome
sys.modules[hall.__name__] = hall
from staff_review.cli import main, run
"""


def python(code: str, tmp_path: Path, **more: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, **more,
    )  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("arguments", [["."], [".", "--format", "json"], ["rules"]])
def test_a_full_disk_is_one_sentence(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "a.py").write_text("import requests\n\nrequests.get('http://a')\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with open("/dev/full", "w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "staff_review", *arguments]
        ran = subprocess.run(
            command, cwd=tmp_path, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ran.returncode == 2
    assert ran.stderr.startswith("staff-review: cannot write: ")
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize("form", ["concise", "json", "full"])
def test_a_reader_that_leaves_early_is_no_fault(tmp_path: Path, form: str) -> None:
    code = f"{_HALL}\nsys.argv = ['staff-review', '.', '--format', '{form}']\nmain()"
    with python(code, tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(timeout=60) == 1
    assert "Traceback" not in errors
    assert "BrokenPipe" not in errors


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], [".", "--format", "concise"], [".", "--format", "json"]]
)
def test_nothing_heavy_is_imported_for_a_pipe(tmp_path: Path, arguments: list[str]) -> None:
    code = f"""{_HALL}
try:
    run({arguments})
finally:
    heavy = {{"rich", "libcst", "anthropic", "tree_sitter", "jinja2", "asyncio", "httpx", "ssl"}}
    print("HEAVY", sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    with python(code, tmp_path) as process:
        _, errors = process.communicate(timeout=60)
    assert "HEAVY []" in errors


def test_a_terminal_gets_the_full_report(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    reader, writer = pty.openpty()
    code = f"{_HALL}\noutcome.review = Review(findings=(one,))\nsys.argv = ['staff-review', '.']\nmain()"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TERM": "xterm", "NO_COLOR": ""}
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env=environment, stdout=writer) as process:
        assert process.wait(timeout=60) == 1
    os.close(writer)
    shown = os.read(reader, 65536).decode()
    os.close(reader)
    assert "\x1b[1;31merror\x1b[0m" in shown
    assert "exit 1: 1 error (fail-on = error)" in shown
