"""Where a run may speak: by GitHub's and GitLab's own word, and never by a report's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_github import Repository
from github_server import Server
from small_change import finding

from staff_review.cli import run
from staff_review.host.targets import github_target, gitlab_target
from staff_review.nouns.errors import UsageError
from staff_review.nouns.findings import Review

GITHUB = {"GITHUB_REPOSITORY": "team/shop", "GITHUB_TOKEN": "t"}
GITLAB = {"CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "3", "GITLAB_TOKEN": "t", "CI_COMMIT_SHA": "a" * 40}
PULL = {"pull_request": {"number": 7, "head": {"sha": "a" * 40}}}


@pytest.mark.parametrize(
    ("environ", "event", "number", "sentence"),
    [
        ({}, PULL, "", "GITHUB_REPOSITORY"),
        ({**GITHUB, "GITHUB_REPOSITORY": "../../x"}, PULL, "", "GITHUB_REPOSITORY"),
        ({"GITHUB_REPOSITORY": "team/shop"}, PULL, "", "set GITHUB_TOKEN"),
        ({**GITHUB, "GITHUB_TOKEN": "a\nb"}, PULL, "", "set GITHUB_TOKEN"),
        (GITHUB, {}, "", "no pull request is known"),
        (GITHUB, {"pull_request": []}, "", "no pull request is known"),
        (GITHUB, {}, "7/merge", "`7/merge` is no number"),
        ({**GITHUB, "GITHUB_API_URL": "file:///etc"}, PULL, "", "is no address of a code host"),
        (GITHUB, {"pull_request": {"number": 7, "head": {"sha": "HEAD~1"}}}, "", "is no id of a commit"),
    ],
)
def test_what_is_missing_on_github_is_told(
    environ: dict[str, str], event: dict[str, object], number: str, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        github_target(environ, event, number)


@pytest.mark.parametrize("name", GITLAB)
def test_what_is_missing_on_gitlab_is_told(name: str) -> None:
    environ = {key: value for key, value in GITLAB.items() if key != name}
    if name == "CI_COMMIT_SHA":
        assert gitlab_target(environ).head == ""
    else:
        with pytest.raises(UsageError):
            gitlab_target(environ)


def test_a_server_of_ones_own() -> None:
    target = github_target({**GITHUB, "GITHUB_API_URL": "https://git.example/api/v3"}, PULL)
    assert target.graph == "https://git.example/api/graphql"
    assert github_target(GITHUB, PULL).graph == "https://api.github.com/graphql"


def test_a_pipeline_of_merged_results_names_the_commit_that_was_pushed() -> None:
    assert gitlab_target({**GITLAB, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "b" * 40}).head == "b" * 40


@pytest.fixture
def trusted(event: Path, repository: Repository) -> Callable[..., None]:
    """The side of a fork's pull request that may write: it knows a branch and a commit, and no number."""

    def trusted(commit: str = "a" * 40, branch: str = "feature") -> None:
        repository.fork = True
        source = {"head_repository": {"owner": {"login": "stranger"}}, "head_branch": branch, "head_sha": commit}
        event.write_text(json.dumps({"workflow_run": {**source, "pull_requests": []}}))

    return trusted


def test_a_fork_is_found_by_its_branch(
    trusted: Callable[..., None], on_github: Server, written: Callable[..., str]
) -> None:
    trusted()
    assert run(["comment", written(Review(findings=(finding(),))), "--github"]) == 0
    assert len(on_github.repository.review_comments) == 1


@pytest.mark.parametrize("wrong", [{"commit": "f" * 40}, {"branch": "other&head=team:main"}])
def test_a_fork_that_has_moved_on_is_left_alone(
    trusted: Callable[..., None],
    on_github: Server,
    written: Callable[..., str],
    wrong: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    trusted(**wrong)
    command = ["comment", written(Review(findings=(finding(),))), "--github"]
    assert run(command) == 0
    assert "no open pull request has" in capsys.readouterr().err
    assert not on_github.written
    assert run([*command, "--required"]) == 3


def test_a_run_for_an_older_commit_keeps_quiet(
    on_github: Server, written: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    on_github.repository.push("b", on_github.repository.after)
    assert run(["comment", written(Review(findings=(finding(),))), "--github"]) == 0
    assert "aaaaaaa was checked, and the change is at bbbbbbb now" in capsys.readouterr().err
    assert not on_github.written


def test_a_closed_pull_request_is_left_alone(on_github: Server, written: Callable[..., str]) -> None:
    on_github.repository.state = "closed"
    assert run(["comment", written(Review(findings=(finding(),))), "--github"]) == 0
    assert not on_github.written


def test_a_place_must_be_named(written: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["comment", written(Review())]) == 2
    assert "--github or --gitlab" in capsys.readouterr().err
