"""A GitLab of our own with one merge request; what a request must hold is written from the documentation of API v4.

docs.gitlab.com/api/discussions (create a thread in the merge request diff), /api/notes, /api/merge_requests (diffs).
"""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from diffs import commentable, patch_between
from jsonschema import Draft202012Validator

TOKEN = "glpat-for-tests"
ME, SOMEBODY = 41, 42
_SHA = {"type": "string", "pattern": "^[0-9a-f]{40}$"}
_TEXT = {"type": "string", "minLength": 1, "maxLength": 1_000_000}
_LINE = {"type": "integer", "minimum": 1}
_BODY = {"type": "object", "required": ["body"], "properties": {"body": _TEXT}, "additionalProperties": False}
_MERGE = r"/projects/5/merge_requests/3"
OPERATIONS: dict[str, dict[str, Any] | None] = {
    rf"GET {_MERGE}": None,
    rf"GET {_MERGE}/diffs": None,
    rf"GET {_MERGE}/discussions": None,
    r"GET /user": None,
    rf"POST {_MERGE}/notes": _BODY,
    rf"PUT {_MERGE}/notes/(\d+)": _BODY,
    rf"PUT {_MERGE}/discussions/(\w+)/notes/(\d+)": _BODY,
    rf"PUT {_MERGE}/discussions/(\w+)": {
        "type": "object", "required": ["resolved"], "properties": {"resolved": {"type": "boolean"}},
        "additionalProperties": False,
    },
    rf"POST {_MERGE}/discussions": {
        "type": "object",
        "required": ["body", "position"],
        "additionalProperties": False,
        "properties": {
            "body": _TEXT,
            "position": {
                "type": "object",
                "required": ["base_sha", "head_sha", "start_sha", "position_type", "new_path", "old_path"],
                "additionalProperties": False,
                "properties": {
                    "base_sha": _SHA, "head_sha": _SHA, "start_sha": _SHA, "position_type": {"const": "text"},
                    "new_path": _TEXT, "old_path": _TEXT, "new_line": _LINE, "old_line": _LINE,
                },
            },
        },
    },
}  # fmt: skip


class MergeRequest:
    """What stands on it; people act on it by its fields."""

    def __init__(self) -> None:
        self.head = "a" * 40
        self.before: dict[str, str] = {}
        self.after: dict[str, str] = {}
        self.discussions: list[dict[str, Any]] = []
        self.notified = 0

    def begin(self, body: str, author: int = ME, **more: Any) -> dict[str, Any]:
        """A discussion with one note."""
        number = 100 + len(self.discussions)
        note = {"id": number, "body": body, "author": {"id": author}, "resolved": False, "resolved_by": None, **more}
        self.discussions.append({"id": f"d{number}", "notes": [note]})
        self.notified += 1
        return note

    @property
    def notes(self) -> list[dict[str, Any]]:
        """All notes."""
        return [note for discussion in self.discussions for note in discussion["notes"]]

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """What GitLab would do and say."""
        last = path.rsplit("/", 1)[-1]
        if method == "GET":
            return 200, {"user": {"id": ME}, "3": self._request(), "diffs": self._diffs()}.get(
                last, self.discussions
            ) if last != "discussions" or query["page"] == "1" else []
        if method == "POST":
            place = body.get("position")
            if place and not self._takes(place):
                return 400, {"message": '400 Bad request - Note {:line_code=>["can\'t be blank"]}'}
            return 201, self.begin(body["body"], **({"position": place} if place else {}))
        if "resolved" in body:
            (note,) = next(one["notes"] for one in self.discussions if one["id"] == last)
            note["resolved"], note["resolved_by"] = body["resolved"], {"id": ME} if body["resolved"] else None
            return 200, {}
        note = next(one for one in self.notes if one["id"] == int(last))
        note["body"] = body["body"]
        return 200, note

    def _request(self) -> dict[str, Any]:
        return {
            "iid": 3, "state": "opened", "web_url": "https://gitlab.example/team/shop/-/merge_requests/3",
            "source_project_id": 5, "target_project_id": 5,
            "diff_refs": {"base_sha": "b" * 40, "start_sha": "b" * 40, "head_sha": self.head},
        }  # fmt: skip

    def _diffs(self) -> list[dict[str, Any]]:
        return [
            {"new_path": name, "old_path": name, "diff": patch_between(self.before.get(name, ""), text)}
            for name, text in self.after.items()
        ]

    def _takes(self, place: dict[str, Any]) -> bool:
        """GitLab wants both numbers for a line that did not change, and the new one alone for one that did."""
        before, after = self.before.get(place["old_path"], ""), self.after[place["new_path"]]
        line, former = place["new_line"], place.get("old_line")
        same = former is not None and before.splitlines()[former - 1] == after.splitlines()[line - 1]
        known = after.splitlines()[line - 1] in before.splitlines()
        return line in commentable(before, after) and (same or not known)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: GitLabServer

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        data = self.rfile.read(int(self.headers.get("content-length", 0)))
        body = json.loads(data) if data else None
        parts = urlsplit(self.path)
        status, said = self._answer(f"{self.command} {parts.path}", parts.path, parts.query, body)
        answer = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _answer(self, operation: str, path: str, query: str, body: Any) -> tuple[int, Any]:
        if self.headers.get("private-token") != TOKEN:
            return 401, {"message": "401 Unauthorized"}
        self.server.asked.append(operation)
        schema = [one for pattern, one in OPERATIONS.items() if re.fullmatch(pattern, operation)]
        if not schema:
            self.server.complaints.append(f"GitLab has no {operation}")
            return 404, {"message": "404 Not found"}
        if schema[0] is not None:
            self.server.complaints += [error.message for error in Draft202012Validator(schema[0]).iter_errors(body)]
        given = {name: values[-1] for name, values in parse_qs(query).items()}
        return self.server.request.answer(self.command, path, given, body)


class GitLabServer(ThreadingHTTPServer):
    """Listens on a free loopback port; `complaints` must stay empty."""

    daemon_threads = True

    def __init__(self, request: MergeRequest) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.request = request
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"
