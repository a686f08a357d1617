"""Which files there are to read: any mix of files and folders, as git sees them where there is git."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable
from typing import TypeAlias

import msgspec

from ..nouns.errors import UsageError
from ..nouns.findings import Gap
from ..nouns.settings import Settings
from .git import GitFailure, ignores, listing_of, repository_of
from .languages import SUFFIXES, language_of
from .patterns import Spec, spec_of
from .regular import why
from .walk import SKIPPED, SKIPPED_SUFFIXES, walked

_FAR_NS = 2**63 - 1
_Test: TypeAlias = Callable[[str], bool]
_SKIPPED = re.compile(
    "(?:^|/)(?:" + "|".join(map(re.escape, SKIPPED)) + "|[^/]*(?:" + "|".join(map(re.escape, SKIPPED_SUFFIXES)) + "))/"
)


class Entry(msgspec.Struct, frozen=True, order=True, gc=False):
    """A file to read: its path as shown (from the working directory, with slashes, always valid text), and its state.

    `absolute` opens it: links are resolved, and bytes of a name that are no UTF-8 are kept as Python does. `buffer` are
    the contents to read instead of the disk's: what an editor holds, or what a fix would write.
    """

    path: str
    absolute: str
    language: str
    size: int
    mtime_ns: int
    buffer: bytes | None = None


class Listing(msgspec.Struct, frozen=True):
    """The files to read, each once, sorted by path; and what was asked for but is not read."""

    files: tuple[Entry, ...]
    gaps: tuple[Gap, ...] = ()


class Folder(msgspec.Struct, frozen=True):
    """A folder to search: where it really is, how its paths are shown, and the argument's folder that it is part of."""

    real: str
    shown: str  # "" or ending with a slash
    top: str
    listed: bool = True  # False once git has failed here: then it is walked

    @property
    def nested(self) -> bool:
        """Whether it is a repository inside the folder that was asked for."""
        return self.real != self.top


def discover(paths: tuple[str, ...], settings: Settings) -> Listing:
    """The files below `paths`, the working directory when there are none; raises UsageError for a path without a file.

    A file that is named is taken although git ignores it; one that `exclude` covers is a gap.
    """
    search = Search(settings)
    folders = [folder for path in paths or (".",) if (folder := search.argument(path)) is not None]
    while folders:
        folders = search.look_in(folders)
    search.resolve_links()
    return Listing(tuple(sorted(search.entries.values())), tuple(sorted(search.gaps.values(), key=_by_path)))


