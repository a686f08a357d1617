"""A server of ours that speaks enough of the Messages API, and fails in every way that a network and a model fail."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Handler"], None]
Plan = Callable[[dict[str, Any], int], Reply]

NOTHING = {"comments": [], "verdicts": [], "addressed_to_reviewer": []}
REQUEST_TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 404: "not_found_error",
    429: "rate_limit_error", 500: "api_error", 529: "overloaded_error",
}  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    """One connection; a reply may write, wait or break it."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            number = len(self.server.bodies)
            self.server.bodies.append(body)
            self.server.headers.append(dict(self.headers))
        self.server.plan(body, number)(self)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def give(self, status: int, data: bytes, kind: str = "application/json", **headers: str) -> None:
        """Send a whole response."""
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    """Listens on a free loopback port; `bodies` and `headers` are what was asked, in order."""

    daemon_threads = True

    def __init__(self, plan: Plan) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.plan = plan
        self.lock = threading.Lock()
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what some tests want."""


def message_of(text: str, stop: str | None = "end_turn", **more: Any) -> dict[str, Any]:
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-5-5",
        "content": [{"type": "thinking", "thinking": "Hm.", "signature": "s"}, {"type": "text", "text": text}],
        "stop_reason": stop, "stop_sequence": None,
        "usage": {"input_tokens": 1000, "output_tokens": 200, "cache_read_input_tokens": 4000,
                  "cache_creation_input_tokens": 0},
        **more,
    }  # fmt: skip


def message(content: Any, stop: str | None = "end_turn", **more: Any) -> Reply:
    """An ordinary message; `content` is a text, or what becomes JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    return lambda handler: handler.give(200, json.dumps(message_of(text, stop, **more)).encode())


def error(status: int, said: str = "no", **headers: str) -> Reply:
    body = {"type": "error", "error": {"type": REQUEST_TYPES[status], "message": said}}
    return lambda handler: handler.give(status, json.dumps(body).encode(), **headers)


def html(handler: Handler) -> None:
    handler.give(200, b"<html><body>Sign in to the hotel network</body></html>", "text/html")


def malformed(handler: Handler) -> None:
    handler.give(200, b'{"id": "msg_1", "type": "mess')


def hang(handler: Handler) -> None:
    """Say nothing until the test is over."""
    handler.server.over.wait(30)


def drip(handler: Handler) -> None:
    """One byte at a time, never silent long enough for a limit on reading."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "100000")
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        if handler.server.over.wait(0.05):
            return


def truncated(handler: Handler) -> None:
    """Half of the promised bytes, then the end of the connection."""
    data = json.dumps(message_of("{}")).encode()
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2])
    handler.close_connection = True


def reset(handler: Handler) -> None:
    """Break the connection without a word."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def kind_of(body: dict[str, Any]) -> str:
    """Which question a request is, by the form it asks the answer in."""
    words = json.dumps(body["system"])
    return "doubt" if '\\"judgements\\"' in words else "architecture" if '\\"trade_offs\\"' in words else "review"
