"""Where a run may speak, as the machine that builds the change tells it in its environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from ..nouns.errors import UsageError
from .wire import checked

_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")


class Target(msgspec.Struct, frozen=True):
    """One change on one host, and who asks.

    `head` is the commit that was reviewed, "" if that is not known. Without a number, `source` and `branch` tell whose
    branch the change would merge.
    """

    api: str
    token: str
    repository: str
    number: int = 0
    head: str = ""
    source: str = ""
    branch: str = ""
    graph: str = ""


def github_target(environ: Mapping[str, str], event: Mapping[str, Any], number: str = "", head: str = "") -> Target:
    """The pull request that a workflow runs for; raises UsageError.

    The event is GitHub's own word. Nothing is taken from a report: that may come from anybody's fork.
    """
    repository = environ.get("GITHUB_REPOSITORY", "")
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise UsageError("no repository is known; set GITHUB_REPOSITORY to OWNER/NAME")
    token = _token(environ, "GITHUB_TOKEN", "in a workflow: `GITHUB_TOKEN: ${{ github.token }}`")
    api = checked(environ.get("GITHUB_API_URL") or "https://api.github.com")
    graph = checked(environ.get("GITHUB_GRAPHQL_URL") or _graph_of(api))
    pull, run = _table(event, "pull_request"), _table(event, "workflow_run")
    target = Target(api, token, repository, _number(number), head or _text(pull, "head", "sha"), graph=graph)
    if not target.number and pull:
        target = msgspec.structs.replace(target, number=_number(str(pull.get("number", ""))))
    elif not target.number and run:
        target = msgspec.structs.replace(
            target,
            head=head or _text(run, "head_sha"),
            source=_text(run, "head_repository", "owner", "login"),
            branch=_text(run, "head_branch"),
        )
    if not target.number and not target.branch:
        raise UsageError(
            "no pull request is known; run this for `pull_request` or `workflow_run`, or give `--number N`"
        )
    return _with_commit(target)


def gitlab_target(environ: Mapping[str, str], number: str = "", head: str = "") -> Target:
    """The merge request that a pipeline runs for; raises UsageError."""
    project = environ.get("CI_MERGE_REQUEST_PROJECT_ID") or environ.get("CI_PROJECT_ID", "")
    if not _NUMBER.fullmatch(project):
        raise UsageError("no project is known; run this in a pipeline, or set CI_PROJECT_ID to its number")
    asked = _number(number or environ.get("CI_MERGE_REQUEST_IID", ""))
    if not asked:
        raise UsageError("no merge request is known; run this in a merge request pipeline, or give `--number N`")
    api = checked(environ.get("CI_API_V4_URL") or "https://gitlab.com/api/v4")
    token = _token(environ, "GITLAB_TOKEN", "a project access token with the scope `api`")
    # In a pipeline of merged results CI_COMMIT_SHA is a commit that nobody pushed.
    commit = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environ.get("CI_COMMIT_SHA", "")
    return _with_commit(Target(api, token, project, asked, head or (commit if not number else "")))


def _graph_of(api: str) -> str:
    """GitHub's other interface stands beside the first, and on a server of one's own one step above."""
    return f"{api.removesuffix('/v3')}/graphql"


def _token(environ: Mapping[str, str], name: str, where: str) -> str:
    token = environ.get(name, "").strip()
    if not token or not token.isascii() or not token.isprintable():
        raise UsageError(f"no token to comment with; set {name} ({where})")
    return token


def _number(given: str) -> int:
    if given and not _NUMBER.fullmatch(given):
        raise UsageError(f"`{given}` is no number of a pull or merge request")
    return int(given) if given else 0


def _with_commit(target: Target) -> Target:
    if target.head and not _COMMIT.fullmatch(target.head):
        raise UsageError(f"`{target.head}` is no id of a commit")
    return target


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _text(document: Mapping[str, Any], *names: str) -> str:
    *tables, last = names
    for name in tables:
        document = _table(document, name)
    found = document.get(last)
    return found if isinstance(found, str) else ""
