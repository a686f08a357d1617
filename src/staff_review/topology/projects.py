"""Which compose files tell of one system: those of one folder, and those that run the same by the same names."""

from __future__ import annotations

from collections.abc import Iterable

from ..nouns.deployment import Unit
from .folders import folded
from .known import Known

_ENOUGH = 2


class Projects:
    """The folders of compose files, and what their services are built from or whose images they run."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._told: dict[str, dict[str, tuple[str, str]]] = {}
        self._images: dict[str, set[tuple[str, str]]] = {}
        for unit in units:
            owner = unit.image.rpartition("/")[0].rpartition("/")[2]
            if unit.form == "compose" and (owner or unit.context):
                self._told.setdefault(folder_of(unit), {})[unit.name] = (unit.context, owner)
            if unit.form == "compose":
                self._images.setdefault(folder_of(unit), set()).add((unit.name, unit.image))

    def apart(self, one: Unit, other: Unit) -> bool:
        """Whether two units of one name belong to two projects, as far as their places and neighbours say it."""
        if one.form != "compose" or other.form != "compose":
            return False
        here, there = folder_of(one), folder_of(other)
        if here == there or not here or not there or here.startswith(f"{there}/") or there.startswith(f"{here}/"):
            return False
        ours, theirs = self._told.get(here, {}), self._told.get(there, {})
        if (not ours and self._is_part(here, there)) or (not theirs and self._is_part(there, here)):
            return False
        return sum(_alike(ours[name], theirs[name]) for name in ours.keys() & theirs.keys()) < _ENOUGH

    def _is_part(self, bare: str, whole: str) -> bool:
        """Whether all that a project of somebody else's images runs is run by another one too, by the same names."""
        return len(self._images[bare]) >= _ENOUGH and self._images[bare] <= self._images[whole]


def rehearsed(units: Iterable[Unit], known: Known) -> set[int]:
    """Units that run a service once more, alone, in a project inside its own folder, by their identities.

    Another project runs the same code there, from outside: what only the inner one runs of it is still told.
    """
    built = [unit for unit in units if unit.form == "compose" and unit.context]
    found: set[int] = set()
    for unit in built:
        here = f"{folder_of(unit)}/"
        for other in built:
            inside = here.startswith(f"{other.context}/") and not folder_of(other).startswith(here[:-1])
            alike = known.commands.means(unit.command, "works") == known.commands.means(other.command, "works")
            if inside and alike and unit.context == other.context and unit.dockerfile == other.dockerfile:
                found.add(id(unit))
    return found


def _alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two services of one name may be the same: of one folder, of one owner, or built here and run there."""
    if one[0] and other[0]:
        return one[0] == other[0]
    return bool(one[0] or other[0]) or one[1] == other[1]


def folder_of(unit: Unit) -> str:
    """The folder of the file that tells of a unit."""
    return unit.place.path.rpartition("/")[0]


def qualified(unit: Unit) -> str:
    """The name that a unit's file gives to its container, else its own with that of its project's folder."""
    given = next((host for host in unit.hosts if folded(host) != folded(unit.name)), "")
    return given or f"{folder_of(unit).rpartition('/')[2]}-{unit.name}"
