"""Which files are test code, examples and the like, judged by a quieter profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_FOLDERS = frozenset(
    {
        "test", "tests", "testing", "__tests__", "e2e", "testdata", "fixture", "fixtures", "mock", "mocks",
        "__mocks__", "example", "examples", "sample", "samples", "doc", "docs", "tutorial", "tutorials",
        "migrations", "alembic", "bench", "benches", "benchmark", "benchmarks", "loadtest", "loadtests",
    }
)  # fmt: skip
_AT_THE_TOP = frozenset({"qa"})
"""Such folders at the top of the tree alone: further down, it is where questions are answered."""
_WORDS = frozenset(
    {
        "test", "tests", "testing", "example", "examples", "sample", "samples", "tutorial", "tutorials",
        "migrations",
    }
)  # fmt: skip
_FILES = re.compile(  # a file that begins with a number is no module but one step of a migration
    r"(?:\d{3,}|[0-9a-f]{12})_\w+\.py|(?:test_.*|.*[_-]tests?|.*_test_?data|.*_test_(?:libs?|utils?|helpers?|base|case|support)|tests?|conftest|locustfile|migrations)\.pyi?|.*_test\.go|.*\.(?:test|spec)\.[cm]?[jt]sx?|.*(?:Tests?|IT)\.java"
)


def is_test_below(named: Iterable[str] = ()) -> Callable[[str], bool]:
    """A judge of paths. `named` are the folders a user asked for: what they named themselves is not test code for it.

    So `staff-review examples/` judges the examples as the product, and `staff-review .` does not.
    """
    roots = sorted((f"{root.rstrip('/')}/" for root in (_plain(path) for path in named) if root), key=len, reverse=True)

    def is_test(path: str) -> bool:
        plain = _plain(path)
        root = next((root for root in roots if plain.startswith(root)), "")
        *folders, name = plain[len(root) :].split("/")
        if any(_is_for_tests(folder) for folder in folders) or not _AT_THE_TOP.isdisjoint(folders[:1]):
            return True
        return _FILES.fullmatch(name) is not None

    return is_test


def _is_for_tests(folder: str) -> bool:
    """Whether a folder holds no service code: by its name, a word of it (`integration_tests`), or a leading dot."""
    if folder in _FOLDERS or (folder.startswith(".") and folder not in (".", "..")):
        return True
    return not _WORDS.isdisjoint(re.split(r"[_-]", folder))


def _plain(path: str) -> str:
    # "." and ".." say where to look from, never what a folder is for.
    return "/".join(part for part in path.replace("\\", "/").split("/") if part not in ("", ".", ".."))
