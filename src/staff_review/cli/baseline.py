"""`staff-review baseline`: accept the findings of today, so that only new ones count, and keep that list short."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click
import msgspec

from ..nouns.errors import UsageError
from .options import config_option, look_for, quiet_pipe, rulebook_for, settings_for, terminal

if TYPE_CHECKING:
    from ..hall.adopting import Adopted
    from ..nouns.baseline import Baseline
    from ..nouns.settings import PersonaSettings, Settings

_file_option = click.option(
    "--baseline",
    "file",
    metavar="FILE",
    type=click.Path(resolve_path=True),
    help="The baseline; default staff-review-baseline.toml beside the settings.",
)


@click.group()
def baseline() -> None:
    """Accept the findings of today: only new ones are reported.

    The baseline is a file to commit. It covers all that the settings govern, whatever the folder of the run.
    """


@baseline.command()
@click.option("--force", is_flag=True, help="Also in place of a baseline that is there.")
@click.option("--persona", is_flag=True, help="Also ask the reviewer persona, and accept its comments of today.")
@_file_option
@config_option
def create(force: bool, persona: bool, file: str | None, config: str | None) -> int:
    """Write the baseline: every finding of today is accepted."""
    from ..hall.adopting import baseline_path

    settings = _settings(config, file)
    path = baseline_path(settings)
    if os.path.lexists(path) and not force:
        shown = os.path.relpath(path)
        raise UsageError(f"`{shown}` is there; shorten it with `staff-review baseline prune`, or give `--force`")
    found = _adopted(msgspec.structs.replace(settings, baseline=""), path=path, asked=_own() if persona else None)
    if found is None:
        return 3
    write(path, found.today)
    comments = len(found.review.comments)
    and_comments = f" and {_counted(comments, 'comment')}" if comments else ""
    click.echo(
        f"wrote {os.path.relpath(path)}: {_counted(len(found.today) - comments, 'finding')}{and_comments} accepted"
    )
    click.echo("Commit it: from now on only other findings are reported.")
    click.echo("`--no-baseline` shows these too.")
    return 0


@baseline.command()
@_file_option
@config_option
def prune(file: str | None, config: str | None) -> int:
    """Take out of the baseline what is gone."""
    settings = _there(_settings(config, file))
    found = _adopted(settings)
    if found is None:
        return 3
    gone = sum(len(one.fingerprints) for one in found.gone)
    write(settings.baseline, found.still)
    shown = os.path.relpath(settings.baseline)
    click.echo(f"{shown}: {_counted(gone, 'finding')} gone, {_counted(len(found.still), 'finding')} still accepted")
    return 0


@baseline.command()
@_file_option
@config_option
def check(file: str | None, config: str | None) -> int:
    """Exit with 1 when the baseline holds what is gone, so that it can only shrink."""
    settings = _there(_settings(config, file))
    found = _adopted(settings)
    if found is None:
        return 3
    shown = os.path.relpath(settings.baseline)
    with quiet_pipe():
        for one in found.gone:
            click.echo(f"{one.path}: {one.rule}: {_counted(len(one.fingerprints), 'finding')} gone")
    if not found.gone:
        click.echo(f"{shown}: {_counted(len(found.still), 'finding')} accepted, all of them there", err=True)
        return 0
    click.echo(f"{shown} accepts what is gone; `staff-review baseline prune` takes it out", err=True)
    return 1


def write(path: str, accepted: Baseline) -> None:
    """Write a baseline; raises UsageError when that cannot be done."""
    from ..load.baseline import text_of

    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text_of(accepted))
    except OSError as error:
        raise UsageError(f"cannot write the baseline to `{path}`: {error.strerror}; name another file") from error


def _settings(config: str | None, file: str | None) -> Settings:
    """The settings of all that they govern, wherever in it we stand."""
    root = settings_for(".", config).root
    return settings_for(os.path.relpath(root), config, {"baseline": file})


def _there(settings: Settings) -> Settings:
    if not settings.baseline:
        raise UsageError("there is no baseline here; `staff-review baseline create` writes one")
    return settings


def _own() -> PersonaSettings:
    from ..load.own import persona_settings_of

    return persona_settings_of()


def _adopted(settings: Settings, path: str = "", asked: PersonaSettings | None = None) -> Adopted | None:
    """The review against the baseline; None, and said so, when a part of it failed: then nothing is certain."""
    from ..hall.adopting import adopted
    from ..report.progress import Progress

    progress = Progress(terminal(sys.stderr), look_for("never", sys.stderr))
    try:
        found = adopted(settings, rulebook_for(settings), progress=progress, asked=asked)
    finally:
        progress.end()
    for fault in found.review.faults:
        click.echo(f"failed: {fault.check}: {fault.error}", err=True)
    run = found.review.persona
    if run is not None and run.state != "complete":
        click.echo(f"{run.persona}: {run.state}, {run.reason}", err=True)
    if found.review.faults or (run is not None and run.state == "not run"):
        name = os.path.relpath(path or settings.baseline)
        click.echo(f"{name} was left alone, because the review is not complete", err=True)
        return None
    return found


def _counted(number: int, noun: str) -> str:
    from ..report.tally import counted

    return counted(number, noun)
