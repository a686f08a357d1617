"""`staff-review rule NAME` and `staff-review rules`: what is known, one rule or all."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from ..nouns.errors import UsageError
from .options import colour_option, config_option, look_for, quiet_pipe, rulebook_for, settings_for

if TYPE_CHECKING:
    from ..nouns.rulebook import Rule
    from ..report.look import ColourChoice

_rules_format = click.option("--format", "form", type=click.Choice(["full", "json"]), default="full")


@click.command()
@click.argument("name")
@_rules_format
@colour_option
@config_option
def rule(name: str, form: str, color: ColourChoice, config: str | None) -> None:
    """Explain one rule."""
    from ..report import rule_page
    from ..triage.choice import did_you_mean, rule_named

    rulebook = rulebook_for(settings_for(".", config))
    found = rule_named(name, rulebook)
    if found is None:
        near = did_you_mean(name, rulebook.rules)
        raise UsageError(f"no rule is named `{name}`{near}; `staff-review rules` lists them all")
    with quiet_pipe():
        if form == "json":
            _rules_as_json([found])
        else:
            rule_page.render(found, rulebook, sys.stdout, look_for(color))


@click.command()
@_rules_format
@colour_option
@config_option
def rules(form: str, color: ColourChoice, config: str | None) -> None:
    """List all rules by family."""
    from ..report import rule_list

    rulebook = rulebook_for(settings_for(".", config))
    with quiet_pipe():
        if form == "json":
            _rules_as_json(rule_list.sorted_rules(rulebook))
        else:
            rule_list.render(rulebook, sys.stdout, look_for(color))


def _rules_as_json(rules: Iterable[Rule]) -> None:
    from ..report import rules_as_json

    rules_as_json.render(rules, sys.stdout)
