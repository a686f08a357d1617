"""What asking costs: an estimate before, a cap that holds while asking, the figures after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from ..nouns.findings import Spent
from ..nouns.settings import PersonaSettings
from .answers import Answer
from .request import Request

AS_OF = "November 2026"
"""When these prices were read; a user's own settings win over them."""


class Price(msgspec.Struct, frozen=True):
    """Dollars for a million tokens."""

    input: float
    output: float


PRICES = {
    "claude-haiku-5-5": Price(0.10, 0.50),
    "claude-sonnet-5-5": Price(2.0, 10.0),
    "claude-opus-5-5": Price(4.0, 20.0),
    "claude-fable-5-1": Price(10.0, 50.0),
}
_READ = 0.1  # of the price of input, for what the provider had kept
_WRITTEN = {"5m": 1.25, "1h": 2.0}


def price_of(model: str, asked: PersonaSettings) -> Price | None:
    """The price of a model: the user's own for the model they named, else ours; None for one we do not know."""
    if model == asked.model and asked.price_in is not None and asked.price_out is not None:
        return Price(asked.price_in, asked.price_out)
    # Clouds put their own words before and after the name.
    return next((price for name, price in PRICES.items() if name in model), None)


def most(requests: Iterable[Request], asked: PersonaSettings) -> Spent:
    """What requests take when every answer is as long as it may be; no dollars when a price is not known."""
    listed = list(requests)
    costs = [_most_usd(request, asked) for request in listed]
    return Spent(
        requests=len(listed),
        input_tokens=sum(request.tokens_in for request in listed),
        output_tokens=sum(request.max_tokens for request in listed),
        usd=None if None in costs else sum(cost for cost in costs if cost is not None),
        models=dict(Counter(request.model for request in listed)),
    )


def estimate_words(estimate: Spent, asked: PersonaSettings, host: str = "", look: str = "a first look") -> str:
    """The estimate in one line, for before anything is sent."""
    plural = "" if estimate.requests == 1 else "s"
    said = f"about {estimate.requests} request{plural}, {estimate.input_tokens / 1000:,.1f}k tokens in"
    if estimate.usd is None:
        said += f", at most {asked.max_tokens:,} tokens in all (no price is known of {asked.model})"
    else:
        most_usd = max(estimate.usd, 0.01)
        said += f", at most ${most_usd:.2f} for {look}"
        over = " (so some places may be left out: --persona-budget)" if most_usd > asked.max_usd else ""
        said += f", never more than ${asked.max_usd:.2f} in all{over}"
    return f"{said}, to {_listed(estimate.models) or asked.model}{f' at {host}' if host else ''}"


def _listed(models: Iterable[str]) -> str:
    return " and ".join(models)


class Ledger:
    """Holds the run under its cap: an attempt reserves the most it can cost, and gives back what it did not."""

    def __init__(self, asked: PersonaSettings) -> None:
        self._asked = asked
        self._usd = 0.0
        self._tokens = 0
        self._spent = Spent(usd=0.0)

    @property
    def spent(self) -> Spent:
        """What was counted so far; without dollars when a price was not known."""
        return self._spent

    def reserve(self, request: Request) -> bool:
        """Set aside the most that one attempt can take; False when that is more than what is left."""
        usd, tokens = _most_usd(request, self._asked) or 0.0, request.tokens_in + request.max_tokens
        if self._usd + usd > self._asked.max_usd or self._tokens + tokens > self._asked.max_tokens:
            return False
        self._usd += usd
        self._tokens += tokens
        return True

    def free(self, request: Request) -> None:
        """Give back what an attempt had set aside, because nothing was done for it."""
        self._usd -= _most_usd(request, self._asked) or 0.0
        self._tokens -= request.tokens_in + request.max_tokens

    def lost(self, request: Request) -> None:
        """Count an attempt without an answer; its reserve stays, for the work may have been done and billed."""
        risk = _most_usd(request, self._asked) or 0.0
        self._count(Spent(requests=1, usd=0.0, models={request.model: 1}, lost=1, lost_usd=risk))

    def settle(self, request: Request, answer: Answer) -> None:
        """Put what an answer took in the place of what was reserved for it."""
        self.free(request)
        usd = _usd(request, answer, self._asked)
        sent = answer.input_tokens + answer.cached_tokens + answer.written_tokens
        self._usd += usd or 0.0
        self._tokens += sent + answer.output_tokens
        self._count(Spent(1, sent, answer.cached_tokens, answer.output_tokens, usd, {request.model: 1}))

    def _count(self, more: Spent) -> None:
        before = self._spent
        self._spent = Spent(
            before.requests + more.requests,
            before.input_tokens + more.input_tokens,
            before.cached_tokens + more.cached_tokens,
            before.output_tokens + more.output_tokens,
            None if before.usd is None or more.usd is None else before.usd + more.usd,
            dict(Counter(before.models) + Counter(more.models)),
            before.lost + more.lost,
            before.lost_usd + more.lost_usd,
        )


def _usd(request: Request, answer: Answer, asked: PersonaSettings) -> float | None:
    price = price_of(request.model, asked)
    if price is None:
        return None
    written = answer.written_tokens * _WRITTEN[request.keep]
    sent = answer.input_tokens + answer.cached_tokens * _READ + written
    return (sent * price.input + answer.output_tokens * price.output) / 1e6


def _most_usd(request: Request, asked: PersonaSettings) -> float | None:
    price = price_of(request.model, asked)
    if price is None:
        return None
    written = _WRITTEN[request.keep] if any(block.kept for block in (*request.system, *request.user)) else 1.0
    return (request.tokens_in * written * price.input + request.max_tokens * price.output) / 1e6
