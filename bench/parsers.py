"""How fast several parsers read the same Python, and which syntax they know.

``python bench/parsers.py TREE [--interpreter PYTHON]...`` reads every ``*.py`` below TREE with each parser, in one
process, one after the other, and prints thousands of lines a second by processor time. Then it shows new syntax to
each parser, and to the ``ast`` module of every interpreter named. It asserts nothing: numbers belong to a machine.
"""

from __future__ import annotations

import argparse
import ast
import gc
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import libcst
import tree_sitter
import tree_sitter_python
from libcst.metadata import MetadataWrapper, QualifiedNameProvider

from staff_review.frontends import facts_of, glance_at
from staff_review.link.knowledge.triggers import triggers_of
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.source import Source

_PYTHON = tree_sitter.Language(tree_sitter_python.language())

_NEW_SYNTAX = {
    "PEP 634, match (3.10)": "match event:\n    case {'kind': 'paid', 'id': key}:\n        settle(key)\n",
    "PEP 654, except* (3.11)": "try:\n    pull()\nexcept* TimeoutError as group:\n    retry(group)\n",
    "PEP 695, type parameters (3.12)": "class Box[T]:\n    pass\n\n\ntype Pair = tuple[int, int]\n",
    "PEP 701, nested f-string quotes (3.12)": "key = f'user:{names['first']}'\n",
    "PEP 696, type parameter defaults (3.13)": "class Box[T = int]:\n    pass\n",
    "PEP 750, template strings (3.14)": "query = t'select {column}'\n",
    "PEP 758, except without parentheses (3.14)": "try:\n    pull()\nexcept OSError, ValueError:\n    retry()\n",
}
_ASK = "import ast, sys; ast.parse(sys.stdin.read())"
_BROKEN = ["def load(:\n    pass\n", "def save(order):\n    return client.put(order)\n"]


class Reader(NamedTuple):
    """A way to read one file, and how many lines of the tree it is given at most (0 for all)."""

    name: str
    read: Callable[[Source], object]
    most_lines: int = 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the two tables."""
    wishes = argparse.ArgumentParser(description="Compare parsers of Python by speed and by the syntax they know.")
    wishes.add_argument("tree", type=Path, help="a folder of Python code")
    wishes.add_argument("--interpreter", action="append", default=[], metavar="PYTHON", help="also ask its `ast`")
    wishes.add_argument("--most-lines", type=int, default=20_000, help="for qualified names (default 20000)")
    wished = wishes.parse_args(arguments)
    sources = sources_below(wished.tree)
    print(f"{platform.python_implementation()} {platform.python_version()}, " + ", ".join(
        f"{package} {version(package)}" for package in ("tree-sitter", "tree-sitter-python", "libcst")
    ))
    print(f"{len(sources)} files, {sum(map(lines_of, sources)):,} lines\n")
    show_speed(sources, wished.most_lines)
    show_syntax(wished.interpreter)


def sources_below(tree: Path) -> list[Source]:
    """Every ``*.py`` file of a folder, in memory before anything is timed."""
    files = sorted(tree.rglob("*.py"))
    return [Source(file.relative_to(tree).as_posix(), "python", file.read_bytes(), "") for file in files]


def lines_of(source: Source) -> int:
    """How many lines a file has."""
    return source.data.count(b"\n") + 1


def parsed(data: bytes) -> tree_sitter.Tree:
    """The tree of one file as tree-sitter gives it."""
    return tree_sitter.Parser(_PYTHON).parse(data)


def with_qualified_names(source: Source) -> object:
    """What libcst knows of every name in one file."""
    return MetadataWrapper(libcst.parse_module(source.data), unsafe_skip_copy=True).resolve(QualifiedNameProvider)


def show_speed(sources: list[Source], most_lines: int) -> None:
    """Print one row a parser: thousands of lines a second, and the files that it refused."""
    triggers = triggers_of(rulebook_of().libraries, "python")
    print(f"{'parser':36}{'lines':>10}{'seconds':>10}{'k lines/s':>11}{'refused':>9}")
    for reader in (
        Reader("first look, no tree (glance_at)", lambda source: glance_at(source, triggers)),
        Reader("tree-sitter, tree only", lambda source: parsed(source.data)),
        Reader("tree-sitter to facts (facts_of)", facts_of),
        Reader("ast.parse, tree only", lambda source: ast.parse(source.data)),
        Reader("ast.parse and a visit of every node", lambda source: [*ast.walk(ast.parse(source.data))]),
        Reader("libcst.parse_module, tree only", lambda source: libcst.parse_module(source.data)),
        Reader("libcst with qualified names", with_qualified_names, most_lines),
    ):
        lines, seconds, refused = timed(reader, sources)
        print(f"{reader.name:36}{lines:>10,}{seconds:>10.2f}{lines / seconds / 1000:>11.1f}{refused:>9}", flush=True)


def timed(reader: Reader, sources: list[Source]) -> tuple[int, float, int]:
    """Lines read, processor seconds spent, files refused; a part of a tree is every n-th file of it."""
    stride = max(1, sum(map(lines_of, sources)) // reader.most_lines) if reader.most_lines else 1
    chosen = sources[::stride]
    gc.collect()
    began = time.process_time()
    refused = sum(not _is_read(reader, source) for source in chosen)
    return sum(map(lines_of, chosen)), time.process_time() - began, refused


def _is_read(reader: Reader, source: Source) -> bool:
    try:
        reader.read(source)
    except (SyntaxError, ValueError, RecursionError, libcst.ParserSyntaxError):
        return False
    return True


def show_syntax(interpreters: Sequence[str]) -> None:
    """Print one row a piece of syntax, one column a parser."""
    knows: dict[str, Callable[[str], bool]] = {
        "tree-sitter": lambda code: not parsed(code.encode()).root_node.has_error,
        "libcst": _libcst_knows,
    }
    for interpreter in (sys.executable, *interpreters):
        knows[f"ast {_version_of(interpreter)}"] = partial(_ast_knows, interpreter)
    print(f"\n{'syntax':44}" + "".join(f"{name:>13}" for name in knows))
    for name, code in _NEW_SYNTAX.items():
        print(f"{name:44}" + "".join(f"{'reads' if known(code) else 'refuses':>13}" for known in knows.values()))
    facts = facts_of(Source("broken.py", "python", "\n\n".join(_BROKEN).encode(), ""))
    kept = [function.name for function in facts.functions[1:]]
    print(f"\nA file with a syntax error in its first function: facts of {kept}, {len(facts.unread)} stretch unread.")


def _libcst_knows(code: str) -> bool:
    try:
        libcst.parse_module(code)
    except libcst.ParserSyntaxError:
        return False
    return True


def _ast_knows(interpreter: str, code: str) -> bool:
    asked = subprocess.run([interpreter, "-c", _ASK], input=code, text=True, capture_output=True, check=False)
    return asked.returncode == 0


def _version_of(interpreter: str) -> str:
    said = subprocess.run([interpreter, "--version"], text=True, capture_output=True, check=True)
    return said.stdout.split()[-1]


if __name__ == "__main__":
    main()
