"""Hits put in order, equal ones made one, and names that survive moved lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

from ..nouns.findings import Hit
from ..nouns.settings import CONFIDENCES, SEVERITIES
from ..nouns.source import from_home


def merged(hits: Iterable[Hit]) -> list[Hit]:
    """One hit for each rule and line, the weightiest and then the first, in order of path, line, column and rule."""
    kept: dict[tuple[str, str, int], Hit] = {}
    for hit in sorted(hits, key=_order):
        key = (hit.rule, hit.place.path, hit.place.line)
        if key not in kept or _weight(hit) > _weight(kept[key]):
            kept[key] = hit
    return sorted(kept.values(), key=_order)


def fingerprints_of(hits: list[Hit], home: str = "") -> list[str]:
    """For each hit, in order: 16 hex digits of rule, path, scope and subject, and an ordinal among equal ones.

    The path is the one from `home`, so that it does not matter where a run began.
    """
    paths = {path: from_home(path, home) for path in {hit.place.path for hit in hits}}
    seen: Counter[tuple[str, str, str, str]] = Counter()
    fingerprints = []
    for hit in hits:
        claim = (hit.rule, paths[hit.place.path], hit.scope, "".join(hit.subject.split()))
        text = "\0".join((*claim, str(seen[claim])))
        seen[claim] += 1
        fingerprints.append(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest())
    return fingerprints


def _order(hit: Hit) -> tuple[object, ...]:
    # Everything that can differ takes part, so that the order in which checks and files come never shows.
    names = tuple(sorted((*hit.names.items(), *hit.clauses.items())))
    return (hit.place.path, hit.place.span, hit.rule, hit.scope, hit.subject, names, len(hit.trail), hit.trail)


def _weight(hit: Hit) -> tuple[int, int]:
    severity = len(SEVERITIES) if hit.severity is None else SEVERITIES.index(hit.severity)
    confidence = len(CONFIDENCES) if hit.confidence is None else CONFIDENCES.index(hit.confidence)
    return (severity, confidence)
