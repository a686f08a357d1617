"""Checks that the user has installed: packages name them under the entry points ``staff_review.checks``.

Only what is installed in our own environment is run, never code of the project under review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import entry_points

from ..nouns.findings import Hit
from ..nouns.project import Project

GROUP = "staff_review.checks"


def installed_check(rule: str) -> Callable[[Project], Iterable[Hit]]:
    """The installed check of a rule; without one, a check that raises and so names the rule as one that never ran."""
    found = next(iter(entry_points(group=GROUP, name=rule)), None)

    def loaded(project: Project) -> Iterator[Hit]:
        if found is None:
            raise LookupError(f"the rule has no `[[match]]`, and no installed package has a check for it ({GROUP})")
        yield from found.load()(project)

    return loaded
