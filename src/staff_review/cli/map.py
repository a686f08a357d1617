"""`staff-review map`: the services below some paths, who calls whom, and under what limits."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ..nouns.errors import UsageError
from .drawing import FORMATS, Drawing, of_change, of_map, of_page, of_sequence
from .options import colour_option, config_option, quiet_pipe, rulebook_for, settings_for

if TYPE_CHECKING:
    from ..nouns.findings import Finding
    from ..nouns.settings import Settings
    from ..nouns.system import System


@click.command(name="map")
@click.argument("paths", nargs=-1)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Default: text.")
@click.option("--service", metavar="NAME", default="", help="Only this service, and what it calls.")
@click.option("--endpoint", metavar="NAME", help='Only what one endpoint does, step by step: "POST /orders".')
@click.option("--diff", "since", metavar="REV", help="Only what changed since the merge base with REV does to the map.")
@click.option("-o", "--output", metavar="FILE", help="Write the map to this file.")
@click.option("--save", metavar="FILE", help="Also keep what these paths offer and call, to meet other maps: NAME.map.")
@click.option("--check", "expected", metavar="FILE", help="Exit with 1 when the map differs from this file.")
@colour_option
@config_option
def map_(paths: tuple[str, ...], expected: str | None, output: str | None, **given: Any) -> int:  # noqa: ANN401 - the options as click gives them
    """Map the services of folders and saved maps: who calls whom, how, and under what limits."""
    drawing = _asked_for(paths or (".",), given)
    with quiet_pipe():
        if expected is not None:
            return _compared(drawing, expected)
        if output is None:
            drawing.onto(sys.stdout, given["color"])
        else:
            _to_file(drawing, output)
    return 0


def _asked_for(paths: tuple[str, ...], given: dict[str, Any]) -> Drawing:
    """What to draw: a change of the map, one endpoint, or the map itself."""
    from ..hall.mapping import change_below, sequence_of, system_below

    form, service, save = given["form"], given["service"], given["save"]
    settings = settings_for(paths[0], given["config"])
    if given["since"]:
        beside = [name for name in ("endpoint", "save") if given[name]]
        if beside:
            raise UsageError(f"`--diff` tells of services, before and after; leave out `--{beside[0]}`")
        change = change_below(paths, settings, rulebook_for(settings), given["since"])
        told = msgspec.structs.replace(change, map=change.map.of(service)) if service else change
        return of_change(told, form)
    system = _kept(system_below(paths, settings, rulebook_for(settings)), save)
    known = {one.name for one in system.services}
    if service and service not in known:
        raise UsageError(f"no service is named `{service}`; there are {', '.join(sorted(known)) or 'none'}")
    if given["endpoint"]:
        return of_sequence(sequence_of(system, given["endpoint"], service), form)
    if form == "html":
        return of_page(system, _found(paths, settings), service)
    return of_map(system, form, service)


def _found(paths: tuple[str, ...], settings: Settings) -> tuple[Finding, ...]:
    """What a review of the folders finds, to stand beside the edges."""
    from ..hall.mapping import SAVED
    from ..hall.review import review

    folders = tuple(path for path in paths if not path.endswith(SAVED))
    together = msgspec.structs.replace(settings, system=True)
    return review(folders, together, rulebook_for(settings)).review.findings if folders else ()


def _kept(system: System, path: str | None) -> System:
    """The system, saved where that is asked for."""
    from ..hall.mapping import SAVED, saved

    if path is None:
        return system
    if not path.endswith(SAVED):
        raise UsageError(f"a saved map is known by its name; write `--save {path}{SAVED}`")
    try:
        with open(path, "wb") as file:
            file.write(saved(system))
    except OSError as error:
        raise UsageError(f"cannot write the map to `{path}`: {error.strerror}; name another file") from error
    return system


def _to_file(drawing: Drawing, path: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            drawing.onto(file, "never")
    except OSError as error:
        raise UsageError(f"cannot write the map to `{path}`: {error.strerror}; name another file") from error


def _compared(drawing: Drawing, path: str) -> int:
    """Whether a kept map still holds; the difference as a patch on standard output."""
    import difflib

    try:
        with open(path, encoding="utf-8") as file:
            before = file.read().splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"`{path}` cannot be read as a map; write it with `staff-review map -o {path}`") from error
    now = io.StringIO()
    drawing.onto(now, "never")
    difference = list(difflib.unified_diff(before, now.getvalue().splitlines(keepends=True), path, "the code"))
    sys.stdout.writelines(difference)
    if difference:
        click.echo(f"the map in `{path}` is out of date; write it again with `-o {path}`", err=True)
    return 1 if difference else 0