class Search:
    """The state of one discovery: what was found so far, by its real path."""

    def __init__(self, settings: Settings) -> None:
        try:
            self.here = os.getcwd()
        except OSError as error:
            raise UsageError("the working directory no longer exists; change to one that does") from error
        self.root = os.path.realpath(settings.root)
        self.exclude = _excluded(settings)
        self.entries: dict[str, Entry] = {}
        self.gaps: dict[tuple[str, str], Gap] = {}
        self.ways: dict[str, str] = {}
        self.links: list[tuple[Folder, str]] = []

    def gap(self, path: str, reason: str) -> None:
        """Note once what is not read, and why."""
        self.gaps.setdefault((path, reason), Gap(_text(path), 0, reason))

    def shown(self, path: str) -> str:
        """A path as the user sees it: from the working directory where one way leads there."""
        absolute = os.path.abspath(path)
        try:
            return _slashed(os.path.relpath(absolute, self.here))
        except ValueError:  # another drive
            return _slashed(absolute)

    def from_here(self, path: str) -> str:
        """A path that goes up, without the part that comes down again to where we stand."""
        folder, name = os.path.split(path)
        if folder not in self.ways:
            way = self.shown(folder)
            self.ways[folder] = "" if way == "." else way + "/"
        return self.ways[folder] + name

    def argument(self, path: str) -> Folder | None:
        """Take one path of the command line; the folder to search if it is one."""
        try:
            status = os.stat(path)
        except (FileNotFoundError, NotADirectoryError, ValueError) as error:
            raise UsageError(f"`{_text(path)}` does not exist; name a file or folder that does") from error
        except OSError as error:
            self.gap(self.shown(path), f"cannot be read: {why(error)}")
            return None
        real = _slashed(os.path.realpath(path))
        if stat.S_ISDIR(status.st_mode):
            shown = self.shown(path)
            return Folder(real, "" if shown == "." else shown.rstrip("/") + "/", real)
        self.named(real, self.shown(path), status)
        return None

    def named(self, real: str, shown: str, status: os.stat_result) -> None:
        """Take a file that was named by itself."""
        if not stat.S_ISREG(status.st_mode):
            self.gap(shown, "not a regular file")
        elif not language_of(real):
            self.gap(shown, "not in a language that is read")
        elif self.excludes(os.path.dirname(real))(os.path.basename(real)):
            self.gap(shown, "covered by `exclude` in the settings")
        else:
            self.add(real, shown, status)

    def add(self, real: str, shown: str, status: os.stat_result) -> None:
        """Take a file, unless it was found before."""
        if real not in self.entries:
            if shown.startswith("../"):
                shown = self.from_here(shown)
            language = language_of(shown) or language_of(real)
            # Some file systems hold times that no 64-bit number does.
            mtime_ns = max(-_FAR_NS, min(status.st_mtime_ns, _FAR_NS))
            self.entries[real] = Entry(_text(shown), real, language, status.st_size, mtime_ns)

    def look_in(self, folders: list[Folder]) -> list[Folder]:
        """Take the files of `folders`; the repositories inside them, still to be searched."""
        found: list[Folder] = []
        together: dict[str, list[Folder]] = {}
        for folder in folders:
            root = repository_of(folder.real)
            if root is None or not folder.listed:
                found += self.walk(folder, root or folder.real)
            else:
                together.setdefault(root, []).append(folder)
        for root, members in together.items():
            found += self.list_with_git(root, members)
        return found

    def list_with_git(self, root: str, folders: list[Folder]) -> list[Folder]:
        """Take the files below folders of one repository; the repositories inside them, still to be searched."""
        inside = {folder: _below(root, folder.real) for folder in folders}
        listing = listing_of(root, tuple(inside.values()))
        if isinstance(listing, GitFailure):
            if listing.reason:
                shown = self.shown(root)
                self.gap(shown, f"git could not list it, so ignore files were read without git: {listing.reason}")
            return [again for folder in folders for again in self.walk(folder, root)]
        for name, said in listing.unreadable:
            self.gap(self.shown(f"{root}/{name}"), f"cannot be read: {said}")
        inner: list[Folder] = []
        for folder, start in inside.items():
            prefix = start + "/" if start else ""
            files = [name[len(prefix) :] for name in listing.files if name.startswith(prefix)]
            if not files and start and not folder.nested and ignores(root, start):
                inner += self.walk(folder, folder.real)
                continue
            self.take(folder, own_code(files))
            repositories = (name[len(prefix) :] for name in listing.repositories if name.startswith(prefix))
            inner += self.inner(folder, repositories)
        return inner

    def walk(self, folder: Folder, root: str) -> list[Folder]:
        """Take the files of `folder` by walking it, under the ignore files from `root` down."""
        seen = walked(root, _below(root, folder.real), SUFFIXES)
        for name, said in seen.troubles:
            self.gap(os.path.normpath(folder.shown + name).replace(os.sep, "/"), said)
        self.take(folder, seen.files)
        return list(self.inner(folder, seen.repositories))

    def inner(self, folder: Folder, names: Iterable[str]) -> Iterable[Folder]:
        """The repositories of these names inside `folder`, where they are folders and may hold the user's code."""
        for name in names:
            real = f"{folder.real}/{name}"
            if os.path.isdir(real) and not os.path.islink(real) and not _SKIPPED.search(name + "/"):
                # A submodule that was never fetched has no repository of its own, and nothing in it.
                listed = os.path.lexists(f"{real}/.git")
                yield Folder(real, f"{folder.shown}{name}/", folder.top, listed)

    def take(self, folder: Folder, names: Iterable[str]) -> None:
        """Add the files of these names, relative to `folder`, that are still there."""
        excludes = self.excludes(folder.real)
        for name in names:
            real = f"{folder.real}/{name}"
            if excludes(name) or not language_of(real):
                continue
            try:
                status = os.lstat(real)
            except (OSError, ValueError):
                continue  # deleted, though still in git's index
            if stat.S_ISREG(status.st_mode):
                self.add(real, folder.shown + name, status)
            elif stat.S_ISLNK(status.st_mode):
                self.links.append((folder, name))
            elif not stat.S_ISDIR(status.st_mode):
                self.gap(folder.shown + name, "not a regular file")

    def resolve_links(self) -> None:
        """Take what links to files lead to, unless it was found under its own name."""
        for folder, name in sorted(self.links, key=lambda link: link[0].shown + link[1]):
            real = _slashed(os.path.realpath(f"{folder.real}/{name}"))
            try:
                status = os.lstat(real)
            except OSError:
                continue  # it leads nowhere, or round in a circle: there is nothing to read
            if not stat.S_ISREG(status.st_mode) or real in self.entries:
                continue
            if real.startswith(folder.top.rstrip("/") + "/"):
                self.add(real, folder.shown + name, status)
            else:
                self.gap(folder.shown + name, "a link to a file outside the folder")

    def excludes(self, folder: str) -> _Test:
        """The test whether `exclude` covers a name relative to `folder`."""
        start = _below(_slashed(self.root), _slashed(folder))
        if self.exclude is None or start.startswith("../"):
            return _never
        prefix = start + "/" if start else ""
        exclude = self.exclude
        return lambda name: exclude.covers(prefix + name)


def _excluded(settings: Settings) -> Spec | None:
    if not settings.exclude:
        return None
    spec, refused = spec_of(settings.exclude)
    if refused:
        place = settings.origin or "the command line"
        raise UsageError(f"`{refused[0]}` in `exclude` of {place} is no pattern of git's, or one too costly to match")
    return spec


def own_code(names: list[str]) -> list[str]:
    """Names that may be the user's own code: the right suffix, outside caches, packages and virtual environments."""
    environments = tuple(name[: -len("pyvenv.cfg")] for name in names if name.endswith("/pyvenv.cfg"))
    return [
        name
        for name in names
        if name.endswith(SUFFIXES)
        and not name.startswith(environments)
        and not _SKIPPED.search(name)
        # A forged index could name files outside the repository.
        and not name.startswith("/")
        and "../" not in name
    ]


def _below(root: str, folder: str) -> str:
    """The way from `root` down to `folder`, both real, with slashes; "" for `root` itself, "../" first if outside."""
    if folder == root:
        return ""
    start = root if root.endswith("/") else root + "/"
    return folder[len(start) :] if folder.startswith(start) else "../" + folder


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/") if os.sep != "/" else path


def _text(path: str) -> str:
    """A path as valid text: bytes that are no UTF-8 are written as escapes."""
    if path.isascii() or path.isprintable():
        return path
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _by_path(gap: Gap) -> tuple[str, str]:
    return gap.path, gap.reason


def _never(_name: str) -> bool:
    return False
