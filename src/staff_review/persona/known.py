"""What the engine knows of a function, in sentences that a persona can rely on."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from ..project import FunctionRef, Project, Retry, Site
from ..settings import Scale

_MOST_STEPS = 6
_MOST_SITES = 25
_MOST_FUNCTIONS = 8
_QUIET = frozenset({"log"})


class Known:
    """The linked program by function, so that what is known of one is a look-up."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._sites: dict[str, list[Site]] = {}
        self._retries: dict[str, list[Retry]] = {}
        self._reached: dict[str, list[FunctionRef]] = {}
        for site in sorted(project.sites, key=lambda site: (site.place, site.operation)):
            if any(effect.value not in _QUIET for effect in site.effects):
                self._sites.setdefault(site.place.path, []).append(site)
        for retry in project.retries:
            self._retries.setdefault(retry.place.path, []).append(retry)
        for function in sorted(project.reached_by):
            self._reached.setdefault(function.path, []).append(function)

    @property
    def serving(self) -> Iterable[str]:
        """The files with functions that something reaches."""
        return self._reached.keys()

    def sites(self, path: str) -> list[Site]:
        """The calls of a file that do more than compute and log, in order."""
        return self._sites.get(path, [])

    def serves(self, path: str, lines: Container[int]) -> bool:
        """Whether a request, a message or a task reaches a function that begins on one of these lines."""
        return any(self._project.serves(function) is not None for function in self._functions(path, lines))

    def sentences(self, path: str, lines: Container[int]) -> Iterator[str]:
        """What reaches the functions on these lines, what they call under which limits, and what they repeat."""
        for function in self._functions(path, lines)[:_MOST_FUNCTIONS]:
            yield self._way_to(function)
        sites = [site for site in self.sites(path) if site.place.line in lines]
        yield from dict.fromkeys(_site(site) for site in sites[:_MOST_SITES])
        if len(sites) > _MOST_SITES:
            yield f"{len(sites) - _MOST_SITES} more calls with effects in these functions."
        yield from (_retry(retry) for retry in self._retries.get(path, ()) if retry.place.line in lines)

    def _functions(self, path: str, lines: Container[int]) -> list[FunctionRef]:
        return [function for function in self._reached.get(path, ()) if function.place.line in lines]

    def _way_to(self, function: FunctionRef) -> str:
        entry = self._project.reached_by[function]
        ends = f"; the framework ends the work {entry.limit}" if entry.limit else ""
        if entry.function == function:
            return f"`{function.qualified}` is an entry point: {entry.kind}{ends}."
        steps = self._project.paths.get(function, ())[1:]
        shown = [f"{step.text} ({step.place})" for step in steps[:_MOST_STEPS]]
        more = [f"{len(steps) - _MOST_STEPS} more steps"] if len(steps) > _MOST_STEPS else []
        way = " -> ".join([*shown, *more])
        return f"`{function.qualified}` is reached from {entry.name} ({entry.kind}): {way}{ends}."


def scale_words(scale: Scale | None) -> str:
    """The scale the service is meant for, and whether somebody declared it."""
    size = scale or Scale()
    said = "declared by the team" if scale else "not declared; these are the defaults of a mid-size service"
    regions = "1 region" if size.regions == 1 else f"{size.regions} regions"
    return f"{size.requests_per_second:g} requests a second, p99 {size.p99_ms:g} ms, {regions} ({said})"


def _site(site: Site) -> str:
    parts = [f"Line {site.place.line}: `{site.call}`"]
    if site.operation and site.operation != site.call:
        parts.append(f"is `{site.operation}`" if site.direct else f"leads to `{site.operation}`")
    effects = ", ".join(sorted(effect.value for effect in site.effects))
    parts.append(f"({effects})" if effects else "")
    said = [" ".join(part for part in parts if part)]
    if site.limit is not None and site.limit.state != "unknown" and site.limit.how != "not-due":
        where = f", set at {site.limit.set_at}" if site.limit.set_at is not None else ""
        said.append(f"limit: {site.limit.because}{where}")
    context = site.context
    said += [f"in a loop{f' over `{loop.over}`' if loop.over else ''}" for loop in context.loops]
    said += [f"inside {'an' if region.kind[0] in 'aeiou' else 'a'} {region.kind}" for region in context.regions]
    for handler in context.handlers:
        caught = "every error" if handler.broad or not handler.catches else ", ".join(handler.catches)
        said.append(
            f"{caught} caught at line {handler.place.line}: {', '.join(sorted(handler.does)) or 'does nothing'}"
        )
    if site.discarded and not site.awaited:
        said.append("its result is not used")
    return "; ".join(said) + "."


def _retry(retry: Retry) -> str:
    bound = {"yes": "bounded", "no": "without a bound", "unknown": "bound not known"}[retry.bounded]
    return f"Line {retry.place.line}: `{retry.name}` repeats {len(retry.covers)} calls, {bound}, pause: {retry.delay}."
