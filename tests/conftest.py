"""What tests of several folders share."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says what else the machine does, not whether the code is right.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A change is judged by the same examples as the one before it; `--hypothesis-profile=search` looks for new ones.
settings.register_profile("steady", settings.get_profile("search"), derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which programs install the product without a network: what it needs is lent by ours."""
    lent = tmp_path_factory.mktemp("lent")
    for folder in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for entry in Path(folder).iterdir():
            if not entry.name.startswith(("staff_review", "__editable__", "_staff_review")) and entry.suffix != ".pth":
                (lent / entry.name).symlink_to(entry)
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "GIT_"))}
    return kept | {
        "PYTHONPATH": str(lent), "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0",
        "HOME": str(home), "PRE_COMMIT_HOME": str(home / "pre-commit"), "STAFF_REVIEW_CACHE": str(home / "cache"),
        "GIT_CONFIG_NOSYSTEM": "1", "PRE_COMMIT_COLOR": "never",
        **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }  # fmt: skip
