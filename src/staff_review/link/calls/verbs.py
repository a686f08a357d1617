"""The verb of a call, and whether doing it twice does no more than doing it once."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from ...nouns.acts import Option
from ...nouns.libraries import Operation
from ..evaluation.evaluate import Evaluator
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import Literal as Constant
from .flow import names_in

Repeatable: TypeAlias = Literal["yes", "no", "unknown"]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
_UNSAFE = frozenset({"POST", "PATCH"})
_KEY = "idempotency-key"
"""The option under which the catalog says how a call carries a key that makes repeating it harmless."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ASKING = re.compile(
    r"get|fetch|read|load|list|find|search|query|queries|graphql|lookup|retrieve|select|"
    r"count|exists|describe|embed|embedding|embeddings|rerank|predict|prediction|predictions|"
    r"infer|inference|classify|completion|completions|translate|tokenize|extract|parse|analyze|"
    r"analyse|score|similarity|scrape|crawl|evaluate|estimate|preview|render|token|tokens|"
    r"oauth|auth|authenticate|login|refresh|introspect|verify|validate|check|rpc|jsonrpc"
)
"""Words of an address or a function by which a POST asks for something and changes nothing, or nothing that lasts."""
_ADDING = re.compile(
    r"create|add|append|insert|submit|send|start|run|launch|spawn|order|orders|pay|payment|payments|charge|charges|refund"
    r"|refunds|transfer|transfers|withdraw|book|booking|bookings|reserve|buy|purchase|checkout|invite|notify|issue"
    r"|ticket|tickets|message|messages|mail|email|sms|enqueue|trigger"
)
"""Words by which a POST leaves one thing more with the peer each time."""
_SETTING = re.compile(
    r"(?:web)?hooks?|callback|stop|cancel|config|configure|set|update|upload|upsert|sync|save|deploy|subscribe|register"
    r"|ack|acknowledge|delete|remove|close|revoke|reset|state|status|health|heartbeat|logs?|metrics?|traces?|events?"
)
"""Words by which doing it twice comes to the same, or costs nobody anything."""

_QUERY = re.compile(r"query|queries|graphql|gql")
"""Words of what is sent, by which it is a question."""


def verb_of(evaluator: Evaluator, file: FileIndex, index: int, operation: Operation, path: str) -> str:
    """The verb in capitals, from the operation's own name or from an argument; "" when nobody knows."""
    spec = operation.verb
    if spec is None:
        return ""
    if spec.source == "name":
        name = path.rpartition(".")[2].upper()
        return name if name in _SAFE | _UNSAFE else (spec.default or "").upper()
    found = expression_at(file.calls[index], spec.argument, spec.position)
    if found is None:
        return (spec.default or "").upper()
    values = evaluator.argument(file, index, found)
    texts = {value.value.upper() for value in values if isinstance(value, Constant) and isinstance(value.value, str)}
    return texts.pop() if len(texts) == 1 and len(values) == 1 else ""


def only_asks(evaluator: Evaluator, file: FileIndex, index: int, operation: Operation) -> bool:
    """Whether the words of its address, or of the function around it, say that a call asks and changes nothing."""
    call = file.calls[index]
    if any(map(_ASKING.fullmatch, _words_about(evaluator, file, index, operation))):
        return True
    given = names_in(file, *(argument.value for argument in call.arguments))
    return any(_QUERY.fullmatch(word.lower()) for name in given for word in _WORD.findall(name))


def adds(evaluator: Evaluator, file: FileIndex, index: int, operation: Operation) -> bool:
    """Whether those words say that a call leaves one thing more with the peer each time it is made."""
    words = _words_about(evaluator, file, index, operation)
    return any(map(_ADDING.fullmatch, words)) and not any(map(_SETTING.fullmatch, words))


def _words_about(evaluator: Evaluator, file: FileIndex, index: int, operation: Operation) -> set[str]:
    """The words, in small letters, of the address of a call and of the function around it."""
    call = file.calls[index]
    at = operation.url
    address = expression_at(call, at.argument, at.position) if at is not None else None
    texts = [file.function(file.facts.blocks[call.block].function).name]
    if address is not None:
        texts += [shown(file, address), *names_in(file, address)]
        texts += [part.value for part in getattr(address, "parts", ()) if isinstance(getattr(part, "value", None), str)]
        for value in evaluator.argument(file, index, address):
            texts += [value.value] if isinstance(value, Constant) and isinstance(value.value, str) else []
    return {word.lower() for text in texts for word in _WORD.findall(text)}


def repeatable(operation: Operation, verb: str, options: dict[str, Option]) -> Repeatable:
    """By what the catalog says, by the verb, or because the call carries a key under which the peer knows it again."""
    key = options.get(_KEY)
    if key is not None and key.state == "given":
        return "yes"
    if key is not None and key.state == "unseen":
        return "unknown"
    if operation.idempotent != "by-verb":
        return operation.idempotent
    return "yes" if verb in _SAFE else "no" if verb in _UNSAFE else "unknown"


def repeatable_at(
    evaluator: Evaluator, file: FileIndex, index: int, operation: Operation, verb: str, options: dict[str, Option]
) -> Repeatable:
    """The same for one call: of a POST that only asks, nobody knows."""
    found = repeatable(operation, verb, options)
    by_verb = found == "no" and operation.idempotent == "by-verb"
    return "unknown" if by_verb and only_asks(evaluator, file, index, operation) else found
