"""A pull request of our own making, as GitHub would keep it over several pushes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from diffs import commentable, patch_between
from graphql import build_schema, graphql_sync

HERE = Path(__file__).parent
SCHEMA = build_schema((HERE / "github" / "schema.graphql").read_text("utf-8"))
BOT = "github-actions[bot]"

Answer = tuple[int, Any]


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
