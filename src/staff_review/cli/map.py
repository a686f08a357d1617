"""`staff-review map`: the services below some paths, who calls whom, and under what limits."""

from __future__ import annotations

import importlib
import io
import sys
from typing import TYPE_CHECKING, TextIO

import click

from ..errors import UsageError
from .options import colour_option, config_option, look_for, quiet_pipe, rulebook_for, settings_for

if TYPE_CHECKING:
    from ..report.look import ColourChoice
    from ..system import System

_FORMATS = ("text", "mermaid", "dot", "json", "svg")


@click.command(name="map")
@click.argument("paths", nargs=-1)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="Default: text.")
@click.option("--service", metavar="NAME", default="", help="Only this service, and what it calls.")
@click.option("-o", "--output", metavar="FILE", help="Write the map to this file.")
@click.option("--save", metavar="FILE", help="Also keep what these paths offer and call, to meet other maps: NAME.map.")
@click.option("--check", "expected", metavar="FILE", help="Exit with 1 when the map differs from this file.")
@colour_option
@config_option
def map_(
    paths: tuple[str, ...],
    form: str,
    service: str,
    output: str | None,
    save: str | None,
    expected: str | None,
    color: ColourChoice,
    config: str | None,
) -> int:
    """Map the services of folders and saved maps: who calls whom, how, and under what limits."""
    from ..mapping import SAVED, system_below

    paths = paths or (".",)
    if save is not None and not save.endswith(SAVED):
        raise UsageError(f"a saved map is known by its name; write `--save {save}{SAVED}`")
    settings = settings_for(paths[0], config)
    system = system_below(paths, settings, rulebook_for(settings))
    known = {one.name for one in system.services}
    if service and service not in known:
        raise UsageError(f"no service is named `{service}`; there are {', '.join(sorted(known)) or 'none'}")
    if save is not None:
        _kept(system, save)
    with quiet_pipe():
        if expected is not None:
            return _compared(system, form, service, expected)
        if output is None:
            _drawn(system, form, service, sys.stdout, color)
        else:
            _to_file(system, form, service, output)
    return 0


def _drawn(system: System, form: str, service: str, stream: TextIO, colour: ColourChoice) -> None:
    module = importlib.import_module(f"..report.map_{form}", __package__)
    if form == "text":
        module.render(system, stream, look_for(colour, stream), service)
    elif form == "json":
        module.render(system, stream)
    elif form == "svg":
        stream.write(module.drawing_of(system, service) + "\n")
    else:
        module.render(system, stream, service)


def _kept(system: System, path: str) -> None:
    from ..mapping import saved

    try:
        with open(path, "wb") as file:
            file.write(saved(system))
    except OSError as error:
        raise UsageError(f"cannot write the map to `{path}`: {error.strerror}; name another file") from error


def _to_file(system: System, form: str, service: str, path: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            _drawn(system, form, service, file, "never")
    except OSError as error:
        raise UsageError(f"cannot write the map to `{path}`: {error.strerror}; name another file") from error


def _compared(system: System, form: str, service: str, path: str) -> int:
    """Whether a kept map still holds; the difference as a patch on standard output."""
    import difflib

    try:
        with open(path, encoding="utf-8") as file:
            before = file.read().splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"`{path}` cannot be read as a map; write it with `staff-review map -o {path}`") from error
    now = io.StringIO()
    _drawn(system, form, service, now, "never")
    difference = list(difflib.unified_diff(before, now.getvalue().splitlines(keepends=True), path, "the code"))
    sys.stdout.writelines(difference)
    if difference:
        click.echo(f"the map in `{path}` is out of date; write it again with `-o {path}`", err=True)
    return 1 if difference else 0
