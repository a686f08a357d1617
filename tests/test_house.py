"""The rules of the house: who may import whom, who may touch the world, how long a thing may be."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import msgspec
import pytest
import tomli

from house import FLOORS, ROOT, Module, circles, cycles, modules, wrong_way
from staff_review.checks import CHECKS
from staff_review.checks.systems import SYSTEM_CHECKS
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.libraries import Library
from staff_review.triage.silence_rules import SILENCE_RULES

MODULES = modules()
RULEBOOK = rulebook_of()
BANNED = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "misc"}
ONLY_IN = {
    "tree_sitter": {"frontends", "load"}, "tree_sitter_python": {"frontends"}, "tree_sitter_hcl": {"load"},
    "libcst": {"fix"},
    "tomli": {"load"}, "anthropic": {"persona"}, "rich": {"cli", "report"}, "click": {"cli"}, "pygls": {"lsp"},
    "subprocess": {"load"}, "tempfile": {"load"}, "shutil": {"load", "cli", "fix"}, "socket": {"host", "persona"},
    "urllib": {"host", "persona"}, "http": {"host", "persona"},
}
OPENS = {"load", "fix", "cli", "prove"}
WORLD = re.compile(
    r"open|(?:os|io|codecs)\.(?:open|fdopen|scandir|listdir|walk|popen|system|remove|unlink|mkdir|makedirs|rename|replace)"
    r"|.+\.(?:read_text|read_bytes|write_text|write_bytes|iterdir|rglob)|glob\.i?glob"
)
PYTHON_ROOTS = {"builtins"}


def shown(module: Module) -> str:
    return module.name or "staff_review"


def test_every_module_has_its_place() -> None:
    assert {module.room for module in MODULES} <= FLOORS.keys()


@pytest.mark.parametrize("module", MODULES, ids=shown)
def test_imports_go_down(module: Module) -> None:
    assert not list(wrong_way(module))


def test_no_cycles() -> None:
    assert not cycles(MODULES)


def test_the_folders_of_link_build_on_each_other() -> None:
    """One may be read after the other: none needs what needs it."""
    assert not circles(MODULES, "link")


def test_a_wrong_import_is_noticed(tmp_path: Path) -> None:
    """The tests above can fail: a small house in which everything is wrong."""
    house = tmp_path / "staff_review"
    for name, text in {
        "__init__.py": "",
        "nouns/facts.py": "from ..hall.review import review\n",
        "hall/review.py": "from .. import link\n",
        "link/__init__.py": "from .names import a\n",
        "link/names.py": (
            "from typing import TYPE_CHECKING\nfrom .values import b\n"
            "if TYPE_CHECKING:\n    from ..nouns import facts\n"
        ),
        "link/values.py": "from . import names\ndef f():\n    from ..nouns.facts import x\n",
        "checks/__init__.py": "import staff_review.link.names\n",
    }.items():
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text(text)
    files = modules(house)
    assert [complaint for module in files for complaint in wrong_way(module)] == [
        "checks:1 imports `link.names`, which is not below it",
        "link.names:4 imports `nouns.facts` only for types, across rooms",
        "link.values:3 imports `nouns.facts` inside a function",
        "nouns.facts:1 imports `hall.review`, which is not below it",
    ]
    assert cycles(files) == circles(files, "link") == [["link.names", "link.values"]]


@pytest.mark.parametrize("module", MODULES, ids=shown)
def test_only_some_may_use_what_others_may_not(module: Module) -> None:
    foreign = {one.room for one in module.imports if not one.ours}
    assert not {name for name in foreign & ONLY_IN.keys() if module.room not in ONLY_IN[name]}


@pytest.mark.parametrize("module", [module for module in MODULES if module.room not in OPENS], ids=shown)
def test_only_load_opens_files(module: Module) -> None:
    calls = [ast.unparse(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    assert not [call for call in calls if WORLD.fullmatch(call)]


@pytest.mark.parametrize(
    "path", sorted(file for folder in ("src", "tests", "bench") for file in (ROOT / folder).rglob("*.py")),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_files_and_functions_are_short(path: Path) -> None:
    module = Module(path, ROOT)
    lines = module.text.count("\n")
    assert lines <= 300
    lengths = {one.name: (one.end_lineno or one.lineno) - one.lineno + 1 for one in module.functions}
    assert not {name: length for name, length in lengths.items() if length > 50}


@pytest.mark.parametrize("module", MODULES, ids=shown)
def test_no_drawer_for_everything(module: Module) -> None:
    assert BANNED.isdisjoint(module.name.split("."))


@pytest.mark.parametrize("name", [module.name for module in MODULES if module.name.startswith("nouns.")])
def test_nouns_are_frozen(name: str) -> None:
    noun = importlib.import_module(f"staff_review.{name}")
    kinds = [kind for _, kind in inspect.getmembers(noun, inspect.isclass) if kind.__module__ == noun.__name__]
    assert kinds
    for kind in kinds:
        if issubclass(kind, msgspec.Struct):
            assert kind.__struct_config__.frozen, f"{kind.__name__} can be changed"
        else:
            assert issubclass(kind, Enum | Exception), f"{kind.__name__} is no noun"


@pytest.mark.parametrize(
    "module", [one for one in MODULES if one.room in {"link", "checks", "triage", "report"}], ids=shown
)
def test_no_library_is_named_in_code(module: Module) -> None:
    """What is particular to a library stands in the catalog. The house's own words may be spelled like one."""
    named = [
        f"line {line}: {text!r}"
        for line, text in module.strings()
        if text.split(".")[0] in LIBRARY_ROOTS and (re.fullmatch(r"\w+(\.\w+)+", text) or text not in OUR_WORDS)
    ]
    assert not named


