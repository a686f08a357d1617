"""Other states of the files than the disk's, from git's objects: a commit, or what is staged; the disk is only read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

import msgspec

from ..nouns.errors import UsageError
from ..nouns.settings import Settings
from .files import Entry, Folder, Listing, Search, own_code
from .git import repository_of
from .history import History, Names, Tree
from .languages import language_of
from .regular import TooLargeError, contents
from .texts import DISK, Texts


class State(msgspec.Struct, frozen=True):
    """The files of one moment: those to read, and how to read what stands beside them.

    `commit` is the full id, "" for what is no commit. `renamed` leads from a path of then to the path of today.
    """

    listing: Listing
    texts: Texts = DISK
    commit: str = ""
    renamed: dict[str, str] = {}


class Comparison(msgspec.Struct, frozen=True):
    """What to compare: today's files, those of one commit or several (a merge), the paths that differ, as shown.

    `others` of them are not code. A file is changed if it differs from each of the commits.
    """

    now: State
    before: tuple[State, ...]
    changed: frozenset[str]
    others: int


def comparison_of(
    paths: tuple[str, ...], settings: Settings, listing: Listing, *, since: str, staged: bool
) -> Comparison:
    """The files of `listing`, or what is staged of them, and those of the commits that they are compared with.

    With `since` that is the merge base of this revision and HEAD; without, what is staged is compared with HEAD, during
    a merge with each parent. Raises UsageError when they cannot be had.
    """
    scope = _Scope(paths, settings)
    history = History(scope.root, staged=staged)
    commits = history.merge_base(since) if since else history.parents()
    past = [history.tree(commit) for commit in commits] or [Tree("", {})]
    index = history.index()
    today = _Today(scope, listing, index)
    now = today.state(index, history) if staged else State(listing)
    before = tuple(
        msgspec.structs.replace(
            today.state(tree, history),
            renamed={
                scope.shown(old): scope.shown(new)
                for old, new in (history.renamed(tree.commit).items() if tree.commit else ())
            },
        )
        for tree in past
    )
    names = today.changed(past, staged=staged)
    code = {scope.shown(name) for name in names if language_of(name)}
    return Comparison(now, before, frozenset(code), len(names) - len(code))


class _Scope:
    """What was asked for, as names in the one repository that holds it."""

    def __init__(self, paths: tuple[str, ...], settings: Settings) -> None:
        self._search = Search(settings)
        self._known: dict[str, bool] = {}
        roots: dict[str, str] = {}
        folders: list[Folder] = []
        for path in paths or (".",):
            folder = self._search.argument(path)
            real = folder.real if folder is not None else os.path.dirname(os.path.realpath(path))
            roots.setdefault(repository_of(real) or "", path)
            folders += [folder] if folder is not None else []
        if "" in roots:
            raise UsageError(f"`{roots['']}` is in no git repository, so there is nothing to compare it with")
        if len(roots) > 1:
            first, second, *_ = roots.values()
            raise UsageError(f"`{first}` and `{second}` are in different git repositories; compare one at a time")
        (self.root,) = roots
        self._folders = folders
        self._files = {entry.absolute: entry.path for entry in self._search.entries.values()}
        self._start = self.root.rstrip("/") + "/"
        self.most_bytes = settings.max_file_bytes

    def name_of(self, entry: Entry) -> str:
        """The name of a file in the repository, "" when it is part of none or of another one."""
        inside = entry.absolute.startswith(self._start)
        return entry.absolute[len(self._start) :] if inside and self.owns(os.path.dirname(entry.absolute)) else ""

    def owns(self, folder: str) -> bool:
        """Whether a folder inside this repository belongs to no other one."""
        if folder not in self._known:
            inner = folder != self.root and os.path.lexists(f"{folder}/.git")
            self._known[folder] = folder == self.root or (not inner and self.owns(os.path.dirname(folder)))
        return self._known[folder]

    def shown(self, name: str) -> str:
        """A name of the repository as the user sees it."""
        return self._search.shown(self._start + name)

    def taken(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Those of some names that were asked for and are code, with their paths as shown."""
        names = list(names)
        for name in names:
            if self._start + name in self._files:
                yield name, self._files[self._start + name]
        for folder in self._folders:
            prefix = (folder.real.rstrip("/") + "/")[len(self._start) :]
            excludes = self._search.excludes(folder.real)
            below = own_code([name[len(prefix) :] for name in names if name.startswith(prefix)])
            yield from ((prefix + one, folder.shown + one) for one in below if not excludes(one))


