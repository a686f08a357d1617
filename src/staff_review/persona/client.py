"""The `anthropic` SDK, and every way in which it can fail, as an answer or a trouble.

Loading it takes seconds, so the hall imports this module only when a request will really be sent. What fails how was
seen with anthropic 2.12 against a server that fails on purpose.
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import anthropic
from anthropic.types import Message

from ..nouns.settings import PersonaSettings
from .answers import Answer, Trouble
from .request import Request

_Client: TypeAlias = (
    anthropic.AsyncAnthropic
    | anthropic.AsyncAnthropicBedrock
    | anthropic.AsyncAnthropicVertex
    | anthropic.AsyncAnthropicFoundry
)
_FOREVER = {401, 402, 403, 404}
_FORM = ("output_config", "output_format", "json_schema", "structured output", "effort", "extra inputs", "extra_forbid")
_LONGEST = 200


class Client:
    """One client of the SDK for a run. Its own retries are off: ours know the deadline."""

    def __init__(self, asked: PersonaSettings, seconds: float) -> None:
        self._client, self._trouble = _client_of(asked.provider, seconds)

    async def send(self, request: Request) -> Answer | Trouble:
        """Ask once; never raises but when it is cancelled."""
        if self._client is None:
            return self._trouble
        body: dict[str, Any] = request.body()
        try:
            return _answer_of(await self._client.messages.create(**body))
        except anthropic.APIStatusError as error:
            return _trouble_of(error)
        except anthropic.APITimeoutError as error:
            return Trouble("the endpoint fell silent", again=True, billed=_was_sent(error))
        except anthropic.APIConnectionError as error:
            return Trouble(f"no connection ({_root(error)})", again=True, billed=_was_sent(error))
        except json.JSONDecodeError:
            return Trouble("the endpoint answered with what is no JSON", again=True, billed=True)
        except (TypeError, anthropic.AnthropicError) as error:  # without credentials the SDK raises a bare TypeError
            return Trouble(f"the SDK cannot ask: {_short(error)}", ends=True)
        except Exception as error:  # noqa: BLE001 - of a foreign library: whatever it is, the static report must stand
            return Trouble(f"the SDK failed: {_short(error)}", again=True, billed=True)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            await self._client.close()


def _client_of(provider: str, seconds: float) -> tuple[_Client | None, Trouble]:
    wishes: dict[str, Any] = {
        "max_retries": 0,
        "timeout": anthropic.Timeout(seconds, connect=10.0),
        "open_telemetry": False,  # the code under review is not for the traces of whoever calls us
    }
    kinds: dict[str, type[_Client]] = {
        "anthropic": anthropic.AsyncAnthropic,
        "bedrock": anthropic.AsyncAnthropicBedrock,
        "vertex": anthropic.AsyncAnthropicVertex,
        "foundry": anthropic.AsyncAnthropicFoundry,
    }
    try:
        return kinds[provider](**wishes), Trouble("")
    except (anthropic.AnthropicError, ValueError, TypeError, OSError, ImportError) as error:
        return None, Trouble(f"the SDK cannot be set up: {_short(error)}", ends=True)


def _trouble_of(error: anthropic.APIStatusError) -> Trouble:
    status = error.status_code
    said = _short(error.api_message or error.message)
    if status == 429:
        after = _after(error)
        wait = f", it asks to wait {after:.0f} s" if after is not None else ""
        return Trouble(f"too many requests (429{wait})", again=True, after=after)
    if status == 529:
        return Trouble("the endpoint is overloaded (529)", again=True, after=_after(error))
    if status >= 500 or status in {408, 409}:
        return Trouble(f"the endpoint failed ({status})", again=True, after=_after(error), billed=status in {408, 504})
    if status in _FOREVER:
        return Trouble(f"the endpoint refuses ({status}): {said}", ends=True)
    form = status in {400, 422} and any(word in said.lower() for word in _FORM)
    return Trouble(f"the endpoint does not take the request ({status}): {said}", form=form)


def _after(error: anthropic.APIStatusError) -> float | None:
    """Seconds that the endpoint asks to wait; a date is not read, for our pauses are short."""
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _answer_of(message: object) -> Answer | Trouble:
    if not isinstance(message, Message):  # an HTML page with status 200 arrives as its text
        return Trouble("the endpoint answered with what is no message", again=True)
    usage = message.usage
    details = message.stop_details
    return Answer(
        text="".join(getattr(block, "text", "") or "" for block in message.content or () if block.type == "text"),
        stop=message.stop_reason or "",
        input_tokens=getattr(usage, "input_tokens", 0) or 0,
        cached_tokens=getattr(usage, "cache_read_input_tokens", 0) or 0,
        written_tokens=getattr(usage, "cache_creation_input_tokens", 0) or 0,
        output_tokens=getattr(usage, "output_tokens", 0) or 0,
        category=(getattr(details, "category", "") or "") if details is not None else "",
    )


def _was_sent(error: anthropic.APIConnectionError) -> bool:
    """Whether the request may have reached the other side: a connection that was never made costs nothing."""
    return "Connect" not in type(error.__cause__).__name__


def _root(error: BaseException) -> str:
    cause = error.__cause__
    return _short(cause) if cause is not None and str(cause) else _short(error)


def _short(error: object) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    return said if len(said) <= _LONGEST else said[:_LONGEST] + "..."
