"""Which folder holds the code of a unit: by its build context, what its image copies, its image's or its own name."""

from __future__ import annotations

import re
from collections import Counter

from ..nouns.deployment import Deployment, Image, Unit

_GENERIC = frozenset(
    {"service", "services", "server", "app", "api", "web", "backend", "src", "worker", "gateway", "db", "main", "image"}
)
_INSIDE = frozenset({"src", "source", "code", "app", "docker", "build"})
"""Folders inside that of a service."""
_FOR_BUILDS = re.compile(
    r"(?:^|/)(?:\.?docker(?:files?)?|deploy(?:ment)?s?|containers?|build|compose|\.devcontainer|infra(?:structure)?|ops|ci)(?:/|$)"
)
"""Folders of files that only build: what runs lies where they copy it from."""
_WHOLE = (".", "./", "/")
_ENDINGS = ("microservice", "service", "services", "svc", "deployment", "server", "app", "api", "ms")
_VARIANT = re.compile(
    r"[-_](?:dev|prod|debug|staging|canary|v\d+|local|test|fixed|broken|errors|old|new|copy|backup|legacy)$"
)


def folded(name: str) -> str:
    """A name without case and separators."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def stem(name: str) -> str:
    """A folded name without "service" and its like at the end."""
    plain = folded(name)
    for ending in _ENDINGS[:5]:
        if plain.endswith(ending) and len(plain) > len(ending):
            return plain[: -len(ending)]
    return plain


def called(folder: str, tops: frozenset[str]) -> str:
    """What a service is called after its folder: ``orders`` for ``orders/src``, which says nothing by itself."""
    above = folder
    while above.rpartition("/")[2].lower() in _INSIDE and above not in tops:
        above = above.rpartition("/")[0]
    return (folder if above in tops else above).rpartition("/")[2] or "app"


def unversioned(name: str) -> str:
    """A name or folder without what other versions of the same code end in: ``orders-dev``, ``orders-fixed``."""
    return _VARIANT.sub("", name)


class Folders:
    """The folders with code below them, and the Dockerfiles."""

    def __init__(self, deployment: Deployment) -> None:
        self.images: dict[str, Image] = {image.path: image for image in deployment.images}
        self._built = deployment.built
        self.tops = deployment.tops
        self._with_code: set[str] = set()
        self._sources = {code.path for code in deployment.code if code.language != "shell"}
        for code in deployment.code:
            if code.language == "shell":
                continue
            folder = code.path.rpartition("/")[0]
            while folder not in self._with_code:
                self._with_code.add(folder)
                folder = folder.rpartition("/")[0]
        self._named: dict[str, list[str]] = {}
        docked = {image.folder for image in deployment.images}
        self._docked_folders = docked
        built = docked | set(deployment.packages)
        loose = {one for one in self._with_code if not _inside(one, built) and one not in built}
        for folder in sorted(built | loose, key=lambda one: (one not in docked, one in loose, one.count("/"), one)):
            self._named.setdefault(folded(folder.rpartition("/")[2]), []).append(folder)
        self._ended: dict[str, list[str]] = {}  # folders by the end of their names
        for folder in sorted(built, key=lambda one: (one not in docked, one.count("/"), one)):
            parts = re.split(r"[-_.]", folder.rpartition("/")[2].lower())
            for start in range(1, len(parts)):
                self._ended.setdefault("".join(parts[start:]), []).append(folder)

    def has_code(self, folder: str) -> bool:
        """Whether a folder holds code, itself or below."""
        return (folder if folder != "." else "") in self._with_code

    def takes_code(self, unit: Unit, image: Image | None, root: str) -> bool:
        """Whether what is built in a folder holds code of it, and not only settings: by what is copied and mounted."""
        copies = image.copies if image is not None else ()
        if not copies or not self.has_code(root) or any(copy in _WHOLE or {"*", "$"} & {*copy} for copy in copies):
            return self.has_code(root)
        copied = [self._below("" if unit.context == "." else unit.context, copy) for copy in copies]
        return any(one is not None and (one in self._sources or self.has_code(one)) for one in (*copied, *unit.mounts))

    def image_of(self, unit: Unit) -> Image | None:
        """The Dockerfile a unit is built from."""
        if unit.dockerfile:
            return self.images.get(unit.dockerfile)
        return None

    def of(self, unit: Unit, contexts: dict[str, Unit]) -> tuple[str, Image | None] | None:
        """The folder of a unit's code and its Dockerfile; `contexts` are the units that build an image, by its name."""
        if unit.context:
            return self._of_built(unit)
        name = unit.image.partition("@")[0].rpartition("/")[2].partition(":")[0]
        builder = contexts.get(name) or contexts.get(unit.image)
        if builder is not None:
            return self._of_built(builder)
        context = self._built.get(unit.image.partition(":")[0]) or self._built.get(name)
        for candidate in self._candidates(unit.name, name):
            if context in (None, ".", "") or candidate == context or candidate.startswith(f"{context}/"):
                return candidate, self._docked(candidate)
        if context is not None and context not in (".", ""):
            return context, self._docked(context)
        return None

    def builds(self, unit: Unit, contexts: dict[str, Unit]) -> bool:
        """Whether a unit's image is built here, from a folder with code."""
        folder, image = self.of(unit, contexts) or ("", None)
        return image is not None and self.has_code(folder)

    def _docked(self, folder: str) -> Image | None:
        inside = [image for image in self.images.values() if image.folder == folder]
        below = [image for image in self.images.values() if image.folder.startswith(f"{folder}/")]
        plain = sorted(inside or (below if len(below) == 1 else []), key=lambda one: len(one.path))
        return plain[0] if plain else None

    def _candidates(self, *names: str) -> list[str]:
        """Folders called like the unit or its image, or like the end of it: ``shop/rs-cart`` is ``cart``."""
        found: list[str] = []
        general: list[str] = []  # what only a general word and an ending say comes last
        for name in dict.fromkeys(names):
            plain = folded(name)
            if not plain:
                continue
            if plain in _GENERIC:
                found += [folder for folder in self._like(plain) if folder in self._docked_folders]
                general += [one for ending in _ENDINGS for one in self._like(plain + ending)]
                continue
            found += self._like(plain)
            found += [
                folder
                for ending in _ENDINGS
                for folder in (*self._like(plain + ending), *self._like(plain.removesuffix(ending)))
                if plain != ending
            ]
            parts = re.split(r"[-_.]", name.lower())
            for start in range(1, len(parts)):
                rest = "".join(parts[start:])
                found += self._named.get(rest, []) if len(rest) > 1 and rest not in _GENERIC else []
        return list(dict.fromkeys((*found, *(folder for folder in general if folder in self._docked_folders))))

    def _like(self, name: str) -> list[str]:
        """Folders of a folded name, then those whose name ends in it."""
        return [*self._named.get(name, ()), *self._ended.get(name, ())]

    def _of_built(self, unit: Unit) -> tuple[str, Image | None]:
        """Inside the build context: the Dockerfile's folder, what it copies, or a folder of the unit's name."""
        image = self.images.get(unit.dockerfile)
        context = "" if unit.context == "." else unit.context
        if image is None and unit.form == "compose" and not self.has_code(context):
            context, image = self._above(unit, context)
        if image is None:
            return context, None
        own = image.folder
        below = own != context and own.startswith(f"{context}/" if context else "")
        whole = any(copy in _WHOLE for copy in image.copies)
        copied = [
            folder
            for copy in image.copies
            if (folder := self._below(context, copy)) is not None and folder != context and self.has_code(folder)
        ]
        elsewhere = whole or any(not f"{folder}/".startswith(f"{own}/") for folder in copied)
        if below and self.has_code(own) and not (elsewhere and _FOR_BUILDS.search(own[len(context) :])):
            return own, image
        shared = sum(1 for one in self.images.values() if _inside(one.folder, {context}) or one.folder == context) > 1
        if shared and copied and not whole:
            named = [folder for folder in copied if stem(folder.rpartition("/")[2]) == stem(unit.name)]
            most = "" if named else self._most_copied(context, image)
            if named or most or len(copied) == 1:
                return most or (named or copied)[0], image
        inside = [
            one
            for one in self._candidates(unit.name)
            if (context == "" or one.startswith(f"{context}/"))
            and (self.has_code(one) or not _FOR_BUILDS.search(one[len(context) :]))
        ]
        if own != context and inside:
            return inside[0], image
        return (
            (inside[0], image) if shared and context in self.tops and inside and not unit.command else (context, image)
        )

    def _most_copied(self, context: str, image: Image) -> str:
        """The one folder of code that most of what is copied comes from, where pieces of several are: "" for none."""
        parts = [copy.strip().removeprefix("./").rstrip("/").partition("*")[0].rpartition("/") for copy in image.copies]
        count = Counter(folder or ("" if "." in name else name) for folder, _, name in parts)
        found = [
            (number, below)
            for one, number in count.items()
            if (below := self._below(context, one)) and self.has_code(below) and not _FOR_BUILDS.search(one)
        ]
        most = [below for number, below in found if number > 1 and number == max(found)[0]]
        return most[0] if len(most) == 1 else ""

    def _above(self, unit: Unit, context: str) -> tuple[str, Image | None]:
        """The nearest folder above that has the Dockerfile: paths of an overlay count from the first file's folder."""
        name = unit.dockerfile.rpartition("/")[2]
        folder = context
        while folder:
            folder = folder.rpartition("/")[0]
            image = self.images.get(f"{folder}/{name}" if folder else name)
            if image is not None:
                return folder, image
        return context, None

    @staticmethod
    def _below(context: str, copy: str) -> str | None:
        name = copy.strip().removeprefix("./").rstrip("/").rstrip("*").rstrip("/")
        if not name or name.startswith(("/", "..", "http")):
            return None
        return f"{context}/{name}" if context else name


def _inside(folder: str, others: set[str]) -> bool:
    """Whether a folder lies below one of others."""
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in others:
            return True
    return False
