"""A repository to change, and what its change does."""

from __future__ import annotations

import subprocess
from pathlib import Path

from staff_review.hall.comparing import compared
from staff_review.load.rulebook import rulebook_of
from staff_review.load.settings import settings_of
from staff_review.nouns.findings import Review

RULEBOOK = rulebook_of()


class Repository:
    """A git repository in the working directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]
        command = ["git", *identity, *arguments]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True, timeout=60, text=True)
        return done.stdout.strip()

    def write(self, **files: str) -> None:
        """Write files: `write(shop__api="...")` is shop/api.py."""
        for name, text in files.items():
            self.put(name.replace("__", "/") + ".py", text)

    def put(self, name: str, text: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self, **files: str) -> str:
        """Write files and commit all that is there; the id of the commit."""
        self.write(**files)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD")

    def change(
        self,
        since: str = "",
        paths: tuple[str, ...] = (".",),
        *,
        staged: bool = False,
        near: bool = False,
        cache: bool = False,
    ) -> Review:
        """The review of a change."""
        how = {"since": since, "staged": staged, "near": near, "cache": cache}
        return compared(paths, settings_of("."), RULEBOOK, **how, jobs=1).review
