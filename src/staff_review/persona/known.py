"""What the engine knows of a function, in sentences that a persona can rely on."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from ..nouns.findings import Step
from ..nouns.project import FunctionRef, Limit, Project, Retry, Site
from ..nouns.settings import Scale
from ..nouns.source import Place

_MOST_STEPS = 6
_MOST_SITES = 25
_MOST_FUNCTIONS = 8
_MOST_CALLERS = 4
_MOST_HELD = 2
_QUIET = frozenset({"log"})


class Known:
    """The linked program by function, so that what is known of one is a look-up."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._sites: dict[str, list[Site]] = {}
        self._retries: dict[str, list[Retry]] = {}
        self._reached: dict[str, list[FunctionRef]] = {}
        self._entries = {entry.function: entry for entry in project.entries}
        self._into: dict[str, dict[tuple[Place, int], Site]] = {}
        self._holds: dict[str, list[tuple[int, Site]]] = {}
        for site in sorted(project.sites, key=lambda site: (site.place, site.operation)):
            if any(effect.value not in _QUIET for effect in site.effects):
                self._sites.setdefault(site.place.path, []).append(site)
            # The first step behind a call stands in the function that it calls.
            for way in () if site.direct else site.ways.values():
                for step in way.trail[:1]:
                    self._into.setdefault(step.place.path, {})[site.place, step.place.line] = site
            for place in dict.fromkeys([site.made_at, site.limit.set_at if site.limit is not None else None]):
                if place is not None:
                    self._holds.setdefault(place.path, []).append((place.line, site))
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

    def callers(self, path: str, lines: Container[int]) -> list[Site]:
        """A few calls of the functions on these lines that stand elsewhere."""
        into = self._into.get(path, {})
        found = {
            place: site
            for (place, line), site in into.items()
            if line in lines and not (place.path == path and place.line in lines)
        }
        return list(islice(found.values(), _MOST_CALLERS))

    def held(self, path: str, lines: Container[int]) -> list[Site]:
        """A few calls elsewhere on a client that is made, or given its limit, on these lines."""
        found = (site for line, site in self._holds.get(path, ()) if line in lines)
        return list(islice((one for one in found if one.place.path != path or one.place.line not in lines), _MOST_HELD))

    def serves(self, path: str, lines: Container[int]) -> bool:
        """Whether a request, a message or a task reaches a function that begins on one of these lines."""
        return any(self._project.serves(function) is not None for function in self._functions(path, lines))

    def sentences(self, path: str, lines: Container[int]) -> Iterator[str]:
        """What reaches the functions on these lines, what they call under which limits, and what they repeat."""
        yield from self._ways_to(self._functions(path, lines)[:_MOST_FUNCTIONS])
        yield from (_caller(site) for site in self.callers(path, lines))
        sites = [site for site in self.sites(path) if site.place.line in lines]
        yield from dict.fromkeys(_site(site) for site in sites[:_MOST_SITES])
        if len(sites) > _MOST_SITES:
            yield f"{len(sites) - _MOST_SITES} more calls with effects in these functions."
        yield from (_retry(retry) for retry in self._retries.get(path, ()) if retry.place.line in lines)

    def _functions(self, path: str, lines: Container[int]) -> list[FunctionRef]:
        return [function for function in self._reached.get(path, ()) if function.place.line in lines]

    def _ways_to(self, functions: Iterable[FunctionRef]) -> Iterator[str]:
        """How each function is reached, the nearest to the world first; what led to one leads on to the next."""
        told: dict[tuple[Step, ...], str] = {}
        for function in sorted(functions, key=lambda one: (len(self._project.paths.get(one, ())), one)):
            way = self._project.paths.get(function, ())
            entry = self._entries.get(function) or self._project.reached_by[function]
            ends = f"; the framework ends the work {entry.limit}" if entry.limit else ""
            before = max((known for known in told if known == way[: len(known)]), key=len, default=())
            if entry.function == function:
                yield f"`{function.qualified}` is an entry point: {entry.kind}{ends}."
            elif before:
                yield f"`{function.qualified}` is reached from `{told[before]}`: {_steps(way[len(before) :])}."
            else:
                yield f"`{function.qualified}` is reached from {entry.name} ({entry.kind}): {_steps(way[1:])}{ends}."
            if way:
                told[way] = function.qualified


