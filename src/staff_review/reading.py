"""Which files are read whole, from the cache or anew, in this process or in several: the shelf that link takes from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import msgspec

from . import frontends
from .facts import FileFacts, Mentions, Triggers
from .findings import Gap
from .load.cache import Cache, Record
from .load.files import Entry
from .load.read import read
from .settings import Settings
from .source import Source

_WORTH_A_POOL = 1_500_000
"""Bytes of unread files from which starting processes pays (measured: about 0.1 s a pool)."""
_CHUNK_BYTES = 200_000

Progress = Callable[[int, int], None]


class Learned(msgspec.Struct, frozen=True):
    """What reading one file gave: its record for the cache, or why it was not looked at."""

    record: Record | None
    gap: Gap | None


class Reading:
    """All files of a review; each is scanned once, and read whole when something in it matters."""

    def __init__(
        self, entries: Iterable[Entry], settings: Settings, triggers: Triggers, cache: Cache | None, jobs: int,
        progress: Progress | None = None,
    ) -> None:
        self._entries = {entry.path: entry for entry in entries}
        self._settings = settings
        self._triggers = triggers
        self._cache = cache
        self._jobs = jobs
        self._progress = progress
        self._records: dict[str, Record] = {}
        self._mentions: dict[str, Mentions] = {}
        self._facts: dict[str, FileFacts | None] = {}
        self._wanted: set[str] = set()
        self.gaps: list[Gap] = []
        self.parsed = 0
        self.cached = 0

    def scan(self, everything: bool = False) -> None:
        """Look at every file once; those that name something of the catalog (or all) are read whole in the same go."""
        unread: list[Entry] = []
        for entry in self._entries.values():
            record = self._cache.get(entry) if self._cache is not None else None
            if record is None:
                unread.append(entry)
            else:
                self._keep(entry, record)
                self.cached += 1
        for entry, learned in self._learn(unread, whole=everything):
            if learned.gap is not None:
                self.gaps.append(learned.gap)
            if learned.record is not None:
                self._keep(entry, learned.record)
                if self._cache is not None:
                    self._cache.put(entry, learned.record)
        for path, mentions in self._mentions.items():
            if everything or self._triggers.wants(mentions):
                self._wanted.add(path)

    def _keep(self, entry: Entry, record: Record) -> None:
        self._records[entry.path] = record
        self._mentions[entry.path] = msgspec.msgpack.decode(record.summary, type=Mentions)

    def _learn(self, entries: list[Entry], *, whole: bool) -> Iterator[tuple[Entry, Learned]]:
        size = sum(entry.size for entry in entries)
        if self._jobs > 1 and size > _WORTH_A_POOL:
            try:
                yield from self._in_processes(entries, whole)
                return
            except (BrokenProcessPool, OSError):
                done = self._records.keys() | {gap.path for gap in self.gaps}
                entries = [entry for entry in entries if entry.path not in done]
        for number, entry in enumerate(entries):
            if self._progress is not None:
                self._progress(number, len(entries))
            yield entry, learned_of(entry, self._settings, self._triggers, whole)

    def _in_processes(self, entries: list[Entry], whole: bool) -> Iterator[tuple[Entry, Learned]]:
        chunks = list(_chunks(entries))
        done = 0
        with ProcessPoolExecutor(
            self._jobs, initializer=_begin, initargs=(self._settings, self._triggers, whole)
        ) as pool:
            for chunk, learned in zip(chunks, pool.map(_learn_chunk, chunks), strict=True):
                done += len(chunk)
                if self._progress is not None:
                    self._progress(done, len(entries))
                yield from zip(chunk, learned, strict=True)

    def paths(self) -> Iterable[str]:
        """Every file that could be read."""
        return self._records.keys()

    def wanted(self) -> Iterable[str]:
        """The files that name something of the catalog, sorted."""
        return sorted(self._wanted)

    def naming(self, names: frozenset[str], near: frozenset[str]) -> Iterable[str]:
        """Further files that hold one of these identifiers, sorted."""
        fresh = sorted(
            path for path, mentions in self._mentions.items()
            if path not in self._wanted and not names.isdisjoint(mentions.identifiers)
        )
        self._wanted.update(fresh)
        missing = [self._entries[path] for path in fresh if self._records[path].facts is None]
        for entry, learned in self._learn(missing, whole=True):
            if learned.record is not None:
                self._records[entry.path] = learned.record
                if self._cache is not None:
                    self._cache.put(entry, learned.record)
        return fresh

    def facts(self, path: str) -> FileFacts | None:
        """The facts of one file, decoded when first asked for; None when it cannot be read."""
        if path in self._facts:
            return self._facts[path]
        record = self._records.get(path)
        if record is not None and record.facts is None:
            learned = learned_of(self._entries[path], self._settings, self._triggers, whole=True)
            record = learned.record
            if record is not None:
                self._records[path] = record
                if self._cache is not None:
                    self._cache.put(self._entries[path], record)
        found = None
        if record is not None and record.facts is not None:
            found = msgspec.msgpack.decode(record.facts, type=FileFacts)
            if found.path != path:
                found = msgspec.structs.replace(found, path=path)
            self.parsed += 1
        self._facts[path] = found
        return found

    def opened(self) -> Iterator[FileFacts]:
        """The facts decoded so far."""
        return (facts for facts in self._facts.values() if facts is not None)


def learned_of(entry: Entry, settings: Settings, triggers: Triggers, whole: bool) -> Learned:
    """Read one file, look at it, and read it whole if that was asked for or something in it matters."""
    source = read(entry, settings)
    if isinstance(source, Gap):
        return Learned(None, source)
    return Learned(_record_of(source, triggers, whole), None)


def _record_of(source: Source, triggers: Triggers, whole: bool) -> Record:
    mentions = frontends.mentions_of(source)
    facts = None
    if whole or triggers.wants(mentions):
        facts = msgspec.msgpack.encode(frontends.facts_of(source))
    return Record(source.digest, msgspec.msgpack.encode(mentions), facts)


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


_ASKED: list[tuple[Settings, Triggers, bool]] = []


def _begin(settings: Settings, triggers: Triggers, whole: bool) -> None:
    """Give a worker process what is the same for all its files."""
    _ASKED[:] = [(settings, triggers, whole)]


def _learn_chunk(entries: list[Entry]) -> list[Learned]:
    settings, triggers, whole = _ASKED[0]
    return [learned_of(entry, settings, triggers, whole) for entry in entries]


def processors() -> int:
    """How many processes reading may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
