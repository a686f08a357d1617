"""`staff-review prove FOLDER`: run fixture cases, ours or those of a user's own rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..nouns.errors import UsageError
from .options import config_option, settings_for

if TYPE_CHECKING:
    from ..prove import Failure

_WORDS = {
    "missed": "expected, and nothing is said",
    "unexpected": "said, and not expected",
    "unread": "not looked at, so its silence proves nothing",
    "fault": "failed",
}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@config_option
def prove(folder: Path, config: str | None) -> int:
    """Run cases: a folder of RULE-ID/CASE/, or one case, whose lines to be hit end in `# expect: RULE-ID`."""
    from ..prove import cases, expected_in, with_rules_beside
    from ..prove import prove as proved

    if not folder.is_dir():
        raise UsageError(f"`{folder}` is no folder; name the folder that holds the cases")
    settings = settings_for(str(folder), config)
    found = cases(folder) or ((folder,) if expected_in(folder) else ())
    if not found:
        raise UsageError(f"`{folder}` holds no case; a case is a folder `RULE-ID/what_it_shows/` with code in it")
    settings = with_rules_beside(found, settings)
    failed = 0
    for case in found:
        failures = proved(case, settings)
        failed += bool(failures)
        for failure in failures:
            click.echo(_line(case, failure))
    held = len(found) - failed
    click.echo(f"{held} of {len(found)} cases hold", err=True)
    return 1 if failed else 0


def _line(case: Path, failure: Failure) -> str:
    place = f"{case / failure.path}:{failure.line}" if failure.path else str(case)
    return f"{place}: {failure.rule}: {_WORDS[failure.kind]}"
