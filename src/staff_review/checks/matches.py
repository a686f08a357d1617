"""Rules that are only a pattern: calls by what they do, with conditions on options, place and policy."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator

from ..nouns.acts import Constant, Option
from ..nouns.findings import Hit
from ..nouns.project import Project, Site
from ..nouns.rulebook import Condition, Match, Rule, Where
from .grounds.edits import kept
from .hits import hit_at


def hits_of(rule: Rule, project: Project) -> Iterator[Hit]:
    """What the patterns of one rule claim; a call is claimed by the first that fits it."""
    for site in project.sites:
        match = next((match for match in rule.match if fits(match, site, project)), None)
        if match is not None:
            yield hit_at(
                rule.id,
                site,
                project,
                names={name.replace("-", "_"): _shown(option) for name, option in site.options.items()},
                effects=frozenset([*site.effects, *site.acts]),
                confidence=match.confidence if site.certain else "low" if match.confidence == "low" else "medium",
                severity=match.severity,
                edit=kept(site) if match.fix == "keep-task" else None,
            )


def fits(match: Match, site: Site, project: Project) -> bool:
    """Whether a call is what a pattern describes."""
    if not site.direct and not match.through_helpers:
        return False
    if not _is_meant(match, site):
        return False
    if match.limit is not None and (site.limit is None or site.limit.state != match.limit):
        return False
    if any(not _holds(condition, site.options.get(name)) for name, condition in match.options.items()):
        return False
    return all(_WHERE[word](site, project) for word in match.where) and not any(
        _WHERE[word](site, project) for word in match.unless
    )


def _is_meant(match: Match, site: Site) -> bool:
    return (
        not site.acts.isdisjoint(match.acts)
        or not site.effects.isdisjoint(match.effects)
        or any(fnmatch.fnmatchcase(site.operation, name) for name in match.names)
    )


def _holds(condition: Condition, option: Option | None) -> bool:
    if option is None or option.state == "unseen":
        return False
    if condition.absent is not None and condition.absent != _is_absent(option):
        return False
    if condition.mixed is not None and condition.mixed != option.mixed:
        return False
    if condition.equals is not None and not _all(option, lambda value: value in (condition.equals or ())):
        return False
    if condition.above is not None and not _all(option, lambda value: _number(value) > (condition.above or 0)):
        return False
    return condition.below is None or _all(option, lambda value: _number(value, up=True) < (condition.below or 0))


def _is_absent(option: Option) -> bool:
    """Nothing said, or null said; a default of the library is an answer."""
    return all(value is None for value in option.values) if option.values else option.state == "absent"


def _all(option: Option, holds: Callable[[Constant], bool]) -> bool:
    return bool(option.values) and all(holds(value) for value in option.values)


def _number(value: Constant, *, up: bool = False) -> float:
    """The number, or one that is never beyond a border when it is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return float("inf") if up else float("-inf")


def _shown(option: Option) -> str:
    return option.text or ", ".join(str(value) for value in option.values) or "none"


def _served_by(*kinds: str) -> Callable[[Site, Project], bool]:
    def reached(site: Site, project: Project) -> bool:
        entry = project.serves(site.function)
        return entry is not None and (not kinds or entry.kind in kinds)

    return reached


def _inside(kind: str) -> Callable[[Site, Project], bool]:
    return lambda site, _project: any(region.kind == kind for region in site.context.regions)


_WHERE: dict[Where, Callable[[Site, Project], bool]] = {
    "serving": _served_by(),
    "request": _served_by("request"),
    "message": _served_by("message"),
    "task": _served_by("task"),
    "coroutine": lambda site, _project: site.function.is_async,
    "loop": lambda site, _project: bool(site.context.loops),
    "transaction": _inside("transaction"),
    "lock": _inside("lock"),
    "retry": _inside("retry"),
    "breaker": _inside("breaker"),
    "handler": lambda site, _project: site.context.in_handler,
    "import": lambda site, _project: site.function.index == 0,
    "awaited": lambda site, _project: site.awaited,
    "discarded": lambda site, _project: site.discarded,
}
