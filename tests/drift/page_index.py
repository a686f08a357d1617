"""The index of the pages under ``docs/``: each with its title and how it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_ORDER = ("start", "adopt", "ci", "map", "persona", "settings", "reference", "write-a-rule", "catalog", "how-it-works")
_ENOUGH, _MOST = 60, 160
"""Characters of what is said of a page."""
_OPENING = """\
# Documentation

<!-- Written by `{command}` from the pages themselves. -->

"""


def index_of(docs: Path, command: str) -> str:
    """The whole page; those that the order does not name come last."""
    pages = sorted(
        docs.glob("*.md"), key=lambda page: (_ORDER.index(page.stem) if page.stem in _ORDER else 99, page.stem)
    )
    rows = [*(_row(page, docs) for page in pages if page.name != "README.md"), _RULES]
    decisions = "\n".join(_decisions(docs / "decisions"))
    return f"{_OPENING.format(command=command)}{_HEAD}{''.join(rows)}\n## Decisions\n\n{decisions}\n"


_HEAD = "| page | |\n| --- | --- |\n"
_RULES = "| [The rules](../rules/README.md) | What it knows: every rule, with a page of its own, and every library. |\n"


def _row(page: Path, docs: Path) -> str:
    title, sentence = _beginning(page.read_text("utf-8"))
    return f"| [{title}]({page.relative_to(docs).as_posix()}) | {sentence} |\n"


def _beginning(text: str) -> tuple[str, str]:
    """The title of a page and its first sentences, as many as say something."""
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    paragraph = re.search(r"\n\n((?![#<|`]).+?)\n\n", text, re.DOTALL)
    if title is None or paragraph is None:
        raise ValueError(f"a page begins without a title or a sentence: {text[:60]!r}")
    about = ""
    for sentence in re.split(r"(?<=[.])\s", " ".join(paragraph[1].split())):
        about = f"{about} {sentence}".strip()
        if len(about) >= _ENOUGH:
            break
    about = about.partition(": ")[0] if len(about) > _MOST else about
    about = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", about)
    return title[1], f"{about.rstrip(':.')}."


def _decisions(folder: Path) -> Iterator[str]:
    for page in sorted(folder.glob("*.md")):
        number = page.name.partition("-")[0]
        title = _beginning(page.read_text("utf-8"))[0].removeprefix(f"{number} · ")
        yield f"- [{number}](decisions/{page.name}) {title}"
