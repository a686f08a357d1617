"""The hall of `init`: what a repository has, and which files would bring staff-review into it."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import Literal, TypeAlias

import msgspec

from ..load.files import discover
from ..load.git import answer_of, repository_of
from ..load.nested import settings_in
from ..load.regular import contents
from ..nouns.settings import Settings
from . import ci_files

Part: TypeAlias = Literal["settings", "pre-commit", "github", "gitlab", "baseline"]

PRE_COMMIT = ".pre-commit-config.yaml"
GITHUB = ".github/workflows/staff-review.yml"
GITLAB = ".gitlab/staff-review.yml"
_GITLAB_MAIN = ".gitlab-ci.yml"
_SETTINGS = "staff-review.toml"
_MOST_BYTES = 1_000_000
_NOWHERE = (
    "{path} is left out, because this staff-review was installed from what only this machine has. Tell what a build "
    "can install: staff-review init {option} --install 'git+https://HOST/staff-review@COMMIT'"
)
_VERSION = re.compile(r"""requires-python\s*=\s*["']\s*>=\s*([\d.]+)""")


class Planned(msgspec.Struct, frozen=True):
    """A file to write: `text` is all of it, or what to put after character `at` of the one that is there."""

    path: str
    text: str
    about: str
    at: int | None = None


class Plan(msgspec.Struct, frozen=True):
    """What a repository has, the files to write, and what the user must do or know besides."""

    root: str
    found: tuple[str, ...]
    files: tuple[Planned, ...] = ()
    said: tuple[str, ...] = ()


def plan_of(settings: Settings, wanted: frozenset[Part], requirement: str) -> Plan:
    """What to write, the baseline apart; `wanted` names the parts, an empty one those that fit what is there.

    `requirement` is what an installer is told in hooks and builds, "" when none can get it.
    """
    root = settings.root
    host = _host(root)
    fits: set[Part] = {"settings"}
    if os.path.isfile(os.path.join(root, PRE_COMMIT)):
        fits.add("pre-commit")
    if host in ("github", "gitlab"):
        fits.add("github" if host == "github" else "gitlab")
    files: list[Planned] = []
    said: list[str] = []
    for part in ("settings", "pre-commit", "github", "gitlab"):
        if part in (wanted or fits):
            done = _PARTS[part](root, requirement)
            if isinstance(done, str):
                said.append(done)
            else:
                files.append(done)
    if not wanted and "pre-commit" not in fits:
        said.append(f"no hook, because there is no {PRE_COMMIT}; staff-review init --pre-commit writes one")
    if not wanted and not host:
        said.append("no build, because nothing here tells of GitHub or GitLab; --github and --gitlab write one")
    if any(one.path == GITLAB for one in files):
        said.append(f"add to {_GITLAB_MAIN}: include: [{{local: {GITLAB}}}]")
    return Plan(root, tuple(_found(settings, host)), tuple(files), tuple(said))


def text_with(planned: Planned, root: str) -> str:
    """All that a planned file will hold."""
    if planned.at is None:
        return planned.text
    before = _text(os.path.join(root, planned.path)) or ""
    return before[: planned.at] + planned.text + before[planned.at :]


def _settings(root: str, _requirement: str) -> Planned | str:
    there = settings_in(root)
    if there is not None:
        return f"{os.path.relpath(there.path, root)} has settings already"
    return Planned(_SETTINGS, ci_files.SETTINGS, "settings, all of them still the defaults")


def _pre_commit(root: str, requirement: str) -> Planned | str:
    text = _text(os.path.join(root, PRE_COMMIT))
    about = "a hook for what is staged" + ("" if requirement else ", run by the staff-review that is on the path")
    if text is None:
        return Planned(PRE_COMMIT, ci_files.hooks_file(requirement), about)
    if "staff-review" in text:
        return f"{PRE_COMMIT} names staff-review already"
    added = ci_files.hook_in(text, requirement)
    if added is None:
        return f"{PRE_COMMIT} is left alone, because its list of repositories is not in the usual form"
    at, more = added
    lines = len(more.strip("\n").split("\n"))
    return Planned(PRE_COMMIT, more, f"+ {lines} lines, {about}", at)


def _github(root: str, requirement: str) -> Planned | str:
    if os.path.lexists(os.path.join(root, GITHUB)):
        return f"{GITHUB} is there already"
    if not requirement:
        return _NOWHERE.format(path=GITHUB, option="--github")
    about = "pull requests fail for what they introduce; permissions: contents read"
    return Planned(GITHUB, ci_files.github_workflow(requirement, _branch(root)), about)


def _gitlab(root: str, requirement: str) -> Planned | str:
    if os.path.lexists(os.path.join(root, GITLAB)):
        return f"{GITLAB} is there already"
    if not requirement:
        return _NOWHERE.format(path=GITLAB, option="--gitlab")
    return Planned(GITLAB, ci_files.gitlab_job(requirement), "merge requests fail for what they introduce")


_PARTS = {"settings": _settings, "pre-commit": _pre_commit, "github": _github, "gitlab": _gitlab}


def _host(root: str) -> str:
    """Where the repository is kept, by its files and else by its remote."""
    for host, path in (("github", ".github"), ("gitlab", _GITLAB_MAIN), ("gitlab", ".gitlab")):
        if os.path.exists(os.path.join(root, path)):
            return host
    remote = answer_of(root, "remote", "get-url", "origin") or ""
    return next((host for host in ("github", "gitlab") if host in remote), "")


def _branch(root: str) -> str:
    """The main branch: the remote's, else the one at hand, if its name needs no quotes."""
    remote = (answer_of(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD") or "").strip()
    name = remote.partition("/")[2] or (answer_of(root, "symbolic-ref", "--short", "HEAD") or "").strip()
    return name if re.fullmatch(r"[A-Za-z][\w./-]*", name) else "main"


def _found(settings: Settings, host: str) -> list[str]:
    root = settings.root
    found = ["git repository" if repository_of(root) else "no git repository"]
    languages = Counter(entry.language for entry in discover((os.path.relpath(root),), settings).files)
    found += [f"{count:,} files of {name.capitalize()}" for name, count in languages.most_common()]
    project = _text(os.path.join(root, "pyproject.toml"))
    least = _VERSION.search(project or "")
    found += [f"Python {least[1]} or newer"] if least else []
    found += ["pre-commit"] if os.path.isfile(os.path.join(root, PRE_COMMIT)) else []
    found += [{"github": "GitHub", "gitlab": "GitLab"}[host]] if host else []
    return found


def _text(path: str) -> str | None:
    try:
        return contents(path, _MOST_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
