"""Every way in which an endpoint and a model fail, over a socket and through the SDK: state, time, findings."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
import pytest
from model_endpoint import NOTHING, Plan, Reply, Server, drip, error, hang, html, malformed, message, reset, truncated
from small_service import ASKED

from staff_review.hall.review import Outcome

Serve = Callable[[Plan], Server]
Comment = Callable[..., Outcome]


def always(reply: Reply) -> Plan:
    return lambda _body, _number: reply


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (error(401, "bad key"), "refuses (401): bad key"),
        (error(402, "no credit"), "refuses (402): no credit"),
        (error(404, "no such model"), "refuses (404)"),
        (error(400, "prompt is too long"), "does not take the request (400): prompt is too long"),
        (error(429, retry_after="3600"), "too many requests (429, it asks to wait 3600 s)"),
        (html, "what is no message"),
        (malformed, "what is no JSON"),
        (truncated, "no connection"),
        (reset, "no connection"),
        (message("I find nothing to say."), "not the JSON that was asked for"),
        (message(""), "not the JSON that was asked for"),
        (message({"comments": "none"}), "not the JSON that was asked for"),
        (message(NOTHING, None), "stopped early"),
        (message(NOTHING, "pause_turn"), "stopped early (pause_turn)"),
        (message('{"comments": [', "max_tokens"), "cut short"),
        (message("", "refusal", stop_details={"type": "refusal", "category": "cyber", "explanation": None}),
         "refused (cyber)"),
    ],
)  # fmt: skip
def test_what_fails_for_good_is_said_and_costs_no_finding(
    reply: Reply, says: str, serve: Serve, comment_on: Comment, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staff_review.persona.ask._FIRST_PAUSE", 0.01)
    serve(always(reply))
    began = time.monotonic()
    review = comment_on(ASKED).review
    assert time.monotonic() - began < 15
    assert review.persona is not None
    assert review.persona.state == "not run"
    assert says in review.persona.reason
    assert not review.comments
    assert _static(review) == _static(outcome.review)


@pytest.mark.parametrize("reply", [hang, drip], ids=["hang", "drip"])
def test_the_deadline_ends_silence_and_drip(reply: Reply, serve: Serve, comment_on: Comment) -> None:
    serve(always(reply))
    began = time.monotonic()
    run = comment_on(msgspec.structs.replace(ASKED, deadline=4.0)).review.persona
    assert time.monotonic() - began < 8
    assert run is not None
    assert (run.state, run.done) == ("not run", 0)
    assert "the deadline was reached" in run.reason


@pytest.mark.parametrize("status", [429, 500, 529])
def test_what_passes_is_tried_again(
    status: int, serve: Serve, comment_on: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staff_review.persona.ask._FIRST_PAUSE", 0.01)
    server = serve(lambda _body, number: error(status, retry_after="0") if number < 2 else message(NOTHING))
    run = comment_on(ASKED).review.persona
    assert run is not None
    assert (run.state, run.done, len(server.bodies)) == ("complete", 2, 4)
    assert run.spent.requests == 2


def test_the_breaker_spares_a_dead_endpoint(serve: Serve, comment_on: Comment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staff_review.persona.ask._FIRST_PAUSE", 0.01)
    monkeypatch.setattr("staff_review.persona.ask._FAILURES", 1)
    server = serve(always(error(529)))
    run = comment_on(ASKED).review.persona
    assert run is not None
    assert len(server.bodies) == 3  # one request and its two retries; the other unit was not sent
    assert "kept failing" in run.reason


def test_one_failed_unit_leaves_the_other(serve: Serve, comment_on: Comment) -> None:
    def plan(body: dict[str, object], _number: int) -> Reply:
        return message("", "refusal") if "rates()" in str(body["messages"]) else message(NOTHING)

    serve(plan)
    run = comment_on(ASKED).review.persona
    assert run is not None
    assert (run.state, run.done, run.units) == ("partial", 1, 2)
    assert run.reason == "billing/rates.py: refused"


def test_an_endpoint_without_structured_answers_is_asked_in_plain_words(serve: Serve, comment_on: Comment) -> None:
    def plan(body: dict[str, object], _number: int) -> Reply:
        if "output_config" in body:
            return error(400, "output_config: Extra inputs are not permitted")
        return message('Here it is:\n```json\n{"comments": [], "verdicts": [], "addressed_to_reviewer": []}\n```')

    server = serve(plan)
    run = comment_on(ASKED).review.persona
    assert run is not None
    assert run.state == "complete"
    assert ["output_config" in body for body in server.bodies] == [True, False, False]


def test_without_a_key_nothing_is_loaded_and_one_line_says_so(comment_on: Comment, outcome: Outcome) -> None:
    review = comment_on(ASKED).review
    assert review.persona is not None
    assert review.persona.state == "not run"
    assert review.persona.reason == "no key: set ANTHROPIC_API_KEY (a local server takes any value)"
    assert _static(review) == _static(outcome.review)


def test_nobody_listens(serve: Serve, comment_on: Comment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staff_review.persona.ask._FIRST_PAUSE", 0.01)
    server = serve(always(message(NOTHING)))
    server.shutdown()
    server.server_close()
    run = comment_on(ASKED).review.persona
    assert run is not None
    assert run.state == "not run"
    assert "no connection" in run.reason
    assert run.spent.requests == 0  # nothing was sent, so nothing can have been billed


def _static(review: object) -> bytes:
    bare = msgspec.structs.replace(review, comments=(), verdicts=(), architecture=None, persona=None)  # type: ignore[type-var]
    return msgspec.json.encode(bare)
