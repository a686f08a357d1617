"""What git knows of a repository's past, and of what is staged: commits, trees, contents; asked, never changed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import sha1, sha256

import msgspec

from ..nouns.errors import UsageError
from .git import GitFailure, asked
from .regular import contents

_FILES = ("100644", "100755")
_SHORT = 9


class Tree(msgspec.Struct, frozen=True):
    """The regular files of a commit, or of the index: name from the root to the object that holds its contents."""

    commit: str
    files: dict[str, str]


class Names(Tree, frozen=True):
    """What is staged; `unmerged` are names in conflict, `dirty` those whose file on the disk holds something else."""

    unmerged: frozenset[str] = frozenset()
    dirty: frozenset[str] = frozenset()

    def on_disk(self, name: str, oid: str) -> bool:
        """Whether the file on the disk holds this object."""
        return self.files.get(name) == oid and name not in self.dirty


class History:
    """One repository, asked in one run; raises UsageError, with the mend, for what it does not know."""

    def __init__(self, root: str, *, staged: bool) -> None:
        self._root = root
        self._staged = staged
        self._index = ""
        if staged:
            self._index = self._index_of_hook()

    def merge_base(self, revision: str) -> list[str]:
        """The commit at which a revision and HEAD part, alone in a list."""
        commit = self._commit(revision)
        head = self._commit("HEAD")
        found = asked(self._root, "merge-base", commit, head)
        if not isinstance(found, GitFailure):
            return [found.decode().strip()]
        if self._is_shallow():
            raise UsageError(
                f"this clone is too shallow to show where `{revision}` and HEAD part; get the whole history with "
                "`git fetch --unshallow`, in GitHub Actions with `fetch-depth: 0` for actions/checkout"
            )
        raise UsageError(f"`{revision}` and HEAD have no commit in common; name a branch that this one came from")

    def parents(self) -> list[str]:
        """What the next commit will follow: HEAD, with the others during a merge; nothing before the first commit."""
        if isinstance(asked(self._root, "rev-parse", "--verify", "--quiet", "HEAD"), GitFailure):
            return []
        others = self._said("rev-parse", "--git-path", "MERGE_HEAD").strip()
        path = os.path.join(self._root, others)
        merged = contents(path, 1_000_000).decode().split() if os.path.isfile(path) else []
        return [self._commit("HEAD"), *merged]

    def tree(self, commit: str) -> Tree:
        """The regular files of a commit."""
        files: dict[str, str] = {}
        for item in self._items("ls-tree", "-r", "-z", "--full-tree", commit):
            described, _, name = item.partition("\t")
            mode, _, oid = described.split(" ")
            if mode in _FILES:
                files[name] = oid
        return Tree(commit, files)

    def index(self) -> Names:
        """The regular files of the index."""
        files: dict[str, str] = {}
        unmerged: set[str] = set()
        for item in self._items("ls-files", "-s", "-z"):
            described, _, name = item.partition("\t")
            mode, oid, stage = described.split(" ")
            if stage != "0":
                unmerged.add(name)
            elif mode in _FILES:
                files[name] = oid
        if unmerged and self._staged:
            raise UsageError(f"`{min(unmerged)}` has conflicts that are not resolved; resolve them and `git add` it")
        # By size and time alone, so that git runs no filter of the repository's own over the contents.
        touched = self._items("diff-files", "-z", "--name-only", "--ignore-submodules=all")
        dirty = frozenset(name for name in touched if not self._holds(name, files.get(name, "")))
        return Names("", files, frozenset(unmerged), dirty)

    def renamed(self, commit: str) -> dict[str, str]:
        """The files that had another name in a commit, as git finds them: name of then to name of now."""
        parts = self._items("diff-index", "--cached", "-z", "-M", "--diff-filter=R", "--name-status", commit)
        return dict(zip(parts[1::3], parts[2::3], strict=True))

    def blobs(self, oids: Iterable[str], most_bytes: int) -> dict[str, bytes]:
        """The contents of objects; of those with more bytes than this, none."""
        wanted = sorted(set(oids))
        small = [oid for oid, size in self._sizes(wanted) if size <= most_bytes]
        data = self._output("cat-file", "--batch", data="\n".join(small).encode()) if small else b""
        found: dict[str, bytes] = {}
        at = 0
        for oid in small:
            start = data.index(b"\n", at) + 1
            size = int(data[at:start].split(b" ")[2])
            found[oid] = data[start : start + size]
            at = start + size + 1
        return found

    def _sizes(self, oids: list[str]) -> Iterable[tuple[str, int]]:
        answer = asked(self._root, "cat-file", "--batch-check", data="\n".join(oids).encode()) if oids else b""
        partial = isinstance(answer, GitFailure) and asked(
            self._root, "config", "--get-regexp", r"^remote\..*\.promisor$"
        )
        if isinstance(partial, bytes) or (isinstance(answer, bytes) and b" missing\n" in answer):
            raise UsageError(
                "this clone lacks the contents of files as they were; get them with "
                "`git fetch --refetch --no-filter`, or clone without `--filter`"
            )
        if isinstance(answer, GitFailure):
            raise _refused(answer)
        for line in answer.decode().splitlines():
            oid, _, size = line.split(" ")
            yield oid, int(size)

    def _holds(self, name: str, oid: str) -> bool:
        """Whether the file on the disk holds exactly this object, though its time says that it was touched."""
        try:
            data = contents(os.path.join(self._root, name), 100_000_000)
        except OSError:
            return False
        kind = sha256 if len(oid) == 64 else sha1
        return kind(b"blob %d\0" % len(data) + data).hexdigest() == oid

    def _commit(self, revision: str) -> str:
        """The full id of a commit."""
        if not revision.startswith("-"):
            found = asked(self._root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
            if not isinstance(found, GitFailure):
                return found.decode().strip()
            if not found.reason:
                raise UsageError("there is no git on this machine, which comparing commits needs; install it")
        if revision == "HEAD":
            raise UsageError("this repository has no commit yet; `--staged` alone tells what the first one would bring")
        remote, slash, branch = revision.partition("/")
        if slash and remote in self._said("remote").split():
            mend = f"get it with `git fetch {remote} {branch}:refs/remotes/{revision}`"
        else:
            mend = "name a branch, a tag or a commit that `git log` shows"
        if self._is_shallow():
            mend += ", or get the whole history with `git fetch --unshallow` (`fetch-depth: 0` for actions/checkout)"
        raise UsageError(f"`{revision}` is no commit of this clone; {mend}")

    def _is_shallow(self) -> bool:
        return self._said("rev-parse", "--is-shallow-repository").strip() == "true"

    def _index_of_hook(self) -> str:
        """The index that `git commit -a` or `git commit FILE` shows its hooks; "" for the usual one."""
        given = os.environ.get("GIT_INDEX_FILE", "")
        path = os.path.realpath(os.path.join(self._root, given))
        folder = os.path.realpath(self._said("rev-parse", "--absolute-git-dir").rstrip("\n"))
        return path if given and path.startswith(folder + os.sep) and os.path.isfile(path) else ""

    def _items(self, *arguments: str) -> list[str]:
        return self._said(*arguments).split("\0")[:-1]

    def _said(self, *arguments: str) -> str:
        return os.fsdecode(self._output(*arguments))

    def _output(self, *arguments: str, data: bytes = b"") -> bytes:
        answer = asked(self._root, *arguments, data=data, index=self._index)
        if isinstance(answer, GitFailure):
            raise _refused(answer)
        return answer


def _refused(answer: GitFailure) -> UsageError:
    return UsageError(f"git could not show what to compare with: {answer.reason or 'there is no git on this machine'}")
