"""What the catalog says of acts, and of the options that decide whether they are done well, is what libraries say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import installed
import msgspec
import pytest
import tomli
from acting import act_problems

from staff_review.load.braces import all_expanded
from staff_review.nouns.acts import Act, Acting, Since, ValueAt
from staff_review.nouns.libraries import Library

CATALOG = Path(__file__).parents[2] / "rules" / "catalog" / "python"
LIBRARIES = {
    path.stem: msgspec.convert(tomli.loads(path.read_text(encoding="utf-8")), Library, strict=True)
    for path in sorted(CATALOG.glob("*.toml"))
}
WITH_ACTS = sorted(name for name, library in LIBRARIES.items() if library.act)


@pytest.mark.parametrize("name", WITH_ACTS)
def test_acts_agree_with_the_installed_library(name: str) -> None:
    library = LIBRARIES[name]
    if library.package is not None and installed.version(library.package) is None:
        pytest.skip(f"{library.package} is not installed")
    if not installed.present(library.library):
        pytest.skip(f"{library.library} is not installed")
    assert not act_problems(library)


def test_no_call_says_an_option_twice() -> None:
    """Of two places for one option of one call only the last would count."""
    said: dict[tuple[str, str], ValueAt] = {}
    doubled = []
    for library in LIBRARIES.values():
        for act in library.act:
            for name in all_expanded(act.names):
                for option, at in act.options.items():
                    if said.setdefault((name, option), at) != at:
                        doubled.append(f"{name}: {option}")
    assert not doubled


def with_option(**fields: object) -> Callable[[Acting], Acting]:
    return lambda act: msgspec.structs.replace(act, options={"size": ValueAt(**fields)})


def with_names(*names: str) -> Callable[[Acting], Acting]:
    return lambda act: msgspec.structs.replace(act, names=names)


MUTATIONS: dict[str, tuple[Callable[[Acting], Acting], str]] = {
    "a call that does not exist": (with_names("queue.Tail"), "`queue.Tail`"),
    "an argument that does not exist": (with_option(argument="length", default=0), "no argument `length`"),
    "another argument that does not exist": (
        with_option(argument="maxsize", also=("limit",), default=0),
        "no argument `limit`",
    ),
    "another position": (with_option(argument="maxsize", position=1, default=0), "at position 1"),
    "a default that is not so": (with_option(argument="maxsize", default=5), "has maxsize=0 by default, not 5"),
    "a default that is left out": (
        lambda act: msgspec.structs.replace(
            act, names=("queue.Queue.get",), options={"waits": ValueAt(argument="block", position=0)}
        ),
        "has block=True by default, which is left out",
    ),
    "a default by version that is not so": (
        with_option(argument="maxsize", default=(Since(value=0, below="3.0"), Since(value=9))),
        "not 9",
    ),
    "a default in a mapping without a source": (with_option(position=0, keys=("size",), default=1), "name the source"),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_wrong_claim_is_found(mutation: str) -> None:
    """The comparison itself can fail: each kind of mistake, made on purpose about the queue module."""
    right = Acting(
        names=("queue.Queue",), does=(Act.QUEUE,), options={"size": ValueAt(argument="maxsize", position=0, default=0)}
    )
    mutate, expected = MUTATIONS[mutation]

    def library(act: Acting) -> Library:
        return Library(library="queue", language="python", source="-", act=(act,))

    assert not act_problems(library(right))
    assert any(expected in said for said in act_problems(library(mutate(right))))
