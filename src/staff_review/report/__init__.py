"""Review → text, one module per format; each writes to the stream it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ..nouns.findings import Review, Suggestion
from ..nouns.rulebook import Rule
from ..nouns.settings import Settings
from ..nouns.system import System
from .tally import Verdict


class Checkout(msgspec.Struct, frozen=True):
    """What is known of the tree that was reviewed; every part may be unknown.

    `prefix` is the working directory as seen from the repository's root ("" for the root itself), for hosts that want
    paths from there. `link` is the address of a file of this commit without its path
    ("https://example.org/team/shop/blob/4f1c2aa/"), `date` the day of the run as YYYY-MM-DD.
    """

    name: str = ""
    commit: str = ""
    prefix: str = ""
    link: str = ""
    date: str = ""


class Report(msgspec.Struct, frozen=True):
    """What every format is given. `sources` gives the lines of a path.

    `command` is what the user would type again, `typed` what they typed, with every option ("" where nobody did).
    `rules` are the rules by id, for the formats that carry their texts, `suggestions` fixes by the finding's
    fingerprint. `system` is shown as a table, and above it `service_map`, an SVG drawn by us, if there is one.
    """

    review: Review
    settings: Settings
    verdict: Verdict
    sources: Mapping[str, Sequence[str]] = {}
    command: str = "staff-review ."
    typed: str = ""
    version: str = ""
    rules: Mapping[str, Rule] = {}
    checkout: Checkout = Checkout()
    system: System | None = None
    service_map: str = ""
    suggestions: Mapping[str, Suggestion] = {}
