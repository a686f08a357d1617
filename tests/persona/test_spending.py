"""What a run may cost: told before, held while asking, counted after."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from model_endpoint import hang, kind_of, message
from reviewer import Serve, reviewer, run_of
from small_service import ASKED, RULEBOOK

from staff_review.hall.commenting import commented
from staff_review.hall.review import Outcome, review
from staff_review.nouns.settings import Settings
from staff_review.persona.tally import NOTHING
from staff_review.report.remarks import run_line


def test_the_cap_holds(serve: Serve, comment_on: Callable[..., Outcome]) -> None:
    server = serve(reviewer)
    found = comment_on(msgspec.structs.replace(ASKED, max_usd=0.0001))
    assert not server.bodies
    assert run_of(found).state == "not run"
    assert "over the budget" in run_of(found).reason
    found = comment_on(msgspec.structs.replace(ASKED, max_usd=0.11, at_once=1))
    assert run_of(found).spent.usd < 0.11  # type: ignore[operator]
    assert run_of(found).state == "complete"


def test_tokens_are_capped_where_no_price_is_known(serve: Serve, comment_on: Callable[..., Outcome]) -> None:
    server = serve(reviewer)
    own = msgspec.structs.replace(ASKED, model="our-own", max_tokens=16_000)
    run = run_of(comment_on(own))
    assert (run.spent.usd, run.state) == (None, "partial")
    assert run.reason.startswith("billing/rates.py: over the budget")
    assert all(body["model"] == "our-own" for body in server.bodies)


def test_a_budget_that_may_not_do_is_told_before(serve: Serve, comment_on: Callable[..., Outcome]) -> None:
    serve(reviewer)
    told: list[str] = []
    comment_on(msgspec.structs.replace(ASKED, max_usd=0.11), say=told.append)
    assert "never more than $0.11 in all (so some places may be left out: --persona-budget)" in told[0]


def test_a_second_look_alone_is_called_one(serve: Serve, comment_on: Callable[..., Outcome]) -> None:
    refused = iter([True])
    serve(
        lambda body, number: (
            message("", "refusal") if kind_of(body) == "doubt" and next(refused, False) else reviewer(body, number)
        )
    )
    comment_on()
    told: list[str] = []
    comment_on(say=told.append)
    assert "at most $0.01 for a second look" in told[0]
    assert told[0].partition(", to ")[2].startswith("claude-haiku-5-5")


def test_what_may_be_billed_without_an_answer_is_told_apart(serve: Serve, comment_on: Callable[..., Outcome]) -> None:
    serve(lambda body, number: hang if number == 2 else reviewer(body, number))
    spent = run_of(found := comment_on(msgspec.structs.replace(ASKED, deadline=3.0))).spent
    assert (spent.requests, spent.lost, spent.models) == (3, 1, {"claude-sonnet-5-5": 2, "claude-haiku-5-5": 1})
    assert spent.lost_usd > 0.05
    assert "; 1 of these without an answer, which may cost up to $0.1" in run_line(run_of(found))


def test_where_there_is_nothing_to_ask_about_that_is_said(service: Path, serve: Serve) -> None:
    server = serve(reviewer)
    (service / "billing/rates.py").write_text("RATE = 2\n")
    settings = Settings(root=str(service))
    outcome = review(("billing/rates.py",), settings, RULEBOOK, cache=False)
    run = run_of(commented(outcome, ("billing/rates.py",), settings, RULEBOOK, ASKED))
    assert (run.state, run.reason, len(server.bodies)) == ("complete", NOTHING, 0)
    assert run_line(run).endswith(f"complete, {NOTHING}")


def test_when_money_ends_the_gravest_place_has_had_both_looks(serve: Serve, comment_on: Callable[..., Outcome]) -> None:
    server = serve(reviewer)
    found = comment_on(msgspec.structs.replace(ASKED, max_usd=0.1, at_once=1))
    assert [kind_of(body) for body in server.bodies] == ["review", "doubt"]
    assert len(found.review.comments) == 1
    assert run_of(found).reason == "billing/rates.py: over the budget"
