"""The formats by name, and what a user wishes of them: which, and where to."""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Sequence

import msgspec

from ..nouns.errors import UsageError
from ..nouns.settings import FormatName


class Form(msgspec.Struct, frozen=True):
    """A format: the module of this package whose `render` writes it, and how files in it are named.

    The `render` of one for a screen takes a `Look` after the stream; no other knows of terminals. `summary` is one for
    a pipe whose reader must be told of gaps and of the exit code elsewhere, on standard error.
    """

    module: str
    endings: tuple[str, ...] = ()
    screen: bool = False
    summary: bool = False


class Wish(msgspec.Struct, frozen=True):
    """A format, and the file to write it to; "" is standard output."""

    form: FormatName
    path: str = ""


FORMATS: dict[FormatName, Form] = {
    "full": Form("full", screen=True),
    "concise": Form("concise", (".txt",), summary=True),
    "json": Form("as_json", (".json",)),
    "jsonl": Form("jsonl", (".jsonl", ".ndjson")),
    "sarif": Form("sarif", (".sarif", ".sarif.json")),
    "github": Form("github"),
    "gitlab": Form("gitlab", ("gl-code-quality-report.json",)),
    "junit": Form("junit", (".xml",)),
    "rdjson": Form("rdjson", (".rdjson",)),
    "markdown": Form("markdown", (".md", ".markdown")),
    "html": Form("html_page", (".html", ".htm")),
}


def wishes_of(given: Sequence[str], output: str = "") -> tuple[Wish, ...]:
    """What `--format FORM` or `--format FORM=FILE`, given several times, and `--output FILE` ask for; () for nothing.

    `output` is the file of the one format that names none, or without a format decides it by its ending. Raises
    UsageError for a format that is not known, two results for one place, or a file that is not named.
    """
    wishes = [_wish(one) for one in given]
    if output:
        wishes = _with_output(wishes, output)
    to_screen = [wish.form for wish in wishes if not wish.path]
    if len(to_screen) > 1:
        raise UsageError(
            f"only one format can go to standard output, not {_quoted(to_screen)}; "
            f"give the others a file: `--format {to_screen[-1]}=FILE`"
        )
    paths = [posixpath.normpath(wish.path) for wish in wishes if wish.path]
    for path in paths:
        if paths.count(path) > 1:
            raise UsageError(f"two formats would be written to `{path}`; name a file for each")
    return tuple(wishes)


def form_for(path: str) -> FormatName:
    """The format that a file's name asks for; the longest ending decides, and `concise` is for all other names."""
    named = [(ending, name) for name, form in FORMATS.items() for ending in form.endings if path.endswith(ending)]
    return max(named, key=lambda one: len(one[0]))[1] if named else "concise"


def _wish(given: str) -> Wish:
    name, equals, path = given.partition("=")
    known = next((one for one in FORMATS if one == name), None)
    if known is None:
        near = difflib.get_close_matches(name.lower(), FORMATS, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else f"; the formats are {', '.join(FORMATS)}"
        raise UsageError(f"no format is named `{name}`{hint}")
    if equals and not path:
        raise UsageError(f"`--format {given}` names no file; write `{name}=FILE`, or `{name}` for standard output")
    return Wish(known, "" if path == "-" else path)


def _with_output(wishes: list[Wish], output: str) -> list[Wish]:
    if not wishes:
        return [Wish(form_for(output), output)]
    if len([wish for wish in wishes if not wish.path]) != 1:
        raise UsageError(
            f"it is not clear which format goes to `{output}`; write `--format FORM={output}` instead of `--output`"
        )
    return [Wish(wish.form, wish.path or output) for wish in wishes]


def _quoted(names: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)
