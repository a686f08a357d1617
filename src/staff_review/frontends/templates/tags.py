"""The tags of one template, one after the other, with the loops that are open."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from ...nouns.facts import Binding, Block, Expr, Function, Import, Jump, Name, Sequence
from ...nouns.source import Span
from .paths import path_of, paths_in, text_in

_OPENS = re.compile(r"\{[%{#]")
_CLOSES = {"{%": "%}", "{{": "}}", "{#": "#}"}
_LONGEST = 2_000
"""Characters of a tag that is looked into."""
_DEEPEST = 20
"""Loops inside one another; what lies deeper counts as beside the last of them."""
_OVER = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_ALIAS = re.compile(
    r"(?<![\w.])(?P<name>\w+) ?= ?(?P<path>[A-Za-z_]\w*(?:\.\w+)*)|(?<![\w.])(?P<of>[A-Za-z_][\w.]*) as (?P<as>\w+)"
)
_SKIPPED = frozenset({"comment", "verbatim", "raw", "cache"})
"""What is no part of the page, or put together once and kept."""


class TagReader:
    """Reads a template from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        end = self._span(len(text), len(text))
        whole = Span(1, 1, end.line, end.column)
        self.page = Function("<module>", "<module>", 0, -1, whole)
        self.blocks = [Block("module", -1, 0, whole)]
        self.bindings: list[Binding] = []
        self.imports: list[Import] = []
        self.jumps: list[Jump] = []
        self._open = [0]

    def read(self) -> None:
        """Take every tag; inside what is skipped, only its end."""
        until = ""
        for kind, inner, span in self._tags():
            word, _, rest = inner.partition(" ")
            if until:
                until = "" if kind == "{%" and word == until else until
            elif kind == "{{":
                self._say(inner, span)
            elif kind == "{%" and word in _SKIPPED:
                until = f"end{word}"
            elif kind == "{%":
                self._take(word, rest, span)

    def _tags(self) -> Iterator[tuple[str, str, Span]]:
        """Every tag by how it opens, with its words one space apart; one look for each end that there is."""
        at, unclosed = 0, set[str]()
        while (found := _OPENS.search(self._text, at)) is not None:
            kind, at = found[0], found.end()
            end = -1 if kind in unclosed else self._text.find(_CLOSES[kind], at)
            if end < 0:
                unclosed.add(kind)
                continue
            if end - at <= _LONGEST:
                yield kind, " ".join(self._text[at:end].strip("-+").split()), self._span(found.start(), end + 2)
            at = end + 2

    def _take(self, word: str, rest: str, span: Span) -> None:
        if word == "for":
            self._begin(rest, span)
        elif word == "endfor":
            self._open = self._open[:-1] or [0]
        elif word in ("include", "extends"):
            self._bring(word, rest, span)
        elif word in ("with", "set"):
            self._bind(rest, span)
            self._say(rest, span)
        else:
            self._say(rest, span)

    def _begin(self, rest: str, span: Span) -> None:
        """Open a loop: ``for order in orders``, ``for key, value in pairs``."""
        before, _, after = rest.partition(" in ")
        found = _OVER.match(after)
        over = path_of(found[0]) if found is not None else None
        names = re.findall(r"\w+", before)
        target: Expr | None = Name(names[0]) if len(names) == 1 else None
        if len(names) > 1:
            target = Sequence("tuple", tuple(map(Name, names)))
        around = self._open[min(len(self._open), _DEEPEST) - 1]
        self.blocks.append(Block("loop", around, 0, span, subject=over, form="for", target=target))
        self._open.append(len(self.blocks) - 1)

    def _bring(self, word: str, rest: str, span: Span) -> None:
        """Take in another template: for a part of the page, or as the frame around all of it (then its name is "*")."""
        name = text_in(rest)
        if name:
            frame = "*" if word == "extends" else None
            self.imports.append(Import(name, frame, "", self._open[-1], span.line))
        self._bind(rest, span)
        self._say(rest, span)

    def _bind(self, rest: str, span: Span) -> None:
        for found in _ALIAS.finditer(rest):
            name, path = (found["name"], found["path"]) if found["name"] else (found["as"], found["of"])
            self.bindings.append(Binding(Name(name), path_of(path), self._open[-1], span))

    def _say(self, text: str, span: Span) -> None:
        for expr in paths_in(text):
            self.jumps.append(Jump("yield", self._open[-1], span, expr))

    def _span(self, start: int, end: int) -> Span:
        """Two offsets as lines and columns."""
        return Span(*self._at(start), *self._at(end))

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
