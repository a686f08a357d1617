"""What must hold for any input: reading never raises, and neither order nor economy changes what is found."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from unittest import mock

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from staff_review import frontends
from staff_review import review as hall
from staff_review.facts import FileFacts, Mentions
from staff_review.findings import Review
from staff_review.load.files import Listing, discover
from staff_review.load.rulebook import rulebook_of
from staff_review.prove import cases
from staff_review.settings import Settings
from staff_review.source import Source

FIXTURES = Path(__file__).parents[1] / "fixtures"
CASES = cases(FIXTURES)
FILES = sorted(str(path) for path in FIXTURES.rglob("*.py"))
RULEBOOK = rulebook_of()
ASKED = Settings(root=str(FIXTURES), preview=True, opinions=True, minimum_confidence="low")

WORDS = """
async def class f x self for while in if else elif try except finally with as return yield await lambda not and or
import from . * ** ( ) [ ] { } : , = := == + - @ -> ; # \\ ' " f' {x} 0x 0o7 1j 1e999 match case _ type global nonlocal
del raise assert pass break continue staff-review: ignore[] __all__ None 99999999999999999999999
"""
PIECES = st.sampled_from([*WORDS.split(), '"""', "\n", "\t", "\0", "\ufeff", "\r", "\f", "    ", "é", "漢"])
WRITTEN = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", "\n", "\n    ", "\n        "])), max_size=60).map(
    lambda pieces: "".join(word + gap for word, gap in pieces).encode("utf-8")
)
TEXTS = st.text(st.characters(exclude_categories=()))  # lone surrogates too, which a literal may hold
VALUES = TEXTS | st.binary() | st.integers() | st.floats() | st.complex_numbers() | st.none() | st.booleans()
LITERALS = st.recursive(VALUES, lambda inner: st.lists(inner) | st.dictionaries(TEXTS | st.integers(), inner)).map(
    lambda value: f"x = {value!a}\nf(x, {value!a}, key={value!a})\n".encode("ascii")
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A true file with a stretch of it lost, doubled, or replaced by noise."""
    data = _data(draw(st.sampled_from(FILES)))
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
    noise = draw(st.sampled_from([b"", data[first:last] * 2, b"(", b"\n"]) | st.binary(max_size=9))
    return data[:first] + noise + data[last:]


@cache
def _data(path: str) -> bytes:
    return Path(path).read_bytes()


def said(review: Review) -> Review:
    """The review without how much work it was."""
    return msgspec.structs.replace(review, figures=Review().figures)


def reviewed(paths: tuple[str, ...], *, everything: bool = False) -> Review:
    return said(hall.review(paths, ASKED, RULEBOOK, cache=False, jobs=1, everything=everything).review)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400) | WRITTEN | LITERALS | damaged())
@example(b"x = '\\udce9'\n")
def test_any_bytes_are_read(data: bytes) -> None:
    """Facts come without an exception, survive a round trip, and are the same the second time."""
    source = Source("any.py", "python", data, "")
    facts = frontends.facts_of(source)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=FileFacts) == facts == frontends.facts_of(source)
    mentions = frontends.mentions_of(source)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(mentions), type=Mentions) == mentions


@pytest.mark.parametrize("path", FILES[::7])
def test_facts_hold_every_name_of_a_file(path: str) -> None:
    """The first look sees all that the whole reading sees: else a file that matters could be skipped."""
    source = Source(path, "python", _data(path), "")
    facts, mentions = frontends.facts_of(source), frontends.mentions_of(source)
    defined = {one.name for one in (*facts.functions, *facts.classes)} - {"<module>"}
    assert {name for name in defined if name.isidentifier()} <= mentions.identifiers
    assert {one.module.partition(".")[0] for one in facts.imports if not one.level} <= mentions.roots


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(CASES), min_size=1, max_size=12, unique=True), st.randoms(use_true_random=False))
def test_order_of_files_changes_nothing(chosen: list[Path], chance: st.DataObject) -> None:
    paths = tuple(map(str, chosen))

    def shuffled(asked: tuple[str, ...], wishes: Settings) -> Listing:
        listing = discover(asked, wishes)
        files = list(listing.files)
        chance.shuffle(files)
        return msgspec.structs.replace(listing, files=tuple(files))

    in_order = reviewed(paths)
    with mock.patch.object(hall, "discover", shuffled):
        assert reviewed(paths[::-1]) == in_order


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_what_is_skipped_changes_nothing(case: Path) -> None:
    assert reviewed((str(case),)) == reviewed((str(case),), everything=True)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(FILES), min_size=1, max_size=40))
def test_what_is_skipped_changes_nothing_in_any_set_of_files(chosen: set[str]) -> None:
    paths = tuple(sorted(chosen))
    assert reviewed(paths) == reviewed(paths, everything=True)


def test_a_silence_alone_is_reason_enough_to_read_a_file(tmp_path: Path) -> None:
    (tmp_path / "quiet.py").write_text("x = 1  # staff-review: ignore[missing-timeout] -- nothing here asks for it\n")
    paths = (str(tmp_path),)
    assert [finding.rule for finding in reviewed(paths).findings] == ["unused-silence"]
    assert reviewed(paths) == reviewed(paths, everything=True)
