"""TOML files under ``rules/``, and a user's own, into the Rulebook."""

from __future__ import annotations

import glob
import os
from hashlib import blake2b
from itertools import chain
from typing import TypeVar

import msgspec

from .. import __version__
from ..nouns import rulebook as noun
from ..nouns.acts import Acting
from ..nouns.errors import UsageError
from ..nouns.libraries import Client, Library
from ..nouns.products import Products
from ..nouns.rulebook import Rule, Rulebook, Standard
from .braces import all_expanded
from .derived import derived
from .products import is_of_products, products_in, together
from .toml import Document, decoded, document_of, mistake, nearest

_CATALOG = "catalog"
_PRODUCTS = "products"
_NO_FAMILY = frozenset({_CATALOG, _PRODUCTS, "personas"})
_PATHS = (
    "names",
    "made_by",
    "off_names",
    "methods",
    "limit_setters",
    "limit_attributes",
    "unread_attributes",
    "carriers",
    "also",
)
_T = TypeVar("_T", bound=msgspec.Struct)


class _Standards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    standard: tuple[Standard, ...] = ()


def rules_folder() -> str:
    """The folder of what we know: inside the installed package, or beside ``src/`` in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in (os.path.join(package, "rules"), os.path.join(package, "..", "..", "rules")):
        if os.path.isdir(os.path.join(folder, _CATALOG)):
            return os.path.normpath(folder)
    raise UsageError("this installation lacks its rules; install staff-review again")


def rulebook_of(extra_catalog: tuple[str, ...] = (), extra_rules: tuple[str, ...] = (), folder: str = "") -> Rulebook:
    """Everything known: what stands in `folder` (default: our own), then the user's files, which win.

    `extra_catalog` and `extra_rules` are paths or glob patterns; raises UsageError for a wrong or missing file.
    """
    known = _built_in(folder or rules_folder())
    if not extra_catalog and not extra_rules:
        return known
    files = [_matching(extra_catalog, "catalog"), _matching(extra_rules, "rules")]
    added = [_added(path) for path in files[0]]
    libraries = [one for one in added if isinstance(one, Library)]
    products = [one for one in reversed(added) if isinstance(one, Products)]
    rules = [_rule(path, known.standards) for path in files[1]]
    all_rules = known.rules | {rule.id: rule for rule in rules}
    return Rulebook(
        all_rules,
        (*known.libraries, *libraries, *_spoken_of(rules)),
        known.standards,
        together([*products, known.products]) if products else known.products,
        f"{known.stamp} {[(path, os.stat(path).st_size, os.stat(path).st_mtime_ns) for path in chain(*files)]}",
    )


def _spoken_of(rules: list[Rule]) -> list[Library]:
    """The calls that patterns name, so that link resolves them though no catalog file speaks of them."""
    names = tuple(name for rule in rules for match in rule.match for name in match.names)
    languages = ("python",) if names else ()
    return [Library(library="", language=language, act=(Acting(names=names, does=()),)) for language in languages]


def _built_in(folder: str) -> Rulebook:
    """The rulebook of a folder, read anew only when a file has changed."""
    files = _files(folder)
    stamp = _stamp(folder, files)

    def read() -> Rulebook:
        return msgspec.structs.replace(_read(folder, [name for name, _, _ in files]), stamp=stamp)

    return derived(f"{folder}.rulebook", stamp, Rulebook, read)


def _files(folder: str) -> list[tuple[str, int, int]]:
    """The TOML files of a rules folder: name relative to it with slashes, size, time of the last change."""
    found: list[tuple[str, int, int]] = []
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(os.path.join(folder, inside)) as entries:
                for entry in entries:
                    if entry.is_dir():
                        waiting.append(f"{inside}{entry.name}/")
                    elif entry.name.endswith(".toml"):
                        status = entry.stat()
                        found.append((inside + entry.name, status.st_size, status.st_mtime_ns))
        except OSError as error:
            raise UsageError(f"{folder} cannot be read; install staff-review again") from error
    return sorted(found)


def _stamp(folder: str, files: list[tuple[str, int, int]]) -> str:
    """What a rulebook depends on: the files, and the code that reads them."""
    code = [(path, os.stat(path).st_mtime_ns) for path in (noun.__file__, __file__)]
    said = repr((__version__, folder, files, code)).encode("utf-8", "backslashreplace")
    return blake2b(said, digest_size=32).hexdigest()


def _read(folder: str, names: list[str]) -> Rulebook:
    standards: dict[str, Standard] = {}
    if "standards.toml" in names:
        listed = decoded(document_of(os.path.join(folder, "standards.toml")), _Standards)
        standards = {standard.id: standard for standard in listed.standard}
    rules: dict[str, Rule] = {}
    libraries: list[Library] = []
    products: list[Products] = []
    for name in names:
        top, *rest = name.split("/")
        path = os.path.join(folder, *name.split("/"))
        if top == _CATALOG:
            libraries.append(_library(document_of(path), language=rest[0] if rest[1:] else ""))
        elif top == _PRODUCTS:
            products.append(products_in(document_of(path)))
        elif len(rest) == 1 and top not in _NO_FAMILY:
            rule = _rule(path, standards, family=top)
            if rule.id in rules:
                raise UsageError(f"{path}: the rule `{rule.id}` is also in the family `{rules[rule.id].family}`")
            rules[rule.id] = rule
    return Rulebook(rules, tuple(libraries), standards, together(products))


def _rule(path: str, standards: dict[str, Standard], family: str = "") -> Rule:
    """One rule; without a given `family` its own, or else the folder it stands in."""
    document = document_of(path)
    rule = decoded(document, Rule)
    expected = os.path.splitext(os.path.basename(path))[0]
    if rule.id != expected:
        raise mistake(document, ("id",), f"the id `{rule.id}` is not the name of its file; call it `{expected}`")
    if standards and rule.standard not in standards:
        said = f"`{rule.standard}` is not a standard{nearest(rule.standard, standards)}"
        raise mistake(document, ("standard",), said)
    folder = os.path.basename(os.path.dirname(os.path.abspath(path)))
    matches = tuple(_plain(match, document, ("match", number)) for number, match in enumerate(rule.match))
    return msgspec.structs.replace(rule, match=matches, family=family or rule.family or folder)


def _added(path: str) -> Library | Products:
    """One file of a user's catalog, of whichever kind."""
    document = document_of(path)
    return products_in(document) if is_of_products(document) else _library(document)


