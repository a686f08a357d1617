"""The page about the catalog: its example works as it stands there, and it names every table and key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from staff_review.hall.review import review_paths
from staff_review.load.rulebook import rulebook_of
from staff_review.load.settings import settings_of
from staff_review.nouns import acts, libraries, mends, products

PAGE = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"# (?P<rule>[a-z-]+)$", re.MULTILINE)
TABLES: dict[str, type[msgspec.Struct]] = {
    "## The library": libraries.Library,
    "### `[[operation]]`": libraries.Operation,
    "### `timeout`": libraries.TimeLimit,
    "### `[[act]]`": acts.Acting,
    "### An option of an act": acts.ValueAt,
    "### `[[client]]`": libraries.Client,
    "### `[[limit]]`": libraries.LimitObject,
    "### `[[policy]]`": libraries.Policy,
    "### `[[term]]`": libraries.Term,
    "### `[[entry]]`": libraries.EntryPoint,
    "### `[[config]]`": libraries.Config,
    "### `[[meaning]]`": libraries.Meaning,
    "### `[[habit]]`": libraries.Habit,
    "### `[[insecure]]`": libraries.Insecure,
    "### `[[error]]`": libraries.Error,
    "### `[[setting]]`": libraries.Setting,
    "### `[[program]]`": libraries.PeerProgram,
    "### `[[mend]]`": mends.Mend,
    "### `[[product]]`": products.Product,
    "### `[[command]]`": products.Command,
    "### `[[framework]]`": products.Framework,
    "### `[[resource]]`": products.Resource,
}
WRAPPER = """\
import requests


class Client:
    def __init__(self, base, timeout=3):
        self.base = base
        self.timeout = timeout

    def get(self, path, timeout=None):
        return requests.get(self.base + path, timeout=timeout or self.timeout)
"""


def block(language: str, beginning: str) -> str:
    """The one example of a language that begins so."""
    (found,) = (text for kind, text in BLOCK.findall(PAGE) if kind == language and text.startswith(beginning))
    return str(found)


def keys_below(heading: str) -> set[str]:
    """What the first column of the table below a heading names."""
    section = re.split(r"^#+ ", PAGE.partition(heading)[2], maxsplit=1, flags=re.MULTILINE)[0]
    return {key for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project made of the page's examples."""
    files = {
        "pyproject.toml": block("toml", "[tool.staff-review]"),
        "reliability/acme_http.toml": block("toml", "library ="),
        "src/prices.py": block("python", "import acme_http"),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found_in(project: Path) -> set[tuple[str, int, str]]:
    """The findings as a user gets them from the project's own settings."""
    outcome = review_paths((".",), settings_of(str(project)))
    assert not outcome.review.gaps
    assert not outcome.review.faults
    return {(Path(one.place.path).as_posix(), one.place.line, one.rule) for one in outcome.review.findings}


def test_the_example_finds_what_it_says_and_nothing_else(project: Path) -> None:
    lines = (project / "src" / "prices.py").read_text("utf-8").split("\n")
    said = {("src/prices.py", number, comment["rule"]) for number, line in enumerate(lines, 1)
            if (comment := COMMENT.search(line))}
    assert len(said) == 1
    assert found_in(project) == said


def test_without_the_file_nothing_is_known(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.staff-review]\n", "utf-8")
    assert found_in(project) == set()


def test_the_example_of_products_is_known_and_wins(tmp_path: Path) -> None:
    path = tmp_path / "ledger.toml"
    path.write_text(block("toml", "source ="), "utf-8")
    known = rulebook_of((str(path),)).products
    assert known.product[0].images == ("ledger", "ledger-primary", "ledger-replica")
    assert known.command[0].means == ("works",)
    assert len(known.product) > 1


def test_a_wrapper_in_the_reviewed_code_is_read_instead(project: Path) -> None:
    (project / "src" / "acme_http.py").write_text(WRAPPER, "utf-8")
    assert found_in(project) == set()


def test_the_line_for_why_is_the_one_that_is_found(project: Path) -> None:
    (place,) = re.findall(r"`staff-review why (\S+):(\d+)`", PAGE)
    assert {(path, line) for path, line, _ in found_in(project)} == {(place[0], int(place[1]))}


LISTS = {"also", "late_acks", "modules", "task_limits", "words"}
"""Keys of a file that hold several texts and are no tables."""


@pytest.mark.parametrize(("heading", "kind"), TABLES.items())
def test_every_key_is_explained_and_none_is_invented(heading: str, kind: type[msgspec.Struct]) -> None:
    fields = set(kind.__struct_fields__)
    if kind is libraries.Library:
        plain = libraries.Library(library="a", language="b")
        tables = {name for name in fields - LISTS if isinstance(getattr(plain, name), tuple)}
        assert tables == {name for name in fields if f"### `[[{name}]]`" in PAGE}
        fields -= tables
    else:
        fields -= {"source"}  # told once for all tables
    assert keys_below(heading) == fields


@pytest.mark.parametrize("kind", TABLES.values())
def test_every_word_that_a_key_may_hold_is_named(kind: type[msgspec.Struct]) -> None:
    for key, hint in get_type_hints(kind).items():
        words = get_args(hint) if get_origin(hint) is Literal else ()
        if hint == tuple[libraries.Effect, ...]:
            words = tuple(effect.value for effect in libraries.Effect)
        missing = [word for word in words if f"`{word}`" not in PAGE and f'`"{word}"`' not in PAGE]
        assert not missing, f"{kind.__name__}.{key}: {missing}"
