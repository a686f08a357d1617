"""`--stats` and `--profile` of `staff-review check`: what rules found, where the time went; on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from ..hall.stopwatch import Stopwatch
    from ..report import Report

_F = TypeVar("_F", bound=Callable[..., Any])
_OPTIONS = (
    click.option("--stats", is_flag=True, help="Also tell findings, silenced and time of each rule."),
    click.option("--profile", is_flag=True, help="Also tell the time of each phase, and the slowest rules and files."),
)


def measuring_options(command: _F) -> _F:
    """The options of `check` that are about figures, in this order on the help screen."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def tell_measures(report: Report, stopwatch: Stopwatch, given: Mapping[str, Any]) -> None:
    """Say what was asked for of the figures; standard output belongs to the report."""
    if not (given["stats"] or given["profile"]):
        return
    from ..report.measures import render_profile, render_stats

    timings = stopwatch.timings()
    if given["stats"]:
        render_stats(report, timings, sys.stderr)
    if given["profile"]:
        render_profile(timings, sys.stderr)
