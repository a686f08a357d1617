"""What a change does to the map: edges, their bounds, and how long requests may wait."""

from __future__ import annotations

from systems import call, edge, limit, service, stored

from staff_review.nouns.journeys import Policy
from staff_review.nouns.map_changes import MapChange, WaitChange
from staff_review.nouns.source import Place, Span
from staff_review.nouns.system import Call, Edge, External, Store, System
from staff_review.topology import changed

NONE = Policy("unbounded")


def shop(*edges: Edge) -> System:
    services = (service("web", "POST /buy"), service("orders", "POST /orders"), service("stock", "GET /levels"))
    return System(services, (Store("db", "postgresql"),), (External("pay.example.com"),), edges)


def buying(policy: Policy) -> Edge:
    return edge("web", "orders", call(1, "/orders", policy, "POST /buy", verb="POST"))


def asking(policy: Policy, **more: bool) -> Edge:
    return edge("orders", "stock", call(2, "/levels", policy, "POST /orders", **more))


def waits(change: MapChange) -> list[tuple[str, str, object, object]]:
    return [(one.service, one.endpoint, seconds(one, "before"), seconds(one, "after")) for one in change.waits]


def seconds(wait: WaitChange, side: str) -> object:
    one = getattr(wait, side)
    return None if one is None else one.seconds if one.state == "bounded" else one.state


def test_the_same_system_differs_in_nothing() -> None:
    system = shop(buying(limit(2)), asking(limit(3)))
    assert changed(system, system) == MapChange()


def test_an_edge_that_is_added_makes_the_entry_point_wait_longer() -> None:
    change = changed(shop(buying(limit(2))), shop(buying(limit(2)), asking(limit(3, 2))))
    (new,) = change.edges
    assert (new.source, new.target, new.added, new.removed) == ("orders", "stock", True, False)
    assert waits(change) == [("web", "POST /buy", 2.0, 8.0)]


def test_an_edge_that_is_removed() -> None:
    change = changed(shop(buying(limit(2)), asking(limit(3))), shop(buying(limit(2))))
    (gone,) = change.edges
    assert (gone.target, gone.removed, gone.after) == ("stock", True, None)
    assert waits(change) == [("web", "POST /buy", 5.0, 2.0)]


def test_a_limit_that_is_taken_away() -> None:
    change = changed(shop(buying(limit(2)), asking(limit(3))), shop(buying(limit(2)), asking(NONE)))
    (edge_,) = change.edges
    assert ([one.seconds for one in edge_.before or ()], [one.state for one in edge_.after or ()]) == (
        [3],
        ["unbounded"],
    )
    assert waits(change) == [("web", "POST /buy", 5.0, "unbounded")]


def test_a_call_without_a_limit_beside_one_that_has_one() -> None:
    """The bound of the whole edge is the weakest either way; the second call is news all the same."""
    both = edge("orders", "stock", call(2, "/levels", limit(3), "POST /orders"), call(3, "/levels", limit(1)))
    (one,) = changed(shop(asking(limit(3))), shop(both)).edges
    assert [bound.seconds for bound in one.after or ()] == [3, 1]


def test_moved_lines_and_where_a_limit_is_written_make_no_difference() -> None:
    moved = Policy("bounded", 3, 1, by="code", set_at=Place("settings.py", Span(9, 1, 9, 2)))
    before, after = asking(limit(3)), edge("orders", "stock", call(77, "/levels", moved, "POST /orders"))
    assert changed(shop(before), shop(after)) == MapChange()


def test_a_call_that_comes_into_a_loop() -> None:
    change = changed(shop(buying(limit(2)), asking(limit(3))), shop(buying(limit(2)), asking(limit(3), looped=True)))
    assert not change.edges
    (wait,) = change.waits
    assert (wait.before, wait.after) != (None, None)
    assert wait.after is not None
    assert wait.after.looped


def test_a_peer_outside_is_waited_for_and_a_store_is_an_edge() -> None:
    paying = edge("web", "pay.example.com", call(5, "/charge", NONE, "POST /buy"))
    change = changed(shop(buying(limit(2))), shop(buying(limit(2)), paying, stored("orders", "db")))
    assert [(one.target, one.kind) for one in change.edges] == [("db", "store"), ("pay.example.com", "sync")]
    assert waits(change) == [("web", "POST /buy", 2.0, "unbounded")]


def test_topics_that_are_added() -> None:
    place = Place("x.py", Span(1, 1, 1, 2))

    def publishing(*topics: str) -> Edge:
        return Edge(
            "orders", "kafka", "async", "kafka", (Call(place),), evidence=(place,), role="publish", topics=topics
        )

    (one,) = changed(shop(publishing("placed")), shop(publishing("placed", "paid"))).edges
    assert (one.topics, one.added, one.removed) == (("paid",), False, False)
    (taken,) = changed(shop(), shop(Edge("orders", "kafka", "async", "kafka", role="consume", side=""))).edges
    assert (taken.source, taken.target) == ("kafka", "orders")
