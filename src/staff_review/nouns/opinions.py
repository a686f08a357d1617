"""What a reviewer persona says: comments, verdicts on findings, a note on the architecture, and how its run went."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from .source import Place

Certainty: TypeAlias = Literal["shown", "likely", "guess"]
Weight: TypeAlias = Literal["critical", "major", "minor"]

PERSONA = "persona"
"""What silences in code and baselines call the comments of any persona."""


class Comment(msgspec.Struct, frozen=True):
    """A reviewer persona's remark on a place: an opinion, with the line it rests on quoted.

    `text` is the claim, `scenario` the trigger and then the effect, `unseen` what the persona could not see and took
    for true, `unconfirmed` why a second look could not confirm it, "" when it did. `topic` is the id of a lens or rule,
    "other" for none. `beside` is the fingerprint of a finding on the same lines, and `fingerprint` the comment's own:
    no line, no wording.
    """

    place: Place
    persona: str
    text: str
    topic: str = "other"
    weight: Weight = "minor"
    certainty: Certainty = "likely"
    quote: str = ""
    scenario: str = ""
    fix: str = ""
    unseen: str = ""
    unconfirmed: str = ""
    hand_to: str = ""
    beside: str = ""
    fingerprint: str = ""
    scope: str = ""

    @property
    def names(self) -> frozenset[str]:
        """What a silence may call it: any comment, one on its topic, and the rule whose id that is."""
        return frozenset({PERSONA, f"{PERSONA}:{self.topic}", self.topic})


class SilencedComment(msgspec.Struct, frozen=True):
    """A comment that was asked not to be shown, and where and why."""

    comment: Comment
    by: str  # "comment", "file comment", "baseline"
    reason: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """What a persona thinks of a static finding; it stands beside it and takes nothing away.

    `finding` is the finding's fingerprint. A doubt always has a `quote` that was found, at `place`.
    """

    finding: str
    persona: str
    verdict: Literal["confirmed", "doubtful"]
    reason: str
    quote: str = ""
    place: Place | None = None


class TradeOff(msgspec.Struct, frozen=True):
    """One choice in a design: what it gains and what it costs."""

    choice: str
    gains: str
    costs: str


class ArchitectureNote(msgspec.Struct, frozen=True):
    """A persona's view of the system as a whole; every edge of the diagram is one of the map."""

    persona: str
    text: str
    trade_offs: tuple[TradeOff, ...] = ()
    alternatives: tuple[str, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()
    hand_to: str = ""

    @property
    def mermaid(self) -> str:
        """The edges as a Mermaid flow chart, "" without any."""
        if not self.edges:
            return ""
        names = list(dict.fromkeys(name for edge in self.edges for name in edge))
        number = {name: f"n{index}" for index, name in enumerate(names)}
        # In a quoted label Mermaid reads only the quote and the ampersand as its own.
        labels = {name: name.replace("&", "#38;").replace('"', "#quot;") for name in names}
        nodes = [f'  {number[name]}["{labels[name]}"]' for name in names]
        return "\n".join(["flowchart LR", *nodes, *(f"  {number[a]} --> {number[b]}" for a, b in self.edges)])


class Dropped(msgspec.Struct, frozen=True):
    """What a persona said and the report does not show, and why."""

    path: str
    line: int
    text: str
    reason: str


class Spent(msgspec.Struct, frozen=True):
    """What asking a model took; tokens as it counted them, dollars by our table of prices, None without a price.

    `models` says to whom how many of the requests went. `lost` of them had no answer, and may be billed all the same,
    with `lost_usd` at most.
    """

    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0  # of the input, read from the provider's own cache
    output_tokens: int = 0
    usd: float | None = None
    models: dict[str, int] = {}
    lost: int = 0
    lost_usd: float = 0.0


class PersonaRun(msgspec.Struct, frozen=True):
    """How the asking went. `units` were chosen, `done` were answered, `remembered` of these by our own cache.

    `reason` says what is missing when the state is not "complete", or that there was nothing to ask. `seconds` is how
    long it took, `explained` that somebody asked for what was dropped. `steering` are places whose text speaks to the
    reviewer: silence about their files is no sign that they are clean.
    """

    persona: str
    state: Literal["complete", "partial", "not run"]
    reason: str = ""
    model: str = ""
    host: str = ""
    units: int = 0
    done: int = 0
    remembered: int = 0
    estimate: Spent = Spent()
    spent: Spent = Spent()
    hidden_values: int = 0
    hidden_files: int = 0
    said: int = 0  # comments before any was dropped
    dropped: tuple[Dropped, ...] = ()
    steering: tuple[Place, ...] = ()
    seconds: float = 0.0
    explained: bool = False
