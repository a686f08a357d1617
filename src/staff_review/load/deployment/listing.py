"""The files around the code: what lies below the paths asked for, as git sees it, by its name and its text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import msgspec

from ...findings import Gap
from ...source import Place, Span
from ..git import GitFailure, listing_of, repository_of
from ..regular import TooLargeError, contents, in_bytes, why
from ..walk import SKIPPED, walked

_MOST_BYTES = 1_000_000
_VENDORED = re.compile(
    r"(?:^|/)(?:" + "|".join(map(re.escape, (*SKIPPED, "vendor", "third_party", "dist", "bower_components"))) + r")/"
)
_FOR_TESTS = re.compile(
    r"(?:^|/)(?:tests?|testing|__tests__|e2e|specs?|fixtures?|mocks?|__mocks__|testdata|[\w-]+[-_]tests?"
    r"|\.github|\.devcontainer|\.circleci|\.vscode|\.idea)/|^(?:examples?|samples?|docs?|documentation)/"
    r"|(?:^|/)tests?[._-][^/]*$|[._-](?:test|tests|spec)\.[\w.]+$|(?:Test|Tests|IT)\.(?:java|kt|cs)$"
)
_JAVA_ROOT = re.compile(r"(?:^|/)src/main/.*?(?=/?[^/]*$)")  # package names there are words like any other


class Found(msgspec.Struct, frozen=True):
    """A file as shown and as it is opened."""

    path: str
    absolute: str

    @property
    def folder(self) -> str:
        """Its folder as shown, "" for the top."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition("/")[2]


def files_below(paths: tuple[str, ...]) -> list[Found]:
    """Every file below the folders asked for, without vendored and test files, sorted by path."""
    found: dict[str, Found] = {}
    for path in paths or (".",):
        if os.path.isdir(path):
            for one in _below(path):
                found.setdefault(one.absolute, one)
    return sorted(found.values(), key=lambda one: one.path)


def _below(path: str) -> Iterator[Found]:
    real = os.path.realpath(path)
    shown = os.path.relpath(path).replace(os.sep, "/")
    prefix = "" if shown == "." else f"{shown}/"
    for name in _names(real):
        if not _VENDORED.search(name) and not _FOR_TESTS.search(_JAVA_ROOT.sub("", name)):
            yield Found(prefix + name, f"{real}/{name}")


def _names(folder: str) -> Iterator[str]:
    root = repository_of(folder)
    if root is not None:
        start = os.path.relpath(folder, root).replace(os.sep, "/")
        start = "" if start == "." else start
        listing = listing_of(root, (start,))
        if not isinstance(listing, GitFailure):
            prefix = f"{start}/" if start else ""
            inside = [name[len(prefix) :] for name in listing.files if name.startswith(prefix)]
            inner = [name[len(prefix) :] for name in listing.repositories if name.startswith(prefix)]
            if inside or inner or not start:
                yield from inside
                for repository in inner:
                    if os.path.isdir(f"{folder}/{repository}") and not _VENDORED.search(f"{repository}/"):
                        yield from (f"{repository}/{name}" for name in _names(f"{folder}/{repository}"))
                return
    seen = walked(folder, "", ("",))
    yield from seen.files
    for repository in seen.repositories:
        yield from (f"{repository}/{name}" for name in _names(f"{folder}/{repository}"))


def text_of(file: Found) -> str | Gap:
    """The text of a file, undecodable bytes replaced, or why it was not looked at."""
    try:
        data = contents(file.absolute, _MOST_BYTES)
    except TooLargeError as error:
        return Gap(file.path, 0, f"{in_bytes(error.size)} is more than configuration holds")
    except OSError as error:
        return Gap(file.path, 0, f"cannot be read: {why(error)}")
    return "" if b"\0" in data[:8192] else data.decode("utf-8", "replace").removeprefix("\ufeff")


def at(path: str, line: int) -> Place:
    """The place of a line of a file."""
    number = max(line, 1)
    return Place(path, Span(number, 1, number, 1))


def joined(folder: str, name: str) -> str:
    """A path in a file's own words, seen from its folder; "" for the top."""
    return "" if (path := os.path.normpath(f"{folder or '.'}/{name}").replace(os.sep, "/")) == "." else path
