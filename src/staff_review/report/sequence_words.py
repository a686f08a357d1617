"""What all drawings of a sequence say alike: what is said to a peer, and what bounds it."""

from __future__ import annotations

from ..nouns.sequences import Message
from .map_words import policy_in_words


def said(message: Message) -> str:
    """What is said: "POST /orders", "takes placed", "execute orders, lines"."""
    if message.kind == "store":
        return " ".join([message.operation, ", ".join(message.tables)]).strip()
    if message.kind == "async":
        return " ".join(["takes" if message.taken else "", *message.topics[:1]]).strip()
    return " ".join(part for part in (message.verb, message.path) if part)


def bounds(message: Message) -> str:
    """How it is said: protocol, limit, whether its failure is handled."""
    parts = [
        message.protocol,
        policy_in_words(message.policy) if message.kind != "async" else "",
        "failure handled" if message.fallback else "",
        "nobody waits" if message.kind == "sync" and not message.awaited else "",
    ]
    return ", ".join(part for part in parts if part)
