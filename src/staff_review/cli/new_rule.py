"""`staff-review new-rule ID`: the beginning of a rule of the user's own."""

from __future__ import annotations

import os

import click

from ..nouns.errors import UsageError
from .options import config_option, rulebook_for, settings_for


@click.command()
@click.argument("name", metavar="ID")
@click.option("--check", is_flag=True, help="With a check in Python instead of a pattern.")
@click.option("--folder", default="reliability", metavar="DIR", help="Where to write; default reliability.")
@config_option
def new_rule(name: str, check: bool, folder: str, config: str | None) -> None:
    """Begin a rule of your own: words, fixtures, a pattern or a check."""
    from ..hall.scaffold import names_of_check, package_files, rule_files

    settings = settings_for(".", config)
    folder = os.path.normpath(folder).replace(os.sep, "/")
    files = rule_files(name, folder, rulebook_for(settings), check=check)
    package = package_files(name, folder) if check else {}
    first = not any(os.path.lexists(path) for path in package)
    _write_new({**files, **package} if first else files)
    click.echo("\n".join(f"wrote {path}" for path in (files | package if first else files)))
    if check and not first:
        line = f'{name} = "{".".join(names_of_check(name, folder))}:check"'
        click.echo(f'Add under [project.entry-points."staff_review.checks"] of {folder}/checks/pyproject.toml: {line}')
    if check:
        click.echo(f"Install the check where staff-review is installed: pip install -e {folder}/checks")
    click.echo(f"Prove it: staff-review prove {folder}/fixtures")
    click.echo(f'Then name it in [tool.staff-review], so that it judges: rules = ["{folder}/rules/*.toml"]')


def _write_new(files: dict[str, str]) -> None:
    """Write files that are not there yet; raises UsageError, before anything is written, when one is."""
    there = next((path for path in files if os.path.lexists(path)), None)
    if there is not None:
        raise UsageError(f"`{there}` exists; choose another id, or another folder with `--folder`")
    for path, text in files.items():
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"cannot write `{path}`: {reason}; choose another folder with `--folder`") from error
