"""A change of the database and the message about it, with nothing that makes both happen."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.site import Site
from .grounds.handing_over import by_function, open_transaction, same_round
from .hits import hit_at

_AGAIN = frozenset({"message", "task", "schedule", "command"})
"""Work that is repeated when it broke off: by a broker, a clock or the person who started it."""


def check(project: Project) -> Iterator[Hit]:
    """Publishing after a write of the same function, where nobody would do it again after a crash between the two."""
    for function, sites in by_function(project).items():
        entry = project.reached_by.get(function)
        if entry is not None and entry.kind in _AGAIN:
            continue
        for site in sites:
            if not _publishes(site) or site.context.in_handler or open_transaction(site):
                continue
            write = next((one for one in sites if _lasts(one) and one.before(site) and same_round(one, site)), None)
            if write is not None and not any(_outbox(one) for one in sites):
                asked = entry is not None and entry.kind == "request" and not _is_made_good(site)
                yield hit_at(
                    "dual-write",
                    site,
                    project,
                    names={"write": write.call},
                    effects=frozenset({Act.PUBLISH}),
                    confidence=None if asked else "low",
                )


def _is_made_good(site: Site) -> bool:
    """Whether something is done about a message that could not be sent, beyond a line in a log."""
    return any("calls" in handler.does and "raises" not in handler.does for handler in site.context.handlers[:1])


def _publishes(site: Site) -> bool:
    """Whether a call publishes and does not write as well: then what it does is judged where it does it."""
    return Act.PUBLISH in site.acts and site.acts.isdisjoint((Act.WRITE, Act.COMMIT))


def _lasts(site: Site) -> bool:
    """Whether a call changes rows for good."""
    return not site.acts.isdisjoint((Act.COMMIT, Act.WRITE)) and Act.PUBLISH not in site.acts


def _outbox(site: Site) -> bool:
    return "outbox" in " ".join((site.call, *site.uses, *site.gives)).lower()
