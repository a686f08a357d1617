"""Which files are found, with git and without it, and in folders made to do harm."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.load.files import Listing, discover
from staff_review.nouns.errors import UsageError
from staff_review.nouns.settings import Settings

Write = Callable[..., Path]
Git = Callable[..., None]


def names(listing: Listing) -> list[str]:
    return [entry.path for entry in listing.files]


def reasons(listing: Listing) -> dict[str, str]:
    return {gap.path: gap.reason for gap in listing.gaps}


@pytest.fixture(params=["with git", "without git"])
def either(request: pytest.FixtureRequest, git: Git) -> str:
    if request.param == "with git":
        git("init", "-q")
    return str(request.param)


@pytest.mark.usefixtures("either")
def test_new_files_are_found_and_ignored_ones_are_not(write: Write) -> None:
    for name in ("a.py", "pkg/b.py", "build/c.py", "pkg/d.pyi", "pkg/notes.txt", "pkg/local/e.py", "pkg/local/kept.py"):
        write(name)
    write(".gitignore", "build/\n*.log\n")
    write("pkg/.gitignore", "/local/*\n!/local/kept.py\n")
    assert names(discover((), Settings())) == ["a.py", "pkg/b.py", "pkg/local/kept.py"]


@pytest.mark.usefixtures("either")
def test_caches_packages_and_virtual_environments_are_skipped(write: Write) -> None:
    write("a.py")
    write("env/pyvenv.cfg", "")
    for name in (
        "env/lib/x.py", "node_modules/m/x.py", "pkg/__pycache__/x.py", ".tox/x.py", "p.egg-info/x.py", ".eggs/x.py",
        "lib/site-packages/x.py", ".mypy_cache/x.py",
    ):  # fmt: skip
        write(name)
    assert names(discover((".",), Settings())) == ["a.py"]
    # Named by itself, such a folder is searched.
    assert names(discover(("env",), Settings())) == ["env/lib/x.py"]


@pytest.mark.usefixtures("either")
def test_any_mix_of_overlapping_files_and_folders_is_listed_once(write: Write) -> None:
    for name in ("a.py", "pkg/b.py", "pkg/sub/c.py", "other/d.py"):
        write(name)
    listing = discover(("pkg/sub", "pkg/", "./pkg/b.py", "a.py", os.path.abspath("pkg")), Settings())
    assert names(listing) == ["a.py", "pkg/b.py", "pkg/sub/c.py"]
    assert listing.files[0].language == "python"
    assert listing.files[0].size == len("x = 1\n")
    assert listing.files[0].absolute == os.path.realpath("a.py").replace(os.sep, "/")


@pytest.mark.usefixtures("either")
def test_paths_are_relative_to_the_working_directory(
    write: Write, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pkg/b.py", "app/c.py", "app/sub/d.py", "app/sub/inner/e.py"):
        write(name)
    monkeypatch.chdir(project / "app" / "sub")
    assert names(discover(("../..",), Settings())) == ["../../pkg/b.py", "../c.py", "d.py", "inner/e.py"]


@pytest.mark.usefixtures("either")
def test_a_file_that_is_named_is_taken_though_it_is_ignored(write: Write) -> None:
    write("a.py")
    write("build/c.py")
    write(".gitignore", "build/\n")
    assert names(discover(("build/c.py",), Settings())) == ["build/c.py"]


@pytest.mark.usefixtures("either")
def test_a_folder_that_is_named_is_searched_though_it_is_ignored(write: Write) -> None:
    write("build/c.py")
    write("build/tmp/d.py")
    write("build/.gitignore", "tmp/\n")
    write(".gitignore", "build/\n")
    assert names(discover(("build",), Settings())) == ["build/c.py"]


@pytest.mark.usefixtures("either")
def test_exclude_uses_gits_patterns_from_the_settings_folder(write: Write, project: Path) -> None:
    for name in ("a.py", "gen/b.py", "pkg/gen/c.py", "pkg/x_test.py", "pkg/d.py"):
        write(name)
    settings = Settings(root=str(project), exclude=("/gen/", "*_test.py"))
    assert names(discover((".",), settings)) == ["a.py", "pkg/d.py", "pkg/gen/c.py"]
    assert names(discover(("gen", "pkg"), settings)) == ["pkg/d.py", "pkg/gen/c.py"]
    named = discover(("gen/b.py",), settings)
    assert named.files == ()
    assert reasons(named) == {"gen/b.py": "covered by `exclude` in the settings"}


def test_a_pattern_that_makes_no_sense_is_the_users_mistake(project: Path) -> None:
    for pattern in ("!", "*a*a*a*a*a*b"):
        with pytest.raises(UsageError, match="`exclude`"):
            discover((".",), Settings(root=str(project), exclude=(pattern,)))


@pytest.mark.parametrize("path", ["gone", "gone.py", "a.py/b.py", "", "a\0b"])
def test_a_path_that_does_not_exist_is_the_users_mistake(path: str, write: Write) -> None:
    write("a.py")
    with pytest.raises(UsageError, match="does not exist; name a file or folder that does"):
        discover((path,), Settings())


def test_a_named_file_that_is_not_read_is_a_gap(write: Write) -> None:
    write("notes.txt")
    os.mkfifo("pipe.py")
    listing = discover(("notes.txt", "pipe.py"), Settings())
    assert listing.files == ()
    assert reasons(listing) == {"notes.txt": "not in a language that is read", "pipe.py": "not a regular file"}


@pytest.mark.usefixtures("either")
def test_links_are_followed_to_files_inside_only(write: Write, project: Path, tmp_path: Path) -> None:
    write("pkg/a.py")
    write("data/real.txt")
    outside = tmp_path / "outside.py"
    outside.write_text("x = 1\n")
    (project / "again.py").symlink_to("pkg/a.py")
    (project / "tool.py").symlink_to("data/real.txt")
    (project / "tool2.py").symlink_to("data/real.txt")
    (project / "away.py").symlink_to(outside)
    (project / "nowhere.py").symlink_to("missing.py")
    (project / "round.py").symlink_to("round.py")
    (project / "pkg" / "loop").symlink_to(project)
    (project / "pkg" / "loop.py").symlink_to(project)
    listing = discover((".",), Settings())
    assert names(listing) == ["pkg/a.py", "tool.py"]
    assert reasons(listing) == {"away.py": "a link to a file outside the folder"}


def test_a_linked_folder_that_is_named_is_searched(write: Write, project: Path) -> None:
    write("pkg/a.py")
    (project / "link").symlink_to("pkg")
    assert names(discover(("link",), Settings())) == ["link/a.py"]


@pytest.mark.usefixtures("either")
def test_odd_names_are_valid_text_and_still_open(project: Path, write: Write) -> None:
    write("new\nline.py")
    write("sp ace é.py")
    write(":(glob)x/a.py")
    raw = os.fsencode(project) + b"/caf\xe9.py"
    with open(raw, "wb") as file:
        file.write(b"x = 1\n")
    listing = discover((".", ":(glob)x"), Settings())
    assert names(listing) == [":(glob)x/a.py", "caf\\xe9.py", "new\nline.py", "sp ace é.py"]
    for entry in listing.files:
        entry.path.encode()
        assert Path(entry.absolute).read_text() == "x = 1\n"


@pytest.mark.usefixtures("either")
def test_a_time_beyond_all_clocks_is_kept_within_64_bits(write: Write) -> None:
    path = write("a.py")
    try:
        os.utime(path, (2**40, 2**40))
    except OSError:
        pytest.skip("this file system holds no such time")
    (entry,) = discover((".",), Settings()).files
    assert entry.mtime_ns < 2**63


def test_a_folder_that_cannot_be_read_is_a_gap(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.py")
    write("closed/b.py")
    scandir = os.scandir

    def refuses(path: str) -> object:
        if path.rstrip("/").endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuses)
    listing = discover((".",), Settings())
    assert names(listing) == ["a.py"]
    assert reasons(listing) == {"closed": "cannot be read: permission denied"}


def test_an_ignore_file_made_to_do_harm_costs_nothing(write: Write) -> None:
    write("a" * 200 + ".py")
    write(".gitignore", "*a*a*a*a*a*a*a*a*a*a*b\n!\n" + "x\n" * 50_000)
    write("pkg/.gitignore/file", "")
    write("pkg/b.py")
    listing = discover((".",), Settings())
    assert names(listing) == ["a" * 200 + ".py", "pkg/b.py"]
    assert all(gap.path in (".gitignore", "pkg/.gitignore") for gap in listing.gaps)
    assert "not a regular file" in reasons(listing)["pkg/.gitignore"]


def test_very_deep_folders_are_no_danger(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(300):
        os.mkdir("deep")
        os.chdir("deep")
    Path("a.py").write_text("x = 1\n")
    monkeypatch.chdir(project)
    assert names(discover((".",), Settings())) == ["deep/" * 300 + "a.py"]


def test_templates_are_read_where_templates_lie(write: Write) -> None:
    for name in ("a.py", "app/templates/app/list.html", "docs/page.html", "jinja2/mail.jinja", "static/x.jinja2"):
        write(name)
    assert names(discover((".",), Settings())) == ["a.py", "app/templates/app/list.html", "jinja2/mail.jinja"]
    assert {one.path: one.language for one in discover((".",), Settings()).files}["jinja2/mail.jinja"] == "template"
    assert reasons(discover(("docs/page.html",), Settings())) == {"docs/page.html": "not in a language that is read"}
