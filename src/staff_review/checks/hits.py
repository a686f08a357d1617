"""How a site becomes a hit: the names every rule's words may use, the trail, the policy to show."""

from __future__ import annotations

from ..nouns.acts import Act
from ..nouns.findings import Edit, Hit, Step
from ..nouns.libraries import REMOTE, Effect
from ..nouns.project import FunctionRef, Project, Site
from ..nouns.settings import Confidence, Severity
from ..nouns.source import Place

_ALL = frozenset(Effect)


def hit_at(
    rule: str,
    site: Site,
    project: Project,
    *,
    names: dict[str, str] | None = None,
    clauses: dict[str, str] | None = None,
    effects: frozenset[Effect | Act] = REMOTE,
    confidence: Confidence | None = None,
    severity: Severity | None = None,
    edit: Edit | None = None,
) -> Hit:
    """A hit on a call; `effects` choose which way through helpers the trail shows."""
    way = site.way(effects) if not site.direct else site.way(_ALL)
    return Hit(
        rule=rule,
        place=site.place,
        names={
            "call": site.call,
            "operation": way.operation or site.operation,
            "function": site.function.qualified,
            "because": _because(site),
            "mend": site.mend,
            "entry": _entry(project, site.function),
            **(names or {}),
        },
        clauses=clauses or {},
        trail=(*project.paths.get(site.function, ()), *_here(site), *way.trail)
        if way.trail or site.limit
        else way.trail,
        scope=site.function.qualified,
        subject=site.call,
        severity=severity,
        confidence=confidence,
        policy=_policy(site),
        edit=edit,
    )


def hit_on(
    rule: str,
    place: Place,
    function: FunctionRef,
    project: Project,
    *,
    subject: str,
    names: dict[str, str],
    clauses: dict[str, str] | None = None,
    trail: tuple[Step, ...] = (),
    confidence: Confidence | None = None,
    severity: Severity | None = None,
    edit: Edit | None = None,
) -> Hit:
    """A hit on something that is no call: a loop, a handler, an assignment."""
    return Hit(
        rule=rule,
        place=place,
        names={
            "call": subject,
            "operation": "",
            "because": "",
            "mend": "",
            "function": function.qualified,
            "entry": _entry(project, function),
            **names,
        },
        clauses=clauses or {},
        trail=trail,
        scope=function.qualified,
        subject=subject,
        confidence=confidence,
        severity=severity,
        edit=edit,
    )


def _entry(project: Project, function: FunctionRef) -> str:
    entry = project.reached_by.get(function)
    return entry.name if entry is not None else ""


def _here(site: Site) -> tuple[Step, ...]:
    return (Step(site.place, f"calls `{site.call}`"),)


def _because(site: Site) -> str:
    if site.limit is None:
        return ""
    return f"{site.limit.because}, for every call through it" if site.is_client else site.limit.because


def _policy(site: Site) -> dict[str, str]:
    if site.limit is None or site.limit.how in ("unseen", "not-due"):
        return {}
    where = f" ({site.limit.set_at})" if site.limit.set_at is not None else ""
    return {"limit": f"{site.limit.state}: {site.limit.because}{where}"}
