"""One exchange with a code host, by the standard library: bounded in time and size, and never redirected."""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message

import msgspec

from ..nouns.errors import UsageError

LARGEST = 16_000_000
"""Bytes of an answer that are read."""

# Each of these fails before the first byte of a request has left.
_NEVER_SENT = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)


class Request(msgspec.Struct, frozen=True):
    """What is sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


class Reply(msgspec.Struct, frozen=True):
    """What came back; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class LostError(Exception):
    """No whole answer came, and why; `sent`: the request may have arrived all the same."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


def checked(address: str) -> str:
    """An address of a host without its last slash; raises UsageError for one that is not of the web."""
    if not address.startswith(("https://", "http://")):
        raise UsageError(f"`{address}` is no address of a code host; it must begin with https://")
    return address.rstrip("/")


def send(request: Request, seconds: float) -> Reply:
    """Exchange one request within so many seconds, all in all; raises LostError."""
    box: queue.SimpleQueue[Reply | LostError] = queue.SimpleQueue()
    # Limits of sockets are for each read and for no look-up of a name: only another thread bounds the whole.
    threading.Thread(target=lambda: box.put(_exchanged(request, seconds)), daemon=True).start()
    try:
        outcome = box.get(timeout=seconds)
    except queue.Empty:
        raise _silent(seconds) from None
    if isinstance(outcome, LostError):
        raise outcome
    return outcome


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer that points elsewhere is an answer: the token must not follow it."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


def _exchanged(request: Request, seconds: float) -> Reply | LostError:
    asked = urllib.request.Request(  # noqa: S310 - `checked` has seen the address
        request.url, data=request.body, headers=dict(request.headers), method=request.method
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(asked, timeout=seconds) as answer:
            return _reply(answer.status, answer.headers, answer.read(LARGEST + 1))
    except urllib.error.HTTPError as refusal:
        return _refused(refusal)
    except (OSError, http.client.HTTPException, ValueError) as error:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(cause, TimeoutError):
            return _silent(seconds)
        return LostError(f"no answer: {_short(cause)}", sent=not isinstance(cause, _NEVER_SENT))


def _silent(seconds: float) -> LostError:
    return LostError(f"no answer within {seconds:g} s", sent=True)


def _refused(refusal: urllib.error.HTTPError) -> Reply | LostError:
    with refusal:
        try:
            return _reply(refusal.code, refusal.headers, refusal.read(LARGEST + 1))
        except (OSError, http.client.HTTPException):
            return _reply(refusal.code, refusal.headers, b"")  # the status says enough


def _reply(status: int, headers: Message, body: bytes) -> Reply | LostError:
    if len(body) > LARGEST:
        return LostError(f"an answer of more than {LARGEST // 1_000_000} MB", sent=True)
    promised = headers.get("content-length", "")
    if promised.isdecimal() and len(body) < int(promised):
        return LostError("the answer was cut short", sent=True)
    return Reply(status, {name.lower(): value for name, value in headers.items()}, body)


def _short(error: object) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
