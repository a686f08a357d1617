"""`staff-review comment REPORT`: bring the comments on a pull or merge request up to date with a report."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from ..nouns.errors import UsageError

if TYPE_CHECKING:
    from ..hall.posting import Posted
    from ..host.talk import Host
    from ..host.targets import Target

_LARGEST_EVENT = 32_000_000


@click.command()
@click.argument("report", metavar="REPORT.json")
@click.option("--github", "host", flag_value="github", help="On a pull request; the token is GITHUB_TOKEN.")
@click.option("--gitlab", "host", flag_value="gitlab", help="On a merge request; the token is GITLAB_TOKEN.")
@click.option("--number", metavar="N", default="", help="Which one; default: the one that this workflow runs for.")
@click.option("--commit", metavar="ID", default="", help="The commit that was checked; default: as the workflow says.")
@click.option("--folder", metavar="DIR", default="", help="The folder of the repository in which the check ran.")
@click.option("--summary-only", is_flag=True, help="No comments on lines.")
@click.option("--always", is_flag=True, help="Write the summary also when nothing was found.")
@click.option("--deadline", type=click.FloatRange(min=1), default=120.0, metavar="SECONDS", help="Default 120.")
@click.option("--required", is_flag=True, help="Exit with 3 when not all of it could be posted.")
def comment(report: str, host: str | None, **given: Any) -> int:  # noqa: ANN401 - the options as click gives them
    """Post a report on a pull or merge request, and keep it up to date.

    REPORT.json is what `staff-review --format json=REPORT.json` wrote, here or in a job that may not comment; - reads
    standard input.
    """
    from ..hall.posting import Ask, posted
    from ..host.caller import Caller
    from ..host.github import GitHub
    from ..host.gitlab import GitLab
    from ..host.targets import github_target, gitlab_target
    from ..load.reports import recorded
    from ..load.rulebook import rulebook_of

    if host is None:
        raise UsageError("say where to comment: --github or --gitlab")
    said = recorded(_read(report), report)
    wishes = (given["number"], given["commit"])
    speaker: Host
    target: Target
    if host == "github":
        target = github_target(os.environ, _event() if not given["number"] else {}, *wishes)
        speaker = GitHub(target, Caller(target.api, GitHub.headers(target.token), deadline=given["deadline"]))
    else:
        target = gitlab_target(os.environ, *wishes)
        speaker = GitLab(target, Caller(target.api, GitLab.headers(target.token), deadline=given["deadline"]))
    ask = Ask(given["folder"], not given["summary_only"], given["always"], target.head)
    done = posted(said, rulebook_of(), speaker, ask)
    _tell(done)
    return 3 if done.troubles and given["required"] else 0


def _tell(done: Posted) -> None:
    """What was done on one line of standard error, and a line for each thing that could not be."""
    for trouble in dict.fromkeys(done.troubles):
        click.echo(f"staff-review: {trouble}", err=True)
    if done.skipped:
        click.echo(f"staff-review: nothing was posted: {done.skipped}", err=True)
    elif done.summary or done.new or done.changed:
        new = f"{done.new} new comment{'' if done.new == 1 else 's'}"
        summary = "the summary is up to date" if done.summary else "no summary"
        click.echo(f"staff-review: {new}, {done.changed} changed, {summary}", err=True)
    elif not done.troubles:
        click.echo("staff-review: nothing to say, so nothing was posted", err=True)


def _read(path: str) -> bytes:
    from ..load.reports import LARGEST

    try:
        if path == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(
            f"cannot read the report `{path}`: {error.strerror}; write one with --format json=FILE"
        ) from error
    if len(data) > LARGEST:
        raise UsageError(f"the report `{path}` is larger than {LARGEST // 1_000_000} MB")
    return data


def _event() -> dict[str, Any]:
    """What the runner tells of the event that started it; nothing outside of a workflow."""
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    if not path:
        return {}
    try:
        with open(path, "rb") as file:
            event = json.loads(file.read(_LARGEST_EVENT))
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read the event of this workflow (`{path}`); give `--number N`") from error
    return event if isinstance(event, dict) else {}
