"""One run of a persona: select → ask → check → doubt, with what it was told remembered and every loss counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ..findings import ArchitectureNote, Comment, Dropped, PersonaRun, SilencedComment, Spent, Verdict
from ..rulebook import Persona, Rule
from ..settings import PersonaSettings
from ..source import Place, Span
from .answers import CUT, Result
from .architecture import MapSummary, note_of
from .budget import most
from .check import Checked, capped, checked
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


class _Read(msgspec.Struct, frozen=True):
    """A unit with the answer about it, or the reason why there is none."""

    draft: Draft
    unit: Unit
    result: Result


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
        self._dropped: list[Dropped] = []
        self._second: list[Missing] = []
        self._steering: list[Place] = []

    def first_look(self) -> list[Request]:
        """The requests of the first look, the gravest first."""
        return [self._requests.review(unit) for unit in self._units]

    def unknown(self, requests: Sequence[Request]) -> list[Request]:
        """Those of them that no reply is kept for."""
        return [request for request in requests if remembered(request, self._world) is None]

    @property
    def estimate(self) -> Spent:
        """The most that the first look can take; what is remembered costs nothing."""
        return most(self.unknown(self.first_look()), self._asked)

    @property
    def hidden(self) -> int:
        """How many values are hidden in what would be sent."""
        return sum(unit.hidden for unit in self._units)

    @property
    def left(self) -> int:
        """How many drafts are beyond the number that one run looks at."""
        return self._left

    async def opinions(self, summary: MapSummary | None = None) -> Opinions:
        """Ask, check, doubt; never raises for a failure of the endpoint or of the model."""
        estimate = self.estimate
        desk = Desk(self._world, self._asked)
        try:
            read = await self._read(desk)
            views = [self._checked(one) for one in read if one.result.content is not None]
            said = sum(len(view.comments) + len(view.dropped) for _, view in views)
            kept = await self._doubted(views, desk)
            note = await self._note(summary, desk) if summary is not None and summary.text else None
        finally:
            await desk.close()
        asked = {id(one): quiet for one in kept if (quiet := self._world.quiet(one)) is not None}
        comments, beyond = capped(one for one in kept if id(one) not in asked)
        self._dropped += beyond
        verdicts = {verdict.finding: verdict for _, view in views for verdict in view.verdicts}
        spoken = {comment.place.path for comment in kept}
        answered = [one for one in read if one.result.content is not None]
        run = run_of(
            Done(
                persona=self._persona.name,
                model=self._asked.model,
                host=self._world.host,
                units=[one.unit for one in read],
                answered=len(answered),
                remembered=sum(one.result.remembered for one in answered),
                missing=[Missing(one.unit.path, one.result.reason) for one in read if one.result.content is None],
                second=self._second,
                dropped=self._dropped,
                said=said,
                silent=frozenset(one.unit.path for one in answered) - spoken,
                steering=[*(place for unit in self._units for place in unit.steering), *self._steering],
                estimate=estimate,
                spent=desk.spent,
                left=self._left,
            )
        )
        return Opinions(run, comments, tuple(asked.values()), tuple(verdicts.values()), note)

    async def _read(self, desk: Desk) -> list[_Read]:
        """The first look; a unit whose answer was cut is asked about once more in halves."""
        results = await desk.answers(self.first_look())
        whole_ones = [_Read(*one) for one in zip(self._drafts, self._units, results, strict=True)]
        halves = [half for one in whole_ones if one.result.reason == CUT for half in one.draft.halves()]
        if not halves:
            return whole_ones
        units = [self._selection.unit(half) for half in halves]
        again = await desk.answers([self._requests.review(unit) for unit in units])
        split = {(half.path, extent.first) for half in halves for extent in half.extents}
        kept = [one for one in whole_ones if (one.draft.path, one.draft.extents[0].first) not in split]
        return [*kept, *(_Read(*one) for one in zip(halves, units, again, strict=True))]

    def _checked(self, one: _Read) -> tuple[Unit, Checked]:
        content = one.result.content or {}
        said, wrong = items(content, "comments", Said)
        judged, wrong_verdicts = items(content, "verdicts", Judged)
        seen, _ = items(content, "addressed_to_reviewer", Seen)
        for place in seen:
            if occurrences(place.quote, place.path, one.unit.lines):
                self._steering.append(Place(place.path, Span(max(place.line, 1), 1, max(place.line, 1), 1)))
        guesses = self._asked.show_guesses
        view = checked(said, judged, one.unit, self._world.lines, self._persona, guesses=guesses)
        bad = [Dropped(one.unit.path, 0, "", NOT_IN_FORM)] * (wrong + wrong_verdicts)
        self._dropped += [*view.dropped, *bad]
        return one.unit, view

    async def _doubted(self, views: Sequence[tuple[Unit, Checked]], desk: Desk) -> list[Comment]:
        """The comments that outlive a second look; without one, those that the lines themselves show."""
        asked = [(unit, view.comments) for unit, view in views if view.comments]
        requests = [self._requests.doubt(unit, candidate_words(found, self._persona)) for unit, found in asked]
        kept: list[Comment] = []
        for (unit, comments), result in zip(asked, await desk.answers(requests), strict=True):
            if result.content is None:
                self._second.append(Missing(unit.path, result.reason))
                stand, fall = undoubted(comments)
            else:
                judgements, _ = items(result.content, "judgements", Judgement)
                stand, fall = outlived(comments, judgements, unit)
            kept += stand
            self._dropped += fall
        return kept

    async def _note(self, summary: MapSummary, desk: Desk) -> ArchitectureNote | None:
        text = Redactor(self._asked.redact).text(summary.text)
        [result] = await desk.answers([self._requests.architecture(text)])
        if result.content is None:
            self._second.append(Missing("the map", result.reason))
            return None
        said = whole(result.content, SaidNote)
        if said is None:
            self._dropped.append(Dropped("the map", 0, "", NOT_IN_FORM))
            return None
        note, dropped = note_of(said, summary, self._persona)
        self._dropped += dropped
        return note