def version_words(versions: Mapping[str, str]) -> str:
    """Which versions are in use, by the files that lock or declare them; "" for none."""
    said = ", ".join(f"{package} {version}" for package, version in sorted(versions.items()))
    return f"Versions in use: {said}." if said else ""


def scale_words(scale: Scale | None) -> str:
    """The scale the service is meant for, and whether somebody declared it."""
    size = scale or Scale()
    said = "declared by the team" if scale else "not declared; these are the defaults of a mid-size service"
    regions = "1 region" if size.regions == 1 else f"{size.regions} regions"
    people = size.maintainers
    kept = (
        "" if people is None else ", kept running by 1 person" if people == 1 else f", kept running by {people} people"
    )
    return f"{size.requests_per_second:g} requests a second, p99 {size.p99_ms:g} ms, {regions}{kept} ({said})"


def _site(site: Site) -> str:
    parts = [f"Line {site.place.line}: `{site.call}`"]
    if site.operation and site.operation != site.call:
        parts.append(f"is `{site.operation}`" if site.direct else f"leads to `{site.operation}`")
    effects = ", ".join(sorted(effect.value for effect in site.effects))
    parts.append(f"({effects})" if effects else "")
    said = [" ".join(part for part in parts if part)]
    if site.limit is not None and site.limit.how != "not-due":
        said.append(f"limit: {_limit(site.limit)}")
    said += _around(site)
    said += [f"{caught} caught at line {place.line}" for caught, place, _ in _caught(site)]
    if site.discarded and not site.awaited:
        said.append("its result is not used")
    return "; ".join(said) + "."


def _limit(limit: Limit) -> str:
    """What bounds a call and where that was set; of one that nobody can tell, no more than there is to say."""
    told = "" if limit.state == "unknown" and limit.how == "unseen" and limit.set_at is None else limit.because
    where = f"set at {limit.set_at}" if limit.set_at is not None else ""
    return ", ".join(filter(None, ["not known" if limit.state == "unknown" else "", told, where]))


def _caller(site: Site) -> str:
    parts = [f"`{site.call}` is called by `{site.function.qualified}` at {site.place}", *_around(site)]
    # Of a caller not every line is shown, so what becomes of an error is said.
    parts += [f"{caught} caught at line {place.line}: {does}" for caught, place, does in _caught(site)]
    if site.discarded and not site.awaited:
        parts.append("its result is not used")
    return "; ".join(parts) + "."


def _around(site: Site) -> Iterator[str]:
    """The loops and regions around a call."""
    yield from (f"in a loop{f' over `{loop.over}`' if loop.over else ''}" for loop in site.context.loops)
    yield from (f"inside {'an' if region.kind[0] in 'aeiou' else 'a'} {region.kind}" for region in site.context.regions)


def _caught(site: Site) -> Iterator[tuple[str, Place, str]]:
    """The errors of a call that are caught, where, and what is done then."""
    for handler in site.context.handlers:
        names = [re.split("[.:]", name)[-1] for name in handler.catches]
        caught = "every error" if handler.broad or not names else ", ".join(names)
        yield caught, handler.place, ", ".join(sorted(handler.does)) or "does nothing"


def _steps(steps: Sequence[Step]) -> str:
    shown = [f"{step.text} ({step.place})" for step in steps[:_MOST_STEPS]]
    more = [f"{len(steps) - _MOST_STEPS} more steps"] if len(steps) > _MOST_STEPS else []
    return " -> ".join([*shown, *more])


def _retry(retry: Retry) -> str:
    if not retry.covers:
        return f"Line {retry.place.line}: `{retry.name}` repeats what it stands on; pause: {retry.delay}."
    calls = "1 call" if len(retry.covers) == 1 else f"{len(retry.covers)} calls"
    bound = {"yes": "bounded", "no": "without a bound", "unknown": "bound not known"}[retry.bounded]
    return f"Line {retry.place.line}: `{retry.name}` repeats {calls}, {bound}, pause: {retry.delay}."
