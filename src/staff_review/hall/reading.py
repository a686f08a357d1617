"""Which files are read whole, from the cache or anew, in this process or in several: the shelf that link takes from."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeAlias

import msgspec

from .. import frontends
from ..load.cache import Cache, Record
from ..load.copies import without_copies
from ..load.files import Entry
from ..load.read import read
from ..nouns.demand import Glance, Triggers
from ..nouns.facts import FileFacts
from ..nouns.findings import Gap
from ..nouns.settings import Settings
from .stopwatch import Stopwatch

_WORTH_A_POOL = 1_500_000
"""Bytes of unread files from which starting processes pays (measured: about 0.1 s a pool)."""
_CHUNK_BYTES = 200_000
_TEMPLATE = "template"
"""The language of what code renders: no file of it is a module, and none is judged for itself."""
_GLANCE = msgspec.msgpack.Decoder(Glance)
_FACTS = msgspec.msgpack.Decoder(FileFacts)

Progress: TypeAlias = Callable[[int, int, str], None]


class Wish(msgspec.Struct, frozen=True):
    """Which files are to be read whole: all, those the triggers want, or those that hold one of some identifiers."""

    triggers: Triggers
    everything: bool = False
    names: frozenset[bytes] | None = None


class Learned(msgspec.Struct, frozen=True):
    """What reading one file gave: its record for the cache, or why it was not looked at."""

    record: Record | None
    gap: Gap | None = None
    seconds: float = 0.0


class Reading:
    """All files of a review; each is glanced at once, and read whole when something in it matters."""

    def __init__(
        self,
        entries: Iterable[Entry],
        settings: Settings,
        triggers: Triggers,
        cache: Cache | None,
        jobs: int,
        progress: Progress | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        own, copies = without_copies(entries, triggers.installed)
        self._entries = {entry.path: entry for entry in own}
        self._settings = settings
        self._triggers = triggers
        self._cache = cache
        self._jobs = jobs
        self._progress = progress
        self._stopwatch = stopwatch or Stopwatch()
        self._records: dict[str, Record] = {}
        self._glances: dict[str, Glance] = {}
        self._facts: dict[str, FileFacts | None] = {}
        self._asked: set[str] = set()
        self.tests: set[str] = set()  # files that turned out to be test code
        self.gaps: list[Gap] = copies
        self.notices: list[str] = []
        self.cached = 0

    @property
    def files(self) -> int:
        """How many files are the product's own, test code apart."""
        return len(self._entries) - len(self.tests)

    @property
    def parsed(self) -> int:
        """How many files were read whole so far."""
        return sum(1 for facts in self._facts.values() if facts is not None)

    def scan(self, *, everything: bool = False) -> None:
        """Glance at every file once; those that matter (or all) are read whole in the same go."""
        unread: list[Entry] = []
        for entry in self._entries.values():
            record = self._remembered(entry)
            if record is None:
                unread.append(entry)
            else:
                self._keep(entry, record)
                self.cached += 1
        self._learn(unread, Wish(self._triggers, everything=everything))
        for path in [
            path for path, glance in self._glances.items() if glance.test and not self._settings.include_tests
        ]:
            self.tests.add(path)
            del self._records[path], self._glances[path]
        self._asked.update(path for path in self.paths() if everything or self._glances[path].wanted)

    def _remembered(self, entry: Entry) -> Record | None:
        """What the cache knows of a file: by size and time, else by its contents (a fresh checkout has new times)."""
        if self._cache is None:
            return None
        record = self._cache.get(entry) if entry.buffer is None else None
        if record is None and self._cache.may_know(entry):
            source = read(entry, self._settings)
            record = None if isinstance(source, Gap) else self._cache.get_read(entry, source.digest)
        return record

    def _keep(self, entry: Entry, record: Record) -> None:
        self._records[entry.path] = record
        self._glances[entry.path] = _GLANCE.decode(record.summary)

    def _learn(self, entries: list[Entry], wish: Wish) -> None:
        """Read files, here or in processes, and keep what was learned."""
        with self._stopwatch.phase("reading"):
            for entry, learned in self._learned(entries, wish):
                self._stopwatch.file(entry.path, learned.seconds)
                if learned.gap is not None:
                    self.gaps.append(learned.gap)
                if learned.record is not None:
                    self._keep(entry, learned.record)
                    if self._cache is not None:
                        self._cache.put(entry, learned.record)

    def _learned(self, entries: list[Entry], wish: Wish) -> Iterator[tuple[Entry, Learned]]:
        done: set[str] = set()
        if self._jobs > 1 and sum(entry.size for entry in entries) > _WORTH_A_POOL:
            try:
                for entry, learned in self._in_processes(entries, wish):
                    done.add(entry.path)
                    yield entry, learned
            except (BrokenProcessPool, OSError) as error:
                # What the processes did not finish is read here.
                self.notices.append(f"files were read in one process, because several failed: {error}")
        rest = [entry for entry in entries if entry.path not in done]
        for number, entry in enumerate(rest):
            if len(rest) > 1:
                self._tell(number, len(rest), "reading")
            yield entry, learned_of(entry, self._settings, wish)

    def _in_processes(self, entries: list[Entry], wish: Wish) -> Iterator[tuple[Entry, Learned]]:
        chunks = list(_chunks(entries))
        done = 0
        with ProcessPoolExecutor(self._jobs, initializer=_begin, initargs=(self._settings, wish)) as pool:
            for chunk, learned in zip(chunks, pool.map(_learn_chunk, chunks), strict=True):
                done += len(chunk)
                self._tell(done, len(entries), "reading")
                yield from zip(chunk, learned, strict=True)

    def _tell(self, done: int, total: int, what: str) -> None:
        if self._progress is not None:
            self._progress(done, total, what)

    def narrow(self, paths: Collection[str]) -> None:
        """Forget all other files of code."""
        for path in self._records.keys() - paths - set(self.templates()):
            del self._records[path], self._glances[path]
        self._asked &= self._records.keys()

    def size(self, path: str) -> int:
        """The bytes of one file."""
        return self._entries[path].size

    def want(self, path: str) -> None:
        """Have one file read whole whatever it names."""
        if path in self._records:
            self._asked.add(path)

    def state(self) -> Iterator[bytes]:
        """What identifies everything that can be read here: paths and digests, in order."""
        for path in sorted(self._records):
            yield path.encode("utf-8", "surrogateescape")
            yield self._records[path].digest.encode()

    def paths(self) -> Iterable[str]:
        """Every file of code that could be read."""
        return [path for path in self._records if self._entries[path].language != _TEMPLATE]

    def templates(self) -> Iterable[str]:
        """Every template of a page."""
        return [path for path in self._records if self._entries[path].language == _TEMPLATE]

    def wanted(self) -> Iterable[str]:
        """The files that name something of the catalog, sorted."""
        return sorted(self._asked)

    def imports(self, path: str) -> Iterable[str]:
        """What one file imports."""
        return self._glances[path].imports

    def naming(self, names: frozenset[str], among: Iterable[str]) -> Iterable[str]:
        """Those of some files, not yet asked for, that hold one of these identifiers, sorted."""
        wanted = frozenset(name.encode() for name in names)
        fresh = [path for path in sorted(among) if path not in self._asked and path in self._records]
        unread = [self._entries[path] for path in fresh if self._records[path].facts is None]
        self._learn(unread, Wish(self._triggers, names=wanted))
        found = [path for path in fresh if self._records[path].facts is not None]
        self._asked.update(found)
        return found

    def facts(self, path: str) -> FileFacts | None:
        """The facts of one file, decoded when first asked for; None when it cannot be read."""
        if path not in self._facts:
            if path in self._records and self._records[path].facts is None:
                self._learn([self._entries[path]], Wish(self._triggers, everything=True))
            record = self._records.get(path)
            data = record.facts if record is not None else None
            facts = _FACTS.decode(data) if data is not None else None
            if facts is not None and facts.path != path:  # kept by a run that started in another folder
                facts = msgspec.structs.replace(facts, path=path)
            self._facts[path] = facts
            self._tell(len(self._facts), len(self._records), "linking")
        return self._facts[path]

    def opened(self) -> Iterator[FileFacts]:
        """The facts decoded so far."""
        return (facts for facts in self._facts.values() if facts is not None)


