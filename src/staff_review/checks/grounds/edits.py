"""Mechanical mends, for checks to attach to their hits; None wherever nobody should write one without thinking.

An edit is safe when no correct program can notice it. A time limit makes a call fail that would have waited, so it is
safe only where the user has declared, in `fix-timeout`, how long waiting may take.
"""

from __future__ import annotations

from ...nouns.findings import DeferCall, Edit, KeepTask, RemoveArguments, ReplaceCallee, RunInThread, SetArguments
from ...nouns.libraries import Effect
from ...nouns.mends import Remedy
from ...nouns.project import Project, Retry, Site, Weakening
from ...nouns.source import Place

_NEAR = 2
"""Steps through helpers up to which a reader sees what a thread would run."""
_ANSWERED = frozenset(
    {Effect.HTTP, Effect.RPC, Effect.DATABASE, Effect.CACHE, Effect.MAIL, Effect.STORAGE, Effect.CLOUD}
)
"""Effects of a question with an answer; what waits for a message or a peer may rightly wait for long."""
_NOT_FOR_THREADS = frozenset({Effect.DATABASE, Effect.WAIT})
"""Sessions, connections and locks belong to the thread that took them."""


def time_limit(project: Project, site: Site) -> Edit | None:
    """The call given the limit of the settings."""
    remedy = project.remedies.get(site.place)
    if remedy is None or not remedy.limit or site.streams:
        return None
    answered = site.is_client or not site.effects.isdisjoint(_ANSWERED)
    return SetArguments(
        place=site.place,
        call=site.call,
        safety="declared" if answered and Effect.WAIT not in site.effects else "unsafe",
        arguments=remedy.limit,
        position=remedy.position,
    )


def time_limit_instead(project: Project, site: Site) -> Edit | None:
    """The call given the limit of the settings in place of the one that was written."""
    remedy = project.remedies.get(site.place)
    if remedy is None or not remedy.limit:
        return None
    return SetArguments(
        place=site.place, call=site.call, arguments=remedy.limit, position=remedy.position, replaces=True
    )


def bound(project: Project, retry: Retry) -> Edit | None:
    """The retry given an end."""
    return _retried(retry, project.remedies.get(retry.place, Remedy()).stop)


def spaced(project: Project, retry: Retry) -> Edit | None:
    """The attempts of a retry that has no pause at all given one that grows."""
    return _retried(retry, project.remedies.get(retry.place, Remedy()).wait) if retry.delay == "none" else None


def _retried(retry: Retry, arguments: str) -> Edit | None:
    if retry.by_hand or not arguments:
        return None
    return SetArguments(place=retry.place, call=retry.name, arguments=arguments, replaces=True)


def jittered(project: Project, retry: Retry) -> Edit | None:
    """The growing pause of a retry replaced by the same one with a random part."""
    remedy = project.remedies.get(retry.place)
    if remedy is None or remedy.pause is None:
        return None
    return ReplaceCallee(place=remedy.pause, call=remedy.pause_call, callee=remedy.jittered)


def expiring(project: Project, site: Site) -> Edit | None:
    """The entry of a cache given an end."""
    remedy = project.remedies.get(site.place)
    if remedy is None or not remedy.expiry:
        return None
    return SetArguments(place=site.place, call=site.call, arguments=remedy.expiry, replaces=True)


def kept(site: Site) -> Edit:
    """The task that a call starts kept until it is done."""
    return KeepTask(place=site.place, call=site.call, safety="safe")


def with_stack(place: Place, call: str) -> Edit | None:
    """A logging call at level error that keeps the stack: the log grows, the program does the same."""
    receiver, _, method = call.rpartition(".")
    if not receiver or method != "error":
        return None
    return ReplaceCallee(place=place, call=call, callee=".exception", safety="safe")


def after_commit(project: Project, site: Site, transaction: Place) -> Edit | None:
    """A call whose result nobody takes run once the transaction around it is committed."""
    remedy = project.remedies.get(transaction)
    if remedy is None or not remedy.after_commit or not site.discarded or site.awaited:
        return None
    return DeferCall(place=site.place, call=site.call, to=remedy.after_commit)


def verified(weakening: Weakening) -> Edit | None:
    """The argument that switches the check off taken away, so that the default holds."""
    if not weakening.argument:
        return None
    return RemoveArguments(place=weakening.place, call=weakening.call, names=(weakening.argument,))


def off_the_loop(project: Project, site: Site) -> Edit | None:
    """The call awaited: as its own counterpart for coroutines where there is one, else on another thread.

    Not for what is over in microseconds, and nothing that could touch state or tasks of the loop from another thread:
    no deep helpers, no methods of the project, no making of objects. Only a coroutine can await.
    """
    if not site.function.is_async:
        return None
    remedy = project.remedies.get(site.place)
    if site.direct and remedy is not None and remedy.awaitable:
        return ReplaceCallee(place=site.place, call=site.call, callee=remedy.awaitable, awaited=True)
    blocks_again = site.streams or (remedy is not None and not remedy.thread)
    far = any(len(way.trail) > _NEAR for way in site.ways.values())
    ours = not site.direct and bool(site.receiver)
    makes = site.call.rpartition(".")[2][:1].isupper()
    if site.brief or blocks_again or far or ours or makes or not site.effects.isdisjoint(_NOT_FOR_THREADS):
        return None
    return RunInThread(place=site.place, call=site.call)
