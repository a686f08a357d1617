"""Which compose files tell of one system: those of one folder, and those that run the same images by the same names."""

from __future__ import annotations

from collections.abc import Iterable

from ..deployment import Unit

_ENOUGH = 2


class Projects:
    """The folders of compose files, and whom the images are from that their services run."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._images: dict[str, set[tuple[str, str]]] = {}
        for unit in units:
            owner = unit.image.rpartition("/")[0].rpartition("/")[2]
            if unit.form == "compose" and owner and not unit.context:
                self._images.setdefault(folder_of(unit), set()).add((unit.name, owner))

    def apart(self, one: Unit, other: Unit) -> bool:
        """Whether two units of one name belong to two projects, as far as their places and neighbours say it."""
        if one.form != "compose" or other.form != "compose":
            return False
        here, there = folder_of(one), folder_of(other)
        if here == there or not here or not there or here.startswith(f"{there}/") or there.startswith(f"{here}/"):
            return False
        return len(self._images.get(here, set()) & self._images.get(there, set())) < _ENOUGH


def folder_of(unit: Unit) -> str:
    """The folder of the file that tells of a unit."""
    return unit.place.path.rpartition("/")[0]


def qualified(unit: Unit) -> str:
    """The name of a unit with that of its project's folder."""
    return f"{folder_of(unit).rpartition('/')[2]}-{unit.name}"
