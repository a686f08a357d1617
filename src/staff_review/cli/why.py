"""`staff-review why PATH:LINE`: what the engine knows of the calls on one line."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click

from ..nouns.errors import UsageError
from .options import colour_option, config_option, look_for, quiet_pipe, rulebook_for, settings_for

if TYPE_CHECKING:
    from ..report.look import ColourChoice

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?")


@click.command()
@click.argument("place", metavar="PATH:LINE")
@colour_option
@config_option
def why(place: str, color: ColourChoice, config: str | None) -> None:
    """Explain what is known of the calls on one line."""
    from ..hall.review import explain
    from ..report import why as page

    asked = _PLACE.fullmatch(place)
    if asked is None:
        raise UsageError(f"`{place}` names no line; write PATH:LINE, for example `src/app.py:12`")
    settings = settings_for(asked["path"], config)
    explanation = explain(asked["path"], int(asked["line"]), settings, rulebook_for(settings))
    with quiet_pipe():
        page.render(explanation, sys.stdout, look_for(color))
