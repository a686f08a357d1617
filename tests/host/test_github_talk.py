"""A pull request over several pushes: what is said, what is changed, and what is never said twice."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from fake_github import Repository
from github_server import Server
from small_change import AFTER, PEERS, finding, opinion

from staff_review.cli import run
from staff_review.nouns.findings import Fault, Gap, Review, Silenced, Suggestion

Written = Callable[..., str]


def said(repository: Repository) -> tuple[int, int]:
    """How many comments of ours stand on lines and on the whole."""
    return len(repository.review_comments), len(repository.issue_comments)


@pytest.fixture
def post(on_github: Server, written: Written) -> Callable[..., int]:
    """Posts a review, after a push if the name of one is given."""

    def post(review: Review, *options: str, **more: dict[str, Suggestion]) -> int:
        on_github.asked.clear()
        repository = on_github.repository
        return run(["comment", written(review, **more), "--github", "--commit", repository.head, *options])

    return post


def test_a_first_push_gets_one_review_and_one_summary(post: Callable[..., int], on_github: Server) -> None:
    assert post(Review(findings=(finding(),), comments=(opinion(),))) == 0
    repository = on_github.repository
    assert on_github.written == ["POST /repos/team/shop/pulls/7/reviews", "POST /repos/team/shop/issues/7/comments"]
    (review,) = repository.reviews
    assert review["event"] == "COMMENT"
    first, second = repository.review_comments
    assert (first["path"], first["line"], first["side"]) == (PEERS, 20, "RIGHT")
    assert first["body"].startswith("**error: `session.get` can wait for ever")
    assert first["body"].endswith(f"<!-- staff-review:finding v1 fp={'1' * 16} rule=missing-timeout -->")
    assert second["body"].startswith("**Opinion: Every request asks this peer.**")
    assert "An opinion of backend-staff, a language model" in second["body"]
    (summary,) = repository.issue_comments
    lines = summary["body"].split("\n")
    assert lines[0] == "<!-- staff-review:summary v1 -->"
    assert lines[1] == "### staff-review: 1 error in 1 file"
    assert lines[-1] == f"<!-- staff-review:posted v1 {'1' * 16} {'e' * 16} -->"


def test_the_same_report_again_writes_nothing(post: Callable[..., int], on_github: Server) -> None:
    review = Review(findings=(finding(),), comments=(opinion(),))
    post(review)
    post(review)
    # The first summary was written before its own comments were counted as standing.
    assert on_github.written in ([], ["PATCH /repos/team/shop/issues/comments/9000000004"])
    assert said(on_github.repository) == (2, 1)


def test_four_pushes(post: Callable[..., int], on_github: Server) -> None:
    """Introduce, move, fix, reintroduce: one comment throughout."""
    repository = on_github.repository
    post(Review(findings=(finding(20),)))
    (comment,) = repository.review_comments
    first_words = comment["body"]

    moved = {PEERS: "import session\n" + AFTER[PEERS]}
    repository.push("b", moved)
    post(Review(findings=(finding(21),)))
    assert (comment["body"], comment["edits"], said(repository)) == (first_words, 0, (1, 1))

    repository.push("c", {PEERS: moved[PEERS].replace("(PEER)", "(PEER, timeout=2)")})
    post(Review())
    assert comment["body"].startswith("No longer reported at ccccccc.\n\n> **error: `session.get` can wait")
    assert f"fp={'1' * 16} rule=missing-timeout gone={'c' * 40} -->" in comment["body"]
    assert comment["minimized"]
    assert "### staff-review: no findings" in repository.issue_comments[0]["body"]
    assert "1 finding gone since the last time" in repository.issue_comments[0]["body"]

    repository.push("d", moved)
    post(Review(findings=(finding(21),)))
    assert (comment["body"], comment["minimized"]) == (first_words, False)
    assert (said(repository), len(repository.reviews)) == ((1, 1), 1)


@pytest.mark.parametrize("how", ["resolved", "minimized", "deleted"])
def test_what_a_person_closed_stays_closed(post: Callable[..., int], on_github: Server, how: str) -> None:
    repository = on_github.repository
    post(Review(findings=(finding(),)))
    (comment,) = repository.review_comments
    if how == "deleted":
        repository.review_comments.clear()
    else:
        comment[how] = True
    for review in (Review(findings=(finding(),)), Review(), Review(findings=(finding(),))):
        post(review)
        assert comment["edits"] == 0
        assert len(repository.reviews) == 1
    summary = repository.issue_comments[0]["body"]
    assert "1 closed by a person, and not posted again" in summary
    assert "`session.get` can wait for ever" in summary


def test_marks_count_only_in_comments_of_our_own(post: Callable[..., int], on_github: Server) -> None:
    repository = on_github.repository
    mark = f"<!-- staff-review:finding v1 fp={'1' * 16} rule=missing-timeout -->"
    theirs = repository.say_on(PEERS, f"Nothing here.\n\n{mark}", author="stranger", line=20, side="RIGHT")
    summary = repository.say(
        f"<!-- staff-review:summary v1 -->\nAll fine.\n<!-- staff-review:posted v1 {'1' * 16} -->", author="stranger"
    )
    post(Review(findings=(finding(),)))
    assert said(repository) == (2, 2)
    assert (theirs["edits"], summary["edits"]) == (0, 0)


def test_what_stands_elsewhere_is_in_the_summary_with_its_code(post: Callable[..., int], on_github: Server) -> None:
    far = finding(30, "2" * 16)
    other = finding(5, "3" * 16, path="shop/a file.py")
    post(Review(findings=(far, other)))
    repository = on_github.repository
    assert said(repository) == (0, 1)
    lines = repository.issue_comments[0]["body"].split("\n")
    link = f"https://github.example/team/shop/blob/{'a' * 40}/shop"
    assert f"{link}/peers.py#L28-L32" in lines
    assert f"{link}/a%20file.py#L3-L7" in lines


def test_there_is_room_for_ten_findings_and_three_opinions(post: Callable[..., int], on_github: Server) -> None:
    repository = on_github.repository
    repository.push("a", {PEERS: "".join(f"call_{number}()\n" for number in range(1, 41))})
    findings = tuple(
        finding(line, f"{line:016x}", severity="warning" if line < 10 else "error" if line < 30 else "note")
        for line in range(1, 41)
    )
    remarks = tuple(opinion(line, f"{line + 100:016x}") for line in range(1, 6))
    post(Review(findings=findings, comments=remarks))
    lines = [comment["line"] for comment in repository.review_comments]
    assert lines == [*range(10, 20), 1, 2, 3]
    post(Review(findings=findings, comments=remarks))
    assert len(repository.reviews) == 1


def test_nothing_found_at_first_is_nothing_said(
    post: Callable[..., int], on_github: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert post(Review()) == 0
    assert said(on_github.repository) == (0, 0)
    assert capsys.readouterr().err == "staff-review: nothing to say, so nothing was posted\n"
    post(Review(), "--always")
    assert "no findings" in on_github.repository.issue_comments[0]["body"]


def test_silence_is_no_proof_where_not_everything_was_read(post: Callable[..., int], on_github: Server) -> None:
    """A finding has not gone because its file cannot be parsed any more, or because a check of ours failed."""
    post(Review(findings=(finding(),)))
    (comment,) = on_github.repository.review_comments
    post(Review(gaps=(Gap(PEERS, 3, "syntax error"),)))
    post(Review(faults=(Fault("missing-timeout", "KeyError"),)))
    assert comment["edits"] == 0


def test_an_accepted_finding_says_so(post: Callable[..., int], on_github: Server) -> None:
    post(Review(findings=(finding(),)))
    post(Review(silenced=(Silenced(finding(), "comment", "batch job"),)))
    assert on_github.repository.review_comments[0]["body"].startswith("Accepted: batch job.")


def test_a_persona_that_is_silent_today_takes_nothing_back(post: Callable[..., int], on_github: Server) -> None:
    post(Review(comments=(opinion(),)))
    post(Review())
    assert on_github.repository.review_comments[0]["edits"] == 0


def test_a_suggestion_is_one_block(post: Callable[..., int], on_github: Server) -> None:
    wish = Suggestion(20, 21, ("answer = session.get(", "    PEER, timeout=5)  # ```"))
    post(Review(findings=(finding(),)), suggestions={"1" * 16: wish})
    (comment,) = on_github.repository.review_comments
    assert (comment["start_line"], comment["line"]) == (20, 21)
    assert "\n````suggestion\nanswer = session.get(\n    PEER, timeout=5)  # ```\n````\n" in comment["body"]


def test_a_suggestion_that_the_change_does_not_show_is_left_out(post: Callable[..., int], on_github: Server) -> None:
    wish = Suggestion(20, 30, ("x",))
    post(Review(findings=(finding(),)), suggestions={"1" * 16: wish})
    (comment,) = on_github.repository.review_comments
    assert (comment["line"], "suggestion" in comment["body"]) == (20, False)


def test_a_fork_suggests_nothing_and_is_named(post: Callable[..., int], on_github: Server) -> None:
    on_github.repository.fork = True
    post(Review(findings=(finding(),)), suggestions={"1" * 16: Suggestion(20, 20, ("evil()",))})
    assert "suggestion" not in on_github.repository.review_comments[0]["body"]
    assert "This report was made in a fork" in on_github.repository.issue_comments[0]["body"]


def test_the_summary_alone(post: Callable[..., int], on_github: Server) -> None:
    post(Review(findings=(finding(),)), "--summary-only")
    assert said(on_github.repository) == (0, 1)


def test_paths_of_a_folder_are_those_of_the_repository(post: Callable[..., int], on_github: Server) -> None:
    post(Review(findings=(finding(path="peers.py"),)), "--folder", "shop")
    assert on_github.repository.review_comments[0]["path"] == PEERS


def test_hundreds_of_comments_are_read_page_by_page(post: Callable[..., int], on_github: Server) -> None:
    repository = on_github.repository
    for number in range(250):
        repository.say(f"word {number}", author="stranger")
        repository.say_on(PEERS, f"word {number}", author="stranger", line=20, side="RIGHT")
    for _ in range(2):
        post(Review(findings=(finding(),)))
    assert said(repository) == (251, 251)


def test_changed_words_are_edited_in_place(post: Callable[..., int], on_github: Server) -> None:
    post(Review(findings=(finding(),)))
    post(Review(findings=(msgspec.structs.replace(finding(), message="It can wait for an hour"),)))
    (comment,) = on_github.repository.review_comments
    assert comment["body"].startswith("**error: It can wait for an hour**")
    assert len(on_github.repository.reviews) == 1
