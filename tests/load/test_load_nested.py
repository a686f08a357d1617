"""Settings of a monorepo: what inner folders add to those around them, and which files were used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from staff_review.hall.review import review_paths
from staff_review.load.patterns import rebased
from staff_review.load.rulebook import rulebook_of
from staff_review.load.settings import check_rule_ids, settings_of
from staff_review.nouns.errors import UsageError
from staff_review.nouns.settings import PathSettings, Scale
from staff_review.triage import is_test_below

Write = Callable[..., Path]
Git = Callable[..., None]

WAITS = "import requests\n\n\ndef f():\n    requests.get('http://x')\n"


def test_lists_add_up_and_values_of_the_inner_file_win(project: Path, write: Write, git: Git) -> None:
    git("init", "-q")
    outer = write(
        "staff-review.toml",
        "select = ['timeouts']\nignore = ['data']\nexclude = ['gen/', '/one.py']\nfail-on = 'note'\n"
        "catalog = ['a/*.toml']\n[severity]\nmissing-timeout = 'note'\ncall-in-loop = 'note'\n"
        "[per-path]\n'jobs/' = ['data']\n[scale]\np99_ms = 50\n",
    )
    inner = write(
        "pkg/shop/pyproject.toml",
        "[tool.staff-review]\nselect = ['retries']\nignore = ['scale']\nexclude = ['gen/', 'a/b', '!keep.py']\n"
        "minimum-confidence = 'low'\ncatalog = ['b/*.toml']\n"
        "[tool.staff-review.severity]\nmissing-timeout = 'error'\n[tool.staff-review.per-path]\n'jobs/' = ['retries']\n"
        "[tool.staff-review.scale]\nregions = 3\n",
    )
    found = settings_of("pkg/shop")
    assert found.origins == (str(outer), str(inner))
    assert (found.origin, found.root, found.inner) == (str(inner), str(project), ())
    assert found.select == ("retries",)
    assert found.ignore == ("data", "scale")
    assert found.exclude == ("gen/", "/one.py", "/pkg/shop/**/gen/", "/pkg/shop/a/b", "!/pkg/shop/**/keep.py")
    assert found.catalog == (f"{project}/a/*.toml", f"{project}/pkg/shop/b/*.toml")
    assert found.severity == {"missing-timeout": "error", "call-in-loop": "note"}
    assert found.per_path == (PathSettings("jobs/", ("data",)), PathSettings("/pkg/shop/**/jobs/", ("retries",)))
    assert found.scale == Scale(p99_ms=50, regions=3)
    assert (found.fail_on, found.minimum_confidence) == ("note", "low")


def test_from_above_each_folder_is_judged_by_its_own(write: Write, git: Git) -> None:
    git("init", "-q")
    write("staff-review.toml", "fail-on = 'note'\n")
    write("a/staff-review.toml", "ignore = ['missing-timeout']\n")
    write("b/staff-review.toml", "[severity]\nmissing-timeout = 'note'\n")
    write("b/deep/staff-review.toml", "[scale]\nregions = 2\n")
    for name in ("a/x.py", "b/x.py", "b/deep/x.py", "c/x.py"):
        write(name, WAITS)
    settings = settings_of(".")
    assert [one.folder.rpartition("/project/")[2] for one in settings.inner] == ["a", "b", "b/deep"]
    assert [path.rpartition("/project/")[2] for path in settings.files] == [
        "staff-review.toml", "a/staff-review.toml", "b/staff-review.toml", "b/deep/staff-review.toml",
    ]  # fmt: skip
    found = review_paths((".",), settings).review.findings
    assert [(one.place.path, one.severity) for one in found] == [
        ("b/deep/x.py", "note"), ("b/x.py", "note"), ("c/x.py", "error"),
    ]  # fmt: skip


def test_what_is_asked_on_the_command_line_wins_in_every_folder(write: Write, git: Git) -> None:
    git("init", "-q")
    write("a/staff-review.toml", "select = ['retries']\nignore = ['data']\n")
    settings = settings_of(".", {"select": ("timeouts",), "ignore": ("scale",)})
    assert [(one.select, one.ignore) for one in (settings, *settings.inner)] == [
        (("timeouts",), ("scale",)), (("timeouts",), ("data", "scale")),
    ]  # fmt: skip


def test_settings_of_excluded_ignored_and_test_folders_do_not_matter(write: Write, git: Git) -> None:
    git("init", "-q")
    write(".gitignore", "built/\n")
    write("staff-review.toml", "exclude = ['vendored/']\n")
    for folder in ("vendored/x", "built", "node_modules/x", "tests/cases", "kept"):
        write(f"{folder}/staff-review.toml", "preview = true\n" if folder == "kept" else "broken = 1\n")
    settings = settings_of(".", skipped=is_test_below())
    assert [one.folder.rpartition("/")[2] for one in settings.inner] == ["kept"]
    with pytest.raises(UsageError, match="unknown key `broken`"):
        settings_of(".")


def test_a_named_file_stands_alone(write: Write, git: Git) -> None:
    git("init", "-q")
    write("staff-review.toml", "preview = true\n")
    write("a/staff-review.toml", "opinions = true\n")
    strict = write("ci/strict.toml", "fail-on = 'note'\n")
    found = settings_of(".", file="ci/strict.toml")
    assert (found.files, found.preview, found.inner) == ((str(strict),), False, ())


def test_a_mistake_in_an_inner_file_is_told_with_its_line(write: Write, git: Git) -> None:
    git("init", "-q")
    write("staff-review.toml", "ignore = ['missing-timeout']\n")
    write("a/staff-review.toml", "\nignore = ['mising-timeout']\n")
    with pytest.raises(UsageError, match=r"^a/staff-review.toml, line 2: `mising-timeout` in `ignore` is not a rule"):
        check_rule_ids(settings_of("."), rulebook_of())


NAMES = st.sampled_from(["a", "b", "c.py", "gen", "x y"])
PATTERNS = st.builds(
    lambda negated, lead, parts, tail: negated + lead + "/".join(parts) + tail,
    st.sampled_from(["", "!"]),
    st.sampled_from(["", "/", "**/"]),
    st.lists(st.sampled_from(["a", "b", "*.py", "gen", "x y", "**"]), min_size=1, max_size=3),
    st.sampled_from(["", "/"]),
).filter(lambda pattern: set(pattern) - set("!*/"))  # stars alone mean other things to different readers


@given(st.lists(PATTERNS, min_size=1, max_size=3), st.lists(NAMES, min_size=1, max_size=4))
def test_a_pattern_says_above_what_it_says_in_its_folder(patterns: list[str], parts: list[str]) -> None:
    here = GitIgnoreSpec.from_lines(patterns)
    above = GitIgnoreSpec.from_lines([rebased(pattern, "pkg/sh*p [1]") for pattern in patterns])
    path = "/".join(parts)
    assert above.match_file(f"pkg/sh*p [1]/{path}") == here.match_file(path)
    assert not above.match_file(f"pkg/other/{path}")
