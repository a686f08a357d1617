"""A message whose arrival nobody ever learns of."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.site import Site
from .grounds.handing_over import is_set
from .hits import hit_at

_SENT = frozenset({Act.PUBLISH})


def check(project: Project) -> Iterator[Hit]:
    """Publishing without the broker's word, and results of a publish that are thrown away; once for each function."""
    told = {site.place.path for site in project.sites if Act.FLUSH in site.acts or _waits_for_answers(site)}
    seen = set()
    for site in project.sites:
        if site.place.path in told or not site.direct or not _is_unheard(site) or site.function in seen:
            continue
        seen.add(site.function)
        yield hit_at("unconfirmed-publish", site, project, clauses={"because": _because(site)}, effects=_SENT)


def _waits_for_answers(site: Site) -> bool:
    """Whether a queue for this connection alone is declared: the answer to a question tells that it arrived."""
    return Act.DECLARE_QUEUE in site.acts and (is_set(site, "exclusive", True) or is_set(site, "queue", ""))


def _is_unheard(site: Site) -> bool:
    if Act.PRODUCER in site.acts:
        return is_set(site, "confirms", False)
    topic = site.options.get("topic")
    if Act.PUBLISH not in site.acts or not site.certain or (topic is not None and "reply_to" in topic.text):
        return False
    callback = site.options.get("callback")
    silent = callback is None or callback.state == "absent"
    return is_set(site, "confirmed", False) or (is_set(site, "buffered", True) and site.discarded and silent)


def _because(site: Site) -> str:
    """Which of the rule's clauses says why nobody learns of it."""
    if Act.PRODUCER in site.acts:
        return "channel"
    if is_set(site, "confirmed", False):
        return "broker"
    return "buffer"
