"""A merge request over several pushes, by the same protocol as a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from gitlab_server import ME, SOMEBODY, TOKEN, GitLabServer, MergeRequest
from small_change import AFTER, BEFORE, PEERS, finding

from staff_review.cli import run
from staff_review.nouns.findings import Review, Suggestion

Post = Callable[..., int]


@pytest.fixture
def request_(monkeypatch: pytest.MonkeyPatch) -> Iterator[MergeRequest]:
    """A merge request, and the environment of a job of its pipeline."""
    made = MergeRequest()
    made.before, made.after = BEFORE, AFTER
    server = GitLabServer(made)
    server.thread.start()
    for name, value in {
        "CI_API_V4_URL": server.url, "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "3", "GITLAB_TOKEN": TOKEN,
        "NO_PROXY": "127.0.0.1", "CI_COMMIT_SHA": made.head, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    yield made
    server.shutdown()
    server.thread.join()
    server.server_close()
    assert not server.complaints


@pytest.fixture
def post(request_: MergeRequest, written: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Post:
    def post(review: Review, *options: str, **more: dict[str, Suggestion]) -> int:
        monkeypatch.setenv("CI_COMMIT_SHA", request_.head)
        return run(["comment", written(review, **more), "--gitlab", *options])

    return post


def test_four_pushes(post: Post, request_: MergeRequest) -> None:
    """Introduce, move, fix, reintroduce: one discussion and one note throughout."""
    post(Review(findings=(finding(),)))
    inline, summary = request_.notes
    first = inline["body"]
    assert inline["position"]["new_line"] == 20
    assert summary["body"].startswith("<!-- staff-review:summary v1 -->\n### staff-review: 1 error in 1 file")

    request_.head, request_.after = "b" * 40, {PEERS: "import x\n" + AFTER[PEERS]}
    post(Review(findings=(finding(21),)))
    assert inline["body"] == first

    request_.head, request_.after = "c" * 40, {PEERS: BEFORE[PEERS].replace("20 = 20", "20 = 21")}
    post(Review())
    assert inline["body"].startswith("No longer reported at ccccccc.")
    assert (inline["resolved"], inline["resolved_by"]) == (True, {"id": ME})

    request_.head, request_.after = "d" * 40, AFTER
    post(Review(findings=(finding(),)))
    assert (inline["body"], inline["resolved"]) == (first, False)
    assert (len(request_.notes), request_.notified) == (2, 2)


def test_what_a_person_resolved_stays_resolved(post: Post, request_: MergeRequest) -> None:
    post(Review(findings=(finding(),)))
    inline = request_.notes[0]
    inline["resolved"], inline["resolved_by"] = True, {"id": SOMEBODY}
    before = inline["body"]
    for review in (Review(), Review(findings=(finding(),))):
        post(review)
    assert (inline["body"], inline["resolved_by"], len(request_.notes)) == (before, {"id": SOMEBODY}, 2)


def test_a_line_that_did_not_change_is_told_by_both_numbers(post: Post, request_: MergeRequest) -> None:
    request_.after = {PEERS: "import x\n" + AFTER[PEERS]}
    post(Review(findings=(finding(22),)))
    assert request_.notes[0]["position"]["old_line"] == 21


def test_a_suggestion_is_told_by_lines_around(post: Post, request_: MergeRequest) -> None:
    post(Review(findings=(finding(),)), suggestions={"1" * 16: Suggestion(19, 21, ("answer = 1",))})
    assert "\n```suggestion:-1+1\nanswer = 1\n```\n" in request_.notes[0]["body"]


def test_one_line_that_is_not_taken_costs_no_other(
    post: Post, request_: MergeRequest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    takes = request_._takes
    monkeypatch.setattr(request_, "_takes", lambda place: place["new_line"] != 20 and takes(place))
    post(Review(findings=(finding(20), finding(21, "2" * 16))))
    assert [note.get("position", {}).get("new_line") for note in request_.notes] == [21, None]
    assert "no new comments on lines: the host refuses (400: 400 Bad request" in capsys.readouterr().err


def test_somebody_elses_note_with_our_mark_is_nothing(post: Post, request_: MergeRequest) -> None:
    request_.begin(f"x\n\n<!-- staff-review:finding v1 fp={'1' * 16} rule=a -->", author=SOMEBODY)
    post(Review(findings=(finding(),)))
    assert len(request_.notes) == 3
