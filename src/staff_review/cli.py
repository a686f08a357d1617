"""The door for a terminal, a pipe and a hook: parse wishes, call the hall, show, exit.

Every import of a worker stands inside the function that needs it, so that `--help` and `--version` feel instant, and so
that a run for a pipe does not pay for what only a terminal needs (rich).
"""

from __future__ import annotations

import gc
import os
import re
import shlex
import shutil
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import click
import msgspec

from . import __version__
from .errors import UsageError
from .settings import CONFIDENCES, SEVERITIES, Settings

if TYPE_CHECKING:
    from .report import Report
    from .report.look import ColourChoice, Look
    from .review import Outcome
    from .rulebook import Rule, Rulebook

_colour = click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Default: auto.")
_config = click.option("--config", metavar="FILE", help="The settings file; default: the nearest one.")
_rules_format = click.option("--format", "form", type=click.Choice(["full", "json"]), default="full")
_CONFIDENCE = click.Choice(CONFIDENCES[::-1])
_FORMATS = ("full", "concise", "json")
_WISHES = ("select", "fail_on", "minimum_confidence", "preview", "opinions", "include_tests")
_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?")
_EXIT_CODES = """Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 a mistake in the request, 3 a fault of
staff-review itself. A path that is named like a command is written with its folder: ./rule."""


def _split(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...] | None:
    """Names separated by commas or given in several options; None, so that the settings file decides, for no name."""
    return tuple(name.strip() for part in given for name in part.split(",") if name.strip()) or None


def _or_settings(_context: click.Context, _option: click.Parameter, given: bool) -> bool | None:
    """None, so that the settings file decides, for a switch that is not given."""
    return given or None


class _CheckByDefault(click.Group):
    """`staff-review src` means `staff-review check src`, and the first help screen shows the options of check."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args:
            args = ["--help"]
        elif args[0] not in (*self.commands, "--help", "-h", "--version"):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        options = [option for option in (*check.params, *self.get_params(ctx)) if isinstance(option, click.Option)]
        with formatter.section("Options"):
            formatter.write_dl([record for option in options if (record := option.get_help_record(ctx))])


def main() -> None:
    """Run the command line and exit."""
    gc.disable()  # one run, one process: what is built lives to its end
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; never raises for a mistake of the user or a fault of ours."""
    for stream in (sys.stdout, sys.stderr):
        # A file name or a line of code that the terminal's encoding cannot hold must not end the run.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        code = staff_review.main(args=list(arguments), prog_name="staff-review", standalone_mode=False)
    except UsageError as mistake:
        return _refuse(str(mistake))
    except click.ClickException as mistake:
        sentence = mistake.format_message()
        return _refuse(f"{sentence}{'' if sentence[-1:] in '.?' else '.'} See `staff-review --help`.")
    except (click.Abort, KeyboardInterrupt):
        return 130
    except Exception:  # noqa: BLE001 - the last line of defence: whatever it is, it is ours, and the exit code says so
        traceback.print_exc()
        click.echo("staff-review: this is a fault of staff-review, please report it with the lines above.", err=True)
        return 3
    return int(code or 0)


@click.group(
    cls=_CheckByDefault,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EXIT_CODES,
    subcommand_metavar="[check] PATHS... | COMMAND",
)
@click.version_option(__version__, "--version", message="staff-review %(version)s")
def staff_review() -> None:
    """Find what takes distributed systems down: calls without a limit, retries without end, blocked event loops."""


