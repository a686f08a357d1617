"""One run of a persona: select → ask → check → doubt, with what it was told remembered and every loss counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence

import msgspec

from ..nouns.findings import ArchitectureNote, Comment, Dropped, PersonaRun, SilencedComment, Spent, Verdict
from ..nouns.rulebook import Persona, Rule
from ..nouns.settings import PersonaSettings
from ..nouns.source import Place, Span
from .answers import CUT, Result
from .architecture import MapSummary, note_of
from .budget import most
from .check import capped, checked
from .desk import Desk, World, remembered
from .doubt import candidate_words, outlived, undoubted
from .quotes import occurrences
from .redact import Redactor
from .request import Request, Requests
from .schemas import Judged, Judgement, Said, SaidNote, Seen, items, whole
from .select import MOST_UNITS, Draft, Selection
from .tally import Done, Missing, run_of
from .units import Unit

NOT_IN_FORM = "it has not the agreed form"


class Opinions(msgspec.Struct, frozen=True):
    """All that a persona has to say, and how the asking went."""

    run: PersonaRun
    comments: tuple[Comment, ...] = ()
    silenced: tuple[SilencedComment, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    architecture: ArchitectureNote | None = None


class _Looked(msgspec.Struct, frozen=True):
    """A unit with what is left of the answer about it, or the reason why there is none.

    `second` says why there was no second look, "" when there was one, or no need of one.
    """

    unit: Unit
    result: Result
    said: int = 0
    comments: tuple[Comment, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    steering: tuple[Place, ...] = ()
    second: str = ""


class Walk:
    """One run over a selection. Nothing is sent before `opinions` is awaited."""

    def __init__(
        self,
        selection: Selection,
        persona: Persona,
        rules: Mapping[str, Rule],
        asked: PersonaSettings,
        scale: str,
        world: World,
    ) -> None:
        self._selection = selection
        self._persona = persona
        self._asked = asked
        self._world = world
        self._requests = Requests(persona, rules, asked, scale)
        drafts = selection.drafts()
        self._left = max(0, len(drafts) - MOST_UNITS)
        self._drafts = drafts[:MOST_UNITS]
        self._units = [selection.unit(draft) for draft in self._drafts]

    def first_look(self) -> list[Request]:
        """The requests of the first look, the gravest first."""
        return [self._requests.review(unit) for unit in self._units]

    def unknown(self, requests: Sequence[Request]) -> list[Request]:
        """Those of them that no reply is kept for."""
        return [request for request in requests if remembered(request, self._world) is None]

    def map_look(self, summary: MapSummary | None) -> list[Request]:
        """The request about the map, none without a map."""
        if summary is None or not summary.text:
            return []
        redactor = Redactor(self._asked.redact)
        mentioned = [redactor.text(one) for one in summary.mentioned]
        return [self._requests.architecture(redactor.text(summary.text), mentioned)]

    def estimate(self, requests: Sequence[Request]) -> Spent:
        """The most that requests can take; what is remembered costs nothing."""
        return most(self.unknown(requests), self._asked)

    @property
    def hidden(self) -> int:
        """How many values are hidden in what would be sent."""
        return sum(unit.hidden for unit in self._units)

    @property
    def left(self) -> int:
        """How many drafts are beyond the number that one run looks at."""
        return self._left

    async def opinions(self, summary: MapSummary | None = None) -> Opinions:
        """Ask, check, doubt; never raises for a failure of the endpoint or of the model.

        Each unit goes all the way before another takes its place: when time or money ends, the gravest are done.
        """
        began = time.monotonic()
        estimate = self.estimate([*self.first_look(), *self.map_look(summary)])
        desk = Desk(self._world, self._asked, estimate)
        try:
            # The first goes alone: what all share is then kept by the provider.
            (note, fault, unheard), first = await asyncio.gather(self._note(summary, desk), self._look(slice(1), desk))
            looked = [*first, *await self._look(slice(1, None), desk)]
        finally:
            await desk.close()
        kept = [comment for one in looked for comment in one.comments]
        asked = {id(one): quiet for one in kept if (quiet := self._world.quiet(one)) is not None}
        comments, beyond = capped(one for one in kept if id(one) not in asked)
        verdicts = {verdict.finding: verdict for one in looked for verdict in one.verdicts}
        answered = [one for one in looked if one.result.content is not None]
        run = run_of(
            Done(
                persona=self._persona.name,
                model=self._asked.model,
                host=self._world.host,
                units=[one.unit for one in looked],
                answered=len(answered),
                remembered=sum(one.result.remembered for one in answered),
                missing=[Missing(one.unit.path, one.result.reason) for one in looked if one.result.content is None],
                second=[Missing(one.unit.path, one.second) for one in looked if one.second],
                note=fault,
                dropped=[*(drop for one in looked for drop in one.dropped), *beyond, *unheard],
                said=sum(one.said for one in looked),
                silent=frozenset(one.unit.path for one in answered) - {comment.place.path for comment in kept},
                steering=[place for one in looked for place in (*one.unit.steering, *one.steering)],
                estimate=estimate,
                spent=desk.spent,
                left=self._left,
                seconds=time.monotonic() - began,
            )
        )
        return Opinions(run, comments, tuple(asked.values()), tuple(verdicts.values()), note)

    async def _look(self, which: slice, desk: Desk) -> list[_Looked]:
        """Some of the units, a few at a time, in order."""
        free = asyncio.Semaphore(self._asked.at_once)

        async def one(draft: Draft, unit: Unit) -> list[_Looked]:
            async with free:
                return await self._unit(draft, unit, desk)

        pairs = list(zip(self._drafts, self._units, strict=True))[which]
        return [looked for found in await asyncio.gather(*(one(*pair) for pair in pairs)) for looked in found]

    async def _unit(self, draft: Draft, unit: Unit, desk: Desk) -> list[_Looked]:
        """Both looks at a unit; one whose answer was cut is asked about once more, in halves."""
        [result] = await desk.answers([self._requests.review(unit)])
        halves = draft.halves() if result.reason == CUT else ()
        if not halves:
            return [await self._both(unit, result, desk)]
        units = [self._selection.unit(half) for half in halves]
        results = await desk.answers([self._requests.review(half) for half in units])
        return [await self._both(half, found, desk) for half, found in zip(units, results, strict=True)]

    async def _both(self, unit: Unit, result: Result, desk: Desk) -> _Looked:
        """The answer about a unit, checked, and what outlives a second look; without one, what the lines show."""
        if result.content is None:
            return _Looked(unit, result)
        said, wrong = items(result.content, "comments", Said)
        judged, wrong_verdicts = items(result.content, "verdicts", Judged)
        seen, _ = items(result.content, "addressed_to_reviewer", Seen)
        guesses = self._asked.show_guesses
        view = checked(said, judged, unit, self._world.lines, self._persona, guesses=guesses)
        dropped = (*view.dropped, *[Dropped(unit.path, 0, "", NOT_IN_FORM)] * (wrong + wrong_verdicts))
        stand, fall, second = await self._doubted(unit, view.comments, desk) if view.comments else ((), (), "")
        return _Looked(
            unit=unit,
            result=result,
            said=len(view.comments) + len(view.dropped),
            comments=stand,
            verdicts=view.verdicts,
            dropped=(*dropped, *fall),
            steering=tuple(
                Place(one.path, Span(max(one.line, 1), 1, max(one.line, 1), 1))
                for one in seen
                if occurrences(one.quote, one.path, unit.lines)
            ),
            second=second,
        )

    async def _doubted(
        self, unit: Unit, comments: tuple[Comment, ...], desk: Desk
    ) -> tuple[tuple[Comment, ...], tuple[Dropped, ...], str]:
        """The comments that outlive a second look, those that do not, and why there was none."""
        [result] = await desk.answers([self._requests.doubt(unit, candidate_words(comments, self._persona))])
        if result.content is None:
            return *undoubted(comments), result.reason
        judgements, _ = items(result.content, "judgements", Judgement)
        return *outlived(comments, judgements, unit), ""

    async def _note(
        self, summary: MapSummary | None, desk: Desk
    ) -> tuple[ArchitectureNote | None, str, tuple[Dropped, ...]]:
        """The note on the map where there is one, why there is none, and what was dropped of it."""
        results = await desk.answers(self.map_look(summary))
        if summary is None or not results:
            return None, "", ()
        [result] = results
        if result.content is None:
            return None, result.reason, ()
        said = whole(result.content, SaidNote)
        if said is None:
            return None, "", (Dropped("the map", 0, "", NOT_IN_FORM),)
        note, dropped = note_of(said, summary, self._persona)
        return note, "", tuple(dropped)
