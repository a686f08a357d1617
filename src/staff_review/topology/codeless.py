"""Services that no deployment file names: folders of code that serve requests, messages or tasks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from ..nouns.deployment import Deployment, Port, Unit
from ..nouns.project import Project
from ..nouns.source import Place
from .folders import called, folded, unversioned
from .members import Member

_INNER = frozenset(
    {"src", "app", "api", "apps", "backend", "server", "service", "lib", "main", "routers", "routes", "views", "v1",
     "handlers", "endpoints", "core", "internal", "pkg", "controllers", "cmd"}
)  # fmt: skip
_ASIDE = frozenset({"scripts", "notebooks", "docs"})
"""Folders of what stands beside services that are deployed."""
_USUAL = frozenset(
    {"app", "main", "server", "run", "wsgi", "asgi", "manage", "service", "api", "index", "__main__", "application"}
)


def members_of_code(project: Project, deployment: Deployment, known: list[Member]) -> list[Member]:
    """A member for each part of the code with entry points of its own that no known member holds."""
    roots = {member.root for member in known if member.root is not None}
    manifests = {path.rpartition("/")[0] for path in deployment.configured}
    manifests |= {image.folder for image in deployment.images} | {*deployment.packages} - deployment.tops
    names = {folded(member.name) for member in known}
    versions = {unversioned(root) for root in roots if root}
    ports: dict[str, int] = {}
    for server in project.servers:
        ports.setdefault(server.place.path, server.port)
    found: dict[str, Member] = {}
    begun = [(path, place) for path, place in _begun(project) if not _is_below(path, roots)]
    begun = [one for one in begun if not (roots and _ASIDE.intersection(one[0].split("/")))]
    tied = _tied((path for path, _ in begun if path not in ports), manifests, project.wholes)
    for path, place in begun:
        root = tied[path] if path in tied else _root_of(path, manifests)
        if not _within(place.path, root) or (root and unversioned(root) in versions):
            continue
        name = called(root, deployment.tops)
        if path in ports:
            found.setdefault(path, _script(path, place, ports[path]))
        elif root not in found and folded(name) not in names:
            unit = Unit(name=name, place=place, form="image", context=root or ".")
            found[root] = Member(name, [unit], root)
    return list(_outermost(found))


def _tied(paths: Iterable[str], manifests: set[str], wholes: Mapping[str, str]) -> dict[str, str]:
    """The one folder of files that imports tie to each other, none of which has a manifest of its own."""
    together: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths):
        if path in wholes and not _is_below(path, manifests - {""}):
            together.setdefault(wholes[path], []).append(path)
    roots = {path: _root_of(path, manifests) for group in together.values() for path in group}
    return {path: posixpath.commonpath([roots[one] for one in group]) for group in together.values() for path in group}


def _begun(project: Project) -> Iterator[tuple[str, Place]]:
    """The files where services begin, with what they do there: what is offered, and what takes messages."""
    for offer in project.offers:
        yield offer.place.path, offer.place
    for target in project.targets:
        if target.role == "consume" and not target.dead:
            yield from ((path, target.place) for path in sorted(target.begun))


def _within(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _is_below(path: str, folders: set[str]) -> bool:
    while path:
        path = path.rpartition("/")[0]
        if path in folders:
            return True
    return False


def _script(path: str, place: Place, port: int) -> Member:
    """A file that is a service by itself: named as the file, or as its folder where it has a usual name."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    parts = [part for part in folder.split("/") if part and part.lower() not in _INNER]
    called = parts[-1] if stem.lower() in _USUAL and parts else stem
    ports = (Port(port),) if port else ()
    return Member(
        called, [Unit(called, place, "image", context=folder or ".", command=f"python {name}", ports=ports)], folder
    )


def _root_of(path: str, manifests: set[str]) -> str:
    """The folder of a service that a file belongs to: one that is configured, else above the usual inner folders."""
    folder = path.rpartition("/")[0]
    here = folder
    while here:
        if here in manifests:
            return here
        here = here.rpartition("/")[0]
    while folder and folder.rpartition("/")[2].lower() in _INNER and folder.count("/"):
        folder = folder.rpartition("/")[0]
    return folder


def _outermost(found: dict[str, Member]) -> Iterator[Member]:
    """Members, without folders inside another's, and without a folder all of whose scripts are services themselves."""
    scripts = [path for path in found if path.endswith(".py")]
    for root, member in sorted(found.items()):
        if root in scripts:
            if len(scripts) > 1 or not any(_holds(other, root) for other in found if other not in scripts):
                yield member
        elif not any(_holds(other, root) for other in found) and not any(_holds(root, path) for path in scripts):
            yield member


def _holds(folder: str, path: str) -> bool:
    return folder != path and not folder.endswith(".py") and (not folder or path.startswith(f"{folder}/"))
