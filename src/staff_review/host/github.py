"""Pull requests on GitHub, by REST; what only GraphQL tells (who wrote a comment, what was closed) by that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .answers import id_in, number_in, table_in, text_in
from .caller import Caller
from .hunks import Shown, shown_by
from .marks import is_summary, mark_for, mark_of, marked, posted_by, suggested
from .talk import Change, Note, Summary, Talk, Thread
from .targets import Target
from .trouble import TroubleError

_MOST_PAGES = 30  # GitHub lists no more than 3,000 files of a change
_TALK = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      found: comments(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { fullDatabaseId body viewerDidAuthor }
      }
    }
  }
}
"""
_THREADS = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      found: reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          isResolved
          comments(first: 1) { nodes { id fullDatabaseId path body viewerDidAuthor isMinimized } }
        }
      }
    }
  }
}
"""
_FOLD = """
mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: RESOLVED}) { clientMutationId } }
"""
_UNFOLD = """
mutation($id: ID!) { unminimizeComment(input: {subjectId: $id}) { clientMutationId } }
"""


class GitHub:
    """One pull request."""

    limit = 65_536

    def __init__(self, target: Target, caller: Caller) -> None:
        self._target = target
        self._call = caller
        self._number = target.number
        self._path = f"/repos/{target.repository}"

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """What every request carries."""
        return {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }

    def change(self) -> Change:
        """The pull request as it is now; raises TroubleError."""
        self._number = self._number or self._found()
        pull = self._call.get(f"{self._path}/pulls/{self._number}")
        head, base = table_in(pull, "head"), table_in(pull, "base")
        home = text_in(table_in(base, "repo"), "full_name")
        source = table_in(head, "repo", missing=True)  # null when the fork is gone
        commit = text_in(head, "sha")
        address = text_in(pull, "html_url").removesuffix(f"/pull/{self._number}")
        return Change(
            number=self._number,
            head=commit,
            open=text_in(pull, "state") == "open",
            foreign=source.get("full_name") != home,
            link=f"{address}/blob/{commit}/",
            shown=self._shown(),
        )

    def _found(self) -> int:
        """The open pull request of a commit. GitHub does not list it by the commit when that is in a fork."""
        target = self._target
        branch = f"{target.source}:{target.branch}"
        pulls = self._call.pages(f"{self._path}/pulls", _MOST_PAGES, state="open", head=branch)
        numbers = [number_in(pull, "number") for pull in pulls if text_in(table_in(pull, "head"), "sha") == target.head]
        if len(numbers) != 1:
            which = "no open pull request has" if not numbers else f"{len(numbers)} open pull requests have"
            raise TroubleError(f"{which} {target.head[:7]} as the newest commit")
        return numbers[0]

    def _shown(self) -> dict[str, Shown]:
        files = self._call.pages(f"{self._path}/pulls/{self._number}/files", _MOST_PAGES, whole=False)
        return {text_in(one, "filename"): shown_by(one.get("patch") or "") for one in files}

    def talk(self) -> Talk:
        """What we said there; raises TroubleError."""
        summary = None
        for node in self._nodes(_TALK):
            body = text_in(node, "body")
            if summary is None and node.get("viewerDidAuthor") is True and is_summary(body):
                summary = Summary(id_in(node, "fullDatabaseId"), body, posted_by(body))
        threads = [thread for node in self._nodes(_THREADS) if (thread := _thread(node)) is not None]
        return Talk(threads, summary)

    def _nodes(self, query: str) -> Iterator[dict[str, Any]]:
        after: str | None = None
        for _ in range(_MOST_PAGES):
            pull = table_in(table_in(self._graph(query, after=after), "repository"), "pullRequest")
            found = table_in(pull, "found")
            yield from (node for node in found.get("nodes") or () if isinstance(node, dict))
            page = table_in(found, "pageInfo")
            if page.get("hasNextPage") is not True:
                return
            after = text_in(page, "endCursor")
        raise TroubleError("there are too many comments to read them all")

    def _graph(self, query: str, **variables: str | None) -> dict[str, Any]:
        if "mutation" not in query:
            owner, name = self._target.repository.split("/")
            variables = {"owner": owner, "name": name, "number": self._number, **variables}  # type: ignore[dict-item]
        answer = self._call.ask("POST", self._target.graph, {"query": query, "variables": variables})
        errors = answer.get("errors") if isinstance(answer, dict) else None
        if errors:
            said = errors[0].get("message") if isinstance(errors, list) and isinstance(errors[0], dict) else errors
            raise TroubleError(f"the host refuses: {' '.join(str(said).split())[:200]}")
        return table_in(answer, "data")

    def body_of(self, note: Note) -> str:
        """A note with its mark, and the suggestion as GitHub knows one."""
        text = suggested(note.text, note.suggestion, "suggestion") if note.suggestion else note.text
        return marked(text, mark_for(note))

    def start(self, change: Change, notes: Sequence[Note]) -> None:
        """Post all notes as one review, which is one message to whoever follows; raises TroubleError."""
        if notes:
            count = len(notes)
            body = {
                "commit_id": change.head,
                "event": "COMMENT",
                "body": f"{count} remark{'s' * (count > 1)} of staff-review on lines of this change.",
                "comments": [self._comment(note) for note in notes],
            }
            self._call.ask("POST", f"{self._path}/pulls/{self._number}/reviews", body, once=True)

    def _comment(self, note: Note) -> dict[str, Any]:
        first = note.suggestion.first if note.suggestion else note.line
        last = note.suggestion.last if note.suggestion else note.line
        comment = {"path": note.path, "body": self.body_of(note), "line": last, "side": "RIGHT"}
        return comment | ({"start_line": first, "start_side": "RIGHT"} if first < last else {})

    def rewrite(self, thread: Thread, body: str) -> None:
        """Change what a note says; raises TroubleError."""
        self._call.ask("PATCH", f"{self._path}/pulls/comments/{thread.id}", {"body": body})

    def fold(self, thread: Thread, *, folded: bool) -> None:
        """Hide a note as resolved, or show it again. Resolving its thread would need the right to push."""
        self._graph(_FOLD if folded else _UNFOLD, id=thread.handle)

    def summarise(self, summary: Summary | None, body: str) -> None:
        """Write or change the comment on the whole; raises TroubleError."""
        if summary is None:
            self._call.ask("POST", f"{self._path}/issues/{self._number}/comments", {"body": body}, once=True)
        elif summary.body != body:
            self._call.ask("PATCH", f"{self._path}/issues/comments/{summary.id}", {"body": body})


def _thread(node: dict[str, Any]) -> Thread | None:
    """A thread that we began; None for any other."""
    comments = table_in(node, "comments").get("nodes")
    first = comments[0] if isinstance(comments, list) and comments else None
    if not isinstance(first, dict) or first.get("viewerDidAuthor") is not True:
        return None
    body = text_in(first, "body")
    mark = mark_of(body)
    if mark is None:
        return None
    hidden = first.get("isMinimized") is True and not mark.gone  # what has gone we hide ourselves
    return Thread(
        id=id_in(first, "fullDatabaseId"),
        handle=text_in(first, "id"),
        mark=mark,
        path=text_in(first, "path"),
        body=body,
        closed=hidden or node.get("isResolved") is True,
    )
