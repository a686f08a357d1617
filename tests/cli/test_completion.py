"""The shell's completion, asked for as the script does that click gives to a shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from staff_review.cli import run

ROOT = Path(__file__).parents[2]
SETTINGS_PAGE = (ROOT / "docs" / "settings.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("staff-review basel", {"plain,baseline", "file,basel"}),
        ("staff-review --dif", {"plain,--diff"}),
        ("staff-review src --dif", {"plain,--diff"}),
        ("staff-review src/a", {"file,src/a"}),
        ("staff-review check src/a", {"file,src/a"}),
        ("staff-review src --fail-on w", {"plain,warning"}),
        ("staff-review baseline p", {"plain,prune"}),
    ],
)
def test_commands_options_values_and_files(
    words: str, expected: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_STAFF_REVIEW_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    with pytest.raises(SystemExit) as ended:
        run([])
    assert ended.value.code == 0
    assert set(capsys.readouterr().out.split()) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_documented_lines_give_each_shell_its_script(
    shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"_STAFF_REVIEW_COMPLETE={shell}_source staff-review" in SETTINGS_PAGE
    monkeypatch.setenv("_STAFF_REVIEW_COMPLETE", f"{shell}_source")
    with pytest.raises(SystemExit) as ended:
        run([])
    assert ended.value.code == 0
    script = capsys.readouterr().out
    assert f"_STAFF_REVIEW_COMPLETE={shell}_complete" in script
    program = shutil.which(shell)
    if program:
        subprocess.run([program, "-n" if shell != "fish" else "--no-execute"], input=script, text=True, check=True)


@pytest.mark.parametrize(("shell", "expected"), [("zsh", ["plain", "prune"]), ("fish", ["plain,prune"])])
def test_the_other_shells_ask_in_their_own_form(
    shell: str, expected: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_STAFF_REVIEW_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", "staff-review baseline pr")
    monkeypatch.setenv("COMP_CWORD", "pr" if shell == "fish" else "2")
    with pytest.raises(SystemExit):
        run([])
    assert capsys.readouterr().out.split()[: len(expected)] == expected


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_bash_itself_completes(tmp_path: Path) -> None:
    program = tmp_path / "staff-review"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m staff_review "$@"\n')
    program.chmod(0o755)
    asks = """
        eval "$(_STAFF_REVIEW_COMPLETE=bash_source staff-review)"
        COMP_WORDS=(staff-review . --prof) COMP_CWORD=2
        $(complete -p staff-review | sed 's/.*-F \\([^ ]*\\) .*/\\1/') staff-review
        echo "${COMPREPLY[@]}"
    """
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "src")}
    ran = subprocess.run(["bash", "--norc", "-c", asks], env=environ, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["--profile"]
