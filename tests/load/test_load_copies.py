"""Copies of libraries that a program ships are known as the installed ones are, and not judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.hall.review import review_paths
from staff_review.link.knowledge.triggers import triggers_of
from staff_review.load.copies import without_copies
from staff_review.load.files import discover
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.settings import Settings

Write = Callable[..., Path]

_INSTALLED = triggers_of(rulebook_of().libraries, "python").installed


def own(*paths: str) -> list[str]:
    files, _ = without_copies(discover(paths, Settings()).files, _INSTALLED)
    return [entry.path for entry in files]


@pytest.mark.parametrize("folder", ["libs", "lib3", "vendor_py3"])
def test_a_folder_of_several_libraries_is_left_out_with_all_below_it(write: Write, folder: str) -> None:
    for name in ("requests", "redis", "httpx", "odd"):
        write(f"{folder}/{name}/__init__.py")
    write(f"{folder}/odd/deep/more.py")
    write("shop/prices.py")
    assert own() == ["shop/prices.py"]
    _, gaps = without_copies(discover((), Settings()).files, _INSTALLED)
    assert [(gap.path, gap.line) for gap in gaps] == [(folder, 0)]
    assert "`httpx` to `requests`" in gaps[0].reason


@pytest.mark.parametrize(
    "names",
    [
        ("libs/requests/__init__.py", "libs/redis/__init__.py"),  # two wrappers
        ("libs/queue/__init__.py", "libs/logging/__init__.py", "libs/json/__init__.py"),  # the language's own names
        ("libs/__init__.py", "libs/requests/__init__.py", "libs/redis/__init__.py", "libs/httpx/__init__.py"),
        ("hooks/requests/__init__.py", "hooks/redis/__init__.py", "hooks/httpx/__init__.py"),
        ("libs/requests.py", "libs/redis.py", "libs/httpx.py"),
    ],
)
def test_own_code_that_is_named_like_libraries_stays(write: Write, names: tuple[str, ...]) -> None:
    for name in (*names, "shop.py"):
        write(name)
    assert own() == sorted((*names, "shop.py"))


def test_a_folder_that_is_asked_for_is_looked_at(write: Write) -> None:
    for name in ("requests", "redis", "httpx"):
        write(f"libs/{name}/__init__.py")
    write("shop.py")
    assert len(own("libs")) == 3


def test_a_call_of_a_copied_library_is_judged_by_the_catalog(write: Write) -> None:
    for name in ("requests", "redis", "httpx"):
        write(f"libs/{name}/__init__.py", "def get(url, **options):\n    return options\n")
    write("shop.py", "import requests\n\n\ndef price(item):\n    return requests.get(f'https://prices/{item}')\n")
    review = review_paths((".",), Settings()).review
    assert [(one.rule, one.place.path) for one in review.findings] == [("missing-timeout", "shop.py")]
    assert review.figures.files == 1
