"""Compose files: units with their environment, build folders, ports and names."""

from __future__ import annotations

import re

from msgspec.structs import replace

from ...nouns.deployment import Port, Setting, Unit
from .listing import Found, at, joined
from .variables import interpolated
from .yaml import Node, number_in

NAMES = re.compile(r"(?:.*[._-])?(?:compose|stack|docker)(?:[._-].*)?\.ya?ml", re.IGNORECASE)
_DEEP = 8
_MAIN = re.compile(r"(?:^|/)(?:docker-)?compose\.ya?ml$")
_PORT = re.compile(r"(?:(?:\d+\.[\d.]+|\[.*\]|localhost):)?(?:(\d+)(?:-\d+)?:)?(\d+)(?:-\d+)?(?:/\w+)?$")


def is_compose(root: Node) -> bool:
    """Whether a document describes compose services: by what the entries hold, not by the file's name."""
    services = root.get("services")
    return services.kind == "map" and any(
        value.get("image") or value.get("build") or value.get("extends") for _, value in services.members()
    )


def apps_of(file: Found, root: Node) -> list[Unit]:
    """The applications of a multi-app run file: ``apps: [{appID, appDirPath, command}]``."""
    found: list[Unit] = []
    for app in root.get("apps").items:
        name = app.get("appID").text or joined("", app.get("appDirPath").text).rpartition("/")[2]
        if name and app.get("appDirPath"):
            settings = _settings(file, app.get("env"), {})
            port = app.get("appPort").text
            found.append(
                Unit(
                    name=name,
                    place=at(file.path, app.line),
                    form="compose",
                    context=joined(file.folder, app.get("appDirPath").text) or ".",
                    command=" ".join(app.get("command").texts()),
                    settings=settings,
                    ports=(Port(int(port[:6])),) if port.isdigit() else (),
                )
            )
    return found


def units_of(file: Found, root: Node, known: dict[str, str]) -> list[Unit]:
    """The services of one compose file; `known` fills its ``${…}`` holes."""
    return [_unit(file, name, node, known) for name, node in root.get("services").members() if node.kind == "map"]


def _unit(file: Found, name: str, node: Node, known: dict[str, str]) -> Unit:
    build = node.get("build")
    context = interpolated(build.text or build.get("context").text, known) or ("." if build else "")
    folder = joined(file.folder, context) if context and "://" not in context else ""
    dockerfile = interpolated(build.get("dockerfile").text, known)
    profiles = node.get("profiles").texts()
    return Unit(
        name=name,
        place=at(file.path, node.line),
        form="compose",
        image=interpolated(node.get("image").text, known),
        context=(folder or ".") if context else "",
        dockerfile=joined(folder, dockerfile or "Dockerfile") if context else "",
        command=" ".join([*node.get("entrypoint").texts(), *node.get("command").texts()]),
        handed=not node.get("entrypoint"),
        settings=_settings(file, node.get("environment"), known),
        groups=tuple(joined(file.folder, one) for one in _env_files(node.get("env_file"))),
        hosts=tuple(_hosts(node)),
        ports=tuple(_ports(node, known)),
        mounts=tuple(_mounts(file, node, known)),
        labels={key: interpolated(value, known) for key, value in _labels(node)},
        needs=tuple(key for key, _ in node.get("depends_on").members()) or tuple(node.get("depends_on").texts()),
        extends=_extended(file, node.get("extends"), known),
        ends=node.get("restart").text == "no" and bool(profiles),
        copies=number_in(interpolated(node.get("deploy", "replicas").text or node.get("scale").text, known)),
    )


def _extended(file: Found, node: Node, known: dict[str, str]) -> tuple[str, str]:
    """The file and the name of the service that one takes over, in either spelling."""
    name, other = node.text or node.get("service").text, interpolated(node.get("file").text, known)
    return (joined(file.folder, other) if other else file.path, name) if name else ("", "")


def inherited(units: list[Unit]) -> list[Unit]:
    """Units with what they take over; one that stands aside for others to take over is not run by itself."""
    named = {(unit.place.path, unit.name): unit for unit in units}
    lent = {unit.extends for unit in units if unit.extends[0] != unit.place.path and not _MAIN.search(unit.extends[0])}
    return [_whole(unit, named, 0) for unit in units if (unit.place.path, unit.name) not in lent]


def _whole(unit: Unit, named: dict[tuple[str, str], Unit], depth: int) -> Unit:
    base = named.get(unit.extends)
    if base is None or base is unit or depth > _DEEP:
        return unit
    base = _whole(base, named, depth + 1)
    own = {setting.name for setting in unit.settings}
    built = unit if unit.context or (unit.image and not base.context) else base
    return replace(
        unit,
        image=unit.image or base.image,
        context=built.context,
        dockerfile=built.dockerfile,
        command=unit.command or base.command,
        handed=unit.handed if unit.command else base.handed,
        settings=(*unit.settings, *(setting for setting in base.settings if setting.name not in own)),
        groups=(*unit.groups, *base.groups),
        ports=(*unit.ports, *base.ports),
        mounts=(*unit.mounts, *base.mounts),
        labels={**base.labels, **unit.labels},
        needs=(*unit.needs, *base.needs),
    )


def _settings(file: Found, node: Node, known: dict[str, str]) -> tuple[Setting, ...]:
    found = [(name, value.text, value.line) for name, value in node.members()]
    for item in node.items:
        name, equals, value = item.text.partition("=")
        found.append((name.strip(), value if equals else known.get(name, ""), item.line))
    return tuple(Setting(name, interpolated(value, known), at(file.path, line)) for name, value, line in found)


def _env_files(node: Node) -> list[str]:
    return [one.text or one.get("path").text for one in node.items] or node.texts()


def _hosts(node: Node) -> list[str]:
    found = [node.get("container_name").text, node.get("hostname").text]
    for _, network in node.get("networks").members():
        found += network.get("aliases").texts()
    return [one for one in found if one]


def _ports(node: Node, known: dict[str, str]) -> list[Port]:
    found: list[Port] = []
    for item in node.get("ports").items:
        if item.kind == "map":
            inside, published = item.get("target").text, item.get("published").text
            if inside.isdigit():
                found.append(Port(int(inside), int(published) if published.isdigit() else 0))
            continue
        matched = _PORT.match(interpolated(item.text, known))
        if matched is not None:
            found.append(Port(int(matched[2][:6]), int((matched[1] or "0")[:6])))
    found += [Port(int(text[:6])) for text in node.get("expose").texts() if text.isdigit()]
    return found


def _mounts(file: Found, node: Node, known: dict[str, str]) -> list[str]:
    found: list[str] = []
    for item in node.get("volumes").items:
        source = item.get("source").text or interpolated(item.text, known).partition(":")[0]
        if source.startswith((".", "/")) or "/" in source:
            found.append(joined(file.folder, source))
    return found


def _labels(node: Node) -> list[tuple[str, str]]:
    labels = [*node.get("labels").items, *node.get("deploy", "labels").items]
    pairs = [(name, value.text) for part in ("labels",) for name, value in node.get(part).members()]
    pairs += [(name, value.text) for name, value in node.get("deploy", "labels").members()]
    for item in labels:
        name, _, value = item.text.partition("=")
        pairs.append((name, value))
    return pairs
