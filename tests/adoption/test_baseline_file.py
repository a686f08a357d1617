"""The baseline file: what it holds, that it is small and stable, and how a mistake in it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff_review.load.baseline import baseline_of, text_of
from staff_review.nouns.baseline import Accepted, Baseline
from staff_review.nouns.errors import UsageError
from staff_review.nouns.settings import Settings

PATHS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
FINGERPRINTS = st.lists(st.from_regex(r"[0-9a-f]{16}", fullmatch=True), min_size=1, max_size=4).map(
    lambda found: tuple(sorted(found))
)
ROWS = st.dictionaries(st.tuples(PATHS, st.sampled_from(["missing-timeout", "call-in-loop", "odd rule"])), FINGERPRINTS)


def baseline(*rows: Accepted) -> Baseline:
    return Baseline("", tuple(sorted(rows)))


def read(tmp_path: Path, text: str) -> Baseline:
    file = tmp_path / "accepted.toml"
    file.write_text(text, "utf-8")
    return baseline_of(Settings(baseline=str(file)))


@given(rows=ROWS)
def test_what_is_written_is_read(
    rows: dict[tuple[str, str], tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = baseline(*(Accepted(path, rule, found) for (path, rule), found in rows.items()))
    assert read(tmp_path_factory.mktemp("b"), text_of(before)).accepted == before.accepted


def test_the_file_is_sorted_by_path_and_rule_with_a_line_each() -> None:
    rows = [
        Accepted("b.py", "missing-timeout", ("1" * 16,)),
        Accepted("a.py", "missing-timeout", ("2" * 16, "3" * 16)),
        Accepted("a.py", "call-in-loop", ("4" * 16,)),
    ]
    text = text_of(Baseline("", tuple(rows)))
    assert text.split("\n\n", 1)[1] == (
        '["a.py"]\ncall-in-loop = ["4444444444444444"]\nmissing-timeout = [\n  "2222222222222222",\n'
        '  "3333333333333333",\n]\n\n["b.py"]\nmissing-timeout = ["1111111111111111"]\n'
    )
    assert text == text_of(Baseline("", tuple(rows[::-1])))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<<<<<<< HEAD\n", "accepted.toml, line 1: not valid TOML"),
        ('["a.py"]\nmissing-timeout = ["zz"]\n', "accepted.toml, line 2: `zz` is no fingerprint: 16 hex digits"),
        ('["a.py"]\nmissing-timeout = "zz"\n', "accepted.toml, line 2: `it` must be a list, not a text"),
        ("a = 1\n", "accepted.toml, line 1: `it` must be a table, not a whole number"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert said in str(caught.value)


def test_none_is_none_and_one_that_is_named_must_be_there(tmp_path: Path) -> None:
    assert baseline_of(Settings()) == Baseline()
    with pytest.raises(UsageError, match="is not there; `staff-review baseline create` writes it"):
        baseline_of(Settings(baseline=str(tmp_path / "gone.toml")))