def _roots(library: Library) -> Iterator[str]:
    yield library.library
    paths = [*library.also, *library.alias, *library.returns]
    for entries in (library.operation, library.limit, library.policy, library.term, library.entry, library.config):
        paths += [name for entry in entries for name in entry.names]
    paths += [client.type for client in library.client]
    yield from (path.partition(".")[0] for path in paths)


LIBRARY_ROOTS = {
    root for library in RULEBOOK.libraries for root in _roots(library) if re.fullmatch(r"[a-z_0-9]+", root)
} - PYTHON_ROOTS
OUR_WORDS = {text for module in MODULES if module.room == "nouns" for _, text in module.strings()}


def test_libraries_are_known_to_the_test_above() -> None:
    assert {"requests", "httpx", "fastapi", "asyncio", "redis"} <= LIBRARY_ROOTS


@pytest.mark.parametrize(
    "module", [one for one in MODULES if one.room in {"link", "checks", "triage", "topology"}], ids=shown
)
def test_no_product_is_named_in_code(module: Module) -> None:
    """Not in a pattern or a sentence either. What is particular to a product, a command or an error is data."""
    named = {word for _, text in module.strings() for word in words_of(text) if word in PRODUCT_WORDS}
    assert named <= TOLD_IN_CODE.get(module.name, set())


@pytest.mark.parametrize("module", [one for one in MODULES if one.room == "checks"], ids=shown)
def test_checks_name_no_error_of_a_library(module: Module) -> None:
    assert not {text for _, text in module.strings() if re.fullmatch(r"(?!builtins\.)[\w.]*", text) and is_error(text)}


@pytest.mark.parametrize("module", [one for one in MODULES if one.room == "link"], ids=shown)
def test_no_member_of_a_library_is_named_in_code(module: Module) -> None:
    """What a member does by its name alone stands in the catalog; plain words are anybody's."""
    named = {text for _, text in module.strings() if text in MEMBERS}
    assert named <= MEMBERS_IN_CODE.get(module.name, set())


def words_of(text: str) -> set[str]:
    """The words of a text, whole and in their parts."""
    found = set(re.findall(r"[a-z0-9]+(?:[_.-][a-z0-9]+)*", text.lower()))
    return found | {part for word in found for part in re.split(r"[_.-]", word)}


def is_error(text: str) -> bool:
    return text.rpartition(".")[2] in ERRORS


