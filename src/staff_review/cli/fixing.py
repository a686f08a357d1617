"""`--fix`, `--fix --unsafe` and `--fix --show` of `staff-review check`: what was done is said on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..nouns.errors import UsageError

if TYPE_CHECKING:
    from ..hall.mending import Mended
    from ..hall.review import Outcome
    from ..hall.stopwatch import Stopwatch
    from ..nouns.rulebook import Rulebook
    from ..nouns.settings import Settings


_F = TypeVar("_F", bound=Callable[..., Any])
_OPTIONS = (
    click.option("--fix", is_flag=True, help="Mend what can be mended without changing a result."),
    click.option("--unsafe", is_flag=True, help="With --fix: also mends that may change one; read them."),
    click.option("--show", is_flag=True, help="With --fix: print the changes and write nothing."),
)


def fix_options(command: _F) -> _F:
    """The options of `check` that are about mending, in this order on the help screen."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def check_wishes(given: Mapping[str, Any]) -> None:
    """Refuse what only means something with `--fix`, and `--fix` where it means nothing; raises UsageError."""
    for name in ("unsafe", "show"):
        if given[name] and not given["fix"]:
            raise UsageError(f"`--{name}` goes with `--fix`; write `--fix --{name}`")
    if given["fix"] and (given["since"] or given["staged"]):
        raise UsageError("`--fix` mends the files as they are; leave out `--diff` and `--staged`")


def fixed(
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    *,
    unsafe: bool,
    show: bool,
    cache: bool,
    jobs: int | None,
    stopwatch: Stopwatch | None = None,
) -> Outcome:
    """Fix, or only show the diff on standard output; the review of the files as they are afterwards."""
    from ..hall.mending import mended

    wishes: dict[str, Any] = {"unsafe": unsafe, "write": not show, "cache": cache, "jobs": jobs}
    done = mended(paths, settings, rulebook, stopwatch=stopwatch, **wishes)
    if show:
        for change in done.changes:
            sys.stdout.write(change.diff)
        sys.stdout.flush()
    for line in said(done, show=show):
        click.echo(line, err=True)
    return done.outcome


def said(done: Mended, *, show: bool) -> list[str]:
    """What fixing did, a line for each thing that a user wants to know."""
    lines = [f"not fixed: {one.finding.place} {one.finding.rule}: {one.reason}" for one in done.unfixed]
    count, files = len(done.fixed), len(done.changes)
    if count:
        verb = "would fix" if show else "fixed"
        lines.append(f"{verb} {count} finding{'s' * (count > 1)} in {files} file{'s' * (files > 1)}")
    elif not done.unfixed and not done.unsafe:
        lines.append("nothing to fix")
    if done.unsafe:
        lines.append(
            f"{done.unsafe} more can be fixed with `--fix --unsafe`: read those changes, they may alter results"
        )
    return lines