def learned_of(entry: Entry, settings: Settings, wish: Wish) -> Learned:
    """Glance at one file, and read it whole if the wish says so."""
    began = time.perf_counter()
    source = read(entry, settings)
    if isinstance(source, Gap):
        return Learned(None, source, time.perf_counter() - began)
    glance = frontends.glance_at(source, wish.triggers)
    whole = wish.everything or glance.wanted
    if not whole and wish.names is not None:
        whole = not wish.names.isdisjoint(frontends.words_in(source))
    facts = msgspec.msgpack.encode(frontends.facts_of(source)) if whole else None
    record = Record(source.digest, msgspec.msgpack.encode(glance), facts)
    return Learned(record, seconds=time.perf_counter() - began)


def _chunks(entries: list[Entry]) -> Iterator[list[Entry]]:
    chunk: list[Entry] = []
    size = 0
    for entry in entries:
        chunk.append(entry)
        size += entry.size
        if size > _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


_ASKED: list[tuple[Settings, Wish]] = []


def _begin(settings: Settings, wish: Wish) -> None:
    """Give a worker process what is the same for all its files."""
    _ASKED[:] = [(settings, wish)]


def _learn_chunk(entries: list[Entry]) -> list[Learned]:
    settings, wish = _ASKED[0]
    return [learned_of(entry, settings, wish) for entry in entries]


def processors() -> int:
    """How many processes reading may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
