"""Requests as they will be sent: the same blocks in the same order, so that providers' caches and ours can tell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, Literal

import msgspec

from ..nouns.rulebook import Persona, Rule
from ..nouns.settings import PersonaSettings
from .hostile import visible
from .schemas import ARCHITECTURE, DOUBT, REVIEW
from .units import Unit, tokens
from .words import architecture_words, card_words, code_words, doubt_words, known_words, review_words, task_words

MOST_OUT = 8_000
"""Tokens of one answer, the model's thinking among them."""
DEFAULT_MODEL = PersonaSettings().model
DOUBT_MODEL = "claude-haiku-5-5"


class Block(msgspec.Struct, frozen=True):
    """A text of a request; `kept`: the provider is asked to keep everything up to here."""

    text: str
    kept: bool = False


class Request(msgspec.Struct, frozen=True):
    """One question to a model. `plain` leaves out what not every endpoint takes: the schema and the effort."""

    kind: Literal["review", "doubt", "architecture"]
    about: str
    model: str
    system: tuple[Block, ...]
    user: tuple[Block, ...]
    schema: dict[str, Any]
    effort: str = ""
    keep: Literal["5m", "1h"] = "5m"
    max_tokens: int = MOST_OUT
    plain: bool = False

    @property
    def tokens_in(self) -> int:
        """About how many tokens are sent."""
        return sum(tokens(block.text) for block in (*self.system, *self.user))

    def body(self) -> dict[str, Any]:
        """The body of `POST /v1/messages`."""
        whole: dict[str, Any] = {
            "model": self.model,
            "max_tokens": self.max_tokens,
            "system": [self._block(block) for block in self.system],
            "messages": [{"role": "user", "content": [self._block(block) for block in self.user]}],
        }
        if not self.plain:
            whole["output_config"] = {"format": {"type": "json_schema", "schema": self.schema}}
            if self.effort:
                whole["output_config"]["effort"] = self.effort
        return whole

    def key(self, host: str) -> str:
        """The name of the reply in our cache: everything that was asked, and whom."""
        said = json.dumps([host, self.body()], sort_keys=True, ensure_ascii=True)
        return blake2b(said.encode(), digest_size=20).hexdigest()

    def _block(self, block: Block) -> dict[str, Any]:
        plain: dict[str, Any] = {"type": "text", "text": block.text}
        if block.kept:
            ttl = {"ttl": "1h"} if self.keep == "1h" else {}
            plain["cache_control"] = {"type": "ephemeral", **ttl}
        return plain


class Requests:
    """Builds the requests of one run; what they have in common is built once."""

    def __init__(self, persona: Persona, rules: Mapping[str, Rule], asked: PersonaSettings, scale: str) -> None:
        self._persona = persona
        self._asked = asked
        self._scale = scale
        self._system = (Block(review_words(persona)), Block(card_words(persona, rules), kept=True))

    def review(self, unit: Unit) -> Request:
        """The first look at one unit."""
        user = (Block(code_words(unit, self._scale)), Block(task_words(unit)))
        return self._request("review", unit.path, self._asked.model, self._system, user, REVIEW, self._asked.effort)

    def doubt(self, unit: Unit, candidates: str) -> Request:
        """The second look, at what the first one said."""
        model = doubt_model(self._asked)
        user = (Block(code_words(unit, self._scale)), Block(f"{known_words(unit)}\n\n{candidates}"))
        system = (Block(doubt_words(), kept=True),)
        effort = "low" if self._asked.effort else ""
        return self._request("doubt", unit.path, model, system, user, DOUBT, effort)

    def architecture(self, map_text: str, mentioned: Iterable[str] = ()) -> Request:
        """The note on a map of the system, given as text; `mentioned` are findings about it, one line each."""
        findings = "\n".join(f"- {one}" for one in mentioned)
        shown = "\n".join(visible(line) for line in map_text.split("\n"))
        said = f"Declared scale: {self._scale}\n\n# The map\n\n{shown}"
        user = (Block(said + (f"\n\n# Static findings about it\n\n{findings}" if findings else "")),)
        system = (Block(architecture_words(self._persona)),)
        model = self._asked.model
        return self._request("architecture", "the map", model, system, user, ARCHITECTURE, self._asked.effort)

    def _request(
        self,
        kind: Literal["review", "doubt", "architecture"],
        about: str,
        model: str,
        system: tuple[Block, ...],
        user: tuple[Block, ...],
        schema: dict[str, Any],
        effort: str,
    ) -> Request:
        return Request(kind, about, model, system, user, schema, effort, self._asked.keep_prompt)


def doubt_model(asked: PersonaSettings) -> str:
    """Who takes the second look: who was named, the cheap model beside our default one, else the same model."""
    return asked.doubt_model or (DOUBT_MODEL if asked.model == DEFAULT_MODEL else asked.model)
