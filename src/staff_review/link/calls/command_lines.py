"""What a command line reaches: ``git fetch`` and ``ssh`` wait for a peer, ``git status`` does not."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ...nouns.facts import Attribute, Binary, Call, CallRef, Const, Expr, Name, Sequence, Spread, Text
from ...nouns.libraries import ArgumentAt, Effect, Operation
from ..evaluation.evaluate import Evaluator
from ..files.arguments import expression_at, positional
from ..files.index import FileIndex, leaf_of
from ..files.values import CallKey, Instance, Literal, Value, Written

_HOLE = "\0"
"""Stands for a part of a word that nobody knows before the program runs."""
_MORE = "\0more"
"""Stands for any number of words that are added where nobody can look."""
_NEXT = frozenset({"&&", "||", "|", ";"})
_BEFORE = frozenset({"sudo", "exec"})
_ADDING = frozenset({"append", "extend", "insert"})
_DEEP = 4


class CommandLines:
    """Reads the command lines that calls start, as far as they are written out."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def told(self, key: CallKey, operation: Operation | None, receiver: Value | None) -> Operation | None:
        """An operation with what its command reaches: one that talks to a peer is a remote call."""
        if operation is None or operation.runs is None:
            return operation
        started = receiver.made if isinstance(receiver, Instance) else key
        file = self._evaluator.program.file(started[0]) if started is not None else None
        if file is None or started is None:
            return operation
        line = _line(file.calls[started[1]], operation.runs)
        if line is None or not any(self._reaches(words) for words in self._lines(file, started[1], line, 0)):
            return operation
        effects = dict.fromkeys((*operation.effects, Effect.PROCESS, Effect.SOCKET))
        return msgspec.structs.replace(operation, effects=tuple(effects))

    def _reaches(self, words: list[str]) -> bool:
        """Whether one command, as its words, talks to a peer and says no limit."""
        while words and (words[0] in _BEFORE or "=" in words[0]):
            words = words[1:]
        command = self._evaluator.program.catalog.programs.get(words[0].rpartition("/")[2]) if words else None
        if command is None or any(_says(word, limit) for limit in command.bounded_by for word in words):
            return False
        if not command.verbs:
            return len(words) > 1 and _MORE not in words
        rest = iter(words[1:])
        for word in rest:
            if word in command.valued:
                next(rest, None)
            elif not word.startswith("-"):
                return word in command.verbs
        return False

    def _lines(self, file: FileIndex, index: int, expr: Expr, depth: int) -> Iterator[list[str]]:
        """The commands of a line, each as its words; what cannot be known stands as a hole."""
        for words in self._spelled(file, index, expr, depth):
            command: list[str] = []
            for word in words:
                if word in _NEXT:
                    yield command
                    command = []
                else:
                    command.append(word.rstrip(";"))
            yield command

    def _spelled(self, file: FileIndex, index: int, expr: Expr, depth: int) -> Iterator[list[str]]:
        if depth > _DEEP:
            return
        if isinstance(expr, Sequence) and len(expr.items) == 1 and not isinstance(expr.items[0], Spread):
            yield from self._spelled(file, index, expr.items[0], depth + 1)  # a line for the shell
        elif isinstance(expr, Sequence):
            yield [self._word(file, index, item) for item in expr.items]
        elif isinstance(expr, (Const, Text)):
            yield _split(expr)
        elif isinstance(expr, Binary) and expr.op in ("+", "%"):
            more = [_MORE] if expr.op == "+" and not isinstance(expr.left, (Const, Text)) else []
            yield from ([*words, *more] for words in self._spelled(file, index, expr.left, depth + 1))
        elif isinstance(expr, CallRef):
            inner = _wrapped(file, expr)
            if inner is not None:
                yield from self._spelled(file, expr.index, inner, depth + 1)
        elif isinstance(expr, Name) and (bound := _bound(file, index, expr)) is not None:
            more = [_MORE] if _grows(file, index, expr) else []
            yield from ([*words, *more] for words in self._spelled(file, index, bound, depth + 1))
        else:
            for value in self._evaluator.argument(file, index, expr):
                if isinstance(value, Literal) and isinstance(value.value, str):
                    yield value.value.split()
                elif isinstance(value, Written) and value.path == file.path and value.expr != expr:
                    yield from self._spelled(file, index, value.expr, depth + 1)

    def _word(self, file: FileIndex, index: int, item: Expr) -> str:
        if isinstance(item, Spread):
            return _MORE
        if isinstance(item, (Const, Text)):
            return _text(item).replace(_HOLE, "") or _HOLE
        known = self._evaluator.argument(file, index, item) if isinstance(item, (Name, Attribute)) else ()
        words = [value.value for value in known if isinstance(value, Literal) and isinstance(value.value, str)]
        return words[0] if len(words) == len(known) == 1 else _HOLE


def _line(call: Call, at: ArgumentAt) -> Expr | None:
    """The command line that a call is given; one that takes any number of words has them one by one."""
    if at.argument is None:
        words = positional(call)[at.position or 0 :]
        return Sequence("list", tuple(Spread(word.value) if word.spread else word.value for word in words))
    return expression_at(call, at.argument, at.position)


def _says(word: str, limit: str) -> bool:
    """Whether a word is an option of that name, with its value or without, or holds a setting of that name."""
    return word.startswith(limit) if limit.startswith("-") else limit in word


def _text(expr: Const | Text) -> str:
    parts = expr.parts if isinstance(expr, Text) else (expr,)
    return "".join(str(part.value) if isinstance(part, Const) else _HOLE for part in parts)


def _split(expr: Const | Text) -> list[str]:
    return [word.strip("'\"") for word in _text(expr).split()]


def _wrapped(file: FileIndex, expr: CallRef) -> Expr | None:
    """The line inside ``shlex.split(line)``, ``str(line)``, ``" ".join(words)`` and ``line.format(…)``."""
    call = file.calls[expr.index]
    leaf = leaf_of(call.callee)
    if leaf in ("format", "strip", "encode", "split") and isinstance(call.callee, Attribute):
        of = call.callee.of
        return of if isinstance(of, (Const, Text)) else expression_at(call, None, 0)
    return expression_at(call, None, 0) if leaf in ("split", "join", "str", "list") else None


def _bound(file: FileIndex, index: int, name: Name) -> Expr | None:
    """What the name was bound to last in front of a call, in its own function."""
    call = file.calls[index]
    bound = [
        one
        for one in file.bindings_in.get(file.facts.blocks[call.block].function, ())
        if one.target == name and one.how != "augment" and one.span < call.span
    ]
    return max(bound, key=lambda one: one.span).value if bound else None


def _grows(file: FileIndex, index: int, name: Name) -> bool:
    """Whether words are added to a line after it was begun: ``line.extend(…)``, ``line += […]``."""
    function = file.facts.blocks[file.calls[index].block].function
    added = (file.calls[number].callee for number in file.calls_in.get(function, ()))
    return any(isinstance(one, Attribute) and one.of == name and one.name in _ADDING for one in added) or any(
        one.target == name and one.how == "augment" for one in file.bindings_in.get(function, ())
    )
