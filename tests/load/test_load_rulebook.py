"""The rulebook: where it is found, how braces multiply, and what is said about a wrong file."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.load import derived as derived_module
from staff_review.load import rulebook as rulebook_module
from staff_review.load.braces import expanded
from staff_review.load.rulebook import rulebook_of, rules_folder
from staff_review.nouns.errors import UsageError
from staff_review.nouns.libraries import Effect

Write = Callable[..., Path]

LIBRARY = """
library = "acme"
language = "python"

[[client]]
type = "acme.{Client,AsyncClient}"

[[operation]]
names = ["acme.{get,post}", "acme.Client.{get,post}"]
effects = ["http"]
timeout = { argument = "timeout", default = [{ below = "2", value = "none" }, { value = "5s" }] }
"""
RULE = """
id = "slow-thing"
title = "A thing"
message = "`{call}` is slow"
standard = "speed"
severity = "error"
confidence = "high"
since = "0.1"
why = "It hurts."
instead = "Do not."
"""
STANDARDS = '[[standard]]\nid = "speed"\ntitle = "Speed"\ntext = "Be quick."\n'


@pytest.fixture
def rules(write: Write) -> Path:
    """A small rules folder of one library, one rule and one standard."""
    write("rules/catalog/python/acme.toml", LIBRARY)
    write("rules/standards.toml", STANDARDS)
    write("rules/personas/calm.toml", "not toml")
    return write("rules/timing/slow-thing.toml", RULE).parents[1]


def complaint(rules: Path) -> str:
    with pytest.raises(UsageError) as caught:
        rulebook_of(folder=str(rules))
    said = str(caught.value)
    assert "\n" not in said
    return said.replace(os.sep, "/").removeprefix("rules/")


def test_our_own_rules_are_found_and_valid() -> None:
    known = rulebook_of()
    assert "missing-timeout" in known.rules
    assert known.rules["missing-timeout"].family == "timeouts"
    requests = next(library for library in known.libraries if library.library == "requests")
    names = {name for operation in requests.operation for name in operation.names}
    assert "requests.Session.post" in names
    assert not any("{" in name for name in names)


def test_the_folder_inside_the_package_comes_before_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "staff_review"
    (package / "rules" / "catalog").mkdir(parents=True)
    monkeypatch.setattr("staff_review.load.rulebook.__file__", str(package / "load" / "rulebook.py"))
    assert rules_folder() == str(package / "rules")
    shutil.rmtree(package / "rules")
    with pytest.raises(UsageError, match="install staff-review again"):
        rules_folder()


def test_a_folder_becomes_a_rulebook(rules: Path) -> None:
    known = rulebook_of(folder=str(rules))
    (library,) = known.libraries
    assert [client.type for client in library.client] == ["acme.Client", "acme.AsyncClient"]
    (operation,) = library.operation
    assert operation.names == ("acme.get", "acme.post", "acme.Client.get", "acme.Client.post")
    assert operation.effects == (Effect.HTTP,)
    assert known.rules["slow-thing"].family == "timing"
    assert set(known.standards) == {"speed"}


@pytest.mark.parametrize("same_process", [True, False])
def test_a_second_look_gives_the_same_without_reading(
    rules: Path, monkeypatch: pytest.MonkeyPatch, same_process: bool
) -> None:
    first = rulebook_of(folder=str(rules))
    if same_process:
        shutil.rmtree(os.environ["STAFF_REVIEW_CACHE"])
    else:
        monkeypatch.setattr(derived_module, "_LAST", {})

    def must_not(*_: object) -> None:
        raise AssertionError("the snapshot was not used")

    monkeypatch.setattr(rulebook_module, "_read", must_not)
    assert rulebook_of(folder=str(rules)) == first


def test_a_changed_file_is_seen(rules: Path, write: Write) -> None:
    rulebook_of(folder=str(rules))
    path = write("rules/timing/slow-thing.toml", RULE.replace("It hurts", "It burns"))
    os.utime(path, ns=(1, time.time_ns() + 10**9))
    assert rulebook_of(folder=str(rules)).rules["slow-thing"].why == "It burns."
    write("rules/catalog/python/other.toml", LIBRARY.replace("acme", "other"))
    assert len(rulebook_of(folder=str(rules)).libraries) == 2


@pytest.mark.parametrize("keep", [0, 10, 32, 40, 200])
def test_a_spoilt_snapshot_is_rebuilt(keep: int, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rulebook_of(folder=str(rules))
    (path,) = Path(os.environ["STAFF_REVIEW_CACHE"]).glob("*.rulebook")
    path.write_bytes(path.read_bytes()[:keep] + b"\xc1\0")
    monkeypatch.setattr(derived_module, "_LAST", {})
    assert rulebook_of(folder=str(rules)) == first


def test_without_a_place_to_keep_it_the_rulebook_is_read(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_REVIEW_CACHE", str(rules / "standards.toml" / "no"))
    assert rulebook_of(folder=str(rules)).rules


def test_a_users_files_come_last_and_win(rules: Path, write: Write) -> None:
    write("own/acme.toml", LIBRARY.replace("http", "rpc"))
    write("own/rules/slow-thing.toml", RULE.replace("It hurts", "Ours"))
    write("own/rules/other-thing.toml", RULE.replace("slow-thing", "other-thing") + 'family = "mine"\n')
    known = rulebook_of(("own/*.toml", "own/acme.toml"), ("own/rules/*.toml",), str(rules))
    assert [library.operation[0].effects for library in known.libraries] == [(Effect.HTTP,), (Effect.RPC,)]
    assert known.rules["slow-thing"].why == "Ours."
    assert known.rules["other-thing"].family == "mine"
    assert known.rules["slow-thing"].family == "rules"


PRODUCTS = """
[[product]]
name = "ledger"
part = "store"
images = ["ledger{,-replica}"]

