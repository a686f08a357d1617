"""What must hold for any input: reading never raises, and neither order nor economy changes what is found."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import msgspec
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from staff_review import frontends
from staff_review.hall import review as hall
from staff_review.link.files.index import FileIndex
from staff_review.link.knowledge.triggers import triggers_of
from staff_review.load.files import Listing, discover
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.facts import FileFacts
from staff_review.nouns.findings import Review
from staff_review.nouns.settings import Settings
from staff_review.nouns.source import Source
from staff_review.prove import cases

FIXTURES = Path(__file__).parents[1] / "fixtures"
CASES = cases(FIXTURES)
FILES = sorted(str(path) for path in FIXTURES.rglob("*.py"))
RULEBOOK = rulebook_of()
TRIGGERS = triggers_of(RULEBOOK.libraries, "python")
ASKED = Settings(root=str(FIXTURES), preview=True, opinions=True, minimum_confidence="low")

# A whole review costs too much for a failing example to be made smaller, which may go on for minutes.
AS_FOUND = (Phase.explicit, Phase.reuse, Phase.generate)

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


TEXTS_OF_ONE_PROJECT = [
    text.encode()
    for text in (
        "", "x = 1\n", "import requests\nsession = requests.Session()\n",
        "import requests\n\ndef f():\n    return requests.get('http://peer')\n",
        "import requests\n\ndef f(limit=2):\n    return requests.get('http://peer', timeout=limit)\n",
        "import a, b\nfrom p.c import *\nfrom p import session\n\nasync def g():\n    a.f()\n    session.get('http://peer')\n",
        "from a import *\nfrom b import session as s\n\ndef f():\n    for x in y:\n        s.get(x, timeout=None)\n",
        "x = 1  # staff-review: ignore[missing-timeout] -- no use\n",
    )
]


@cache
def _data(path: str) -> bytes:
    return Path(path).read_bytes()


def said(review: Review) -> Review:
    """The review without how much work it was."""
    return msgspec.structs.replace(review, figures=Review().figures)


def reviewed(paths: tuple[str, ...], *, everything: bool = False, cache: bool = False) -> Review:
    return said(hall.review(paths, ASKED, RULEBOOK, cache=cache, jobs=1, everything=everything).review)


@settings(max_examples=400)
@given(st.binary(max_size=400) | WRITTEN | LITERALS | damaged())
@example(b"x = '\\udce9'\n")
def test_any_bytes_are_read(data: bytes) -> None:
    """Facts come without an exception, survive a round trip, and are the same the second time."""
    source = Source("any.py", "python", data, "")
    facts = frontends.facts_of(source)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=FileFacts) == facts == frontends.facts_of(source)
    frontends.glance_at(source, TRIGGERS)
    frontends.words_in(source)


PARTS = [
    *("{%", "%}", "{{", "}}", "{#", "#}", "{", " ", "\n", "-", "é", "a.b|c:d.e", "for a in b", "a, b in c.d", "endfor"),
    *("include 'x.html' with a=b.c", "extends 'x.html'", "with a.b as c", "if a.b == 'c'", "cache", "endcache"),
]
TAGS = st.lists(st.sampled_from(PARTS), max_size=40).map("".join)


@settings(max_examples=400)
@given(st.binary(max_size=400) | TAGS.map(str.encode))
def test_any_template_is_read(data: bytes) -> None:
    """As any code is."""
    source = Source("templates/any.html", "template", data, "")
    facts = frontends.facts_of(source)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=FileFacts) == facts
    assert all(block.parent < number for number, block in enumerate(facts.blocks))
    FileIndex(facts)
    frontends.glance_at(source, TRIGGERS)
    frontends.words_in(source)


@pytest.mark.parametrize("path", FILES[::7])
def test_a_first_look_misses_nothing(path: str) -> None:
    """It sees every import and every name that the whole reading sees: else a file that matters could be skipped."""
    source = Source(path, "python", _data(path), "")
    facts, glance = frontends.facts_of(source), frontends.glance_at(source, TRIGGERS)
    defined = {one.name for one in (*facts.functions, *facts.classes) if one.name.isidentifier()}
    assert {name.encode() for name in defined} <= frontends.words_in(source)
    seen = {one.partition(":")[0] for one in glance.imports}
    assert {"." * one.level + one.module for one in facts.imports} <= seen


@settings(max_examples=25, phases=AS_FOUND)
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


@settings(max_examples=25, phases=AS_FOUND)
@given(st.sets(st.sampled_from(FILES), min_size=1, max_size=40))
def test_what_is_skipped_changes_nothing_in_any_set_of_files(chosen: set[str]) -> None:
    paths = tuple(sorted(chosen))
    assert reviewed(paths) == reviewed(paths, everything=True)


@pytest.mark.parametrize("name", ["f", "_", "été", "数"])
def test_a_file_that_only_calls_is_read_however_short_or_foreign_the_name(tmp_path: Path, name: str) -> None:
    helper = f"import requests\n\ndef {name}(x):\n    return requests.get(x, timeout=3)\n"
    (tmp_path / "peer.py").write_text(helper, "utf-8")
    (tmp_path / "serve.py").write_text(f"import peer\n\nasync def serve(x):\n    peer.{name}(x)\n", "utf-8")
    paths = (str(tmp_path),)
    assert [finding.rule for finding in reviewed(paths).findings] == ["blocking-call-in-async"]
    assert reviewed(paths) == reviewed(paths, everything=True)


def test_a_file_that_imports_itself_is_still_found_by_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import a\nimport requests\n\ndef get(x):\n    return requests.get(x, timeout=3)\n")
    (tmp_path / "b.py").write_text("import a\n\nasync def serve(x):\n    a.get(x)\n")
    assert [finding.rule for finding in reviewed((str(tmp_path),)).findings] == ["blocking-call-in-async"]


def test_a_silence_alone_is_reason_enough_to_read_a_file(tmp_path: Path) -> None:
    (tmp_path / "quiet.py").write_text("x = 1  # staff-review: ignore[missing-timeout] -- nothing here asks for it\n")
    paths = (str(tmp_path),)
    assert [finding.rule for finding in reviewed(paths).findings] == ["unused-silence"]
    assert reviewed(paths) == reviewed(paths, everything=True)


@settings(max_examples=25, phases=AS_FOUND)
@given(st.data())
def test_what_is_kept_changes_nothing(data: st.DataObject) -> None:
    """After any series of changes a review that remembers earlier ones says what a fresh one says."""
    with TemporaryDirectory() as folder, mock.patch.dict(os.environ, {"STAFF_REVIEW_CACHE": f"{folder}/kept"}):
        root = Path(folder, "work")
        for minute in range(data.draw(st.integers(2, 4))):
            for name in data.draw(st.sets(st.sampled_from(["a.py", "b.py", "p/__init__.py", "p/c.py"]), min_size=1)):
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data.draw(st.sampled_from(TEXTS_OF_ONE_PROJECT)))
                # A change of long ago, so that it is the time and not the haste of a test that tells it.
                os.utime(path, (1_700_000_000 + 60 * minute,) * 2)
            gone = data.draw(st.sampled_from([None, "a.py", "p/c.py"]))
            if gone is not None:
                (root / gone).unlink(missing_ok=True)
            assert reviewed((str(root),), cache=True) == reviewed((str(root),))
