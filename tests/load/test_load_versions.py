"""Versions in use: what each kind of file says, which file wins, and what a spoilt one costs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.load.versions import VersionKnown, Versions, plain, versions_of

Write = Callable[..., Path]

UV = """version = 1
requires-python = ">=3.10"

[[package]]
name = "Redis_Py"
version = "5.0.1"
source = { registry = "x" }
dependencies = [
    { name = "async-timeout", version = "4.0.3" },
]

[[package]]
name = "workspace"
source = { virtual = "." }

[package.metadata]
version = "9"
"""
POETRY = """[[package]]
name = "celery"
version = "5.4.0"
optional = false

[package.dependencies]
kombu = { version = ">=5.3.4,<6.0" }

[[package]]
name = "numpy"
version = "1.26.4"

[[package]]
name = "numpy"
version = "2.1.0"

[metadata]
lock-version = "2.0"
"""
PIPFILE = '{"_meta": {}, "default": {"requests": {"version": "==2.31.0"}, "own": {"path": "."}}, "develop": {}}'
REQUIREMENTS = """
# comment
requests[security]==2.31.0 ; python_version >= "3.8" \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
Django>=4.2,<5.1   # LTS
flask~=2.3.1
httpx<=0.27
kombu==5.3.*
aiohttp
-e .
--index-url https://example.org/simple
git+https://example.org/x.git
"""
PROJECT = """
[project]
dependencies = ["httpx>=0.27", "anyio"]
[project.optional-dependencies]
fast = ["uvloop==0.19.0"]
[dependency-groups]
test = ["pytest>=8", {include-group = "x"}]
[tool.poetry.dependencies]
python = "^3.10"
celery = "^5.3"
redis = { version = "~4.5", extras = ["hiredis"] }
zero = "^0.2.3"
any = "*"
exact = "1.2"
many = [{ version = "<2", python = "<3.9" }, { version = ">=2,<4" }]
local = { path = "../x" }
"""


def known(write: Write, name: str, text: str | bytes) -> dict[str, str]:
    table, gaps = versions_of(str(write(name, text).parent))
    assert gaps == ()
    return {package: version.text for package, version in table.items()}


@pytest.mark.parametrize(
    ("name", "text", "versions"),
    [
        ("uv.lock", UV, {"redis-py": "==5.0.1"}),
        ("poetry.lock", POETRY, {"celery": "==5.4.0", "numpy": ">=1.26.4,<=2.1.0"}),
        ("pdm.lock", POETRY.replace("\n", "\r\n"), {"celery": "==5.4.0", "numpy": ">=1.26.4,<=2.1.0"}),
        ("pylock.toml", "lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = '1'\n", {"a": "==1"}),
        ("uv.lock", "version = 1\n", {}),
        ("Pipfile.lock", PIPFILE, {"requests": "==2.31.0"}),
        (
            "requirements.txt",
            REQUIREMENTS,
            {
                "requests": "==2.31.0", "django": ">=4.2,<5.1", "flask": ">=2.3.1,<2.4", "httpx": "<=0.27",
                "kombu": ">=5.3,<5.4", "aiohttp": "",
            },
        ),
        ("requirements.txt", "\ufeffa==1\r\nb==2;python_version<'3'\nb==3\n", {"a": "==1", "b": ">=2,<=3"}),
        (
            "pyproject.toml",
            PROJECT,
            {
                "httpx": ">=0.27", "anyio": "", "uvloop": "==0.19.0", "pytest": ">=8", "celery": ">=5.3,<6",
                "redis": ">=4.5,<4.6", "zero": ">=0.2.3,<0.3", "any": "", "exact": "==1.2", "many": "<4", "local": "",
            },
        ),
    ],
)  # fmt: skip
def test_each_kind_of_file_is_read(name: str, text: str, versions: dict[str, str], write: Write) -> None:
    assert known(write, name, text) == versions


def test_a_lock_decides_within_what_a_manifest_allows(write: Write, project: Path) -> None:
    write("pyproject.toml", "[project]\ndependencies = ['redis>=4', 'flask>=2']\n")
    write("requirements.txt", "redis==5.0.0\nflask>=3\n")
    write("uv.lock", UV.replace("Redis_Py", "redis"))
    table, _ = versions_of(str(project))
    assert table["redis"] == VersionKnown("uv.lock", exact="5.0.1")
    assert table["flask"] == VersionKnown("requirements.txt", lower="3")


def test_production_comes_before_what_developers_need(write: Write, project: Path) -> None:
    write("requirements-dev.txt", "redis==3.0\npytest==8.0\n")
    write("requirements/prod.txt", "-r base.txt\n-r ../../outside.txt\n-r prod.txt\ncelery==5.4\n")
    write("requirements/base.txt", "redis==4.0\n")
    write("constraints.txt", "celery==1.0\nkombu==5.0\n")
    assert plain(versions_of(str(project))[0]) == {
        "redis": "==4.0", "pytest": "==8.0", "celery": "==5.4", "kombu": "==5.0",
    }  # fmt: skip


def test_the_nearest_file_above_a_source_wins(write: Write, project: Path) -> None:
    write("uv.lock", UV.replace("Redis_Py", "redis") + '[[package]]\nname = "flask"\nversion = "3.0"\n')
    write("services/a/requirements.txt", "redis==4.6\n")
    write("services/b/pyproject.toml", "[project]\ndependencies = ['redis>=4', 'flask<3']\n")
    versions = Versions(str(project))
    assert versions.above("services/a/app/main.py")["redis"] == VersionKnown(
        "services/a/requirements.txt", exact="4.6"
    )
    member = versions.above("services/b/main.py")
    assert member["redis"] == VersionKnown("uv.lock", exact="5.0.1"), "the workspace's lock makes a bound exact"
    assert member["flask"].text == "<3", "but not against what the member asks for"
    assert versions.above("main.py")["redis"].exact == "5.0.1"
    assert versions.above(os.path.abspath("../elsewhere.py")) == versions.above("main.py")
    assert versions.gaps == ()


@pytest.mark.parametrize(
    ("version", "below"),
    [
        (VersionKnown("", exact="7.9"), True),
        (VersionKnown("", exact="8.0"), False),
        (VersionKnown("", exact="8.0rc1"), True),
        (VersionKnown("", lower="8"), False),
        (VersionKnown("", lower="7", upper="8"), True),
        (VersionKnown("", lower="7", upper="8", upper_included=True), None),
        (VersionKnown("", lower="7", upper="9"), None),
        (VersionKnown("", lower="7"), None),
        (VersionKnown(""), None),
        (VersionKnown("", exact="odd"), None),
    ],
)
def test_a_version_is_below_another_or_not_or_nobody_can_say(version: VersionKnown, below: bool | None) -> None:
    assert version.below("8.0") is below


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("uv.lock", b"\xff\xfe"),
        ("poetry.lock", b"<<<<<<< HEAD\nhello\n"),
        ("uv.lock", b"#" * 30_000_000),
        ("Pipfile.lock", b"{"),
        ("Pipfile.lock", b'{"a":' * 200_000),
        ("pyproject.toml", b"[project\n"),
        ("pyproject.toml", b"x = " + b"[" * 500_000),
        ("pyproject.toml", b"#" * 10_000_000),
        ("requirements.txt", b"\x00\xff\x00"),
    ],
    ids=range(9),
)
def test_a_spoilt_file_is_a_gap_and_the_others_count(name: str, text: bytes, write: Write, project: Path) -> None:
    write(name, text)
    write("sub/requirements.txt", "a==1\n")
    versions = Versions(str(project))
    assert plain(versions.above("sub/x.py")) == {"a": "==1"}
    (gap,) = versions.gaps
    assert (gap.path, gap.line) == (name, 0)
    assert gap.reason.startswith("versions not read: ")
    assert len(gap.reason) < 250


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("uv.lock", "version = 1\n" + "\n" * 5_000_000),
        ("uv.lock", "version" + " " * 5_000_000),
        ("uv.lock", "[[package]]\n" * 300_000),
        ("requirements.txt", "a" + " " * 900_000 + "b"),
        ("requirements.txt", "\\\n" * 400_000),
        ("requirements.txt", "-r " * 300_000),
        ("requirements.txt", "a==" + "1." * 400_000),
        ("requirements.txt", "a" + ",>=1" * 200_000),
        ("requirements.txt", "a ; " + "(" * 100_000),
        ("Pipfile.lock", '{"default": [], "develop": {"a": 3, "b": {"version": 3}}}'),
        ("pyproject.toml", "project = 3\n[tool]\npoetry = []\npdm = {dev-dependencies = 1}\n"),
        ("pyproject.toml", "[tool.poetry.dependencies]\na = '^" + "1." * 100_000 + "1'\nb = '^'\nc = ',,'\nd = 3\n"),
    ],
    ids=range(12),
)
def test_a_file_made_to_do_harm_breaks_nothing_and_is_done_with(name: str, text: str, write: Write) -> None:
    versions_of(str(write(name, text).parent))


def test_a_pipe_in_place_of_a_file_is_not_waited_for(project: Path) -> None:
    os.mkfifo("requirements.txt")
    (project / "uv.lock").mkdir()
    _, gaps = versions_of(str(project))
    assert [gap.path for gap in gaps] == ["requirements.txt", "uv.lock"]
