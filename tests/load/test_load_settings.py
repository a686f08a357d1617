"""Settings: which file is read, what it may say, and how a mistake in it is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.load.rulebook import rulebook_of
from staff_review.load.settings import check_rule_ids, settings_of
from staff_review.nouns.errors import UsageError
from staff_review.nouns.settings import PathSettings, Scale, Settings

Write = Callable[..., Path]
Git = Callable[..., None]

FULL = """
select = ["timeouts"]
ignore = ["missing-timeout"]
exclude = ["gen/"]
fail-on = "warning"
minimum-confidence = "low"
preview = true
opinions = true
include-tests = true
catalog = ["reliability/*.toml"]
rules = ["mine/*.toml"]
max-file-bytes = 2_000_000

[severity]
missing-timeout = "note"

[per-path]
"scripts/**" = ["missing-timeout"]
"tests/" = { ignore = ["timeouts"] }

[scale]
requests_per_second = 20
p99_ms = 250.5
regions = 2
"""


def complaint(start: str = ".") -> str:
    with pytest.raises(UsageError) as caught:
        settings_of(start)
    return str(caught.value).rsplit("/", 1)[-1]


def test_without_a_file_the_defaults_hold(project: Path, git: Git, write: Write) -> None:
    write("pkg/a.py")
    git("init", "-q")
    assert settings_of("pkg/a.py") == Settings(root=str(project))


@pytest.mark.parametrize("name", ["staff-review.toml", "pyproject.toml"])
def test_every_key_is_read(name: str, project: Path, write: Write) -> None:
    shared = "[tool.staff-review]\n" + FULL.replace("\n[", "\n[tool.staff-review.")
    path = write(name, FULL if name == "staff-review.toml" else shared)
    write("pkg/a.py")
    assert settings_of("pkg/a.py") == Settings(
        root=str(project),
        origin=str(path),
        origins=(str(path),),
        select=("timeouts",),
        ignore=("missing-timeout",),
        per_path=(PathSettings("scripts/**", ("missing-timeout",)), PathSettings("tests/", ("timeouts",))),
        exclude=("gen/",),
        severity={"missing-timeout": "note"},
        fail_on="warning",
        minimum_confidence="low",
        preview=True,
        opinions=True,
        include_tests=True,
        scale=Scale(20, 250.5, 2),
        catalog=(f"{project}/reliability/*.toml",),
        rules=(f"{project}/mine/*.toml",),
        max_file_bytes=2_000_000,
    )


def test_the_nearest_file_wins_and_our_own_before_a_shared_one(write: Write) -> None:
    write("pyproject.toml", "[tool.staff-review]\nselect = ['a']\n")
    write("pkg/pyproject.toml", "[tool.other]\nx = 'staff-review'\n")
    write("pkg/deep/a.py")
    assert settings_of("pkg/deep").select == ("a",)
    write("staff-review.toml", "select = ['b']\n")
    assert settings_of("pkg/deep").select == ("b",)
    write("pkg/staff-review.toml", "select = ['c']\n")
    assert settings_of("pkg/deep").select == ("c",)


def test_the_search_ends_at_the_git_root(write: Write, git: Git, project: Path) -> None:
    write("staff-review.toml", "preview = true\n")
    write("inner/pkg/a.py")
    git("init", "-q", "inner")
    assert settings_of("inner/pkg") == Settings(root=str(project / "inner"))


def test_what_is_asked_on_the_command_line_wins(write: Write) -> None:
    write("staff-review.toml", "select = ['a']\npreview = true\n")
    settings = settings_of(".", {"select": ("b",), "preview": None, "fail_on": "note"})
    assert (settings.select, settings.preview, settings.fail_on) == (("b",), True, "note")


def test_a_named_file_is_read_instead(write: Write) -> None:
    write("staff-review.toml", "select = ['a']\n")
    write("ci/strict.toml", "select = ['b']\n")
    write("ci/pyproject.toml", "")
    assert settings_of(".", file="ci/strict.toml").select == ("b",)
    with pytest.raises(UsageError, match=r"has no table `\[tool.staff-review\]`"):
        settings_of(".", file="ci/pyproject.toml")
    with pytest.raises(UsageError, match="cannot be read: no such file"):
        settings_of(".", file="gone.toml")


def test_a_users_catalog_is_found_below_a_folder_with_odd_letters(write: Write) -> None:
    write("od[d]*/staff-review.toml", "catalog = ['own/*.toml']\n")
    write("od[d]*/own/acme.toml", 'library = "acme"\nlanguage = "python"\n')
    libraries = rulebook_of(settings_of("od[d]*").catalog).libraries
    assert libraries[-1].library == "acme"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nfail_on = 'note'", "line 2: unknown key `fail_on`; did you mean `fail-on`?"),
        ("fail-on = 'eror'", "line 1: `eror` is not a value of `fail-on`; did you mean `error`?"),
        ("select = 'a'", "line 1: `select` must be a list, not a text"),
        ("select = ['a', 1]", "line 1: `select` must be a text, not a whole number"),
        ("preview = 1", "line 1: `preview` must be true or false, not a whole number"),
        ("[scale]\nregions = 1\nrps = 5", "line 3: unknown key `rps` in `scale`; it can be `maintainers`, `p99_ms`, "),
        ("[scale]\np99_ms = 0", "line 2: `scale.p99_ms` must be a number above 0"),
        ("[scale]\np99_ms = nan", "line 2: `scale.p99_ms` must be a number above 0"),
        ("max-file-bytes = -1", "line 1: `max-file-bytes` must be above 0"),
        ("[severity]\na = 'note'\nb = 'loud'", "line 3: `loud` is not a value of `severity`; it can be "),
        ("[per-path]\n'a' = ['x']\n'b' = {ignor = []}", "line 3: unknown key `ignor` in `per-path`; did you mean"),
        ("[per-path]\n'*a*a*a*a*b' = []", "line 2: `*a*a*a*a*b` in `per-path` is not a pattern"),
        ("exclude = [\n'ok',\n'!',\n]", "line 3: `!` in `exclude` is not a pattern"),
        ("x = ", "line 1: not valid TOML: invalid value"),
        ("[tool.staff-review]", "line 1: `[tool.staff-review]` is for pyproject.toml: leave"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(text: str, said: str, write: Write) -> None:
    write("staff-review.toml", text + "\n")
    complained = complaint()
    assert complained.startswith(f"staff-review.toml, {said}"), complained
    assert "\n" not in complained


def test_letters_that_steer_a_terminal_are_not_repeated(write: Write) -> None:
    write("staff-review.toml", r'"a\u001b[1m\nb" = 1')
    assert complaint().startswith("staff-review.toml: unknown key `a?[1m?b`")


def test_a_mistake_in_a_shared_file_has_its_line_there(write: Write) -> None:
    write("pyproject.toml", "[project]\nname = 'x'\nselects = 1\n\n[tool.staff-review]\nselects = ['a']\n")
    assert complaint() == "pyproject.toml, line 6: unknown key `selects`; did you mean `select`?"


def test_the_mistakes_of_a_shared_file_without_our_table_are_nothing_to_us(write: Write) -> None:
    write("pyproject.toml", b"\xff[[[ not toml")
    assert settings_of(".").origin == ""
    write("pyproject.toml", b"# staff-review\n" + b"#" * 10_000_000)
    assert settings_of(".").origin == ""


@pytest.mark.parametrize(
    "text",
    [b"\xff", b"#" * 10_000_000, b"x = " + b"[" * 900_000, b"x" * 900_000 + b" = 1"],
    ids=["no text", "huge", "deep", "long key"],
)
def test_a_file_made_to_do_harm_is_a_mistake_of_one_sentence(text: bytes, write: Write) -> None:
    write("staff-review.toml", text)
    assert complaint().startswith("staff-review.toml")


def test_known_rules_and_families_pass(write: Write) -> None:
    write("staff-review.toml", FULL.replace('catalog = ["reliability/*.toml"]', ""))
    check_rule_ids(settings_of("."), rulebook_of())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("select = ['timeouts']\nignore = [\n'mising-timeout']", "line 3: `mising-timeout` in `ignore` is not a"),
        ("[severity]\ntimeouts = 'note'", "line 2: `timeouts` in `severity` is not a rule"),
        ("[per-path]\n'a' = ['timeouts']\n'b' = ['zzz']", "line 3: `zzz` in `per-path` is not a rule or family"),
    ],
)
def test_an_unknown_rule_is_told_with_its_line(text: str, said: str, write: Write) -> None:
    write("staff-review.toml", text)
    with pytest.raises(UsageError) as caught:
        check_rule_ids(settings_of("."), rulebook_of())
    assert f"staff-review.toml, {said}" in str(caught.value)


def test_an_unknown_rule_on_the_command_line_names_no_file(write: Write) -> None:
    write("staff-review.toml", "select = ['timeouts']\n")
    with pytest.raises(UsageError) as caught:
        check_rule_ids(settings_of(".", {"select": ("mising-timeout",)}), rulebook_of())
    assert str(caught.value) == "`mising-timeout` in `select` is not a rule or family; did you mean `missing-timeout`?"
