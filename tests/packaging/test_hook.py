"""The hooks for pre-commit: a valid manifest, and the real pre-commit with commits that pass and that do not."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli
import yaml
from pre_commit.clientlib import load_manifest

from staff_review.cli.group import staff_review
from staff_review.hall.ci_files import hooks_file
from staff_review.load.deployment import sources
from staff_review.load.languages import SUFFIXES

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS = {hook["id"]: hook for hook in load_manifest(str(MANIFEST))}
FAST, FULL, CONFIG = (HOOKS[name] for name in ("staff-review", "staff-review-full", "staff-review-config"))
BAD = "import requests\n\n\ndef price():\n    return requests.get('http://price.internal')\n"
GOOD = BAD.replace("internal'", "internal', timeout=2")


def test_the_manifest_is_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")


@pytest.mark.parametrize("hook", HOOKS.values(), ids=list(HOOKS))
def test_the_command_is_one_that_is_installed(hook: dict[str, str]) -> None:
    scripts = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    program, command, *_ = hook["entry"].split()
    assert program in scripts
    assert command in staff_review.list_commands(None)
    assert hook["language"] == "python"


@pytest.mark.parametrize(
    "name",
    [
        *(f"deep/in/app{suffix}" for suffix in SUFFIXES),
        *("pyproject.toml", "staff-review.toml", "reliability/own.toml", "uv.lock", "poetry.lock", "Pipfile.lock"),
        *("requirements.txt", "requirements/production.txt", "compose.yaml", "deploy/service.yml", "setup.cfg"),
        *(f"other/app.{suffix}" for suffix in sources.LANGUAGES),
        *("Dockerfile", "api/Dockerfile.prod", "api/web.Dockerfile", "Procfile", "Pipfile", ".env", "prod.env"),
        *(".env.local", "nginx/nginx.conf", "nginx.conf.template", "Caddyfile", "application.properties", "a.ini"),
    ],
)
def test_it_starts_for_whatever_can_change_a_review(name: str) -> None:
    assert re.search(FAST["files"], name)


def test_the_hook_that_init_writes_starts_for_the_same() -> None:
    (repository,) = yaml.safe_load(hooks_file("staff-review==1.0"))["repos"]
    (hook,) = repository["hooks"]
    same = ("files", "pass_filenames", "require_serial", "language")
    assert {key: hook[key] for key in same} == {key: FAST[key] for key in same}


@pytest.mark.parametrize(
    "name", ["README.md", "app.py.orig", "schema.sql", "static/site.css", "environment/logo.png", "LICENSE"]
)
def test_it_does_not_start_for_what_cannot(name: str) -> None:
    assert not re.search(FAST["files"], name)


def test_a_review_is_of_the_whole_project_and_runs_once() -> None:
    assert {(hook["pass_filenames"], hook["require_serial"]) for hook in (FAST, FULL)} == {(False, True)}
    assert FULL["stages"] == ["pre-push", "manual"]


def test_the_settings_hook_starts_for_settings_only() -> None:
    assert (CONFIG["pass_filenames"], CONFIG["require_serial"]) == (True, True)
    assert [bool(re.search(CONFIG["files"], name)) for name in ("a/pyproject.toml", "staff-review.toml", "a.toml")] == [
        True, True, False,
    ]  # fmt: skip


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, surroundings: dict[str, str]) -> Path:
    """The product as a repository with one commit."""
    folder = tmp_path_factory.mktemp("product") / "repository"
    folder.mkdir()
    for name in ("src", "rules"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", MANIFEST.name):
        shutil.copy(ROOT / name, folder / name)
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run(["git", *command], cwd=folder, env=surroundings, check=True)
    return folder


@pytest.fixture
def tried(
    tmp_path: Path, product: Path, surroundings: dict[str, str]
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Stages files in a repository that holds an old finding, and lets pre-commit try the hooks there."""
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "old.py").write_text(BAD)
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "old"]):
        subprocess.run(["git", *command], cwd=shop, env=surroundings, check=True)

    def tried(files: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
        for name, text in files.items():
            (shop / name).write_text(text)
        subprocess.run(["git", "add", "."], cwd=shop, env=surroundings, check=True)
        command = [sys.executable, "-m", "pre_commit", "try-repo", str(product), *options, "--verbose"]
        return subprocess.run(command, cwd=shop, env=surroundings, capture_output=True, text=True, check=False)

    return tried


def test_a_commit_that_brings_a_finding_does_not_pass(tried: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    ran = tried({"price.py": BAD})
    assert (ran.returncode, "price.py:5:12: error missing-timeout" in ran.stdout) == (1, True), ran.stdout + ran.stderr
    assert "old.py" not in ran.stdout


def test_a_commit_that_brings_none_passes_beside_old_ones(
    tried: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    ran = tried({"price.py": GOOD, "staff-review.toml": 'fail-on = "warning"\n'})
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("Passed") == 2
    assert "exit 0: " in ran.stdout
    assert "staff-review.toml: right" in ran.stdout


def test_the_whole_project_has_the_old_ones_too(tried: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    ran = tried({"price.py": GOOD}, "staff-review-full", "--hook-stage", "manual", "--all-files")
    assert (ran.returncode, "old.py:5:12: error missing-timeout" in ran.stdout) == (1, True), ran.stdout + ran.stderr
