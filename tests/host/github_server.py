"""A GitHub of our own: it holds every request against GitHub's description of the operation, and fails as planned."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fake_github import Answer, Repository
from jsonschema import Draft202012Validator

PATHS = json.loads((Path(__file__).parent / "github" / "openapi.json").read_text("utf-8"))["paths"]
TOKEN = "ghs_for_tests"


class Handler(BaseHTTPRequestHandler):
    """One connection; every request is held against GitHub's description of its operation."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        data = self.rfile.read(int(self.headers.get("content-length", 0)))
        body = json.loads(data) if data else None
        with self.server.lock:
            self.server.asked.append((self.command, self.path, body))
        if any(plan(self, body) for plan in self.server.plans):
            return
        self.give(*self.answer(body))

    def answer(self, body: Any) -> Answer:
        """What GitHub would do and say."""
        if self.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {"message": "Bad credentials"}
        if not self.headers.get("user-agent"):
            return 403, {"message": "Request forbidden by administrative rules"}
        with self.server.lock:
            if self.path == "/graphql" and self.command == "POST":
                return self.server.repository.graph(body)
            return self._rest(body)

    def _rest(self, body: Any) -> Answer:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        for template, operations in PATHS.items():
            found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), parts.path)
            operation = operations.get(self.command.lower())
            if found and operation:
                self.server.check(operation, {**found.groupdict(), **query}, body)
                status, said = self._perform(operation["operationId"], found.groupdict(), query, body)
                if status < 300 and (schema := operation["responses"][str(status)]):
                    self.server.hold(schema, said, "answer of the test's own server")
                return status, said
        self.server.complaints.append(f"GitHub has no {self.command} {parts.path}")
        return 404, {"message": "Not Found"}

    def _perform(self, name: str, path: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        repository = self.server.repository
        if (path["owner"], path["repo"]) != ("team", "shop"):
            return 404, {"message": "Not Found"}
        if "comment_id" in path:
            edit = repository.edit_review_comment if name.startswith("pulls/") else repository.edit_comment
            return edit(int(path["comment_id"]), body)
        return {
            "pulls/list": repository.list_pulls, "pulls/get": repository.get_pull,
            "pulls/list-files": repository.list_files, "pulls/create-review": repository.create_review,
            "issues/create-comment": repository.create_comment,
        }[name](query, body)  # fmt: skip

    def give(self, status: int, said: Any, **headers: str) -> None:
        """Send a whole answer."""
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    """Listens on a free loopback port. `plans` may answer in its place; `complaints` must stay empty."""

    daemon_threads = True

    def __init__(self, repository: Repository) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.repository = repository
        self.lock = threading.RLock()
        self.asked: list[tuple[str, str, Any]] = []
        self.plans: list[Callable[[Handler, Any], bool]] = []
        self.complaints: list[str] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def written(self) -> list[str]:
        """What was written, an operation each: "POST /repos/…/reviews"."""
        return [f"{method} {path}" for method, path, _ in self.asked if method != "GET" and path != "/graphql"]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what some tests want."""

    def check(self, operation: dict[str, Any], given: dict[str, str], body: Any) -> None:
        """Hold a request against the description of its operation."""
        known = {one["name"]: one for one in operation["parameters"]}
        for name, value in given.items():
            if name not in known:
                self.complaints.append(f"{operation['operationId']} knows no parameter {name}")
                continue
            schema = known[name]["schema"]
            typed = int(value) if schema.get("type") == "integer" and value.isdecimal() else value
            self.hold(schema, typed, f"{operation['operationId']} {name}")
        if "requestBody" in operation:
            schema = operation["requestBody"]["schema"]
            self.hold(_closed(schema), body, operation["operationId"])
            if len(json.dumps(body.get("body", ""))) > 65_536 * 2 or len(body.get("body", "")) > 65_536:
                self.complaints.append("body is too long (maximum is 65536 characters)")

    def hold(self, schema: dict[str, Any], value: Any, what: str) -> None:
        """Complain of every way in which a value is not as described."""
        for error in Draft202012Validator(schema).iter_errors(value):
            self.complaints.append(f"{what}: {error.message}")


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without leave for names that it does not know: GitHub ignores them, so they would be mistakes."""
    closed = dict(schema)
    if "properties" in schema:
        closed["properties"] = {name: _closed(one) for name, one in schema["properties"].items()}
        closed["additionalProperties"] = False
    if "items" in schema:
        closed["items"] = _closed(schema["items"])
    return closed
