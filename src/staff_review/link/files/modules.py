"""Which file an import means: several roots, src layouts, namespace packages and scripts side by side."""

from __future__ import annotations

from collections.abc import Container, Iterable


class Modules:
    """Dotted names of the program's files, as they look from any other file; `foreign` are roots of known libraries."""

    def __init__(self, paths: Iterable[str], foreign: frozenset[str] = frozenset()) -> None:
        every = frozenset(paths)
        self._paths = frozenset(path for path in every if not is_hidden(path, every))
        self._foreign = foreign
        self._by_name: dict[str, list[str]] = {}
        self._folders: dict[str, list[str]] = {}
        self._packages = {path.rpartition("/")[0] for path in self._paths if path.rpartition("/")[2] == "__init__.py"}
        for path in sorted(self._paths):
            self._register(path, self._packages)
        self._found: dict[tuple[str, str], str | None] = {}  # by name and folder, for the files that see it alike
        self._answers: dict[tuple[str, str], str | None] = {}  # by name and importer
        self._lone: dict[str, list[str]] = {}  # files of packages, by the last part of their names
        for path in sorted(self._paths):
            if path.rpartition("/")[0] in self._packages:
                self._lone.setdefault(_called(path), []).append(path)

    def _register(self, path: str, packages: set[str]) -> None:
        folder, _, name = path.rpartition("/")
        stem = name.rpartition(".")[0]
        parts = [] if stem == "__init__" else [stem]
        while True:
            if folder not in packages and parts:
                self._by_name.setdefault(".".join(parts), []).append(path)
                for end in range(1, len(parts)):
                    known = self._folders.setdefault(".".join(parts[:end]), [])
                    if not known or known[-1] != folder:
                        known.append(folder)
            if not folder:
                return
            folder, _, last = folder.rpartition("/")
            if not last.isidentifier():
                return
            parts.insert(0, last)

    def file(self, name: str, importer: str) -> str | None:
        """The file that the absolute dotted `name` means in `importer`, or None when it is not of this program."""
        asked = (name, importer)
        if asked in self._answers:
            return self._answers[asked]
        # A file never means itself, so what it finds under its own name is not what its neighbours find.
        key = (name, importer if name.rpartition(".")[2] == _called(importer) else importer.rpartition("/")[0])
        if key not in self._found:
            nearest = self._nearest(self._candidates(name, importer), importer, single="." not in name)
            self._found[key] = (
                self._nearer(nearest, name, importer)
                if nearest is not None
                else self._within(name, importer) or self._elsewhere(name)
            )
        found = self._found[key]
        answer = self._answers[asked] = None if found == importer and "." not in name else found
        return answer

    def _candidates(self, name: str, importer: str) -> list[str]:
        """The files that a name can mean; only those on the importer's path where it, or a library, has the name."""
        found = self._by_name.get(name, [])
        top = name.partition(".")[0]
        if top not in self._foreign and not self.folder(top, importer) and not self._on_path(top, importer):
            return found
        return self._on_path(name, importer)

    def _on_path(self, name: str, importer: str) -> list[str]:
        """The files of that name below a folder which is above the importer, too."""
        deep = name.count(".") + 1
        return [one for one in self._by_name.get(name, ()) if _is_above(_outside(one, deep), importer)]

    def _nearer(self, found: str, name: str, importer: str) -> str:
        """What was found, or a file of that name nearer to the importer: a package's folder too may be started from."""
        stem = name.replace(".", "/")
        folder = importer.rpartition("/")[0]
        while folder and "/" in stem and not _is_above(folder, found):
            for candidate in (f"{folder}/{stem}.py", f"{folder}/{stem}/__init__.py"):
                if candidate in self._paths:
                    return candidate
            folder = folder.rpartition("/")[0]
        return found

    def _within(self, name: str, importer: str) -> str | None:
        """A file of that name in a package around the importer, as its folder too may be started from."""
        stem = name.replace(".", "/")
        folder = importer.rpartition("/")[0]
        while folder and folder in self._packages and name.partition(".")[0] not in self._foreign:
            for candidate in (f"{folder}/{stem}.py", f"{folder}/{stem}/__init__.py"):
                if candidate in self._paths and candidate != importer:
                    return candidate
            folder = folder.rpartition("/")[0]
        return None

    def _elsewhere(self, name: str) -> str | None:
        """The only file of a name that no library has by chance, in a package whose folder the path of modules holds.

        The path is set outside the code, as in ``PYTHONPATH=/app/shared``, or by it while it starts.
        """
        root, _, rest = name.partition(".")
        if root in self._foreign or not (rest or "_" in root.strip("_")):
            return None
        ends = (f"/{name.replace('.', '/')}.py", f"/{name.replace('.', '/')}/__init__.py")
        found = [path for path in self._lone.get(name.rpartition(".")[2], ()) if path.endswith(ends)]
        return found[0] if len(found) == 1 else None

    def folder(self, name: str, importer: str) -> bool:
        """Whether `name` is a folder with modules of this program below it, seen from `importer`."""
        return any(_is_above(root, importer) for root in self._folders.get(name, ()))

    def relative(self, importer: str, level: int, name: str) -> str | None:
        """The file of a relative import; `level` counts the leading dots."""
        folder = importer.rpartition("/")[0]
        for _ in range(level - 1):
            folder = folder.rpartition("/")[0]
        stem = "/".join(part for part in (folder, *name.split(".")) if part)
        for candidate in (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py"):
            if candidate in self._paths:
                return candidate
        return None

    @staticmethod
    def absolute(importer: str, level: int, name: str) -> str:
        """The dotted name of a relative import, as it looks from the folder where the review begins."""
        folder = importer.split("/")[:-level]
        return ".".join(part for part in (*folder, name) if part)

    def submodule(self, package: str, name: str) -> str | None:
        """The file of module `name` inside the package whose ``__init__`` is the file `package`."""
        folder, _, file = package.rpartition("/")
        if file != "__init__.py":
            return None
        stem = f"{folder}/{name}" if folder else name
        return next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in self._paths), None)

    @staticmethod
    def _nearest(candidates: Iterable[str], importer: str, *, single: bool) -> str | None:
        here = importer.rpartition("/")[0]
        best: tuple[int, int] | None = None
        chosen: list[str] = []
        for path in candidates:
            if path == importer and single:
                continue
            folder = path.rpartition("/")[0]
            if (
                single
                and path.rpartition("/")[2] != "__init__.py"
                and folder != here
                and not _is_above(folder, importer)
            ):
                continue  # a lone script elsewhere is not on the path of this one
            score = (_shared(folder, here), -path.count("/"))
            if best is None or score > best:
                best, chosen = score, [path]
            elif score == best:
                chosen.append(path)
        return chosen[0] if chosen else None


def is_hidden(path: str, paths: Container[str]) -> bool:
    """Whether a package of the same name lies beside a module: whoever imports that name gets the package."""
    return f"{path.removesuffix('.py')}/__init__.py" in paths


def _outside(path: str, parts: int) -> str:
    """The folder from which a module's name of so many parts begins."""
    stem = path.removesuffix("/__init__.py").removesuffix(".py")
    return "/".join(stem.split("/")[:-parts])


def _called(path: str) -> str:
    """The last part of the module name of a file."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return folder.rpartition("/")[2] if stem == "__init__" else stem


def _shared(a: str, b: str) -> int:
    count = 0
    for left, right in zip(a.split("/"), b.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count


def _is_above(folder: str, path: str) -> bool:
    return not folder or path.startswith(folder + "/")
