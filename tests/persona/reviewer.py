"""A model that plays the reviewer of the small service: what it says of it, and of what it said."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from model_endpoint import NOTHING, Plan, Reply, Server, kind_of, message

from staff_review.hall.review import Outcome
from staff_review.nouns.findings import PersonaRun

Serve = Callable[[Plan], Server]
CALL = 'answer = requests.post("https://bank.example/charge", json=order, auth=API_KEY)'
CLAIM = {
    "path": "billing/charge.py", "quote": CALL, "start_line": 11, "end_line": 11, "topic": "repeated-effect",
    "unseen": "whether the bank deduplicates by order", "certainty": "likely", "weight": "critical",
    "claim": "A charge can be made twice.", "scenario": "The user presses twice; the bank charges twice.",
    "fix": "Send the order's id as an idempotency key.", "hand_to": "",
}  # fmt: skip
INVENTED = {**CLAIM, "quote": "stripe.Charge.create(order)", "claim": "Stripe is called."}
VERDICT = {"finding": "F1", "quote": CALL, "verdict": "confirmed", "reason": "Nothing in view sets a limit."}
DOUBTS = {"judgements": [{"candidate": "C1", "answers": [], "quote": CALL, "reason": "It is so.", "result": "holds"}]}
NOTE = {
    "edges": [{"source": "shop", "target": "bank"}, {"source": "shop", "target": "moon"}],
    "note": "`shop` waits for `bank` on every order.",
    "trade_offs": [{"choice": "a queue", "gains": "orders outlive the bank", "costs": "a queue to watch"}],
    "alternatives": ["Charge later."],
    "hand_to": "architect",
}


def reviewer(body: dict[str, Any], _number: int) -> Reply:
    """A model that has one good comment, one invented one and a verdict on the charge, and nothing on the rates."""
    kind = kind_of(body)
    if kind == "doubt":
        return message(DOUBTS)
    if kind == "architecture":
        return message(NOTE)
    if "def rates" in json.dumps(body["messages"]):
        return message(NOTHING)
    return message({"comments": [CLAIM, INVENTED, {"claim": "x"}], "verdicts": [VERDICT], "addressed_to_reviewer": []})


def run_of(outcome: Outcome) -> PersonaRun:
    run = outcome.review.persona
    assert run is not None
    return run
