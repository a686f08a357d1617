"""Saved maps: what one repository knows meets what another offers."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from systems import at

from staff_review.hall.mapping import system_below
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.errors import UsageError
from staff_review.nouns.settings import Settings
from staff_review.nouns.system import Edge, External, Service, System
from staff_review.topology import linked, restored, saved

REPOSITORIES = Path(__file__).parents[2] / "fixtures" / "systems" / "three_repositories"


@pytest.fixture(scope="module")
def parts() -> list[System]:
    rulebook = rulebook_of()
    return [system_below((str(REPOSITORIES / name),), Settings(), rulebook) for name in ("shop", "catalogue", "search")]


def pairs(system: System) -> list[tuple[str, str]]:
    return [(edge.source, edge.target) for edge in system.edges]


def test_a_repository_alone_calls_a_host_outside(parts: list[System]) -> None:
    assert pairs(parts[0]) == [("shop", "catalogue.internal")]
    assert [external.name for external in parts[0].externals] == ["catalogue.internal"]


def test_services_of_separate_repositories_meet(parts: list[System]) -> None:
    system = linked(parts)
    assert pairs(system) == [("catalogue", "search"), ("shop", "catalogue")]
    assert not system.externals
    (chain,) = system.judgement.chains
    assert chain.services == ("shop", "catalogue", "search")
    assert [found.outer.source for found in system.judgement.inversions] == ["shop"]


def test_the_order_of_maps_does_not_matter(parts: list[System]) -> None:
    assert len({saved(linked(order)) for order in permutations(parts)}) == 1


def test_a_saved_map_comes_back_as_it_was(parts: list[System]) -> None:
    for part in parts:
        assert restored(saved(part), "x.map") == part


def test_folders_and_saved_maps_are_mapped_together(
    parts: list[System], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "search.map").write_bytes(saved(parts[2]))
    monkeypatch.chdir(REPOSITORIES)
    system = system_below(("shop", "catalogue", str(tmp_path / "search.map")), Settings(), rulebook_of())
    assert pairs(system) == [("catalogue", "search"), ("shop", "catalogue")]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"\xff", b'{"schema": "other/1"}', b'{"schema": "staff-review-saved-map/1"}']
)
def test_what_is_no_saved_map_is_the_users_mistake(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"x\.map"):
        restored(data, "x.map")


def test_messages_of_an_unknown_broker_meet_by_topic() -> None:
    def half(name: str, *, sends: bool) -> System:
        edge = Edge(
            name,
            "?",
            "async",
            "queue",
            evidence=(at(f"{name}.py"),),
            role="publish" if sends else "consume",
            topics=("orders",),
            because="its broker is set nowhere",
        )
        return System(services=(Service(name),), edges=(edge,))

    system = linked([half("shop", sends=True), half("billing", sends=False)])
    assert [(edge.source, edge.target, edge.kind, edge.topics) for edge in system.edges] == [
        ("shop", "billing", "async", ("orders",))
    ]


def test_a_host_that_nobody_answers_to_stays_outside() -> None:
    edge = Edge("shop", "api.example.com", "sync", "http", evidence=(at("shop.py"),))
    one = System(services=(Service("shop"),), externals=(External("api.example.com"),), edges=(edge,))
    system = linked([one, System(services=(Service("api"),))])
    assert [external.name for external in system.externals] == ["api.example.com"]
