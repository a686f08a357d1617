"""Every file of the catalog is well formed, agrees with the others, and says what the installed library says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import installed
import msgspec
import pytest
import tomli
from claims import names_of, problems

from staff_review.load.braces import all_expanded
from staff_review.nouns.libraries import ArgumentAt, Effect, Library, TimeLimit, Verification

CATALOG = Path(__file__).parents[2] / "rules" / "catalog"
FILES = sorted(CATALOG.glob("*/*.toml"))


def library_of(path: Path) -> Library:
    """One file, decoded strictly."""
    return msgspec.convert(tomli.loads(path.read_text(encoding="utf-8")), Library, strict=True)


def shown(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.fixture(scope="module")
def python() -> dict[str, Library]:
    """The libraries of Python by file name."""
    return {path.stem: library_of(path) for path in FILES if path.parent.name == "python"}


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_file_is_well_formed(path: Path) -> None:
    library = library_of(path)
    assert library.language == path.parent.name
    assert library.source, "say which version and files of the library this was read from"
    plain = library.alias or library.returns or library.test_only or library.program or library.member
    says = plain or list(names_of(library))
    assert says, "the file says nothing"


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == "python"], ids=shown)
def test_file_agrees_with_the_installed_library(path: Path) -> None:
    library = library_of(path)
    roots = {name.partition(".")[0] for name in (*names_of(library), *all_expanded(library.alias))} - {"*", "**"}
    if library.package is not None and installed.version(library.package) is None:
        pytest.skip(f"{library.package} is not installed")
    if not any(installed.present(root) for root in roots if "*" not in root):
        pytest.skip(f"{library.library} is not installed")
    assert not problems(library)


def test_names_are_canonical(python: dict[str, Library]) -> None:
    """No alias, of any file, turns a name that an entry speaks of into another one: such an entry is never found."""
    alias = {
        spelling: (file, target)
        for file, library in python.items()
        for key, target in library.alias.items()
        for spelling in all_expanded((key,))
    }
    alias |= {twin: (file, library.library) for file, library in python.items() for twin in library.also}
    lost = []
    for file, library in python.items():
        for name in names_of(library):
            parts = name.split(".")
            for count in range(len(parts), 0, -1):
                source, target = alias.get(".".join(parts[:count]), ("", ""))
                if source:
                    lost.append(f"{file}: `{name}` becomes `{'.'.join([target, *parts[count:]])}` by {source}")
                    break
    assert not lost


def test_each_operation_is_claimed_once(python: dict[str, Library]) -> None:
    operations = Counter(
        name for library in python.values() for entry in library.operation for name in all_expanded(entry.names)
    )
    assert not [name for name, count in operations.items() if count > 1]


def changed(library: Library, **fields: object) -> Library:
    """The library with the first operation changed."""
    first, *rest = library.operation
    return msgspec.structs.replace(library, operation=(msgspec.structs.replace(first, **fields), *rest))


def with_limit(**fields: object) -> Callable[[Library], Library]:
    return lambda library: changed(library, timeout=msgspec.structs.replace(library.operation[0].timeout, **fields))


def with_table(field: str, table: dict[str, str]) -> Callable[[Library], Library]:
    return lambda library: msgspec.structs.replace(library, **{field: table})


MUTATIONS: dict[str, tuple[Callable[[Library], Library], str]] = {
    "a name that does not exist": (lambda it: changed(it, names=("queue.Queue.fetch",)), "`Queue` has no `fetch`"),
    "an argument that does not exist": (with_limit(argument="time_limit"), "no argument `time_limit`"),
    "another position": (with_limit(position=0), "takes `block` at position 0"),
    "a position too far": (with_limit(argument=None, position=7), "no argument `` at position 7"),
    "a default that is not so": (with_limit(default="5s"), "does not state '5s'"),
    "a bound that does not exist": (lambda it: changed(it, bounded_by=("now=true",)), "no argument `now`"),
    "a client that is not there": (lambda it: changed(it, client_limit="client"), "no [[client]]"),
    "an alias of nothing": (with_table("alias", {"queue.Tail": "queue.Queue"}), "`queue.Tail` does not exist"),
    "a type that is not there": (with_table("returns", {"queue.Queue": "queue.Q"}), "`queue.Q` does not exist"),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_wrong_claim_is_found(mutation: str, python: dict[str, Library]) -> None:
    """The comparison itself can fail: each kind of mistake, made on purpose in the file of the queue module."""
    mutate, expected = MUTATIONS[mutation]
    assert not problems(python["queue"])
    assert any(expected in said for said in problems(mutate(python["queue"])))


def test_a_wrong_number_is_found() -> None:
    def claimed(default: str, effects: tuple[Effect, ...] = ()) -> Library:
        limit = TimeLimit(argument="timeout", position=0, default=default)
        names = ("multiprocessing.connection.Connection.poll", "asyncio.sleep")
        operation = {"names": names[:1], "effects": [], "timeout": msgspec.to_builtins(limit)}
        waits = {"names": names[1:], "effects": [effect.value for effect in effects], "source": "a number"}
        document = {"library": "made", "language": "python", "source": "-", "operation": [operation, waits]}
        return msgspec.convert(document, Library)

    assert not problems(claimed("0s"))
    assert any("timeout=0.0 by default" in said for said in problems(claimed("5s")))
    assert any("coroutine" in said for said in problems(claimed("0s", (Effect.BLOCKING,))))


def test_a_check_that_is_off_by_default_is_found() -> None:
    verify = Verification(argument="shell", off=(False,))
    place = msgspec.to_builtins(ArgumentAt(argument="shell"))
    operation = {"names": ["subprocess.Popen"], "effects": [], "verify": place | {"off": list(verify.off)}}
    document = {"library": "made", "language": "python", "source": "-", "operation": [operation]}
    assert any("switch the check off" in said for said in problems(msgspec.convert(document, Library)))