[[command]]
words = ["runledger"]
means = ["works"]
"""


def test_products_are_of_no_library_and_a_users_come_first(rules: Path, write: Write) -> None:
    write("rules/products/stores.toml", PRODUCTS)
    write("own/ledger.toml", PRODUCTS.replace("store", "broker"))
    known = rulebook_of(("own/ledger.toml",), folder=str(rules))
    assert [(product.part, product.images) for product in known.products.product] == [
        ("broker", ("ledger", "ledger-replica")),
        ("store", ("ledger", "ledger-replica")),
    ]
    assert [library.library for library in known.libraries] == ["acme"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[[product]]", "[[prodcut]]", "line 2: unknown key `prodcut`; did you mean `product`?"),
        ("images", "image", "line 5: unknown key `image` in `product`; did you mean `images`?"),
        ('"store"', '"stor"', "line 4: `stor` is not a value of `product.part`; did you mean `store`?"),
        ('"works"', '"wroks"', "line 9: `wroks` is not a value of `command.means`; did you mean `works`?"),
        ("{,-replica}", "{,-replica", "line 5: `ledger{,-replica` opens a brace that it never closes"),
    ],
)
def test_a_mistake_about_products_is_one_sentence_with_its_line(
    before: str, after: str, said: str, rules: Path, write: Write
) -> None:
    write("own/ledger.toml", PRODUCTS.replace(before, after))
    with pytest.raises(UsageError) as caught:
        rulebook_of(("own/ledger.toml",), folder=str(rules))
    assert str(caught.value).replace(os.sep, "/") == f"own/ledger.toml, {said}"


@pytest.mark.parametrize(("catalog", "extra"), [(("gone/*.toml",), ()), ((), ("gone.toml",))])
def test_a_pattern_that_matches_nothing_is_a_mistake(
    catalog: tuple[str, ...], extra: tuple[str, ...], rules: Path
) -> None:
    with pytest.raises(UsageError, match=r"no file matches `gone"):
        rulebook_of(catalog, extra, str(rules))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("effects =", "efects =", "line 10: unknown key `efects` in `operation`; did you mean `effects`?"),
        ("default =", "defualt =", "line 11: unknown key `defualt` in `operation.timeout`; did you mean `default`?"),
        ("below", "bellow", "line 11: unknown key `bellow` in `operation.timeout.default`; did you mean `below`?"),
        ('"http"', '"htp"', "line 10: `htp` is not a value of `operation.effects`; did you mean `http`?"),
        ('["http"]', '"http"', "line 10: `operation.effects` must be a list, not a text"),
        ('effects = ["http"]\n', "", "line 8: `operation` lacks the key `effects`"),
        ('library = "acme"\n', "", "it lacks the key `library`"),
        ("{get,post}", "{get,post", "line 9: `acme.{get,post` opens a brace that it never closes"),
        ('type = "acme.{C', 'made_by = ["acme.open"]\ntype = "acme.{C', "line 7: a `type` with braces is several"),
        ('"python"', '"go"', "line 3: the language `go` is not the name of its folder, `python`"),
        ("[[operation]]", "[[operation", "line 8: not valid TOML: "),
    ],
)  # fmt: skip
def test_a_mistake_in_the_catalog_is_told_with_its_line(
    before: str, after: str, said: str, rules: Path, write: Write
) -> None:
    assert before in LIBRARY
    write("rules/catalog/python/acme.toml", LIBRARY.replace(before, after))
    complained = complaint(rules)
    place, _, what = complained.partition("catalog/python/acme.toml")
    assert place == ""
    assert what.lstrip(",: ").startswith(said), complained


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"slow-thing"', '"slow"', "timing/slow-thing.toml, line 2: the id `slow` is not the name of its file;"),
        ('"speed"', '"sped"', "line 5: `sped` is not a standard; did you mean `speed`?"),
        ('"error"', '"fatal"', "line 6: `fatal` is not a value of `severity`; it can be `error`, `note`, `warning`"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_is_told_with_its_line(
    before: str, after: str, said: str, rules: Path, write: Write
) -> None:
    write("rules/timing/slow-thing.toml", RULE.replace(before, after))
    assert said in complaint(rules)


def test_the_right_one_of_many_entries_is_named(rules: Path, write: Write) -> None:
    more = "".join(f'\n[[operation]]\nnames = ["acme.x{n}"]\neffects = ["http"]\n' for n in range(5))
    text = LIBRARY + more.replace('x3"]\neffects = ["http"]', 'x3"]\neffects = [\n  "http",\n  "maill",\n]')
    write("rules/catalog/python/acme.toml", text)
    line = 1 + text[: text.index("maill")].count("\n")
    assert f"line {line}: `maill` is not a value of `operation.effects`; did you mean `mail`?" in complaint(rules)


def test_one_rule_in_two_families_is_a_mistake(rules: Path, write: Write) -> None:
    write("rules/waiting/slow-thing.toml", RULE)
    assert "the rule `slow-thing` is also in the family `timing`" in complaint(rules)


@pytest.mark.parametrize(
    "text",
    [
        b"\xff\xfe", b"x = [" * 20_000, b"x = " + b"[" * 900_000, b"#" * 10_000_000, b"a.b." * 200_000,
        b"[" + b" " * 900_000,
    ],
    ids=["no text", "unclosed", "deep", "huge", "long key", "long line"],
)  # fmt: skip
def test_a_file_made_to_do_harm_is_a_mistake_of_one_sentence(text: bytes, rules: Path, write: Write) -> None:
    write("own/acme.toml", text)
    with pytest.raises(UsageError, match=r"acme\.toml"):
        rulebook_of(("own/acme.toml",), (), str(rules))


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("a.b", ("a.b",)),
        ("a.{b,c}.d", ("a.b.d", "a.c.d")),
        ("{a,b}.{c,d}", ("a.c", "a.d", "b.c", "b.d")),
        ("a.{b,c.{d,e}}", ("a.b", "a.c.d", "a.c.e")),
        ("a{,.b}", ("a", "a.b")),
        ("a.{b, c}", ("a.b", "a.c")),
    ],
)
def test_braces_multiply_in_order(pattern: str, paths: tuple[str, ...]) -> None:
    assert expanded(pattern) == paths


@pytest.mark.parametrize(
    "pattern", ["a}", "a.{b", "{a,{b}", "{a,b}" * 40, "{" * 5000 + "}" * 5000], ids=["1", "2", "3", "many", "deep"]
)
def test_braces_that_make_no_sense_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"brace|more than"):
        expanded(pattern)
