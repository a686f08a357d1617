"""`staff-review init`: bring staff-review into a repository; the plan first, and what is there is not overwritten."""

from __future__ import annotations

import difflib
import os
import sys
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from .. import __version__
from ..nouns.errors import UsageError
from .options import config_option, look_for, rulebook_for, settings_for, terminal

if TYPE_CHECKING:
    from ..hall.joining import Part, Plan, Planned
    from ..nouns.settings import Settings

_LEAST_ROOM = 30
"""Cells beside the paths; with less, what a file is for stands below it."""
_INSTALL_HELP = """What hooks and builds tell pip to install; default: where this staff-review came from."""
_PARTS: tuple[Part, ...] = ("settings", "pre-commit", "github", "gitlab", "baseline")


def _checked(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    """The requirement, if it is one that may stand in a script; raises UsageError."""
    from ..load.provenance import installable

    if given is not None and not installable(given):
        raise UsageError(
            f"`{given}` is nothing that pip installs; write `staff-review==1.2` or `git+https://HOST/PATH@COMMIT`"
        )
    return given


@click.command()
@click.option("--yes", is_flag=True, help="Write without a question.")
@click.option("--settings", is_flag=True, help="Only a settings file.")
@click.option("--pre-commit", is_flag=True, help="Only a hook of pre-commit.")
@click.option("--github", is_flag=True, help="Only a workflow of GitHub Actions.")
@click.option("--gitlab", is_flag=True, help="Only a job of GitLab.")
@click.option("--baseline", is_flag=True, help="Only a baseline, which accepts the findings of today.")
@click.option("--install", metavar="REQUIREMENT", callback=_checked, help=_INSTALL_HELP)
@config_option
def init(yes: bool, config: str | None, install: str | None, **given: Any) -> int:  # noqa: ANN401 - the options as click gives them
    """Bring staff-review into a repository: hook, CI, baseline.

    Shows first what it would write, and overwrites nothing. Several options add up; without one it writes what fits.
    """
    from ..hall.joining import plan_of
    from ..load.provenance import requirement

    root = settings_for(".", config).root
    settings = settings_for(os.path.relpath(root), config, {"baseline": ""})
    wanted = frozenset(part for part in _PARTS if given[part.replace("-", "_")])
    plan = plan_of(settings, wanted, install or requirement(__version__))
    plan = _with_baseline(plan, settings) if not wanted or "baseline" in wanted else plan
    _show(plan)
    if not plan.files:
        click.echo("  nothing to write")
        return 0
    chosen = plan.files if yes else _asked(plan)
    for one in chosen:
        _write(one, plan.root)
    if chosen:
        click.echo("\n".join(f"wrote {os.path.relpath(os.path.join(plan.root, one.path))}" for one in chosen))
    return 0


def _with_baseline(plan: Plan, settings: Settings) -> Plan:
    """The plan with a baseline of today's findings, if there are any and none is accepted yet."""
    import msgspec

    from ..hall.adopting import adopted
    from ..hall.joining import Planned
    from ..load.baseline import NAME, text_of
    from ..report.progress import Progress
    from ..report.tally import counted, found

    if os.path.lexists(os.path.join(plan.root, NAME)):
        return msgspec.structs.replace(plan, said=(*plan.said, f"{NAME} is there already"))
    progress = Progress(terminal(sys.stderr), look_for("never", sys.stderr))
    try:
        today = adopted(settings, rulebook_for(settings), progress=progress)
    finally:
        progress.end()
    if today.review.faults:
        said = "no baseline, because a part of staff-review failed: " + today.review.faults[0].check
        return msgspec.structs.replace(plan, said=(*plan.said, said))
    had = (*plan.found, found(today.review))
    if not len(today.today):
        return msgspec.structs.replace(plan, found=had)
    about = f"{counted(len(today.today), 'finding')} accepted today, so that only new ones are reported"
    return msgspec.structs.replace(plan, found=had, files=(*plan.files, Planned(NAME, text_of(today.today), about)))


def _show(plan: Plan) -> None:
    click.echo(_wrapped("found", ", ".join(plan.found)))
    if plan.files:
        click.echo("\n  would write")
        column = max(len(one.path) for one in plan.files) + 7
        for one in plan.files:
            click.echo(_beside(f"    {one.path}", one.about, column))
    for said in plan.said:
        click.echo("\n" + _wrapped("note", said))
    click.echo()


def _wrapped(label: str, text: str) -> str:
    return _filled(text, look_for("never").width, f"  {label.ljust(8)}", " " * 10)


def _beside(head: str, text: str, column: int) -> str:
    """A text beside its heading, or below it where there is no room for a column."""
    width = look_for("never").width
    if width - column < _LEAST_ROOM:
        return f"{head}\n{_filled(text, width, ' ' * 6, ' ' * 6)}"
    return _filled(text, width, head.ljust(column), " " * column)


def _filled(text: str, width: int, first: str, others: str) -> str:
    """A text in lines; paths stay whole."""
    return fill(
        text, width, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )


def _asked(plan: Plan) -> tuple[Planned, ...]:
    """The files that the user wants written; none where nobody can be asked."""
    from ..report.look import on_terminal

    if not (on_terminal(sys.stdin) and on_terminal(sys.stdout)):
        click.echo("  no terminal to ask on: nothing is written; `--yes` writes", err=True)
        return ()
    while True:
        files = "this file" if len(plan.files) == 1 else f"these {len(plan.files)} files"
        answer = click.prompt(f"  write {files}? [y]es, [e]ach, [d]iff, [n]o", default="n", show_default=False)
        match answer.strip().lower()[:1]:
            case "y":
                return plan.files
            case "e":
                return tuple(one for one in plan.files if click.confirm(f"  write {one.path}?", default=False))
            case "d":
                for one in plan.files:
                    click.echo(_diff(one, plan.root))
            case "n":
                return ()


def _diff(planned: Planned, root: str) -> str:
    from ..hall.joining import text_with

    after = text_with(planned, root)
    before = after[: planned.at] + after[planned.at + len(planned.text) :] if planned.at is not None else ""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), planned.path, planned.path, lineterm="", n=2)
    return "\n".join(lines) + "\n"


def _write(planned: Planned, root: str) -> None:
    """Write one file; raises UsageError when it cannot be, or when one has come to stand there meanwhile."""
    from ..hall.joining import text_with

    path = os.path.join(root, planned.path)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        text = text_with(planned, root)
        with open(path, "x" if planned.at is None else "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write `{planned.path}`: {reason}; what is listed before it is written") from error
