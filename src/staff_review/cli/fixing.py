"""`--fix`, `--fix --unsafe` and `--fix --show` of `staff-review check`: what was done is said on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..mending import Mended
    from ..review import Outcome
    from ..rulebook import Rulebook
    from ..settings import Settings


def fixed(
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    *,
    unsafe: bool,
    show: bool,
    cache: bool,
    jobs: int | None,
) -> Outcome:
    """Fix, or only show the diff on standard output; the review of the files as they are afterwards."""
    from ..mending import mended

    done = mended(paths, settings, rulebook, unsafe=unsafe, write=not show, cache=cache, jobs=jobs)
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
