"""What git says about a folder: which files are part of it, and whether it is ignored."""

from __future__ import annotations

import os
import re
import subprocess

import msgspec

_SECONDS = 30
_LIST = ("--literal-pathspecs", "ls-files", "-z", "-s", "-t", "--cached", "--others", "--exclude-standard")
_MOST_FOLDERS = 200  # above it the command line could grow too long; then the whole repository is listed
_UNREADABLE = re.compile(r"could not open directory '(.+?)/?': (.+)")
# A hook runs with these set for its own repository; the folder at hand may be in another one.
_FOREIGN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")


class GitListing(msgspec.Struct, frozen=True):
    """Names relative to the repository root, with slashes: `files`, and `repositories` inside it (submodules too).

    `unreadable` are folders that git could not open, with what the system said.
    """

    files: tuple[str, ...]
    repositories: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()


class GitFailure(msgspec.Struct, frozen=True):
    """Git did not answer, and in a few words why; an empty reason when there is no git on this machine."""

    reason: str


def repository_of(folder: str) -> str | None:
    """The nearest folder at or above `folder` (absolute) that holds a `.git`, None without one."""
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def listing_of(root: str, folders: tuple[str, ...]) -> GitListing | GitFailure:
    """Files below `folders` (relative to `root`, "" for all of it) that are tracked, or new and not ignored."""
    wanted = () if "" in folders or len(folders) > _MOST_FOLDERS else folders
    answer = _git(root, *_LIST, "--", *wanted)
    if isinstance(answer, GitFailure):
        return answer
    if answer.returncode != 0:
        return GitFailure(_said(answer))
    files, repositories = _names(os.fsdecode(answer.stdout))
    unreadable = tuple(
        (found[1], found[2].lower())
        for line in os.fsdecode(answer.stderr).splitlines()
        if (found := _UNREADABLE.search(line))
    )
    return GitListing(files, repositories, unreadable)


def ignores(root: str, folder: str) -> bool:
    """Whether the ignore rules of the repository at `root` cover `folder` (relative to it)."""
    # It knows no literal names; behind a dot and a slash nothing reads as magic.
    answer = _git(root, "check-ignore", "-q", "--", f"./{folder}")
    return not isinstance(answer, GitFailure) and answer.returncode == 0


def answer_of(root: str, *arguments: str) -> str | None:
    """What one git command prints for the repository around `root`; None when git is not there or refuses."""
    answer = _git(root, *arguments)
    if isinstance(answer, GitFailure) or answer.returncode != 0:
        return None
    return os.fsdecode(answer.stdout)


def asked(root: str, *arguments: str, data: bytes = b"", index: str = "") -> bytes | GitFailure:
    """What one git command prints for the repository around `root`, given `data` to read, or why it refuses.

    `index` is a file to use instead of the repository's own index.
    """
    answer = _git(root, *arguments, data=data, index=index)
    if isinstance(answer, GitFailure):
        return answer
    return answer.stdout if answer.returncode == 0 else GitFailure(_said(answer))


def _names(listed: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sort out ``? name`` for a new file and ``H 100644 object stage<tab>name`` for one in the index."""
    files: list[str] = []
    repositories: list[str] = []
    for item in listed.split("\0"):
        if item.startswith("? "):
            name = item[2:]
            repository = name.endswith("/")
        else:
            described, _, name = item.partition("\t")
            repository = described.startswith("160000", 2)
        if repository:
            repositories.append(name.rstrip("/"))
        elif name:
            files.append(name)
    return tuple(files), tuple(repositories)


def _git(
    root: str, *arguments: str, data: bytes = b"", index: str = ""
) -> subprocess.CompletedProcess[bytes] | GitFailure:
    environment = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    environment["GIT_NO_LAZY_FETCH"] = "1"  # what a partial clone lacks is not fetched behind the user's back
    if index:
        environment["GIT_INDEX_FILE"] = index
    # A repository may name a program as its file monitor; reviewing code must never run what it brought along.
    command = ["git", "-c", "core.fsmonitor=false", "-C", root, *arguments]
    try:
        return subprocess.run(  # noqa: S603 - a fixed command, no shell
            command, capture_output=True, check=False, timeout=_SECONDS, env=environment, input=data
        )
    except FileNotFoundError:
        return GitFailure("")
    except subprocess.TimeoutExpired:
        return GitFailure(f"no answer in {_SECONDS} seconds")
    except (OSError, ValueError) as error:
        return GitFailure(str(error))


def _said(answer: subprocess.CompletedProcess[bytes]) -> str:
    lines = answer.stderr.decode("utf-8", "replace").strip().splitlines()
    fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    return (fatal or lines or [f"exit code {answer.returncode}"])[0]
