"""What one endpoint does as a Mermaid sequence diagram: solid arrows wait, open ones do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TextIO

from ..nouns.sequences import Message, Sequence
from .look import clean
from .map_mermaid import node_id
from .sequence_words import bounds, said

_ESCAPED = {"#": "#35;", ";": "#59;", "<": "#lt;", ">": "#gt;", '"': "#quot;", "%": "#37;"}
_CLIENT = "client"


def render(sequence: Sequence, stream: TextIO) -> None:
    """Write the diagram."""
    names = list(dict.fromkeys([sequence.service, *_peers(sequence.steps)]))
    service = node_id(sequence.service)
    lines = [f"actor {_CLIENT} as client", *(f"participant {node_id(name)} as {_text(name)}" for name in names)]
    lines.append(f"{_CLIENT}->>+{service}: {_text(sequence.endpoint)}")
    lines += _steps(sequence.steps)
    lines.append(f"{service}-->>-{_CLIENT}: answer")
    if sequence.cut:
        lines.append(f"Note over {service}: and more, which is left out")
    stream.write("\n".join(["sequenceDiagram", *(f"  {line}" for line in lines)]) + "\n")


def _peers(steps: Iterable[Message]) -> Iterator[str]:
    for one in steps:
        yield one.target
        yield from _peers(one.steps)


def _steps(steps: Iterable[Message]) -> Iterator[str]:
    """The messages, those made once per item inside a loop."""
    for looped, group in groupby(steps, key=lambda one: one.looped):
        inner = [line for one in group for line in _message(one)]
        yield from ["loop once per item", *(f"  {line}" for line in inner), "end"] if looped else inner


def _message(one: Message) -> Iterator[str]:
    source, target = node_id(one.source), node_id(one.target)
    how = f" ({bounds(one)})" if bounds(one) else ""
    text = _text(f"{said(one) or one.protocol}{how}{', told above' if one.again else ''}")
    waits = one.kind == "sync" and one.awaited
    if not waits:
        yield f"{source}{'->>' if one.kind == 'store' else '-)'}{target}: {text}"
        yield from _steps(one.steps)
    elif one.steps:
        yield f"{source}->>+{target}: {text}"
        yield from _steps(one.steps)
        yield f"{target}-->>-{source}: answer"
    else:
        yield f"{source}->>{target}: {text}"


def _text(text: str) -> str:
    return "".join(_ESCAPED.get(char, char) for char in clean(text)) or "?"
