"""TOML into our types; a mistake in it becomes one sentence with its file, line and mend."""

from __future__ import annotations

import os
import re
import typing
from difflib import get_close_matches
from types import UnionType
from typing import Any, Literal, TypeVar, Union

import msgspec
import tomli

from ..nouns.errors import UsageError
from .regular import contents, why

_MOST_BYTES = 1_000_000
_LONGEST_LINE = 2_000  # a longer one is not searched for the place of a mistake
_MOST_CHOICES = 25
_MOST_DOTS = 1_000
_LONGEST_WORDS = 80
_T = TypeVar("_T")
_Steps = tuple[str | int, ...]

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<in>key in )?\$(?P<steps>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_KEY_PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=""")
_IN_WORDS = {
    "str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list",
    "object": "a table", "null": "nothing",
}  # fmt: skip


class Document(msgspec.Struct, frozen=True):
    """A TOML file as it was read: its text is kept to find the line of a mistake."""

    path: str
    text: str
    table: dict[str, Any]


def document_of(path: str) -> Document:
    """Read a TOML file the user wants read; raises UsageError when it cannot be."""
    try:
        text = contents(path, _MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{_shown(path)} cannot be read: {why(error)}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{_shown(path)} is not UTF-8, as TOML must be; save it as UTF-8") from error
    return Document(path, text, parsed(text, path))


def parsed(text: str, path: str) -> dict[str, Any]:
    """The table in a text; raises UsageError with the line where it is no TOML."""
    try:
        return table_in(text)
    except RecursionError as error:
        raise UsageError(f"{_shown(path)} is nested too deep to be read; make it flatter") from error
    except ValueError as error:
        said = str(error)
        found = _AT_LINE.search(said)
        line = f", line {found[1]}" if found and found[1] else ""
        what = said[: found.start()] if found else said
        what = what[:1].lower() + _clean(what[1:])
        raise UsageError(f"{_shown(path)}{line}: not valid TOML: {what}") from error


def table_in(text: str) -> dict[str, Any]:
    """The table in a text; raises ValueError where it is no TOML, RecursionError where it is nested too deep."""
    # Older parsers need hours for a key of a hundred thousand parts.
    if any(line.count(".") > _MOST_DOTS for line in text.split("\n")):
        raise ValueError(f"a line with more than {_MOST_DOTS} dots is not read")
    return tomli.loads(text)


def decoded(document: Document, kind: type[_T], inside: tuple[str, ...] = ()) -> _T:
    """A document, or the table `inside` it, as `kind`; raises UsageError for a wrong key or value."""
    table: Any = document.table
    for name in inside:
        table = table[name]
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        what, steps = _explained(str(error), kind)
        raise mistake(document, inside + steps, what) from error


def mistake(document: Document, steps: _Steps, what: str) -> UsageError:
    """A UsageError about one place in a document, with its line where it can be told."""
    line = _line_of(document.text, steps)
    return UsageError(f"{_shown(document.path)}{f', line {line}' if line else ''}: {what}")


def nearest(word: str, known: typing.Iterable[str]) -> str:
    """The end of a sentence about an unknown word: "; did you mean `timeout`?", or what there is to choose from."""
    choices = sorted(set(known))
    near = get_close_matches(_clean(word), choices, n=1, cutoff=0.6)
    if near:
        return f"; did you mean `{near[0]}`?"
    if not choices or len(choices) > _MOST_CHOICES:
        return ""
    return "; it can be " + ", ".join(f"`{choice}`" for choice in choices)


def _explained(message: str, kind: object) -> tuple[str, _Steps]:
    """A validation message in our words, and the steps from the top of the document to what is wrong."""
    found = _WHERE.match(message)
    what = message
    steps: _Steps = ()
    if found:
        what = found["what"]
        steps = tuple(int(at) if at.isdigit() else at or name for name, at in _STEP.findall(found["steps"] or ""))
    within = _clean(".".join(step for step in steps if isinstance(step, str) and step != "..."))
    kinds = _kinds_at(kind, steps)
    if key := re.search(r"unknown field `(.*)`$", what, re.DOTALL):
        place = f" in `{within}`" if within else ""
        return f"unknown key `{_clean(key[1])}`{place}{nearest(key[1], _keys(kinds))}", (*steps, key[1])
    if key := re.search(r"missing required field `(.*)`$", what, re.DOTALL):
        return f"{f'`{within}` lacks' if within else 'it lacks'} the key `{key[1]}`", steps
    if value := re.search(r"Invalid enum value '?(.*?)'?$", what, re.DOTALL):
        said = f"`{_clean(value[1])}` is not a value of `{within}`{nearest(value[1], _values(kinds))}"
        return said, (*steps, value[1])
    if types := re.fullmatch(r"Expected `([^`]*)`, got `([^`]*)`", what):
        return f"`{within or 'it'}` must be {_in_words(types[1])}, not {_in_words(types[2])}", steps
    return f"`{within}`: {what[:1].lower()}{what[1:]}" if within else what, steps


def _shown(path: str) -> str:
    """A path as a user finds it: from the working directory if it is below that."""
    try:
        below = os.path.relpath(path)
    except (OSError, ValueError):  # no working directory, or another drive
        below = os.pardir
    return os.fsencode(path if below.startswith(os.pardir) else below).decode("utf-8", "backslashreplace")


def _clean(words: str) -> str:
    """Words of a file that may hold anything, fit for one line of a message."""
    short = words if len(words) <= _LONGEST_WORDS else words[:_LONGEST_WORDS] + "..."
    return "".join(letter if letter.isprintable() else "?" for letter in short)


def _in_words(types: str) -> str:
    return " or ".join(_IN_WORDS.get(name, name) for name in types.split(" | ") if name != "null" or types == "null")


def _kinds_at(kind: object, steps: _Steps) -> list[object]:
    """The types that may stand at the end of `steps` below `kind`."""
    kinds = _choices(kind)
    for step in steps:
        inner: list[object] = []
        for one in kinds:
            arguments = typing.get_args(one)
            if isinstance(one, type) and issubclass(one, msgspec.Struct):
                inner += [field.type for field in msgspec.structs.fields(one) if field.encode_name == step]
            elif arguments and typing.get_origin(one) is dict:
                inner.append(arguments[1])
            elif arguments and typing.get_origin(one) is tuple:
                inner.append(arguments[0])
        kinds = [choice for one in inner for choice in _choices(one)]
    return kinds


def _choices(kind: object) -> list[object]:
    if typing.get_origin(kind) in (Union, UnionType):
        return [choice for one in typing.get_args(kind) for choice in _choices(one)]
    return [kind]


def _keys(kinds: list[object]) -> list[str]:
    return [
        field.encode_name
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        for field in msgspec.structs.fields(kind)
    ]


def _values(kinds: list[object]) -> list[str]:
    values: list[object] = []
    for kind in kinds:
        if typing.get_origin(kind) is Literal:
            values += typing.get_args(kind)
        elif isinstance(kind, type) and hasattr(kind, "__members__"):
            values += [member.value for member in kind.__members__.values()]
    return [value for value in values if isinstance(value, str)]


def _line_of(text: str, steps: _Steps) -> int:
    """The line that opens what `steps` lead to, as near as a look at headers and keys can tell; 0 if nothing fits."""
    best, best_line, leads = 0, 0, False
    section: _Steps = ()
    seen: dict[tuple[str, ...], int] = {}
    word = re.compile(rf"(?<![\w-]){re.escape(str(steps[-1]))}(?![\w-])") if steps else None
    for number, line in enumerate(text.splitlines(), 1):
        here: _Steps = ()
        if len(line) > _LONGEST_LINE:
            continue
        if header := _HEADER.match(line):
            here = section = _parts(header[2])
            if header[1] == "[[":
                seen[section] = seen.get(section, -1) + 1
                here = section = (*section, seen[section])
        elif key := _KEY.match(line):
            here = (*section, *_parts(key[1]))
        if here:
            common = _common(here, steps)
            if steps and common == len(steps):
                return number
            leads = common == len(here) and common >= best
            if leads and common > best:
                best, best_line = common, number
        # The last steps are often inside a value that begins on this line or further up.
        if leads and word is not None and word.search(line):
            return number
    return best_line


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(double or single or bare for double, single, bare in _KEY_PART.findall(dotted))


def _common(left: _Steps, right: _Steps) -> int:
    size = 0
    for one, other in zip(left, right, strict=False):
        if other not in (one, "..."):
            break
        size += 1
    return size