PLAIN_MEMBERS = {"append", "enter", "fetch", "get", "next", "poll", "pop", "put", "read", "receive"}
MEMBERS = {
    name for library in RULEBOOK.libraries for member in library.member for name in member.names
} - PLAIN_MEMBERS
MEMBERS_IN_CODE = {"link.burdens.buffers": {"appendleft", "popleft"}}  # of the language's own queue
PRODUCTS = RULEBOOK.products
PLAIN_WORDS = {
    "backoff", "channels", "cluster", "console", "consumer", "docker", "google", "grpc", "java", "jwt", "kubernetes",
    "load", "message", "node", "pubsub", "retry", "scope", "websocket", "worker",
}
"""Spelled like a product, a library or a command, and a word of the field, a protocol or a language."""
TOLD_IN_CODE = {
    "checks.auto_ack": {"rabbitmq"},  # part of a queue's name
    "link.calls.verbs": {"gql", "metrics"},  # what functions that ask in GraphQL, and that tell figures, are called
    "link.exposed.plain_addresses": {  # schemes, and a domain
        "amqp", "consul", "ldap", "mongodb", "mqtt", "mysql", "nats", "postgres", "redis", "stomp",
    },
    "link.exposed.secrets": {  # whose key it is, by its form
        "anthropic", "azure", "github", "gitlab", "minio", "mysql", "npm", "openai", "postgres", "sendgrid", "slack",
        "stripe",
    },
    "link.retries.unseen": {"invoke"},  # what a member that asks somebody is called
    "topology.addresses": {"consul"},  # the domain of its names
    "triage.profile": {"alembic"},  # a usual folder of migrations
}
"""What may stay: a new entry needs as good a reason."""
PRODUCT_WORDS = {
    word
    for words in (
        *((one.name, *one.images, *one.schemes) for one in PRODUCTS.product),
        *(one.words for one in PRODUCTS.command),
        *((one.name,) for one in PRODUCTS.framework),
        LIBRARY_ROOTS - sys.stdlib_module_names,
    )
    for word in words
    if re.fullmatch(r"[a-z][a-z0-9_.-]+", word)
} - PLAIN_WORDS
ERRORS = {
    name.rpartition(".")[2]
    for library in RULEBOOK.libraries for error in library.error for name in error.names if "builtins" not in name
}


def test_products_are_known_to_the_tests_above() -> None:
    assert {"postgresql", "kafka", "gunicorn", "celery", "spring", "flask"} <= PRODUCT_WORDS
    assert words_of(r"\b(?:gunicorn|flask run)\b") >= {"gunicorn", "flask"}
    assert is_error("redis.RedisError")
    assert not is_error("builtins.OSError")


def test_rules_are_checks_and_fixtures() -> None:
    judged = RULEBOOK.rules.keys() - SILENCE_RULES
    assert RULEBOOK.rules.keys() >= SILENCE_RULES
    patterns = {rule.id for rule in RULEBOOK.rules.values() if rule.match}
    assert patterns.isdisjoint(CHECKS.keys())
    assert SYSTEM_CHECKS.keys() == {rule.id for rule in RULEBOOK.rules.values() if rule.family == "system"}
    assert judged == CHECKS.keys() | SYSTEM_CHECKS.keys() | patterns
    for folder, checks in (("checks", CHECKS), ("checks.systems", SYSTEM_CHECKS)):
        assert checks.keys() == {
            module.name.rpartition(".")[2].replace("_", "-")
            for module in MODULES
            if module.name.rpartition(".")[0] == folder and any(one.name == "check" for one in module.functions)
        }
    folders = {path.name for path in (ROOT / "fixtures").iterdir() if not path.name.startswith(".")}
    assert judged == folders - {"systems"}


def test_rules_and_standards_belong_together() -> None:
    named = {rule.standard for rule in RULEBOOK.rules.values()}
    assert named == RULEBOOK.standards.keys()
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", name) for name in RULEBOOK.rules)
    assert not [name for name in RULEBOOK.rules if name.startswith(("no-", "avoid-", "use-"))]


def test_types_are_strict() -> None:
    settings = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    assert settings["strict"] is True
    assert settings["files"] == ["src"]
    assert "overrides" not in settings
    assert not [module.name for module in MODULES if "# mypy:" in module.text]
