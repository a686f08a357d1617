"""A GitHub of our own with one repository: it refuses what GitHub's own descriptions do not allow, and remembers."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from diffs import commentable, patch_between
from graphql import build_schema, graphql_sync
from jsonschema import Draft202012Validator

HERE = Path(__file__).parent
PATHS = json.loads((HERE / "github" / "openapi.json").read_text("utf-8"))["paths"]
SCHEMA = build_schema((HERE / "github" / "schema.graphql").read_text("utf-8"))
TOKEN = "ghs_for_tests"
BOT = "github-actions[bot]"

Answer = tuple[int, Any]
Reply = Callable[["Handler"], None]


class Repository:
    """Everything that stands on one pull request; people act on it by its methods."""

    def __init__(self, *, fork: bool = False) -> None:
        self.head = "a" * 40
        self.state = "open"
        self.fork = fork
        self.before: dict[str, str] = {}
        self.after: dict[str, str] = {}
        self.reviews: list[dict[str, Any]] = []
        self.review_comments: list[dict[str, Any]] = []
        self.issue_comments: list[dict[str, Any]] = []
        self._next = 9_000_000_000  # beyond 32 bits, as GitHub's are

    def push(self, head: str, files: dict[str, str]) -> None:
        """A new commit on the branch."""
        self.head, self.after = head * 40, files

    def say(self, body: str, author: str = BOT) -> dict[str, Any]:
        """Write a comment on the whole."""
        comment = {"id": self._id(), "body": body, "author": author, "edits": 0}
        self.issue_comments.append(comment)
        return comment

    def say_on(self, path: str, body: str, author: str = BOT, **place: Any) -> dict[str, Any]:
        """Begin a thread on a line."""
        comment = {
            "id": self._id(), "path": path, "body": body, "author": author, "resolved": False, "minimized": False,
            "edits": 0, **place,
        }  # fmt: skip
        self.review_comments.append(comment)
        return comment

    def _id(self) -> int:
        self._next += 1
        return self._next

    def list_pulls(self, query: dict[str, str], _body: Any) -> Answer:
        wanted = query.get("head", "stranger:feature") == "stranger:feature" and query.get("state") == self.state
        return 200, [self._pull()] if wanted else []

    def get_pull(self, _query: dict[str, str], _body: Any) -> Answer:
        return 200, self._pull()

    def _pull(self) -> dict[str, Any]:
        source = "stranger/shop" if self.fork else "team/shop"
        return {
            "number": 7, "state": self.state, "html_url": "https://github.example/team/shop/pull/7",
            "head": {"sha": self.head, "repo": {"full_name": source}}, "base": {"repo": {"full_name": "team/shop"}},
        }  # fmt: skip

    def list_files(self, query: dict[str, str], _body: Any) -> Answer:
        names = sorted({*self.before, *self.after})
        changed = [name for name in names if self.before.get(name) != self.after.get(name)]
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        files = [
            {"filename": name, "patch": patch_between(self.before.get(name, ""), self.after.get(name, ""))}
            for name in changed
        ]
        return 200, files[(page - 1) * size : page * size]

    def create_review(self, _query: dict[str, str], body: dict[str, Any]) -> Answer:
        if body.get("event") == "COMMENT" and not body.get("body"):
            return 422, {"message": "Unprocessable Entity", "errors": ["body is required"]}
        if body["commit_id"] != self.head:
            return 422, {"message": "Unprocessable Entity", "errors": ["commit is not the newest"]}
        for comment in body.get("comments", ()):
            path = comment["path"]
            lines = commentable(self.before.get(path, ""), self.after.get(path, ""))
            first = comment.get("start_line", comment["line"] - 1) + 1
            if comment["side"] != "RIGHT" or not set(range(first, comment["line"] + 1)) <= lines:
                return 422, {"message": "Unprocessable Entity", "errors": ["Line could not be resolved"]}
            if "start_line" in comment and comment["start_line"] >= comment["line"]:
                return 422, {"message": "Unprocessable Entity", "errors": ["start_line must precede line"]}
        self.reviews.append(body)
        for comment in body.get("comments", ()):
            self.say_on(**comment)
        return 200, {"id": self._id()}

    def edit_review_comment(self, number: int, body: dict[str, Any]) -> Answer:
        return self._edit(self.review_comments, number, body)

    def create_comment(self, _query: dict[str, str], body: dict[str, Any]) -> Answer:
        return 201, {"id": self.say(body["body"])["id"]}

    def edit_comment(self, number: int, body: dict[str, Any]) -> Answer:
        return self._edit(self.issue_comments, number, body)

    @staticmethod
    def _edit(comments: list[dict[str, Any]], number: int, body: dict[str, Any]) -> Answer:
        comment = next((one for one in comments if one["id"] == number), None)
        if comment is None:
            return 404, {"message": "Not Found"}
        comment["body"], comment["edits"] = body["body"], comment["edits"] + 1
        return 200, {"id": number}

    def graph(self, body: dict[str, Any]) -> Answer:
        root = {"repository": self._repository, "minimizeComment": self._hide, "unminimizeComment": self._show}
        done = graphql_sync(SCHEMA, body["query"], root, variable_values=body["variables"])
        errors = [{"message": error.message} for error in done.errors or ()]
        return 200, {"data": done.data, **({"errors": errors} if errors else {})}

    def _repository(self, _info: Any, owner: str, name: str) -> dict[str, Any] | None:
        return {"pullRequest": self._pull_request} if (owner, name) == ("team", "shop") else None

    def _pull_request(self, _info: Any, number: int) -> dict[str, Any] | None:
        if number != 7:
            return None
        threads = [{"isResolved": one["resolved"], "comments": _page([_node(one)])} for one in self.review_comments]
        return {
            "comments": _page([_node(one) for one in self.issue_comments]), "reviewThreads": _page(threads),
        }  # fmt: skip

    def _hide(self, _info: Any, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002 - GitHub's name for it
        return self._minimize(input["subjectId"], hidden=True)

    def _show(self, _info: Any, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002 - GitHub's name for it
        return self._minimize(input["subjectId"], hidden=False)

    def _minimize(self, handle: str, *, hidden: bool) -> dict[str, Any]:
        comment = next(one for one in self.review_comments if f"PRRC_{one['id']}" == handle)
        comment["minimized"] = hidden
        return {"clientMutationId": None}


def _node(comment: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"PRRC_{comment['id']}", "fullDatabaseId": str(comment["id"]), "path": comment.get("path"),
        "body": comment["body"], "viewerDidAuthor": comment["author"] == BOT,
        "isMinimized": comment.get("minimized", False),
    }  # fmt: skip


def _page(nodes: list[Any]) -> Callable[..., dict[str, Any]]:
    """A connection of GraphQL: so many nodes after a cursor."""

    def page(_info: Any, first: int, after: str | None = None) -> dict[str, Any]:
        start = int(after or 0)
        info = {"hasNextPage": start + first < len(nodes), "endCursor": str(start + first)}
        return {"nodes": nodes[start : start + first], "pageInfo": info}

    return page


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
            planned = self.server.plans.pop(0) if self.server.plans else None
        if planned is not None and planned(self, body):
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
    """Listens on a free loopback port. `plans` are what goes wrong, one a request; `complaints` must stay empty."""

    daemon_threads = True

    def __init__(self, repository: Repository) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.repository = repository
        self.lock = threading.RLock()
        self.asked: list[tuple[str, str, Any]] = []
        self.plans: list[Callable[[Handler, Any], bool] | None] = []
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
