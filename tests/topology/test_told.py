"""What the checks of a system tell of its judgement: each cause once, and no way that goes round."""

from __future__ import annotations

from systems import at, call, database, edge, limit, service, stored

from staff_review.checks.systems import deadline_inversion, missing_edge_limit, shared_database
from staff_review.nouns.journeys import Policy
from staff_review.nouns.system import System
from staff_review.topology.judging import judged

FOR_EVER = Policy("unbounded", attempts=1)


def test_a_callee_that_waits_longer_than_all_its_callers_is_told_once() -> None:
    system = System(
        services=(*(service(name, "GET /start") for name in "abc"), service("auth", "GET /who"), service("bank")),
        edges=(
            *(edge(name, "auth", call(line, "/who", limit(line), "GET /start")) for line, name in enumerate("abc", 5)),
            edge("auth", "bank", call(9, "/x", limit(30), "GET /who")),
        ),
    )
    (hit,) = deadline_inversion.check(judged(system), None)
    assert (hit.place.line, hit.names["callers"], hit.names["limit"]) == (5, "`a` and 2 more give", "5 s to 7 s")


def test_each_wait_of_a_callee_is_told() -> None:
    system = System(
        services=(service("a", "GET /start"), service("auth", "GET /who"), service("bank"), service("mail")),
        edges=(
            edge("a", "auth", call(1, "/who", limit(5), "GET /start")),
            edge("auth", "bank", call(2, "/x", limit(30), "GET /who")),
            edge("auth", "mail", call(3, "/y", limit(40), "GET /who")),
        ),
    )
    hits = list(deadline_inversion.check(judged(system), None))
    assert [(hit.names["callers"], hit.names["peer"]) for hit in hits] == [("`a` gives", "bank"), ("`a` gives", "mail")]


def test_the_way_to_a_hop_without_a_limit_ends_where_it_comes_round() -> None:
    system = System(
        services=(service("a", "GET /start"), service("b", "GET /b", "GET /again"), service("c", "GET /c")),
        edges=(
            edge("a", "b", call(1, "/b", limit(1), "GET /start")),
            edge("b", "c", call(2, "/c", FOR_EVER, "GET /b")),
            edge("c", "b", call(3, "/again", FOR_EVER, "GET /c")),
        ),
    )
    hits = list(missing_edge_limit.check(judged(system), None))
    assert [(hit.place.line, hit.names["way"]) for hit in hits] == [(2, "a -> b -> c")]


def test_who_shares_a_database_is_told_with_the_place_of_each() -> None:
    system = System(
        services=(service("a"), service("b")),
        stores=(database("db"),),
        edges=(stored("a", "db", "orders", writes=True), stored("b", "db", "orders", writes=True)),
    )
    (hit,) = shared_database.check(judged(system), None)
    assert [(step.place, step.text) for step in hit.trail] == [
        (at("a.py"), "`a` uses `db`"),
        (at("b.py"), "`b` uses `db`"),
    ]
