"""The doors for a terminal, a pipe and a hook: parse wishes, call the hall, show, exit; one module per command.

A command is imported when it is asked for, and every import of a worker stands inside the function that needs it, so
that `--help` and `--version` feel instant, and so that a run for a pipe does not pay for what only a terminal needs
(rich).
"""

from __future__ import annotations

import errno
import gc
import os
import re
import sys
import traceback
from collections.abc import Sequence

import click

from ..nouns.errors import UsageError
from .group import staff_review

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
"""What the world says when nothing more can be written."""


def main() -> None:
    """Run the command line and exit."""
    gc.disable()  # one run, one process: what is built lives to its end
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)
    os._exit(code)  # nor is it taken apart then, one object after the other (measured: a twentieth of a cold run)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; never raises for a mistake of the user or a fault of ours."""
    for stream in (sys.stdout, sys.stderr):
        # A file name or a line of code that the terminal's encoding cannot hold must not end the run.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        code = staff_review.main(args=list(arguments), prog_name="staff-review", standalone_mode=False)
    except UsageError as mistake:
        return _refuse(str(mistake))
    except click.exceptions.NoArgsIsHelpError as mistake:
        click.echo(mistake.format_message(), err=True)
        return 2
    except click.ClickException as mistake:
        return _refuse(_in_one_style(mistake))
    except (click.Abort, KeyboardInterrupt):
        return 130
    except OSError as error:
        if error.errno not in _FULL:
            return _fault()
        return _refuse(f"cannot write: {error.strerror}; make room, or name another place with `--output`.")
    except Exception:  # noqa: BLE001 - the last line of defence: whatever it is, it is ours, and the exit code says so
        return _fault()
    return int(code or 0)


def _fault() -> int:
    traceback.print_exc()
    click.echo("staff-review: this is a fault of staff-review, please report it with the lines above.", err=True)
    return 3


def _in_one_style(mistake: click.ClickException) -> str:
    """What click says of a mistake, and where the command that it was made with is explained."""
    said = re.sub(r" \((Did you mean .+\?)\)$", r" \1", mistake.format_message())
    context = mistake.ctx if isinstance(mistake, click.UsageError) else None
    command = context.command_path.removesuffix(" check") if context is not None else "staff-review"
    return f"{said}{'' if said[-1:] in '.?' else '.'} See `{command} --help`."


def _refuse(sentence: str) -> int:
    click.echo(f"staff-review: {sentence}", err=True)
    return 2
