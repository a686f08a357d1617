"""What code asks a sidecar on its own machine for: state, topics and bindings that a platform keeps under names."""

from __future__ import annotations

import re
from collections.abc import Iterator

_API = re.compile(r"/v1\.0(?![\w.])")
_NAME = r"(?P<name>[^/\"'`\s?&,)]{1,60})"
_ASKED = re.compile(rf"[/}}](?P<verb>state|publish|bindings)/{_NAME}(?:/(?P<topic>[\w.-]+)[\"'`/?])?")
_SUBSCRIBED = re.compile(
    r"pubsub_?name[\"']?\s*[:=]\s*[\"'`](?P<name>[\w.-]+)[\"'`]\s*,\s*[\"']?topic[\"']?\s*[:=]\s*[\"'`](?P<topic>[\w./-]+)"
    r"|\[Topic\(\s*\"(?P<named>[\w.-]+)\"\s*,\s*\"(?P<about>[\w./-]+)\"",
    re.IGNORECASE,
)
_CALLED = re.compile(r"[\"'`][\w-]+-app-id[\"'`]\s*\]?\s*[:=,(]\s*[\"'`]([a-z][\w-]{1,60})[\"'`]")


def kept_in(plain: str) -> Iterator[tuple[str, int, str]]:
    """Each component that code asks for as ``state/orders``, its position and the topic; a name in a hole is ""."""
    if _API.search(plain) is not None:
        for found in _ASKED.finditer(plain):
            name = found["name"] if re.fullmatch(r"[\w.-]+", found["name"]) else ""
            yield f"{found['verb']}/{name}", found.start(), found["topic"] or ""
    for found in _SUBSCRIBED.finditer(plain) if "ubsub" in plain else ():
        yield f"subscribe/{found['name'] or found['named']}", found.start(), found["topic"] or found["about"]


def called_in(plain: str) -> Iterator[tuple[str, int]]:
    """The services that requests are sent to by a header that names an application."""
    for found in _CALLED.finditer(plain) if "-app-id" in plain else ():
        yield found[1], found.start(1)
