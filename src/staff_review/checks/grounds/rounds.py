"""Calls made once for each item: which loops run over data, what a round of them costs, and one claim for each loop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from ...nouns.acts import Act
from ...nouns.findings import Hit
from ...nouns.libraries import REMOTE, Effect
from ...nouns.project import FunctionRef, Loop, Project, Site
from ...nouns.settings import Confidence, Severity
from ...nouns.source import Place
from ..hits import hit_at
from .starting import serves_nobody

_NEAR = 2
"""Steps of a trail up to which the loop and the call belong together; further away they are two designs."""
_TOLD = 2
"""How many further calls of a loop a message names."""
_WORK = {Act.WRITE, Act.COMMIT, Act.ROLLBACK, Act.PUBLISH, Act.ENQUEUE, Act.BROADCAST, Act.CHARGE, Act.NOTIFY}
_A_CLASS = re.compile(r"model|cls|class|table")
"""In the names of what holds a class: each class is asked for itself."""
_CLASSES = frozenset({"model", "cls", "klass", "table"})
"""What a loop over classes or tables calls each."""
_EACH_CLASS = re.compile(r".*_(?:class|cls|klass)")
"""What else it may call the variable itself."""


class Round(msgspec.Struct, frozen=True):
    """What one loop over data does for each item: its calls, the one to speak of first, and how sure that is.

    `asks`: they only ask, so what is advised need not do for changes.
    """

    loop: Loop
    sites: tuple[Site, ...]
    confidence: Confidence | None
    asks: bool = False


def rounds_of(
    project: Project,
    sites: Iterable[Site],
    effects: frozenset[Effect | Act],
    is_sure: Callable[[Site, Loop], bool] = lambda _site, _loop: True,
    *,
    asks: bool = False,
) -> Iterator[Round]:
    """The loops over data that hold some of these calls, in their order; what is not sure has low confidence."""
    found: dict[Place, list[Site]] = {}
    loops: dict[Place, Loop] = {}
    for site in sites:
        loop = over_items(site.context.loops) if _each_round(site) else None
        if loop is not None and not _is_the_item(site, loop):
            loops[loop.place] = loop
            found.setdefault(loop.place, []).append(site)
    for place, group in found.items():
        loop = loops[place]
        kept = (site for site in group if is_sure(site, loop) and not _is_one_by_one(site, loop))
        sure = {site.place for site in kept if not _is_doubtful(project, site, effects)}
        group.sort(key=lambda site: (site.place not in sure, not site.direct, site.place.span))
        yield Round(loop, tuple(group), None if group[0].place in sure else "low", asks)


def hit_for(rule: str, project: Project, one: Round, effects: frozenset[Effect | Act], also: Sequence[str] = ()) -> Hit:
    """The one claim about a loop, on its surest call; it names the others, and `also` what else each item costs."""
    site = one.sites[0]
    others = dict.fromkeys([*(other.call for other in one.sites[1:]), *also])
    others.pop(site.call, None)
    batch = site.batch_read if one.asks else site.batch
    in_words = batch is not None and batch.startswith("one ")
    at_once = f"; {batch if in_words else f'`{batch}`'} takes many at once" if batch else ""
    return hit_at(
        rule,
        site,
        project,
        effects=effects,
        names={"loop": one.loop.over, "batch": at_once, "others": told(list(others))},
        confidence=one.confidence if is_waited_for(project, site.function) else "low",
        severity=severity_of(project, site),
    )


def told(others: Sequence[str]) -> str:
    """How a message names the further calls of a loop; "" when there is none."""
    if not others:
        return ""
    more = f" and {len(others) - _TOLD} more" if len(others) > _TOLD else ""
    return " (also " + ", ".join(f"`{other}`" for other in others[:_TOLD]) + f"{more})"


def over_items(loops: tuple[Loop, ...]) -> Loop | None:
    """The loop over items around a call, unless a retry, a page or a small fixed set explains it."""
    for loop in loops:
        if loop.form in ("retry", "count", "endless", "while") or loop.few or loop.batched or loop.stops:
            return None
        return loop
    return None


def _each_round(site: Site) -> bool:
    """Whether a call runs in every round: not only in the first, nor after a failure, nor started for later."""
    elsewhere = site.scheduled or (site.offloaded and not site.awaited)
    return not (site.many or site.is_client or elsewhere or site.context.once or site.context.in_handler)


def _is_the_item(site: Site, loop: Loop) -> bool:
    """Whether the items are the questions themselves: statements that are run, classes that are each counted."""
    owner = site.receiver.partition(".")[0]
    if not _CLASSES.isdisjoint(loop.names | (loop.bound & site.uses)) or any(map(_EACH_CLASS.fullmatch, loop.names)):
        return True
    if Act.STATEMENT in site.acts:
        text = site.options.get("text")
        if text is not None and len(text.values) == 1 and text.text not in loop.names:
            return False  # one and the same statement, with the item for a value
        return bool(site.uses) and site.uses - {owner} <= loop.names
    if site.certain:
        return False
    return owner in loop.names or (owner in loop.made and _A_CLASS.search(owner) is not None)


def _is_one_by_one(site: Site, loop: Loop) -> bool:
    """Whether a loop gives each item a transaction of its own, so that each is done or fails for itself."""
    regions = (region for region in site.context.regions if region.kind == "transaction" and not region.decorates)
    return any(region.place.span > loop.place.span for region in regions)


def is_waited_for(project: Project, function: FunctionRef) -> bool:
    """Whether a request, message or task waits for it; where none is known of the whole program, one may."""
    if serves_nobody(project, function):
        return False
    return project.serves(function) is not None or not any(one.is_waited_for for one in project.entries)


def severity_of(project: Project, site: Site) -> Severity | None:
    """A note where no request, message or task is known to come by."""
    return None if project.serves(site.function) else "note"


def _is_doubtful(project: Project, site: Site, effects: frozenset[Effect | Act]) -> bool:
    """Whether the loop is seldom the fault: far from the call, in what a person runs, around a whole piece of work.

    A function that changes things is done for one item by design, and no peer takes a list of such; nor does a database
    of what looks first and then writes. Where it is known what serves, the rest is upkeep, and worth a word only for a
    call that could as well be made for all items.
    """
    if serves_nobody(project, site.function) or (site.acts & _WORK and not site.is_itself(effects)):
        return True
    upkeep = bool(project.entries) and not project.serves(site.function)
    alone = site.direct and not site.batch and site.effects & REMOTE == {Effect.DATABASE}
    if alone or (upkeep and not (site.direct and site.batch)):
        return True
    return len(site.way(effects).trail) > _NEAR
