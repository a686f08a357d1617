"""staff-review on its own source, and on its own benchmarks and tests: no finding, nothing left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from staff_review.hall.review import review_paths
from staff_review.load.settings import settings_of

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("folder", ["src", "bench", "tests"])
def test_nothing_is_found_in_our_own_house(folder: str) -> None:
    wishes = {"include_tests": True, "preview": True}
    review = review_paths((str(ROOT / folder),), settings_of(str(ROOT), wishes)).review
    assert [f"{finding.place}: {finding.rule}: {finding.message}" for finding in review.findings] == []
    assert (review.gaps, review.faults, review.silenced) == ((), (), ())
    assert review.figures.files


def test_a_planted_fault_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("import subprocess\n\nimport requests\n\nrequests.get('http://peer.internal')\n")
    review = review_paths((str(tmp_path),), settings_of(str(ROOT)), cache=False).review
    assert [finding.rule for finding in review.findings] == ["missing-timeout"]
