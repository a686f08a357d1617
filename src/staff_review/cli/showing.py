"""Writing a report where it is wanted, in as many formats as are wanted."""

from __future__ import annotations

import importlib
import os
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING, TextIO

import click
import msgspec

from ..nouns.errors import UsageError
from .options import look_for, terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..report import Checkout, Report
    from ..report.formats import Form, Wish
    from ..report.look import ColourChoice

_LINKED = frozenset({"gitlab", "html", "markdown", "rdjson", "sarif"})
"""Formats that point into the repository, so that the commit must be known."""


def wishes_for(given: Sequence[str], output: str | None) -> tuple[Wish, ...]:
    """What to write, and where; on a terminal the full report and into a pipe the concise one when nothing is asked."""
    from ..report.formats import Wish, wishes_of

    return wishes_of(given, output or "") or (Wish("full" if terminal(sys.stdout) else "concise"),)


def show(report: Report, wishes: Sequence[Wish], colour: ColourChoice) -> None:
    """Write every format that is wanted; what they leave out is said on standard error. Raises UsageError."""
    from ..report import concise
    from ..report.formats import FORMATS

    if any(wish.form in _LINKED for wish in wishes):
        report = msgspec.structs.replace(report, checkout=_checkout())
    for wish in wishes:
        form = FORMATS[wish.form]
        if wish.path:
            _to_file(report, form, wish.path, colour)
        else:
            _render(report, form, sys.stdout, colour)
            sys.stdout.flush()
        if wish.form == "github":
            _step_summary(report)
    guarded = any(wish.form == "github" for wish in wishes)
    if not guarded and any(wish.path or FORMATS[wish.form].summary for wish in wishes):
        concise.render_summary(report, sys.stderr)
    elif report.review.faults and not any(FORMATS[wish.form].screen for wish in wishes):
        click.echo(str(report.verdict), err=True)


def _to_file(report: Report, form: Form, path: str, colour: ColourChoice) -> None:
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            _render(report, form, file, "always" if colour == "always" else "never")
    except OSError as error:
        raise UsageError(f"cannot write the report to `{path}`: {error.strerror}; name another file") from error


def _render(report: Report, form: Form, stream: TextIO, colour: ColourChoice) -> None:
    module = importlib.import_module(f"..report.{form.module}", __package__)
    module.render(report, stream, *([look_for(colour, stream)] if form.screen else []))


def _step_summary(report: Report) -> None:
    """The page of a GitHub job, where the runner names a file for it."""
    from ..report import github

    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        try:
            with open(path, "a", encoding="utf-8", newline="\n") as file:
                github.render_summary(report, file)
        except OSError as error:
            click.echo(f"staff-review: no step summary: cannot write `{path}`: {error.strerror}", err=True)


def _checkout() -> Checkout:
    from ..load.checkout import prefix_and_commit
    from ..report import Checkout

    prefix, commit = prefix_and_commit(".")
    link, name = "", os.environ.get("GITHUB_REPOSITORY") or os.environ.get("CI_PROJECT_PATH") or ""
    if os.environ.get("GITHUB_SERVER_URL") and os.environ.get("GITHUB_REPOSITORY") and commit:
        link = f"{os.environ['GITHUB_SERVER_URL']}/{os.environ['GITHUB_REPOSITORY']}/blob/{commit}/"
    elif os.environ.get("CI_PROJECT_URL") and commit:
        link = f"{os.environ['CI_PROJECT_URL']}/-/blob/{commit}/"
    return Checkout(name, commit, prefix, link, datetime.now(tz=timezone.utc).date().isoformat())
