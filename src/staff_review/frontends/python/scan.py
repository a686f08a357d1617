"""A first look at a file's bytes, without a tree: what it imports, and whether it names something that matters."""

from __future__ import annotations

import re

from ...nouns.demand import Triggers

_IMPORTS = re.compile(
    rb"^[ \t]*(?:from[ \t]+([\w.\x80-\xff]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n#;]+)|import[ \t]+([^\n#;]+))",
    re.MULTILINE,
)
_WORD = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_NAME = re.compile(rb"[\w.\x80-\xff]+")
_QUOTED = re.compile(rb"""["']([A-Za-z_]\w*)[.\w]*["']""")
_LATER = re.compile(rb"[lL]azy|import_module|__import__")
_SPACE = re.compile(rb"#[^\n]*|[\s()\\]+")


def imports_in(data: bytes) -> tuple[str, ...]:
    """What a file imports: "a.b" for ``import a.b``, "..a:x,y" for ``from ..a import x, y as z``."""
    found: set[bytes] = set()
    for source, names, modules in _IMPORTS.findall(data) if b"import" in data else ():
        if source:
            listed = (_NAME.search(part) for part in _SPACE.sub(b" ", names).split(b","))
            found.add(source + b":" + b",".join(name[0] for name in listed if name is not None))
        else:
            listed = (_NAME.search(part) for part in modules.split(b","))
            found.update(name[0] for name in listed if name is not None)
    return tuple(sorted(one.decode("utf-8", "replace") for one in found))


def words_in(data: bytes) -> frozenset[bytes]:
    """The identifiers of a file, those in comments and text included."""
    return frozenset(_WORD.findall(data))


def wants(data: bytes, imports: tuple[str, ...], triggers: Triggers) -> bool:
    """Whether a file names something of the catalog whose module it imports."""
    if any(text in data for text in triggers.texts):
        return True
    roots = {one.partition(":")[0].partition(".")[0] for one in imports} | {""}
    words: frozenset[bytes] = frozenset()
    if any(one.endswith(":") for one in imports):  # a star import may bind any library's name
        words = words_in(data)
        roots |= {root for root in triggers.names if root.encode() in words}
    if _LATER.search(data):
        quoted = {name.decode() for name in _QUOTED.findall(data)}
        roots |= {root for root in triggers.names if root in quoted}
    asynchronous = b"async" in data
    wanted: set[str] = set()
    for root in roots:
        for table in (triggers.names, triggers.asynchronous) if asynchronous else (triggers.names,):
            names = table.get(root)
            if names is not None:
                if not names:
                    return True
                wanted |= names
    return bool(wanted) and not (words or words_in(data)).isdisjoint(name.encode() for name in wanted)
