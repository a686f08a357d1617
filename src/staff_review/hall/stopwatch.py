"""Takes the time of a run while it goes; always on, because it costs less than asking whether it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from ..nouns.timings import Timings


class Stopwatch:
    """Splits the time between phases; time spent in a phase within another counts for the inner one alone."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._phases: dict[str, float] = {}
        self._rules: dict[str, float] = {}
        self._files: dict[str, float] = {}
        self._open: list[str] = []
        self._since = clock()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """What happens inside is time of this phase."""
        self._split()
        self._phases.setdefault(name, 0.0)
        self._open.append(name)
        try:
            yield
        finally:
            self._split()
            self._open.pop()

    def _split(self) -> None:
        now = self._clock()
        if self._open:
            self._phases[self._open[-1]] += now - self._since
        self._since = now

    @contextmanager
    def rule(self, name: str) -> Iterator[None]:
        """What happens inside is time of this rule's check."""
        began = self._clock()
        try:
            yield
        finally:
            self._rules[name] = self._rules.get(name, 0.0) + self._clock() - began

    def file(self, path: str, seconds: float) -> None:
        """One file was read, here or in another process."""
        self._files[path] = self._files.get(path, 0.0) + seconds

    def timings(self) -> Timings:
        """What was measured so far."""
        return Timings(dict(self._phases), dict(self._rules), dict(self._files))
