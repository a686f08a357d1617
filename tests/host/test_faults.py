"""What a code host and the network do wrong: bounded, never twice, less rather than nothing, and said."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from github_server import TOKEN, Handler, Server
from small_change import finding

from staff_review.hall.posting import Ask, Posted, posted
from staff_review.host.caller import Caller
from staff_review.host.github import GitHub
from staff_review.host.targets import Target
from staff_review.load.reports import Recorded
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.findings import Review

Plan = Callable[[Handler, Any], bool]
RULEBOOK = rulebook_of()
REVIEWS, COMMENTS = "POST /repos/team/shop/pulls/7/reviews", "POST /repos/team/shop/issues/7/comments"


def refuse(status: int, said: str = "no", **headers: str) -> Plan:
    def plan(handler: Handler, _body: Any) -> bool:
        handler.give(status, {"message": said}, **headers)
        return True

    return plan


def done_but_unsaid(handler: Handler, body: Any) -> bool:
    """What GitHub does when its own front gives up: the work is done, the answer is an error."""
    handler.answer(body)
    handler.give(502, b"<html>Bad gateway</html>")
    return True


def hang(handler: Handler, _body: Any) -> bool:
    handler.server.over.wait(30)
    handler.close_connection = True
    return True


def done_and_hang(handler: Handler, body: Any) -> bool:
    handler.answer(body)
    return hang(handler, body)


def drip(handler: Handler, _body: Any) -> bool:
    """A byte at a time, never silent long enough for a limit on reading, in the headers already."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b"z")
        handler.wfile.flush()
    handler.close_connection = True
    return True


def reset(handler: Handler, _body: Any) -> bool:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True
    return True


def page(handler: Handler, _body: Any) -> bool:
    handler.give(200, b"<html>Sign in to the hotel network</html>")
    return True


def half(handler: Handler, _body: Any) -> bool:
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"number"')
    handler.close_connection = True
    return True


def on(place: str, *plans: Plan) -> Callable[[Server], None]:
    """Lets these requests, in order, of those to a place go wrong, and no other."""
    waiting = list(plans)

    def plan(handler: Handler, body: Any) -> bool:
        right = f"{handler.command} {handler.path}".startswith(place)
        return waiting.pop(0)(handler, body) if right and waiting else False

    return lambda server: server.plans.append(plan)


