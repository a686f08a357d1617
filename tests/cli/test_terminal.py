"""Whole screens as a terminal shows it, narrow and wide, in ASCII, and into a pipe: kept, to be looked at as a diff.

`UPDATE_SCREENS=1 pytest tests/cli` writes them anew.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

ROOT = Path(__file__).parents[2]
SCREENS = Path(__file__).parent / "screens"
SYSTEMS = ROOT / "fixtures" / "systems"
ASKED = [
    ["shop", ["."]],
    ["shop", [".", "--fix", "--show", "--unsafe"]],
    ["shop", ["baseline", "create"]],
    ["shop", ["."]],
    ["shop", ["baseline", "check"]],
    ["shop", ["config", "show"]],
    ["shop", ["config", "verify"]],
    ["shop", ["baseline"]],
    ["shop", [".", "--selct", "x"]],
    ["chain", ["."]],
    ["chain", ["init", "--install", "git+https://git.example.org/staff-review@v1"]],
]
"""The folder and what is typed there, in this order; pages of rules are drawn from made-up ones, in tests/report."""
CHILD = """
import json, os, sys
from staff_review.cli import run
for folder, words in json.loads(sys.argv[1]):
    os.chdir(os.path.join(sys.argv[2], folder))
    print("$ staff-review", *words, flush=True)
    code = run(words)
    sys.stdout.flush()
    print(f"[{code}]", end="\\n\\n", flush=True)
"""
WHOLE = re.compile(r"staff-review|https://|[\w/]\.(?:py|toml|yml|yaml|conf)\b|^[-+] |^\s+\d* [|]|[|] +\^")
"""What must stay on one line to be copied: paths, commands, code."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, system in (("shop", "corner_shop"), ("chain", "http_chain_with_compose")):
        shutil.copytree(SYSTEMS / system, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "expected"))
        (tmp_path / name / ".github").mkdir()
    for file in tmp_path.rglob("*.py"):
        file.write_text(re.sub(r"[ \t]*# expect: .*", "", file.read_text("utf-8")), "utf-8")
    return tmp_path


def environ(folder: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"], "HOME": str(folder), "STAFF_REVIEW_CACHE": str(folder / "cache"), "TERM": "xterm",
        "PYTHONPATH": str(ROOT / "src"), "GIT_CEILING_DIRECTORIES": str(folder), "LANG": "C.UTF-8", **more,
    }  # fmt: skip


def command(folder: Path) -> list[str]:
    return [sys.executable, "-c", CHILD, json.dumps(ASKED), str(folder)]


def on_terminal(folder: Path, width: int, **more: str) -> str:
    """All that a terminal of this width is sent, as it stands there when a line of progress was wiped."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 300, width, 0, 0))
    with subprocess.Popen(
        command(folder), stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environ(folder, **more)
    ) as process:
        os.close(theirs)
        said = b"".join(_read(ours))
        assert process.wait() == 0
    os.close(ours)
    text = said.decode("utf-8").replace("\r\n", "\n")
    return re.sub(r"[^\n]*\r\x1b\[2K", "", text)


def _read(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(descriptor, 65536)
        except OSError:  # how Linux says that the other end was closed
            return
        if not data:
            return
        yield data


def settled(text: str) -> str:
    return re.sub(r"\b\d+\.\d s\b", "0.1 s", text)


def compare(name: str, text: str) -> None:
    path = SCREENS / f"{name}.txt"
    if os.environ.get("UPDATE_SCREENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(settled(text), "utf-8")
    assert settled(text) == path.read_text("utf-8")


@pytest.mark.parametrize("width", [60, 100])
def test_a_terminal(folder: Path, width: int) -> None:
    text = on_terminal(folder, width, NO_COLOR="1")
    assert "\x1b" not in text
    assert not [line for line in text.split("\n") if cell_len(line) > width and not WHOLE.search(line)]
    compare(f"terminal-{width}", text)


def test_a_wide_terminal_is_written_no_wider(folder: Path) -> None:
    compare("terminal-100", on_terminal(folder, 160, NO_COLOR="1"))


def test_a_terminal_set_to_ascii(folder: Path) -> None:
    text = on_terminal(folder, 100, NO_COLOR="1", LANG="C")
    assert text.isascii()
    compare("terminal-ascii", text)


def test_colours_are_few_and_say_nothing_that_the_words_do_not(folder: Path) -> None:
    text = on_terminal(folder, 100)
    used = set(re.findall(r"\x1b\[([\d;]*)m", text))
    assert used <= {"0", "1", "2", "31", "36", "1;31", "1;33", "1;34"}
    assert "1;31" in used
    compare("terminal-100", re.sub(r"\x1b\[[\d;]*m", "", text))


def test_a_pipe(folder: Path) -> None:
    ran = subprocess.run(command(folder), env=environ(folder), capture_output=True, encoding="utf-8", check=True)
    assert "\x1b" not in ran.stdout + ran.stderr
    compare("pipe", ran.stdout)
    compare("pipe-beside", ran.stderr)
