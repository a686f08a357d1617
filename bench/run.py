"""How long a review takes, cold and warm, beside other tools on the same tree in the same run.

``python bench/run.py [TREE]... [--lines 500000] [--rounds 3]`` measures each TREE, and a generated one of so many lines
(``--lines 0``: none). It asserts nothing: numbers belong to a machine. Tools that are not installed are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import generated

from staff_review.load.files import discover
from staff_review.nouns.settings import Settings

HERE = Path(__file__).parent
HOOK_LINES = 100_000
OTHERS = {
    "ruff": ["ruff", "check", "--isolated", "--select", "S113,ASYNC", "--no-cache", "--exit-zero", "--quiet"],
    "bandit": ["bandit", "--recursive", "--quiet", "--exit-zero", "--format", "json", "--output", os.devnull],
    "semgrep": [
        "semgrep", "scan", "--config", str(HERE / "semgrep.yml"), "--metrics", "off", "--disable-version-check",
        "--quiet", "--max-target-bytes", "0",
    ],
}
OURS = {
    "cold": ["--no-cache"], "cold, one process": ["--no-cache", "--jobs", "1"],
    "cold, with tests": ["--no-cache", "--include-tests"], "warm": [],
}


class Run(NamedTuple):
    """The best of several runs: seconds by the wall clock and of all processors, and the largest process in MB."""

    wall: float
    processor: float
    memory: float


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="*", type=Path, metavar="TREE")
    parser.add_argument("--lines", type=int, default=500_000, help="size of the generated tree")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each; the best one counts")
    asked = parser.parse_args()
    for tree in asked.trees:
        report(tree, asked.rounds)
    if asked.lines:
        with tempfile.TemporaryDirectory() as folder:
            generated.write(Path(folder), asked.lines)
            report(Path(folder), asked.rounds, "generated")
        with tempfile.TemporaryDirectory() as folder:
            generated.write(Path(folder), HOOK_LINES)
            report_hook(Path(folder), asked.rounds)


def report_hook(tree: Path, rounds: int) -> None:
    """What a hook adds to a commit: an unchanged tree, and one file changed in each round."""
    git = ["git", "-C", str(tree), "-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        once([*git, *words])
    file = next(tree.rglob("*.py"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STAFF_REVIEW_CACHE"] = folder
        whole = [sys.executable, "-m", "staff_review", "--staged", str(tree), "--exit-zero"]
        hook = [*whole, "--near"]
        once(whole)
        unchanged, changed, linked = best(hook, rounds), [], []
        for number in range(rounds):
            with file.open("a", encoding="utf-8") as stream:
                stream.write(f"ROUND = {number}\n")
            once([*git, "add", "."])
            changed.append(once(hook))
            linked.append(once(whole))
    told = (("nothing staged", unchanged), ("one file", min(changed)), ("one file, all of it linked", min(linked)))
    for what, run in told:
        print(f"\nhook, {HOOK_LINES:,} lines, {what}: {run.wall:.2f} s, {run.processor:.2f} s of processors", end="")
    print()


def report(tree: Path, rounds: int, name: str = "") -> None:
    """Measure one tree with every tool and print a table."""
    listing = discover((str(tree),), Settings())
    lines = sum(Path(entry.absolute).read_bytes().count(b"\n") for entry in listing.files)
    print(f"\n{name or tree.name}: {len(listing.files):,} files, {lines:,} lines\n")
    print("| tool | wall s | processor s | largest process MB | against our cold run |")
    print("| --- | ---: | ---: | ---: | ---: |")
    ours, figures = own_runs(tree, rounds)
    cold = ours["cold"]
    for label, run in ours.items():
        row(f"staff-review, {label}", run, cold)
    for label, command in OTHERS.items():
        program = found(command[0])
        if program is None:
            print(f"| {label} | not installed | | | |")
        else:
            row(label, best([program, *command[1:], str(tree)], rounds), cold)
    for label, summary in figures.items():
        print(f"\n{label}: " + ", ".join(f"{summary[key]:,} {key}" for key in ("files", "parsed", "cached")), end="")
    print()


def own_runs(tree: Path, rounds: int) -> tuple[dict[str, Run], dict[str, dict[str, int]]]:
    """Our own runs, with a cache of their own that one run fills before the warm ones; and what each looked at."""
    runs: dict[str, Run] = {}
    figures: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STAFF_REVIEW_CACHE"] = folder
        answer = Path(folder, "answer.json")
        command = [sys.executable, "-m", "staff_review", str(tree), "--exit-zero", "-o", str(answer)]
        # A file that changed just now is not trusted to be unchanged: its time may be too coarse to tell.
        time.sleep(2.1)
        once(command)
        for label, options in OURS.items():
            runs[label] = best([*command, *options], rounds)
            figures[label] = json.loads(answer.read_bytes())["summary"]
    return runs, figures


def best(command: Sequence[str], rounds: int) -> Run:
    """The fastest of several runs."""
    return min(once(command) for _ in range(rounds))


def once(command: Sequence[str]) -> Run:
    """Run a command to its end and ask the system what it took."""
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    in_mb = 1_000_000 if sys.platform == "darwin" else 1_000
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / in_mb)


def row(label: str, run: Run, cold: Run) -> None:
    """Print one line of the table."""
    ratio = f"{run.wall / cold.wall:.2f} x"
    print(f"| {label} | {run.wall:.2f} | {run.processor:.2f} | {run.memory:.0f} | {ratio} |")


def found(program: str) -> str | None:
    """Where a program is: beside this Python, or on the path."""
    return shutil.which(program, path=str(Path(sys.executable).parent)) or shutil.which(program)


if __name__ == "__main__":
    main()
