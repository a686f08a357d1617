"""A first look at a file's bytes, without a tree: what it imports and which identifiers it holds."""

from __future__ import annotations

import re

from ...facts import Mentions

_IMPORTS = re.compile(rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([^\n#;]+))", re.MULTILINE)
_WORD = re.compile(rb"[A-Za-z_]\w{2,}")
_FIRST = re.compile(rb"[\w.]+")


def mentions_of(data: bytes) -> Mentions:
    """The roots of the modules a file imports ("" for its own package) and its identifiers of three letters and more."""
    roots: set[bytes] = set()
    if b"import" in data:
        for source, listed in _IMPORTS.findall(data):
            for part in (source,) if source else listed.split(b","):
                name = _FIRST.search(part)
                if name is not None:
                    roots.add(name[0].partition(b".")[0])
    words = frozenset(word.decode() for word in set(_WORD.findall(data)))
    return Mentions(frozenset(root.decode("utf-8", "replace") for root in roots), words)
