"""The wheel and the source archive: whole, and the same program from the wheel as from a checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pytest
import tomli
from packaging.requirements import Requirement
from packaging.version import Version

from staff_review import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CODE = "import requests\n\nsession = requests.Session()\nsession.get('http://peer.internal')\n"
SECONDS = re.compile(r'"seconds": [\d.e-]+')


def ran(command: Sequence[str | Path], folder: Path, **more: str) -> str:
    """The standard output of a command that knows nothing of this checkout; 1 means findings."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}
    surroundings |= {"PYTHONDONTWRITEBYTECODE": "1", "STAFF_REVIEW_CACHE": str(folder / "cache"), **more}
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def built(source: Path, target: Path, *kinds: str) -> list[Path]:
    """Archives built from a source tree with the build backend that is installed here."""
    options = [option for kind in kinds for option in ("-t", kind)]
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(target), *options]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [*target.glob("*.tar.gz"), *target.glob("*.whl")]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source archive and the wheel."""
    source, wheel = built(ROOT, tmp_path_factory.mktemp("dist"), "sdist", "wheel")
    return source, wheel


@pytest.fixture(scope="module")
def installed(archives: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of a fresh environment with the wheel in it; its dependencies are lent by ours."""
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    commands = home / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", commands / "python", "install", "--no-index", "--no-deps", "-q"]
    ran([*pip, archives[1]], home)
    (packages,) = home.rglob("site-packages")
    (packages / "lent.pth").write_text("\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}))
    return commands


def test_the_wheel_is_whole(archives: tuple[Path, Path]) -> None:
    names = set(ZipFile(archives[1]).namelist())
    code = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    known = {f"staff_review/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").rglob("*.toml")}
    pages = (ROOT / "src" / "staff_review" / "report" / "page").rglob("*.*")
    shown = {path.relative_to(ROOT / "src").as_posix() for path in pages}
    assert code | known | shown | {"staff_review/py.typed"} <= names
    assert {name.partition("/")[0] for name in names} == {"staff_review", f"staff_review-{__version__}.dist-info"}


def test_the_source_archive_builds_the_same_wheel(archives: tuple[Path, Path], tmp_path: Path) -> None:
    with tarfile.open(archives[0]) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert all((source / name).exists() for name in ("tests", "fixtures", "docs", "README.md", ".ci/constraints.txt"))
    (again,) = built(source, tmp_path / "dist", "wheel")
    first, second = (
        {entry.filename: entry.CRC for entry in ZipFile(wheel).infolist()} for wheel in (archives[1], again)
    )
    assert first == second


def test_the_installed_program_is_the_one_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "peer.py").write_text(CODE)
    program = installed / "staff-review"
    assert ran([program, "--version"], tmp_path) == f"staff-review {__version__}\n"
    place = ran([installed / "python", "-c", "import staff_review; print(staff_review.__file__)"], tmp_path)
    assert Path(place).is_relative_to(installed.parent)
    for arguments in (["rules"], ["rules", "--format", "json"], ["peer.py", "--format", "json", "--no-cache"]):
        from_wheel = ran([program, *arguments], tmp_path)
        as_module = ran([installed / "python", "-m", "staff_review", *arguments], tmp_path)
        checkout = ran([sys.executable, "-m", "staff_review", *arguments], tmp_path, PYTHONPATH=str(ROOT / "src"))
        said = {SECONDS.sub("", text) for text in (from_wheel, as_module, checkout)}
        assert len(said) == 1
        assert "missing-timeout" in from_wheel


OTHERS = [text for text in PROJECT["optional-dependencies"]["dev"] if Requirement(text).name != "staff-review"]


@pytest.mark.parametrize("text", [*PROJECT["dependencies"], *OTHERS])
def test_a_dependency_has_a_lower_bound_and_a_constraint(text: str) -> None:
    """No upper bound either, but where the next version is known to differ."""
    needed = Requirement(text)
    lowest = [Version(one.version) for one in needed.specifier if one.operator == ">="]
    assert len(lowest) == 1
    assert lowest[0] <= Version(version(needed.name))
    constraints = (ROOT / ".ci" / "constraints.txt").read_text("utf-8").lower().replace("_", "-")
    (pinned,) = re.findall(rf"^{re.escape(needed.name.lower())}==(.+)$", constraints, re.MULTILINE)
    assert needed.specifier.contains(pinned)
