"""Review → text, one module per format; each writes to the stream it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ..findings import Review
from ..settings import Settings
from .tally import Verdict


class Report(msgspec.Struct, frozen=True):
    """What every format is given. `sources` gives the lines of a path; `command` is what the user would type again."""

    review: Review
    settings: Settings
    verdict: Verdict
    sources: Mapping[str, Sequence[str]] = {}
    command: str = "staff-review ."
    version: str = ""
