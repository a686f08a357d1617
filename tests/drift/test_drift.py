"""What the documents show is what the program does."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest
from documents import COMMAND, DOCUMENTS, ROOT, strangers

from staff_review.load.rulebook import rulebook_of
from staff_review.load.settings import check_rule_ids, settings_of
from staff_review.nouns.settings import Scale

README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_generated_text_is_up_to_date(name: str) -> None:
    before = (ROOT / name).read_text("utf-8")
    after = DOCUMENTS[name](before)
    changes = difflib.unified_diff(before.splitlines(), after.splitlines(), name, "as it should be", lineterm="", n=1)
    assert before == after, f"`{COMMAND}` writes it again:\n" + "\n".join(changes)


def test_a_lost_mark_is_noticed() -> None:
    with pytest.raises(ValueError, match="`help` is marked 0 times"):
        DOCUMENTS["README.md"](README.replace("<!-- generated: help -->", ""))


def test_no_page_is_left_of_a_rule_that_is_gone() -> None:
    assert strangers() == [], f"`{COMMAND}` takes them away"


def test_the_picture_holds_no_address_and_no_script() -> None:
    drawing = (ROOT / "docs" / "report.svg").read_text("utf-8")
    assert not re.search(r"""(?:href|src|url\()\W*https?:""", drawing)
    assert "<script" not in drawing
    assert len(re.findall(r'clip-path="url\(#report-line-\d+\)"', drawing)) > 10


def test_links_lead_somewhere() -> None:
    pages = [
        ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md", "rules/README.md")
    ]
    for page in (*pages, *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_the_build_runs_the_command_of_the_readme() -> None:
    """What a newcomer is told to type is what every change must pass."""
    (command,) = re.findall(r"^(pip install .*&& pytest.*)$", README, re.MULTILINE)
    steps = {line.strip() for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()}
    assert set(command.split(" && ")) <= steps


def test_the_settings_of_the_readme_are_settings(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    file = tmp_path / "pyproject.toml"
    file.write_text(example, "utf-8")
    settings = settings_of(str(tmp_path))
    check_rule_ids(settings, rulebook_of())
    assert settings.origin == str(file)
    assert settings.scale == Scale(requests_per_second=200, p99_ms=100)
