"""`staff-review check`, the default command: review files and folders, show, exit."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click
import msgspec

from .. import __version__
from ..nouns.errors import UsageError
from ..nouns.settings import CONFIDENCES, SEVERITIES, Settings
from .fixing import check_wishes, fix_options, fixed
from .measuring import measuring_options, tell_measures
from .options import colour_option, config_option, look_for, quiet_pipe, rulebook_for, settings_for, start_of, terminal
from .persona import asked_for, explain, persona_options, verdict_with, with_persona
from .showing import show, wishes_for

if TYPE_CHECKING:
    from ..hall.review import Outcome
    from ..hall.stopwatch import Stopwatch
    from ..nouns.findings import Review
    from ..nouns.rulebook import Rulebook
    from ..nouns.system import System
    from ..report import Report

_SUGGESTING = frozenset({"html", "json", "jsonl", "rdjson", "sarif"})
"""Formats that show a safe fix as lines to put in the place of others."""
_FILE = click.Path(resolve_path=True)
_CONFIDENCE = click.Choice(CONFIDENCES[::-1])
_FORMAT_HELP = """full, concise, json, jsonl, sarif, github, gitlab, junit, rdjson, markdown, html; several times for
several. Default: full on a terminal, else concise."""
_BASELINE_HELP = "Findings accepted before; default staff-review-baseline.toml beside the settings, if it is there."
_SYSTEM_HELP = "Also judge the services together; default: when there are several. Not for a change."
_NEAR_HELP = "With `--staged` or `--diff`: link only the code around the change; fast, and blind to what is far."
_WISHES = (
    "baseline",
    "select",
    "ignore",
    "fail_on",
    "minimum_confidence",
    "preview",
    "opinions",
    "include_tests",
    "system",
)


def _split(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...] | None:
    """Names separated by commas or given in several options; None, so that the settings file decides, for no name."""
    return tuple(name.strip() for part in given for name in part.split(",") if name.strip()) or None


def _or_settings(_context: click.Context, _option: click.Parameter, given: bool) -> bool | None:
    """None, so that the settings file decides, for a switch that is not given."""
    return given or None


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--format", "forms", metavar="FORM[=FILE]", multiple=True, help=_FORMAT_HELP)
@click.option("-o", "--output", metavar="FILE", help="Write the report to this file.")
@click.option("--select", metavar="NAMES", multiple=True, callback=_split, help="Only these rules or families: a,b.")
@click.option("--ignore", metavar="NAMES", multiple=True, callback=_split, help="Without these rules or families.")
@click.option("--fail-on", type=click.Choice(SEVERITIES[::-1]), help="Exit with 1 from here on; default error.")
@click.option("--min-confidence", "minimum_confidence", type=_CONFIDENCE, help="Show from here on; default medium.")
@click.option(
    "--preview", is_flag=True, callback=_or_settings, help="Also rules not yet shown to be right often enough."
)
@click.option("--opinions", is_flag=True, callback=_or_settings, help="Also rules whose advice is contested.")
@click.option("--include-tests", is_flag=True, callback=_or_settings, help="Also tests, examples and docs.")
@click.option("--system/--no-system", default=None, help=_SYSTEM_HELP)
@click.option(
    "--diff", "since", metavar="REV", default="", help="Only what changed since the merge base with REV does."
)
@click.option("--staged", is_flag=True, help="Only what the staged changes do.")
@click.option("--near/--no-near", default=False, help=_NEAR_HELP)
@click.option("--baseline", metavar="FILE", type=_FILE, help=_BASELINE_HELP)
@click.option("--no-baseline", is_flag=True, help="Also the findings that the baseline accepts.")
@click.option("--no-cache", is_flag=True, help="Read everything anew.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="So many processes; default: as it pays.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@fix_options
@persona_options
@measuring_options
@colour_option
@config_option
def check(paths: tuple[str, ...], **given: Any) -> int:  # noqa: ANN401 - the options as click gives them
    """Review files and folders; the default command."""
    from ..hall.stopwatch import Stopwatch
    from ..report import Report
    from ..report.tally import verdict_of

    paths = paths or (".",)
    wishes = wishes_for(given["forms"], given["output"])
    asked = asked_for(given)
    check_wishes(given)
    named = {name: given[name] for name in _WISHES} | ({"baseline": ""} if given["no_baseline"] else {})
    stopwatch = Stopwatch()
    with stopwatch.phase("settings and rules"):
        settings = settings_for(start_of(paths), given["config"], named)
        rulebook = rulebook_for(settings)
    outcome = _reviewed(paths, settings, rulebook, given, stopwatch, program=asked is not None)
    change = outcome.review.introduced
    lines = change.lines if change is not None else None
    how = {"cache": not given["no_cache"], "explained": given["persona_explain"]}
    outcome = with_persona(outcome, paths, settings, rulebook, asked, changed=lines, **how)
    judged = verdict_of(outcome.review, settings.fail_on, given["exit_zero"])
    verdict = verdict_with(judged, outcome.review.persona, required=given["persona_required"])
    asked_of = [*(["--diff", given["since"]] if given["since"] else []), *(["--staged"] if given["staged"] else [])]
    asked_of += ["--near"] if given["near"] else []
    command = shlex.join(["staff-review", *paths, *asked_of])
    typed = shlex.join(["staff-review", *sys.argv[1:]])
    report = Report(outcome.review, settings, verdict, outcome.sources, command, typed, __version__, rulebook.rules)
    if outcome.system is not None:
        report = _with_map(report, outcome.system, drawn=any(wish.form == "html" for wish in wishes))
    if any(wish.form in _SUGGESTING for wish in wishes) and _mendable(outcome.review):
        from ..hall.suggesting import suggestions_of

        report = msgspec.structs.replace(report, suggestions=suggestions_of(outcome, settings))
    with quiet_pipe(), stopwatch.phase("report"):
        if not given["show"]:  # standard output is a patch then
            show(report, wishes, given["color"])
    if given["persona_explain"] and all(wish.form != "full" for wish in wishes):
        explain(outcome.review.persona)
    tell_measures(report, stopwatch, given)
    return verdict.code


def _with_map(report: Report, system: System, *, drawn: bool) -> Report:
    """The report with the system, drawn for the formats that show drawings."""
    from ..report.map_svg import drawing_of

    return msgspec.structs.replace(report, system=system, service_map=drawing_of(system) if drawn else "")


def _mendable(review: Review) -> bool:
    """Whether anything could be suggested: only then what edits code is worth loading."""
    return any(one.edit is not None and one.edit.safety != "unsafe" for one in review.findings)


def _reviewed(
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    given: dict[str, Any],
    stopwatch: Stopwatch,
    *,
    program: bool,
) -> Outcome:
    """The review of the files as they are, as fixes leave them, or of a change; `program`: keep what was linked."""
    from ..report.progress import Progress

    if given["fix"]:
        return fixed(
            paths,
            settings,
            rulebook,
            unsafe=given["unsafe"],
            show=given["show"],
            cache=not given["no_cache"],
            jobs=given["jobs"],
            stopwatch=stopwatch,
        )

    progress = Progress(terminal(sys.stderr), look_for("never", sys.stderr))
    how: dict[str, Any] = {
        "progress": progress, "jobs": given["jobs"], "cache": not given["no_cache"], "stopwatch": stopwatch,
        "program": program,
    }  # fmt: skip
    try:
        if given["since"] or given["staged"]:
            if given["system"]:
                raise UsageError("`--system` is for a whole tree; leave it out, or leave out `--diff` and `--staged`")
            from ..hall.comparing import compared

            return compared(
                paths, settings, rulebook, since=given["since"], staged=given["staged"], near=given["near"], **how
            )
        if given["near"]:
            raise UsageError("`--near` is for a change; give `--staged` or `--diff REV` too")
        from ..hall.review import review

        return review(paths, settings, rulebook, **how)
    finally:
        progress.end()
