"""What several commands share: options, settings as asked, and the look of the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click
import msgspec

from ..nouns.settings import Settings

if TYPE_CHECKING:
    from ..nouns.rulebook import Rulebook
    from ..report.look import ColourChoice, Look

colour_option = click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Default: auto."
)
config_option = click.option("--config", metavar="FILE", help="The settings file; default: the nearest one.")


def settings_for(start: str, config: str | None, wishes: Mapping[str, object] | None = None) -> Settings:
    """The settings that govern a path, with the wishes of the command line; raises UsageError."""
    from ..load.settings import settings_of
    from ..triage.profile import is_test_below

    is_test = is_test_below((start,))
    skipped = None if (wishes or {}).get("include_tests") else lambda name: is_test(os.path.join(start, name))
    settings = settings_of(start, wishes, config or "", skipped=skipped)
    inner = tuple(_with_short_origins(one) for one in settings.inner)
    return msgspec.structs.replace(_with_short_origins(settings), inner=inner)


def _with_short_origins(settings: Settings) -> Settings:
    """Settings whose files are named as seen from here."""
    origins = tuple(os.path.relpath(origin) for origin in settings.origins)
    return msgspec.structs.replace(settings, origin=origins[-1] if origins else "", origins=origins)


def start_of(paths: Sequence[str]) -> str:
    """The folder whose settings hold for several paths: the one that has them all."""
    if len(paths) == 1:
        return paths[0]
    folders = [os.path.abspath(path if os.path.isdir(path) else os.path.dirname(path)) for path in paths]
    try:
        return os.path.relpath(os.path.commonpath(folders))
    except ValueError:  # on several drives
        return paths[0]


def rulebook_for(settings: Settings) -> Rulebook:
    """Every rule and library that the settings name; raises UsageError."""
    from ..load.rulebook import rulebook_of
    from ..load.settings import check_rule_ids

    every = (settings, *settings.inner)
    catalog = dict.fromkeys(pattern for one in every for pattern in one.catalog)
    rules = dict.fromkeys(pattern for one in every for pattern in one.rules)
    rulebook = rulebook_of(tuple(catalog), tuple(rules))
    check_rule_ids(settings, rulebook)
    return rulebook


def look_for(choice: ColourChoice, stream: TextIO | None = None) -> Look:
    """How to paint on a stream: colours, width, characters."""
    from ..report.look import WIDEST, look_of

    columns = shutil.get_terminal_size((WIDEST, 0)).columns
    return look_of(stream or sys.stdout, choice, os.environ, columns)


def terminal(stream: TextIO) -> TextIO | None:
    """The stream, if a person watches it on a terminal that can move its cursor."""
    from ..report.look import on_terminal

    return stream if on_terminal(stream) and os.environ.get("TERM") != "dumb" else None


@contextmanager
def quiet_pipe() -> Iterator[None]:
    """Leaves quietly when the reader of our output has gone (`| head`), with nothing left to flush at exit."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
