"""Which commit of which repository a folder shows, for links to it."""

from __future__ import annotations

import os

from .git import answer_of


def prefix_and_commit(folder: str) -> tuple[str, str]:
    """The folder as seen from its repository's root ("" for the root, else with a last slash), and the full commit id.

    Both are "" where there is no repository or no commit.
    """
    lines = (answer_of(os.path.abspath(folder), "rev-parse", "--show-prefix", "HEAD") or "").split("\n")
    return (lines[0], lines[1]) if len(lines) > 1 else ("", "")