class _Today:
    """The listing of today beside the index: for each name, whether the disk has what an object says."""

    def __init__(self, scope: _Scope, listing: Listing, index: Names) -> None:
        self._scope = scope
        self._listing = listing
        self._index = index
        self._tracked: dict[str, Entry] = {}
        self._foreign: list[Entry] = []
        self._untracked: set[str] = set()
        for entry in listing.files:
            name = scope.name_of(entry)
            if not name:
                self._foreign.append(entry)  # of a repository inside this one: the same at all times
            elif name in index.files or name in index.unmerged:
                self._tracked[name] = entry
            else:
                self._untracked.add(name)

    def state(self, tree: Tree, history: History) -> State:
        """The files as a tree has them; what equals the disk is the disk's own."""
        same = {name for name, oid in tree.files.items() if self._index.on_disk(name, oid)}
        entries = [*self._foreign, *(entry for name, entry in self._tracked.items() if name in same)]
        # What equals the disk and is not listed there was left out there, and is so here.
        wanted = dict(self._scope.taken(name for name in tree.files if name not in same))
        held = history.blobs([tree.files[name] for name in wanted], self._scope.most_bytes)
        for name, shown in wanted.items():
            data = held.get(tree.files[name])
            if data is not None and language_of(name):
                entries.append(Entry(shown, f"{self._scope.root}/{name}", language_of(name), len(data), 0, data))
        whole = Listing(tuple(sorted(entries, key=_by_path)), self._listing.gaps)
        return State(whole, _Held(self._scope, tree, self._index, history), tree.commit)

    def changed(self, past: list[Tree], *, staged: bool) -> set[str]:
        """The names that differ from every one of these trees, added and deleted ones too."""
        names = set[str]() if staged else set(self._untracked)
        for name in {*self._index.files, *self._index.unmerged}.union(*(tree.files for tree in past)):
            oid = self._index.files.get(name, "")
            kept = staged or self._index.on_disk(name, oid)
            if all(tree.files.get(name, "") != oid or not kept for tree in past):
                names.add(name)
        return names


class _Held:
    """The files of a tree by the path that they have on the disk."""

    def __init__(self, scope: _Scope, tree: Tree, index: Names, history: History) -> None:
        self._start = scope.root.rstrip("/") + "/"
        self._owns = scope.owns
        self._tree = tree
        self._index = index
        self._history = history
        self._folders: dict[str, set[str]] = {}

    def names(self, folder: str) -> set[str]:
        """What a folder held."""
        folder = os.path.realpath(folder)
        if not (folder + "/").startswith(self._start):
            return DISK.names(folder)
        if not self._folders:
            self._folders[""] = set()
            for name in self._tree.files:
                inner, _, last = name.rpartition("/")
                self._folders.setdefault(inner, set()).add(last)
                while inner:
                    inner, _, last = inner.rpartition("/")
                    self._folders.setdefault(inner, set()).add(last)
        return self._folders.get((folder + "/")[len(self._start) :].rstrip("/"), set())

    def below(self, folder: str, listed: Iterable[str]) -> Iterator[str]:
        """What was below a folder; repositories inside this one are the same at all times."""
        folder = os.path.realpath(folder)
        prefix = (folder.rstrip("/") + "/")[len(self._start) :]
        yield from (name[len(prefix) :] for name in self._tree.files if name.startswith(prefix))
        yield from (name for name in listed if not self._owns(os.path.dirname(f"{folder}/{name}")))

    def contents(self, path: str, limit: int) -> bytes:
        """What a file held; raises OSError."""
        path = os.path.realpath(path)
        name = path[len(self._start) :] if path.startswith(self._start) else ""
        oid = self._tree.files.get(name, "")
        if not name or (oid and self._index.on_disk(name, oid)):
            return contents(path, limit)
        if not oid:
            raise FileNotFoundError(path)
        data = self._history.blobs([oid], limit).get(oid)
        if data is None:
            raise TooLargeError(limit + 1, limit)
        return data


def _by_path(entry: Entry) -> str:
    return entry.path
