"""What edges add up to, on systems built by hand."""

from __future__ import annotations

import pytest
from systems import at, call, database, edge, limit, service, stored

from staff_review.nouns.journeys import Borrowing, Policy
from staff_review.nouns.system import Edge, Store, System
from staff_review.topology.judging import judged


def chain(first: Policy, second: Policy) -> System:
    return System(
        services=(service("a", "GET /start"), service("b", "GET /middle/{id}"), service("c", "GET /end")),
        edges=(
            edge("a", "b", call(1, "/middle/{}", first, "GET /start")),
            edge("b", "c", call(2, "/end", second, "GET /middle/{id}")),
        ),
    )


def test_limits_and_attempts_add_up_along_a_chain() -> None:
    (found,) = judged(chain(limit(2, attempts=3), limit(1, attempts=2))).judgement.chains
    assert found.services == ("a", "b", "c")
    assert found.endpoint == "GET /start"
    assert found.seconds == pytest.approx(8)
    assert found.attempts == 6
    assert found.availability == pytest.approx(0.999**3)


@pytest.mark.parametrize("missing", [Policy("unbounded", attempts=1), Policy()])
def test_a_chain_with_a_leg_that_nothing_bounds_has_no_worst_case(missing: Policy) -> None:
    (found,) = judged(chain(limit(2), missing)).judgement.chains
    assert found.seconds is None


def test_a_limit_for_all_attempts_counts_once() -> None:
    whole = Policy("bounded", 2, 3, whole=True)
    (found,) = judged(chain(whole, limit(1))).judgement.chains
    assert found.seconds == pytest.approx(3)


def test_an_outer_limit_below_the_inner_worst_case_is_an_inversion() -> None:
    (found,) = judged(chain(limit(2), limit(1, attempts=3))).judgement.inversions
    assert (found.outer.place.line, found.inner.place.line) == (1, 2)


def test_an_outer_limit_above_the_inner_worst_case_is_none() -> None:
    assert not judged(chain(limit(4), limit(1, attempts=3))).judgement.inversions


def test_calls_of_another_endpoint_are_not_on_the_way() -> None:
    system = System(
        services=(service("a", "GET /start"), service("b", "GET /one", "GET /two"), service("c")),
        edges=(
            edge("a", "b", call(1, "/one", limit(1), "GET /start")),
            edge("b", "c", call(2, "/x", limit(9), "GET /two")),
        ),
    )
    judgement = judged(system).judgement
    assert not judgement.chains
    assert not judgement.inversions


def test_services_that_wait_for_each_other_are_a_ring() -> None:
    system = System(
        services=(service("a", "GET /a"), service("b", "GET /b")),
        edges=(edge("a", "b", call(1, "/b", limit(1), "GET /a")), edge("b", "a", call(2, "/a", limit(1), "GET /b"))),
    )
    (ring,) = judged(system).judgement.rings
    assert set(ring.services) == {"a", "b"}


def test_services_that_call_each_other_in_different_requests_are_none() -> None:
    system = System(
        services=(service("a", "GET /a", "GET /done"), service("b", "GET /b", "GET /work")),
        edges=(
            edge("a", "b", call(1, "/b", limit(1), "GET /a")),
            edge("b", "a", call(2, "/done", limit(1), "GET /work")),
        ),
    )
    assert not judged(system).judgement.rings


def test_many_peers_or_a_loop_fan_out_and_many_calls_of_one_are_a_chat() -> None:
    calls = [call(line, f"/{line}", limit(1), "GET /all") for line in (1, 2, 3)]
    system = System(
        services=tuple(service(name, "GET /all") for name in "abcd"),
        edges=(*(edge("a", peer, one) for peer, one in zip("bcd", calls, strict=True)), edge("b", "c", *calls)),
    )
    judgement = judged(system).judgement
    assert [(found.service, len(found.legs)) for found in judgement.fan_outs] == [("a", 3)]
    assert [(chat.service, chat.peer, len(chat.legs)) for chat in judgement.chats] == [("b", "c", 3)]
    looped = System(
        services=(service("a", "GET /all"), service("b")),
        edges=(edge("a", "b", call(1, "/x", limit(1), "GET /all", looped=True)),),
    )
    assert [len(found.looped) for found in judged(looped).judgement.fan_outs] == [1]


