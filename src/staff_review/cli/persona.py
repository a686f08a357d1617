"""`staff-review persona`: what a reviewer persona would be sent; and its options for `check`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from ..nouns.settings import PersonaSettings, Settings
from .options import config_option, quiet_pipe, rulebook_for, settings_for

if TYPE_CHECKING:
    from ..hall.commenting import Preview
    from ..hall.review import Outcome
    from ..nouns.findings import PersonaRun
    from ..nouns.rulebook import Rulebook
    from ..report.tally import Verdict

_F = TypeVar("_F", bound=Callable[..., Any])
_above_zero = click.FloatRange(min=0, min_open=True)
_OPTIONS = (
    click.option("--persona/--no-persona", default=None, help="Also ask a reviewer persona (an LLM) for its opinion."),
    click.option("--persona-name", metavar="NAME", help="Which one; default backend-staff."),
    click.option("--persona-deadline", type=_above_zero, metavar="SECONDS", help="Its time; default 300."),
    click.option("--persona-budget", type=_above_zero, metavar="DOLLARS", help="The most it may cost; default 0.50."),
    click.option("--persona-required", is_flag=True, help="Exit with 3 when it could not be asked."),
    click.option("--persona-explain", is_flag=True, help="Tell which of its remarks were dropped, and why."),
)


def persona_options(command: _F) -> _F:
    """The options of `check` that are about the persona, in this order on the help screen."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked_for(given: Mapping[str, Any]) -> PersonaSettings | None:
    """What the persona may do, by the options and the user's own settings; None when nobody asks for it.

    A repository's settings have no say in it: they cannot spend the user's money.
    """
    from ..load.own import persona_settings_of

    if given["persona"] is False:
        return None
    own = persona_settings_of()
    if not (given["persona"] or given["persona_required"] or own.on):
        return None
    wishes = {"name": given["persona_name"], "deadline": given["persona_deadline"], "max_usd": given["persona_budget"]}
    return msgspec.structs.replace(own, **{name: wish for name, wish in wishes.items() if wish is not None})


def with_persona(
    outcome: Outcome,
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    asked: PersonaSettings | None,
    *,
    changed: Mapping[str, frozenset[int]] | None = None,
    cache: bool = True,
    explained: bool = False,
) -> Outcome:
    """The outcome with the persona's opinions, as it is when nobody asks for them; raises UsageError."""
    if asked is None:
        return outcome
    from ..hall.commenting import commented, summary_of

    def say(estimate: str) -> None:
        click.echo(f"staff-review: asking {asked.name}: {estimate}", err=True)

    summary = summary_of(outcome.system, outcome.review.findings) if outcome.system is not None else None
    done = commented(outcome, paths, settings, rulebook, asked, changed=changed, summary=summary, cache=cache, say=say)
    if done.review.persona is None or not explained:
        return done
    run = msgspec.structs.replace(done.review.persona, explained=True)
    return msgspec.structs.replace(done, review=msgspec.structs.replace(done.review, persona=run))


def verdict_with(verdict: Verdict, run: PersonaRun | None, *, required: bool) -> Verdict:
    """The exit code, which the persona changes only when it is required and was not asked at all."""
    if not required or run is None or run.state != "not run":
        return verdict
    return msgspec.structs.replace(verdict, code=3, reason=f"{run.persona} is required and did not run: {run.reason}")


def explain(run: PersonaRun | None) -> None:
    """Tell on standard error what was dropped, a line each, and why: the answer to "why did it say nothing"."""
    if run is None:
        return
    click.echo(f"{run.persona}: {len(run.dropped) or 'none'} of its remarks were dropped", err=True)
    for one in run.dropped:
        place = f"{one.path}:{one.line}" if one.line else one.path
        click.echo(f"  {place}: {one.text or 'a remark'}\n    dropped: {one.reason}", err=True)


@click.group()
def persona() -> None:
    """See what a reviewer persona would be sent, and which there are."""


@persona.command()
@click.argument("paths", nargs=-1)
@click.option("--name", metavar="NAME", help="Which persona; default backend-staff.")
@click.option("--json", "as_json", is_flag=True, help="The bodies of the requests, one a line.")
@click.option("--system/--no-system", default=None, help="With the map of the services, as `check` has it.")
@config_option
def preview(paths: tuple[str, ...], name: str | None, as_json: bool, system: bool | None, config: str | None) -> None:
    """Print exactly what would be sent for a review of PATHS; nothing is sent."""
    from ..hall.commenting import previewed
    from ..hall.review import review
    from ..load.own import persona_settings_of

    paths = paths or (".",)
    settings = settings_for(paths[0], config, {"system": system})
    rulebook = rulebook_for(settings)
    own = persona_settings_of()
    asked = msgspec.structs.replace(own, name=name) if name else own
    found = previewed(review(paths, settings, rulebook, program=True), paths, settings, rulebook, asked)
    with quiet_pipe():
        if as_json:
            sys.stdout.writelines(f"{json.dumps(request.body())}\n" for request in found.requests)
        else:
            _texts(found)
    _summary(found, asked)


@persona.command(name="list")
def listed() -> None:
    """List the personas: ours, and those in your own folder."""
    from ..load.own import own_folder, personas_of

    with quiet_pipe():
        for one in personas_of().values():
            click.echo(f"{one.name}  {one.title}, {len(one.lens)} lenses")
        click.echo(f"Your own stand in {own_folder()}/personas, one TOML file each.")


def _texts(found: Preview) -> None:
    """The blocks of each request as text; what requests share is printed once, before the first of them."""
    rule = "-" * 80
    before = None
    for number, request in enumerate(found.requests, start=1):
        if request.system != before:
            before = request.system
            sys.stdout.write(f'{rule}\nSystem, the same for every request of the kind "{request.kind}"\n{rule}\n')
            sys.stdout.write("\n\n".join(block.text for block in before) + "\n")
        head = f"Request {number} of {len(found.requests)}: {request.about}, about {request.tokens_in:,} tokens"
        sys.stdout.write(f"\n{rule}\n{head}, to {request.model}\n{rule}\n")
        sys.stdout.write("\n\n".join(block.text for block in request.user) + "\n")


def _summary(found: Preview, asked: PersonaSettings) -> None:
    from ..persona.budget import estimate_words

    said = [estimate_words(found.estimate, asked, found.host)]
    if found.remembered:
        said.append(f"{found.remembered} more are answered from earlier runs")
    if found.left:
        said.append(f"{found.left} less important places are left out")
    said.append(f"hidden values: {found.hidden}")
    said.append("a second look at what it says is asked after that, within the same budget")
    click.echo("; ".join(said) + ".", err=True)
    if found.hindrance:
        click.echo(f"It could not be sent now: {found.hindrance}.", err=True)
