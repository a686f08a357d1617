"""The page about rules: its example works as it stands there, and it names every key and word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from staff_review.hall.review import review_paths
from staff_review.load.settings import settings_of
from staff_review.nouns import rulebook

PAGE = (Path(__file__).parents[2] / "docs" / "write-a-rule.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TABLES: dict[str, type[msgspec.Struct]] = {
    "## `[[match]]`": rulebook.Match,
    "### A condition on an option": rulebook.Condition,
}


def block(beginning: str) -> str:
    """The one example that begins so."""
    (found,) = (text for _, text in BLOCK.findall(PAGE) if text.startswith(beginning))
    return str(found)


def first_column(heading: str) -> set[str]:
    """What the first column of the table below a heading names."""
    section = re.split(r"^#+ ", PAGE.partition(heading)[2], maxsplit=1, flags=re.MULTILINE)[0]
    return {key for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}


def test_the_example_finds_what_it_says_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "pyproject.toml": block("[tool.staff-review]"),
        "reliability/price-kept-for-ever.toml": block("id ="),
        "reliability/acme_cache.toml": block("library ="),
        "prices.py": block("import acme_cache"),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    settings = msgspec.structs.replace(settings_of("."), select=("price-kept-for-ever",))
    findings = review_paths((".",), settings).review.findings
    said = [number for number, line in enumerate(files["prices.py"].split("\n"), 1) if "# price-kept-for-ever" in line]
    assert [(one.place.line, one.message) for one in findings] == [
        (said[0], "`acme_cache.put` keeps a price for ever (expiry: none)")
    ]


@pytest.mark.parametrize(("heading", "kind"), TABLES.items())
def test_every_key_is_explained_and_none_is_invented(heading: str, kind: type[msgspec.Struct]) -> None:
    assert first_column(heading) == set(kind.__struct_fields__)


def test_every_place_is_explained() -> None:
    section = PAGE.partition("### Places")[2].partition("## The words")[0]
    assert set(get_args(rulebook.Where)) <= set(re.findall(r"`(\w+)`", section))