@staff_review.command()
@click.argument("paths", nargs=-1)
@click.option("--format", "form", type=click.Choice(_FORMATS), help="Default: full on a terminal, else concise.")
@click.option("-o", "--output", metavar="FILE", help="Write the report to this file.")
@click.option("--select", metavar="NAMES", multiple=True, callback=_split, help="Only these rules or families: a,b.")
@click.option("--ignore", metavar="NAMES", multiple=True, callback=_split, help="Without these rules or families.")
@click.option("--fail-on", type=click.Choice(SEVERITIES[::-1]), help="Exit with 1 from here on; default error.")
@click.option("--min-confidence", "minimum_confidence", type=_CONFIDENCE, help="Show from here on; default medium.")
@click.option("--preview", is_flag=True, callback=_or_settings, help="Also rules that are new and not yet measured.")
@click.option("--opinions", is_flag=True, callback=_or_settings, help="Also rules whose advice is contested.")
@click.option("--include-tests", is_flag=True, callback=_or_settings, help="Also tests, examples and docs.")
@click.option("--no-cache", is_flag=True, help="Read everything anew.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="So many processes; default: as it pays.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@_colour
@_config
def check(paths: tuple[str, ...], **given: Any) -> int:  # noqa: ANN401 - the options as click gives them
    """Review files and folders; the default command."""
    from .report import Report
    from .report.tally import verdict_of

    paths = paths or (".",)
    settings = _settings(paths[0], given["config"], {name: given[name] for name in _WISHES})
    settings = msgspec.structs.replace(settings, ignore=(*settings.ignore, *(given["ignore"] or ())))
    outcome = _reviewed(paths, settings, given["jobs"], cache=not given["no_cache"])
    verdict = verdict_of(outcome.review, settings.fail_on, given["exit_zero"])
    command = shlex.join(["staff-review", *paths])
    report = Report(outcome.review, settings, verdict, outcome.sources, command, __version__)
    with _quiet_pipe():
        _show(report, given["form"] or _form_for(given["output"]), given["output"], given["color"])
    return verdict.code


@staff_review.command()
@click.argument("name")
@_rules_format
@_colour
@_config
def rule(name: str, form: str, color: ColourChoice, config: str | None) -> None:
    """Explain one rule."""
    from .report import rule_page
    from .triage.choice import did_you_mean, rule_named

    rulebook = _rulebook(_settings(".", config))
    found = rule_named(name, rulebook)
    if found is None:
        near = did_you_mean(name, rulebook.rules)
        raise UsageError(f"no rule is named `{name}`{near}; `staff-review rules` lists them all")
    with _quiet_pipe():
        if form == "json":
            _rules_as_json([found])
        else:
            rule_page.render(found, rulebook, sys.stdout, _look(color))


@staff_review.command()
@_rules_format
@_colour
@_config
def rules(form: str, color: ColourChoice, config: str | None) -> None:
    """List all rules by family."""
    from .report import rule_list

    rulebook = _rulebook(_settings(".", config))
    with _quiet_pipe():
        if form == "json":
            _rules_as_json(rule_list.sorted_rules(rulebook))
        else:
            rule_list.render(rulebook, sys.stdout, _look(color))


@staff_review.command()
@click.argument("place", metavar="PATH:LINE")
@_colour
@_config
def why(place: str, color: ColourChoice, config: str | None) -> None:
    """Explain what is known of the calls on one line."""
    from .report import why as page
    from .review import explain

    asked = _PLACE.fullmatch(place)
    if asked is None:
        raise UsageError(f"`{place}` names no line; write PATH:LINE, for example `src/app.py:12`")
    settings = _settings(asked["path"], config)
    explanation = explain(asked["path"], int(asked["line"]), settings, _rulebook(settings))
    with _quiet_pipe():
        page.render(explanation, sys.stdout, _look(color))


def _settings(start: str, config: str | None, wishes: Mapping[str, object] | None = None) -> Settings:
    from .load.settings import settings_of

    settings = settings_of(start, wishes, config or "")
    return msgspec.structs.replace(settings, origin=os.path.relpath(settings.origin) if settings.origin else "")


def _rulebook(settings: Settings) -> Rulebook:
    from .load.rulebook import rulebook_of
    from .load.settings import check_rule_ids

    rulebook = rulebook_of(settings.catalog, settings.rules)
    check_rule_ids(settings, rulebook)
    return rulebook


def _reviewed(paths: tuple[str, ...], settings: Settings, jobs: int | None, *, cache: bool) -> Outcome:
    from .report.progress import Progress
    from .review import review

    progress = Progress(_terminal(sys.stderr), _look("never", sys.stderr))
    try:
        return review(paths, settings, _rulebook(settings), progress=progress, jobs=jobs, cache=cache)
    finally:
        progress.end()


def _show(report: Report, form: str, output: str | None, color: ColourChoice) -> None:
    """Write the report where it is wanted; what the format leaves out is said on standard error."""
    from .report import concise

    if output is None:
        _write(report, form, sys.stdout, _look(color))
        sys.stdout.flush()
    else:
        try:
            with open(output, "w", encoding="utf-8") as file:
                _write(report, form, file, _look("always" if color == "always" else "never", file))
        except OSError as error:
            raise UsageError(f"cannot write the report to `{output}`: {error.strerror}; name another file") from error
    if output is not None or form == "concise":
        concise.render_summary(report, sys.stderr)
    elif form == "json" and report.review.faults:
        click.echo(str(report.verdict), err=True)


def _form_for(output: str | None) -> str:
    if output is not None:
        return "json" if output.endswith(".json") else "concise"
    return "full" if _terminal(sys.stdout) else "concise"


def _write(report: Report, form: str, stream: TextIO, look: Look) -> None:
    if form == "full":
        from .report import full

        full.render(report, stream, look)
    elif form == "json":
        from .report import as_json

        as_json.render(report, stream)
    else:
        from .report import concise

        concise.render(report, stream)


def _rules_as_json(rules: Iterable[Rule]) -> None:
    from .report import rules_as_json

    rules_as_json.render(rules, sys.stdout)


def _look(choice: ColourChoice, stream: TextIO | None = None) -> Look:
    from .report.look import WIDEST, look_of

    columns = shutil.get_terminal_size((WIDEST, 0)).columns
    return look_of(stream or sys.stdout, choice, os.environ, columns)


def _terminal(stream: TextIO) -> TextIO | None:
    """The stream, if a person watches it on a terminal that can move its cursor."""
    from .report.look import on_terminal

    return stream if on_terminal(stream) and os.environ.get("TERM") != "dumb" else None


@contextmanager
def _quiet_pipe() -> Iterator[None]:
    """Leaves quietly when the reader of our output has gone (`| head`), with nothing left to flush at exit."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse(sentence: str) -> int:
    click.echo(f"staff-review: {sentence}", err=True)
    return 2