def _library(document: Document, language: str = "") -> Library:
    """One file of the catalog with its braces multiplied out; in our own catalog the folder names the `language`."""
    library = decoded(document, Library)
    if language and library.language != language:
        said = f"the language `{library.language}` is not the name of its folder, `{language}`"
        raise mistake(document, ("language",), said)
    return _multiplied(library, document)


def _multiplied(library: Library, document: Document) -> Library:
    changed: dict[str, object] = {}
    for field in library.__struct_fields__:
        value = getattr(library, field)
        if isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
            changed[field] = tuple(
                plain
                for number, entry in enumerate(value)
                for plain in _plain_entries(entry, document, (field, number))
            )
    try:
        for field in ("alias", "returns"):
            table: dict[str, str] = getattr(library, field)
            changed[field] = {path: target for names, target in table.items() for path in all_expanded((names,))}
    except ValueError as error:
        raise mistake(document, (field,), str(error)) from error
    return _plain(msgspec.structs.replace(library, **changed), document, ())


def _plain_entries(entry: msgspec.Struct, document: Document, steps: tuple[str | int, ...]) -> list[msgspec.Struct]:
    """An entry without braces: several where a client's type stands for several."""
    plain = _plain(entry, document, steps)
    if not isinstance(plain, Client) or "{" not in plain.type:
        return [plain]
    if plain.made_by:
        said = "a `type` with braces is several types, so `made_by` cannot tell which; write one client for each"
        raise mistake(document, (*steps, "type"), said)
    try:
        return [msgspec.structs.replace(plain, type=path) for path in all_expanded((plain.type,))]
    except ValueError as error:
        raise mistake(document, (*steps, "type"), str(error)) from error


def _plain(entry: _T, document: Document, steps: tuple[str | int, ...]) -> _T:
    changed: dict[str, tuple[str, ...]] = {}
    for field in _PATHS:
        patterns = getattr(entry, field, ())
        if any("{" in pattern or "}" in pattern for pattern in patterns):
            try:
                changed[field] = all_expanded(patterns)
            except ValueError as error:
                raise mistake(document, (*steps, field), str(error)) from error
    return msgspec.structs.replace(entry, **changed) if changed else entry


def _matching(patterns: tuple[str, ...], key: str) -> list[str]:
    """The files that paths and glob patterns name, in the order given."""
    found: dict[str, None] = {}
    for pattern in patterns:
        paths = [pattern] if os.path.isfile(pattern) else sorted(glob.glob(pattern, recursive=True))
        if not paths:
            raise UsageError(f"no file matches `{pattern}`, which `{key}` names; correct the path or remove it")
        found |= dict.fromkeys(paths)
    return list(found)
