"""`staff-review config`: whether the settings are right, what they come to, and what they may say."""

from __future__ import annotations

import os
import sys

import click

from ..nouns.errors import UsageError
from .options import config_option, quiet_pipe, rulebook_for, settings_for


@click.group()
def config() -> None:
    """Check the settings, show what they come to, or describe them."""


@config.command()
@click.argument("files", nargs=-1)
def verify(files: tuple[str, ...]) -> int:
    """Check every settings file from here up and down, or FILES; exit with 2 at the first mistake."""
    from ..load.nested import is_ours

    checked: list[str] = []
    for file in files:
        if not os.path.isfile(file):
            raise UsageError(f"`{file}` does not exist; name a settings file that does")
        if not is_ours(file):
            continue  # a hook names every pyproject.toml
        rulebook_for(settings_for(os.path.dirname(file) or ".", file))
        checked.append(file)
    if not files:
        from ..load.baseline import baseline_of

        settings = settings_for(".", None)
        rulebook_for(settings)
        baseline_of(settings)
        checked += [*settings.files, *([os.path.relpath(settings.baseline)] if settings.baseline else [])]
    for path in checked:
        click.echo(f"{path}: right")
    if not checked:
        click.echo("no settings file; the defaults hold")
    return 0


@config.command()
@click.argument("path", default=".")
@config_option
def show(path: str, config: str | None) -> None:
    """Print the settings that hold for PATH, merged, as TOML."""
    from ..load.settings_text import text_of

    settings = settings_for(path, config)
    with quiet_pipe():
        sys.stdout.write(text_of(settings))


@config.command()
def schema() -> None:
    """Print the JSON Schema of a settings file."""
    import json

    from ..load.settings_schema import schema_of

    with quiet_pipe():
        sys.stdout.write(json.dumps(schema_of(), indent=2) + "\n")
