"""What lies around the code: every file below the paths asked for, as git sees it; and whether it is services."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

import msgspec

from ..nouns.products import Resource
from .git import GitFailure, listing_of, repository_of
from .regular import TooLargeError, contents
from .texts import DISK, Texts
from .walk import SKIPPED, walked

_MOST_BYTES = 1_000_000
_COMPOSE = re.compile(r"(?:docker-)?compose[\w.-]*\.ya?ml")
_DOCKERFILE = re.compile(r"Dockerfile(?:\..*)?|.*\.Dockerfile")
_YAML = (".yml", ".yaml")
_TERRAFORM = ".tf"
_READ = (*_YAML, _TERRAFORM)
_BUILT = re.compile(rb"^\s*(?:build|context):[ \t]*[\"']?([^\s\"'#{]+)", re.MULTILINE)
_RUNS = re.compile(rb"^kind:[ \t]*(?:Deployment|StatefulSet|DaemonSet|Rollout)\b", re.MULTILINE)
_VENDORED = re.compile(
    r"(?:^|/)(?:" + "|".join(map(re.escape, (*SKIPPED, "vendor", "third_party", "dist", "bower_components"))) + r")/"
)
_FOR_BUILDS = re.compile(
    r"(?:^|/)(?:(?:unit_?)?tests?|testing|__tests__|e2e|specs?|fixtures?|mocks?|__mocks__|testdata|[\w-]+[-_]tests?"
    r"|\.github|\.gitlab|\.devcontainer|\.circleci|\.vscode|\.idea)/|^(?:examples?|samples?|docs?|documentation)/"
    r"|(?:^|/)tests?[._-][^/]*$|[._-](?:test|tests|spec)\.[\w.]+$|(?:Test|Tests|IT)\.(?:java|kt|cs)$"
    r"|(?:^|/)\.(?:gitlab-ci|pre-commit-config)\.ya?ml$"
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


def files_below(paths: tuple[str, ...], texts: Texts = DISK) -> list[Found]:
    """Every file below the folders asked for, without vendored files and those for tests and builds, sorted by path."""
    return files_named(paths, lambda _name: True, texts)


def files_named(paths: tuple[str, ...], wanted: Callable[[str], bool], texts: Texts = DISK) -> list[Found]:
    """Those of them whose own name is wanted."""
    found: dict[str, Found] = {}
    for path in paths or (".",):
        if os.path.isdir(path):
            for one in _below(path, wanted, texts):
                found.setdefault(one.absolute, one)
    return sorted(found.values(), key=lambda one: one.path)


def _below(path: str, wanted: Callable[[str], bool], texts: Texts) -> Iterator[Found]:
    real = os.path.realpath(path)
    shown = os.path.relpath(path).replace(os.sep, "/")
    prefix = "" if shown == "." else f"{shown}/"
    for name in texts.below(real, _names(real)):
        if not wanted(name.rpartition("/")[2]):
            continue
        if not _VENDORED.search(name) and not _FOR_BUILDS.search(_JAVA_ROOT.sub("", name)):
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


def deploys_services(paths: tuple[str, ...], texts: Texts = DISK, resources: tuple[Resource, ...] = ()) -> bool:
    """Whether files below `paths` deploy two services or more with code of their own: a glance, cheap and rough.

    That is a compose file that builds from two folders, two folders with a Dockerfile and two workloads, or two
    resources of Terraform that run code, of the kinds that are known.
    """
    yaml: list[Found] = []
    declared: list[Found] = []
    folders: set[str] = set()
    wanted = files_named(paths, lambda name: name.endswith(_READ) or _DOCKERFILE.fullmatch(name) is not None, texts)
    for found in wanted:
        if found.name.endswith(_YAML):
            yaml.append(found)
        elif found.name.endswith(_TERRAFORM):
            declared.append(found)
        else:
            folders.add(found.folder)
    composed = [one for one in yaml if _COMPOSE.fullmatch(one.name)]
    if any(len(set(_BUILT.findall(_bytes(one)))) > 1 for one in composed):
        return True
    coded = [kind for one in resources if not (one.product or one.product_from or one.runs) for kind in one.kinds]
    made = rf"""^resource\s+"(?:{"|".join(re.escape(kind) for kind in coded)})"\s""".encode()
    if coded and _at_least_two(declared, re.compile(made, re.MULTILINE)):
        return True
    return len(folders) > 1 and _at_least_two(yaml, _RUNS)


def _at_least_two(files: list[Found], pattern: re.Pattern[bytes]) -> bool:
    counted = 0
    for one in files:
        counted += len(pattern.findall(_bytes(one)))
        if counted > 1:
            return True
    return False


def _bytes(file: Found) -> bytes:
    try:
        return contents(file.absolute, _MOST_BYTES)
    except (OSError, TooLargeError):
        return b""  # the reading itself says what it could not read