class Clock:
    """Time that passes only in pauses; none is waited for."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return sum(self.pauses)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def post(server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Posted]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def post(*wrong: Callable[[Server], None], attempt: float = 5.0, address: str = "") -> Posted:
        for plan in wrong:
            plan(server)
        url = address or server.url
        target = Target(url, TOKEN, "team/shop", 7, graph=f"{url}/graphql")
        caller = Caller(
            url, GitHub.headers(TOKEN), attempt=attempt, clock=clock, sleep=clock.pauses.append, chance=lambda: 1.0
        )
        recorded = Recorded(Review(findings=(finding(),)), "0.1.0", "", "error")
        return posted(recorded, RULEBOOK, GitHub(target, caller), Ask())

    return post


def said(server: Server) -> tuple[int, int]:
    return len(server.repository.review_comments), len(server.repository.issue_comments)


def test_a_review_that_is_refused_leaves_the_summary(post: Callable[..., Posted], server: Server) -> None:
    """A token without the right, and a line that GitHub does not take: 403 and 422 cost the comments on lines only."""
    for status in (403, 422):
        server.repository.issue_comments.clear()
        done = post(on(REVIEWS, refuse(status, "Resource not accessible")))
        server.plans.clear()
        assert (done.new, done.summary, said(server)) == (0, True, (0, 1))
        (trouble,) = done.troubles
        assert trouble.startswith("no new comments on lines: ")
        assert f"({status}: Resource not accessible)" in trouble
        assert "There are no new comments on lines this time:" in server.repository.issue_comments[0]["body"]


def test_a_token_that_may_nothing(post: Callable[..., Posted], server: Server) -> None:
    done = post(on("POST /repos", refuse(403), refuse(403)))
    assert (done.new, done.summary, len(done.troubles), said(server)) == (0, False, 2, (0, 0))


def test_a_wrong_token_is_told_once(post: Callable[..., Posted], server: Server) -> None:
    done = post(on("GET", refuse(401, "Bad credentials")))
    assert done.troubles == ("nothing was posted: the host does not accept the token (401: Bad credentials)",)
    assert len(server.asked) == 1


def test_a_rate_limit_is_waited_for_as_asked(post: Callable[..., Posted], server: Server, clock: Clock) -> None:
    done = post(on(REVIEWS, refuse(403, "You have exceeded a secondary rate limit", retry_after="7")))
    assert (done.new, done.troubles, clock.pauses) == (1, (), [7.0])
    assert said(server) == (1, 1)


def test_a_rest_that_is_too_long_is_not_waited_for(post: Callable[..., Posted], server: Server, clock: Clock) -> None:
    soon = str(int(time.time()) + 3000)
    done = post(on("GET", refuse(429, "slow down", x_ratelimit_remaining="0", x_ratelimit_reset=soon)))
    assert (len(done.troubles), clock.pauses, len(server.asked)) == (1, [], 1)
    assert "s of rest (429)" in done.troubles[0]


def test_reading_is_tried_again(post: Callable[..., Posted], server: Server, clock: Clock) -> None:
    done = post(on("GET", refuse(502), half), on("POST /graphql", reset))
    assert (done.troubles, said(server)) == ((), (1, 1))
    assert clock.pauses == [0.5, 1.0, 0.5]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (refuse(502), "the host failed (502)"),
        (half, "the answer was cut short"),
        (page, "the host answered with what is no JSON"),
        (refuse(404, "Not Found"), "it is not there, or hidden from this token (404: Not Found)"),
    ],
)
def test_what_cannot_be_read_is_not_answered(
    post: Callable[..., Posted], server: Server, wrong: Plan, reason: str
) -> None:
    """Without knowing what stands there, anything might be said twice."""
    done = post(on("GET", wrong, wrong, wrong))
    assert done.troubles == (f"nothing was posted: {reason}",)
    assert said(server) == (0, 0)


@pytest.mark.parametrize("wrong", [done_but_unsaid, done_and_hang])
@pytest.mark.parametrize("place", [REVIEWS, COMMENTS])
def test_what_may_have_arrived_is_looked_for_and_not_repeated(
    post: Callable[..., Posted], server: Server, wrong: Plan, place: str
) -> None:
    done = post(on(place, wrong), attempt=1.0)
    assert (done.new, done.summary, done.troubles) == (1, True, ())
    assert said(server) == (1, 1)


@pytest.mark.parametrize("place", [REVIEWS, COMMENTS])
def test_what_has_not_arrived_is_sent_again(post: Callable[..., Posted], server: Server, place: str) -> None:
    done = post(on(place, reset))
    assert (done.new, done.summary, done.troubles) == (1, True, ())
    assert said(server) == (1, 1)


@pytest.mark.parametrize("wrong", [hang, drip])
def test_a_silent_host_does_not_hold_the_run(post: Callable[..., Posted], server: Server, wrong: Plan) -> None:
    done = post(on("GET", wrong, wrong, wrong), attempt=0.3)
    assert done.troubles == ("nothing was posted: no answer within 0.3 s",)
    assert len(server.asked) == 3


def test_a_host_that_keeps_failing_is_left_alone(post: Callable[..., Posted], server: Server) -> None:
    done = post(on("P", *[refuse(500)] * 50))
    before = len(server.asked)
    assert any("nothing was posted" in one for one in done.troubles)
    assert before <= 8


def test_the_time_for_all_of_it_is_bounded(post: Callable[..., Posted], clock: Clock) -> None:
    wrong = [refuse(429, retry_after="50")] * 20
    done = post(on("GET", *wrong))
    assert done.troubles
    assert clock() <= 120


def test_nobody_is_listening(post: Callable[..., Posted], clock: Clock) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    done = post(address=address)
    assert done.troubles[0].startswith("nothing was posted: no answer: ")
    assert len(clock.pauses) == 2


def test_a_token_does_not_follow_a_redirect(post: Callable[..., Posted], server: Server) -> None:
    done = post(on("GET", refuse(301, location=f"{server.url}/elsewhere")))
    assert "the host points elsewhere (301)" in done.troubles[0]
    assert [path for _, path, _ in server.asked] == ["/repos/team/shop/pulls/7"]


def test_folding_that_is_not_allowed_costs_nothing_else(post: Callable[..., Posted], server: Server) -> None:
    post()
    server.repository.review_comments[0]["body"] = server.repository.review_comments[0]["body"].replace(
        "1" * 16, "2" * 16
    )

    def forbid(handler: Handler, body: Any) -> bool:
        if "mutation" not in body["query"]:
            return False
        handler.give(200, {"data": None, "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible"}]})
        return True

    done = post(on("POST /graphql", *[forbid] * 9))
    assert (done.changed, done.summary) == (1, True)
    assert done.troubles == ("a comment was not changed as it should be: the host refuses: Resource not accessible",)
