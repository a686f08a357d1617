"""Documents that are generated, whole or in part, and how; `python tests/drift` writes them again.

A generated part stands between two comments: ``<!-- generated: name -->`` and ``<!-- end of name -->``.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import page_index
import tomli
from picture import picture_of, same_words
from rule_index import index_of
from rule_pages import page_of

from staff_review.load.rulebook import rulebook_of

ROOT = Path(__file__).parents[2]
COMMAND = "python tests/drift"
RULES = ROOT / "rules"
RULEBOOK = rulebook_of()
SAMPLE = ROOT / "fixtures" / "systems" / "corner_shop"
SERVICES = ROOT / "fixtures" / "systems" / "http_chain_with_compose"
ENDPOINT = "POST /checkout/{cart}"
_WIDTH = "88"
_EXPECTATION = re.compile(r"[ \t]*# expect: .*")
_SECONDS = re.compile(r"\b\d+\.\d s\b")


def sample_report() -> str:
    """What a review of the sample prints; how long it took is written as the same number each time."""
    return _fenced("staff-review shop", _SECONDS.sub("0.1 s", _sample()))


def picture(before: str) -> str:
    """The picture of that report, drawn anew when it shows something else."""
    drawn = picture_of("staff-review shop", _sample("--color", "always"), int(_WIDTH))
    return before if same_words(before, drawn) else drawn


def _sample(*options: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "work")
        shutil.copytree(SAMPLE, place, ignore=shutil.ignore_patterns("__pycache__"))
        for source in place.rglob("*.py"):
            source.write_text(_EXPECTATION.sub("", source.read_text("utf-8")), "utf-8")
        return _said(["shop", "--format", "full", "--no-cache", *options], place)


def help_screen() -> str:
    """What ``--help`` prints."""
    return _fenced("staff-review --help", _said(["--help"], ROOT))


def map_of(*arguments: str) -> Callable[[], str]:
    """What the map of a system of several services prints."""
    return lambda: _fenced(shlex.join(["staff-review", "map", *arguments]), _said(["map", *arguments], SERVICES))


def sequence() -> str:
    """The sequence diagram of one endpoint."""
    return f"\n```mermaid\n{_said(['map', '--endpoint', ENDPOINT, '--format', 'mermaid'], SERVICES).strip()}\n```\n\n"


def map_change() -> str:
    """What a change does to that map; the commit is written as the same one each time."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "work")
        shutil.copytree(SERVICES, place, ignore=shutil.ignore_patterns("__pycache__", "expected"))
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "before"]):
            identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
            subprocess.run(["git", *identity, *command], cwd=place, check=True)
        call = "    requests.post(os.environ"
        for name, before, after in (
            ("orders/app/stock.py", ", timeout=3)", ", timeout=None)"),
            ("web/shop.py", call, f'    requests.get("http://stock:7000/levels/all", timeout=4)\n{call}'),
        ):
            file = place / name
            file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")
        said = _said(["map", "--diff", "main"], place)
    return _fenced("staff-review map --diff main", re.sub(r"since [0-9a-f]{9}", "since 4f1c2aa00", said))


def rule_index() -> str:
    """The page of rules and libraries."""
    places: dict[tuple[str, str], str] = {}
    for path in (RULES / "catalog").glob("*/*.toml"):
        places[path.parent.name, tomli.loads(path.read_text("utf-8"))["library"]] = path.relative_to(RULES).as_posix()
    return index_of(RULEBOOK, places, COMMAND)


def _said(arguments: list[str], folder: Path) -> str:
    """The standard output of our own door as a terminal of a fixed width would show it, without colours."""
    with tempfile.TemporaryDirectory() as cache:
        surroundings = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONUTF8": "1",
            "COLUMNS": _WIDTH,
            "STAFF_REVIEW_CACHE": cache,
            "NO_COLOR": "1",
        }
        command = [sys.executable, "-m", "staff_review", *arguments]
        ran = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, encoding="utf-8", check=False)
    if ran.stderr or ran.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {ran.returncode}: {ran.stderr}")
    return ran.stdout


def _fenced(command: str, said: str) -> str:
    return f"\n```text\n$ {command}\n{said.strip()}\n```\n\n"


def _with_parts(parts: Mapping[str, Callable[[], str]]) -> Callable[[str], str]:
    def renewed(text: str) -> str:
        for name, part in parts.items():
            between = re.compile(rf"(<!-- generated: {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
            text, count = between.subn(lambda found, part=part: found[1] + part() + found[2], text)
            if count != 1:
                raise ValueError(f"the part `{name}` is marked {count} times")
        return text

    return renewed


DOCUMENTS: dict[str, Callable[[str], str]] = {
    "README.md": _with_parts({"help": help_screen}),
    "docs/map.md": _with_parts(
        {"map": map_of(), "endpoint": map_of("--endpoint", ENDPOINT), "sequence": sequence, "change": map_change}
    ),
    "rules/README.md": lambda _text: rule_index(),
    "docs/README.md": lambda _text: page_index.index_of(ROOT / "docs", COMMAND),
    "docs/start.md": _with_parts({"report": sample_report}),
    "docs/report.svg": picture,
    **{
        f"docs/rules/{rule.id}.md": lambda _text, rule=rule: page_of(rule, RULEBOOK, COMMAND)
        for rule in RULEBOOK.rules.values()
    },
}
"""A document's path from the root, and what its text must become."""


def strangers() -> list[Path]:
    """Pages of rules that there are no more."""
    return sorted(page for page in (ROOT / "docs" / "rules").glob("*.md") if f"docs/rules/{page.name}" not in DOCUMENTS)
