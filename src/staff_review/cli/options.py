"""What several commands share: options, settings as asked, and the look of the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click
import msgspec

from ..settings import Settings

if TYPE_CHECKING:
    from ..report.look import ColourChoice, Look
    from ..rulebook import Rulebook

colour_option = click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Default: auto."
)
config_option = click.option("--config", metavar="FILE", help="The settings file; default: the nearest one.")


def settings_for(start: str, config: str | None, wishes: Mapping[str, object] | None = None) -> Settings:
    """The settings that govern a path, with the wishes of the command line; raises UsageError."""
    from ..load.settings import settings_of

    settings = settings_of(start, wishes, config or "")
    return msgspec.structs.replace(settings, origin=os.path.relpath(settings.origin) if settings.origin else "")


def rulebook_for(settings: Settings) -> Rulebook:
    """Every rule and library that the settings name; raises UsageError."""
    from ..load.rulebook import rulebook_of
    from ..load.settings import check_rule_ids

    rulebook = rulebook_of(settings.catalog, settings.rules)
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
