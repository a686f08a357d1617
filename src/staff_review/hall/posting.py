"""The hall of talk: a review becomes comments on a change, at most once each, and less rather than none or too many."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

import msgspec

from ..host.marks import summary_with
from ..host.plan import Plan, Statement, plan_of
from ..host.talk import Change, Host, Note, Summary, Talk
from ..host.trouble import TroubleError
from ..load.reports import Recorded
from ..nouns.findings import Review, Suggestion
from ..nouns.rulebook import Rulebook
from ..nouns.settings import Settings
from ..nouns.source import Place
from ..report import Checkout, Report
from ..report.conversation import Standing, note_gone, note_on, opinion_on, page_of
from ..report.ranking import ranked
from ..report.remarks import doubts
from ..report.tally import verdict_of

_MARKS = 9_000
"""Characters of a comment that its marks may take."""


class Ask(msgspec.Struct, frozen=True):
    """What a user wishes: the folder of the repository in which the check ran, what to post, the commit it checked.

    `always`: write a summary also when there is nothing to tell.
    """

    prefix: str = ""
    inline: bool = True
    always: bool = False
    head: str = ""


class Posted(msgspec.Struct, frozen=True):
    """What became of it. `skipped` is why nothing was to be done, `troubles` what could not be done."""

    new: int = 0
    changed: int = 0
    summary: bool = False
    skipped: str = ""
    troubles: tuple[str, ...] = ()


def posted(recorded: Recorded, rulebook: Rulebook, host: Host, ask: Ask) -> Posted:
    """Bring the talk on a change up to date with a report; what cannot be done is told, not raised."""
    try:
        change = host.change()
        skipped = _skipped(change, ask)
        if skipped:
            return Posted(skipped=skipped)
        post = _Post(recorded, rulebook, host, ask, change)
        talk, plan = post.start()
    except TroubleError as trouble:
        return Posted(troubles=(f"nothing was posted: {trouble}",))
    return post.finish(talk, plan)


def _skipped(change: Change, ask: Ask) -> str:
    if not change.open:
        return "the change is closed"
    if ask.head and not change.head.startswith(ask.head):
        return f"{ask.head[:7]} was checked, and the change is at {change.head[:7]} now; the run for that will comment"
    return ""


class _Post:
    """One report on one change."""

    def __init__(self, recorded: Recorded, rulebook: Rulebook, host: Host, ask: Ask, change: Change) -> None:
        self._host = host
        self._ask = ask
        self._change = change
        settings = Settings(origin=recorded.settings, fail_on=recorded.fail_on)
        review = _in_repository(recorded.review, ask.prefix)
        checkout = Checkout(commit=change.head, link=change.link)
        self._report = Report(
            review,
            settings,
            verdict_of(review, settings.fail_on),
            version=recorded.version,
            rules=rulebook.rules,
            checkout=checkout,
        )
        # Whoever applies a suggestion trusts us, not the fork that may have made it up.
        suggestions = {} if change.foreign else recorded.suggestions
        self._statement = Statement(
            notes=tuple(self._notes(review, suggestions)),
            gone=note_gone,
            unsure=frozenset(gap.path for gap in review.gaps),
            partial=bool(review.faults),
            accepted={one.finding.fingerprint: one.reason for one in review.silenced},
        )
        self._tried: set[str] = set()
        self._troubles: list[str] = []

    def _notes(self, review: Review, suggestions: Mapping[str, Suggestion]) -> Iterator[Note]:
        beside, rules = doubts(review), self._report.rules
        for one in ranked(review.findings):
            text = note_on(one, rules.get(one.rule), beside.get(one.fingerprint, ()))
            wish = suggestions.get(one.fingerprint)
            where = (one.fingerprint, one.place.path, one.place.line)
            yield Note("finding", *where, text, one.rule, inline=one.severity != "note", suggestion=wish)
        for comment in review.comments:
            if comment.fingerprint:
                yield Note("opinion", comment.fingerprint, comment.place.path, comment.place.line, opinion_on(comment))

    def start(self) -> tuple[Talk, Plan]:
        """Post what is new; raises TroubleError when it cannot be known what is.

        When it is not sure whether that arrived, it looks again: what stands there is not new any more.
        """
        talk, plan = self._look()
        for last in (False, True):
            try:
                self._tried |= {note.fingerprint for note in plan.new}
                self._host.start(self._change, plan.new)
                break
            except TroubleError as trouble:
                if not trouble.unsure or last:
                    self._troubles.append(f"no new comments on lines: {trouble}")
                    return talk, msgspec.structs.replace(plan, new=())
                talk, plan = self._look()
        return talk, plan

    def _look(self) -> tuple[Talk, Plan]:
        talk = self._host.talk()
        plan = plan_of(self._statement, talk, self._change, self._host.body_of)
        return talk, plan if self._ask.inline else msgspec.structs.replace(plan, new=())

    def finish(self, talk: Talk, plan: Plan) -> Posted:
        """Change what is there already, and write the summary."""
        changed = self._edit(plan)
        summary = self._summarise(talk, plan)
        return Posted(len(self._tried & plan.placed), changed, summary, troubles=tuple(self._troubles))

    def _edit(self, plan: Plan) -> int:
        changed = 0
        for edit in plan.edits:
            try:
                self._host.rewrite(edit.thread, edit.body)
                changed += 1
                if edit.folded or edit.thread.mark.gone:
                    self._host.fold(edit.thread, folded=edit.folded)
            except TroubleError as trouble:
                self._troubles.append(f"a comment was not changed as it should be: {trouble}")
                if trouble.ends:
                    break
        return changed

    def _summarise(self, talk: Talk, plan: Plan) -> bool:
        review = self._report.review
        told = review.findings or review.comments or review.architecture or talk.threads or talk.summary
        if not told and not self._ask.always:
            return False
        body = self._summary(talk, plan)
        try:
            self._write(talk.summary, body)
        except TroubleError as trouble:
            self._troubles.append(f"the summary was not written: {trouble}")
            return False
        return True

    def _write(self, summary: Summary | None, body: str) -> None:
        try:
            self._host.summarise(summary, body)
        except TroubleError as trouble:
            if not trouble.unsure:
                raise
            self._host.summarise(self._host.talk().summary, body)  # it may have arrived after all

    def _summary(self, talk: Talk, plan: Plan) -> str:
        standing = Standing(
            self._change.head,
            plan.placed,
            plan.closed,
            plan.outside,
            sum(edit.folded for edit in plan.edits),
            self._troubles[0].partition(": ")[2] if self._troubles else "",
            self._change.foreign,
        )
        ever = {thread.mark.fingerprint for thread in talk.threads} | {note.fingerprint for note in plan.new}
        page = page_of(self._report, standing, self._host.limit - _MARKS)
        return summary_with(page, ever | (talk.summary.posted if talk.summary else set()))


def _in_repository(review: Review, prefix: str) -> Review:
    """The review with paths from the repository's root, when the check ran in a folder of it."""
    if not prefix.strip("./"):
        return review

    def there(place: Place) -> Place:
        return msgspec.structs.replace(place, path=posixpath.normpath(posixpath.join(prefix, place.path)))

    return msgspec.structs.replace(
        review,
        findings=tuple(
            msgspec.structs.replace(
                one,
                place=there(one.place),
                trail=tuple(msgspec.structs.replace(step, place=there(step.place)) for step in one.trail),
            )
            for one in review.findings
        ),
        comments=tuple(msgspec.structs.replace(one, place=there(one.place)) for one in review.comments),
        gaps=tuple(msgspec.structs.replace(one, path=posixpath.join(prefix, one.path)) for one in review.gaps),
    )