def test_an_answer_that_nobody_uses_is_a_notification_and_what_waits_for_ever_is_told() -> None:
    forever = Policy("unbounded", attempts=1)
    system = System(
        services=(service("a"), service("b")),
        edges=(edge("a", "b", call(1, "/x", forever, verb="POST", unused=True), call(2, "/y", limit(1))),),
    )
    judgement = judged(system).judgement
    assert [leg.place.line for leg in judgement.notifications] == [1]
    assert [leg.place.line for leg in judgement.unlimited] == [1]


def test_two_services_with_the_same_table_share_a_database() -> None:
    system = System(
        services=(service("a"), service("b")),
        stores=(database("db"),),
        edges=(stored("a", "db", "orders", "users", writes=True), stored("b", "db", "orders")),
    )
    (shared,) = judged(system).judgement.shared
    assert (shared.services, shared.writers, shared.tables, shared.certain) == (("a", "b"), ("a",), ("orders",), True)


@pytest.mark.parametrize(
    "edges",
    [
        (stored("a", "db", "orders"), stored("b", "db", "users")),
        (stored("a", "db", database="one"), stored("b", "db", database="two")),
        (stored("a", "db", "orders"),),
    ],
)
def test_separate_tables_or_databases_of_one_server_are_not_shared(edges: tuple[Edge, ...]) -> None:
    system = System(services=(service("a"), service("b")), stores=(database("db"),), edges=edges)
    assert not judged(system).judgement.shared


def test_a_cache_is_no_shared_database() -> None:
    system = System(
        services=(service("a"), service("b")),
        stores=(Store("cache", "redis", cache=True),),
        edges=(stored("a", "cache"), stored("b", "cache")),
    )
    assert not judged(system).judgement.shared


def test_what_most_entries_need_is_a_keystone_unless_there_is_a_fallback() -> None:
    names = ["GET /1", "GET /2", "GET /3"]

    def system(*, fallback: bool) -> System:
        calls = [call(line, "/", limit(1), name, fallback=fallback) for line, name in enumerate(names, 1)]
        return System(services=(service("a", *names), service("auth")), edges=(edge("a", "auth", *calls),))

    (found,) = judged(system(fallback=False)).judgement.keystones
    assert (found.name, len(found.needed_by), found.of) == ("auth", 3, 3)
    assert not judged(system(fallback=True)).judgement.keystones


def test_what_stands_beside_and_what_is_unknown_is_not_judged() -> None:
    forever = Policy("unbounded", attempts=1)
    beside = Edge("a", "tracing", "sync", "http", (call(1, "/", forever),), evidence=(at("a.py"),), side="infra")
    unknown = Edge("a", "?", "sync", "http", (call(2, "/", forever),), evidence=(at("a.py"),), because="nobody knows")
    assert not judged(System(services=(service("a"),), edges=(beside, unknown))).judgement.unlimited


def test_borrowings_are_kept() -> None:
    borrowing = Borrowing("a", "b", "a/x.py", "b/y.py")
    assert judged(System(), (borrowing,)).judgement.borrowings == (borrowing,)


def test_a_deep_and_wide_system_is_judged_whole() -> None:
    """Three hundred services in a row with a way back, so that neither depth nor rings make it stop."""
    count = 300
    names = [f"s{number}" for number in range(count)]
    services = tuple(service(name, "GET /x") for name in names)
    edges = tuple(
        edge(name, names[(number + 1) % count], call(number + 1, "/x", limit(1), "GET /x"))
        for number, name in enumerate(names)
    )
    judgement = judged(System(services=services, edges=edges)).judgement
    assert len(judgement.rings) == 1
    assert len(judgement.rings[0].services) == count
    assert judgement.chains
