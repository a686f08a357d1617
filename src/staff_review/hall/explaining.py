"""Project → what is known of the calls on one line, and what each rule made of them."""

from __future__ import annotations

from collections.abc import Iterator

from ..checks import CHECKS
from ..nouns.explanation import ExplainedCall, Explanation, Judgement, PolicyPart
from ..nouns.findings import Hit
from ..nouns.project import Project, Site


def explanation_of(project: Project, hits: list[Hit], path: str, line: int, text: str) -> Explanation:
    """All calls that begin on a line, with operation, effective policy, paths from entry points, and verdicts."""
    sites = [site for site in project.sites if site.place.path == path]
    here = [site for site in sites if site.place.line == line]
    nearby = sorted({site.place.line for site in sites if abs(site.place.line - line) <= 5}) if not here else []
    return Explanation(path, line, text, tuple(_explained(project, hits, site) for site in here), tuple(nearby))


def _explained(project: Project, hits: list[Hit], site: Site) -> ExplainedCall:
    steps = project.paths.get(site.function)
    return ExplainedCall(
        place=site.place,
        call=site.call,
        operation=site.operation,
        effects=tuple(sorted(effect.value for effect in site.effects)),
        policy=tuple(_policy(project, site)),
        paths=(steps,) if steps else (),
        judgements=tuple(_judgements(hits, site)),
    )


def _policy(project: Project, site: Site) -> Iterator[PolicyPart]:
    if site.limit is not None:
        yield PolicyPart("limit", f"{site.limit.state}: {site.limit.because}", site.limit.set_at)
    for retry in project.retries:
        if any(covered.place == site.place for covered in retry.covers):
            yield PolicyPart("retry", f"`{retry.name}`, pause {retry.delay}, bounded: {retry.bounded}", retry.place)
    for region in site.context.regions:
        yield PolicyPart(region.kind, f"inside `{region.name}`", region.place)
    for loop in site.context.loops:
        yield PolicyPart("loop", f"{loop.form} over `{loop.over}`" if loop.over else loop.form, loop.place)
    for handler in site.context.handlers:
        caught = ", ".join(handler.catches) or "every error"
        does = ", ".join(sorted(handler.does)) or "does nothing"
        yield PolicyPart("handler", f"{caught}: {does}", handler.place)


def _judgements(hits: list[Hit], site: Site) -> Iterator[Judgement]:
    spoke = {hit.rule for hit in hits if hit.place == site.place}
    for rule in sorted(CHECKS.keys() | spoke):
        if rule in spoke:
            yield Judgement(rule, True, "it speaks here")
        else:
            reason = _silent_because(rule, site)
            if reason:
                yield Judgement(rule, False, reason)


def _silent_because(rule: str, site: Site) -> str:
    """Why a rule that could have spoken of a call like this one did not; "" when the rule is not about such calls."""
    limit = site.limit
    if rule in ("missing-timeout", "timeout-disabled", "connect-timeout-only") and limit is not None:
        return {"bounded": limit.because, "unknown": limit.because}.get(limit.state, "the limit is judged elsewhere")
    if rule == "blocking-call-in-async":
        if not site.function.is_async:
            return "the function around it is no coroutine"
        return "it runs in another thread" if site.offloaded else "it does not hold the thread"
    if rule == "call-in-loop" and site.remote:
        if not site.context.loops:
            return "no loop stands around it in its own function"
        return f"the loop is of the kind `{site.context.loops[0].form}`, small, or in pages"
    if rule == "call-in-transaction" and site.remote:
        return "no transaction is open around it in its own function"
    if rule == "swallowed-error" and site.remote:
        return "its failure is raised, logged or used" if site.context.handlers else "no handler stands around it"
    return ""
