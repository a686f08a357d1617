"""What a setting is for one member: its own environment, shared groups, its image, files beside its code."""

from __future__ import annotations

import re

from ..nouns.deployment import COMPONENT, Deployment, Setting, Unit
from .members import Member

_HOLE = re.compile(r"\$\{([A-Za-z_][\w.]*)(?:(:?-|:)([^{}]*))?\}|\$\(([A-Za-z_]\w*)\)|\$([A-Z_][A-Z0-9_]*)")
_ROUNDS = 4
_FILES = (".env", ".flaskenv", ".env.example", ".env.sample", ".env.template", ".env.local", ".env.dist", "env.example")
"""Files of settings that code reads beside itself or above, the real one first."""
_FOR_DEPLOYING = re.compile(
    r"\.?(?:flask)?env[.-](?:docker|compose|prod|production|dev|development)(?:[.-].*)?", re.IGNORECASE
)
"""Files beside it that a start script or a pipeline may give it, where nothing else says a setting."""


class Environments:
    """The settings of all members, nearest first."""

    def __init__(self, deployment: Deployment, members: list[Member]) -> None:
        self._groups = deployment.groups
        self._deploying: dict[str, str] = {}  # the first such file of a folder
        for path in sorted(deployment.groups):
            folder, _, name = path.rpartition("/")
            if _FOR_DEPLOYING.fullmatch(name):
                self._deploying.setdefault(folder, path)
        self._by_member = {member.name: self._of(member) for member in members}

    def _of(self, member: Member) -> dict[str, list[Setting]]:
        found: dict[str, list[Setting]] = {}
        listed: list[Setting] = []
        for unit in member.units:
            listed += unit.settings
            listed += [setting for group in unit.groups for setting in self._group(group, unit)]
        said = {setting.name for setting in listed if setting.value and not _HOLE.search(setting.value)}
        if member.image is not None:
            listed += member.image.settings
        for folder in _around(member.root) if member.root is not None else ():
            for name in _FILES:
                beside = self._groups.get(f"{folder}/{name}" if folder else name, ())
                listed += (setting for setting in beside if setting.name not in said)
        if member.root is not None:
            said = {setting.name for setting in listed if setting.value}
            listed += (
                one for one in self._groups.get(self._deploying.get(member.root, ""), ()) if one.name not in said
            )
        for setting in listed:
            found.setdefault(setting.name, []).append(setting)
        return found

    def _group(self, name: str, unit: Unit) -> list[Setting]:
        """The settings of a shared group; of several with one name, those written nearest to the unit come first."""
        prefix, _, plain = name.rpartition("\0")
        settings = sorted(self._groups.get(plain, ()), key=lambda one: -_shared(one.place.path, unit.place.path))
        if not prefix:
            return settings
        return [Setting(prefix + one.name, one.value, one.place) for one in settings]

    def component(self, name: str) -> tuple[Setting, ...]:
        """What describes a peer that the platform keeps under a name."""
        return tuple(self._groups.get(COMPONENT + name, ()))

    def components(self, kind: str) -> list[str]:
        """The names of the components whose type begins so."""
        typed = ((name, one) for name, listed in self._groups.items() if name.startswith(COMPONENT) for one in listed)
        return [name[len(COMPONENT) :] for name, one in typed if one.name == "type" and one.value.startswith(kind)]

    def names(self, member: Member) -> set[str]:
        """Every setting that a member is given."""
        return set(self._by_member.get(member.name, ()))

    def values(self, member: Member, name: str) -> list[Setting]:
        """What a setting can be for a member, nearest first, with holes filled; empty values say nothing."""
        found = self._by_member.get(member.name, {}).get(name, ())
        return [
            Setting(one.name, text, one.place)
            for one in found
            if (text := self.filled(member, one.value)) and text != "null"
        ]

    def filled(self, member: Member, text: str) -> str:
        """A text with ``${NAME}``, ``${NAME:-default}``, ``$(NAME)`` replaced by what the member is given."""
        known = self._by_member.get(member.name, {})

        def fill(found: re.Match[str]) -> str:
            name = found[1] or found[4] or found[5]
            for spelled in (name, name.replace(".", "_").replace("-", "_").upper()):
                said = next((one.value for one in known.get(spelled, ()) if one.value), "")
                if said:
                    return said
            return found[3] if found[3] is not None else found[0]

        for _ in range(_ROUNDS):
            filled = _HOLE.sub(fill, text)
            if filled == text or len(filled) > 2_000:
                break
            text = filled
        return text


def _around(root: str) -> list[str]:
    """A folder and those above it, nearest first."""
    parts = root.split("/") if root else []
    return ["/".join(parts[:count]) for count in range(len(parts), -1, -1)]


def _shared(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count
