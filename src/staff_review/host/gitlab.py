"""Merge requests on GitLab, by REST (API v4): the same words as on GitHub, in discussions that can be resolved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .answers import number_in, table_in, text_in
from .caller import Caller
from .hunks import shown_by
from .marks import is_summary, mark_for, mark_of, marked, posted_by, suggested
from .talk import Change, Note, Summary, Talk, Thread
from .targets import Target
from .trouble import TroubleError

_MOST_PAGES = 30


class GitLab:
    """One merge request."""

    limit = 1_000_000

    def __init__(self, target: Target, caller: Caller) -> None:
        self._call = caller
        self._path = f"/projects/{target.repository}/merge_requests/{target.number}"
        self._number = target.number
        self._refs: dict[str, Any] = {}

    @staticmethod
    def headers(token: str) -> dict[str, str]:
        """What every request carries."""
        return {"PRIVATE-TOKEN": token}

    def change(self) -> Change:
        """The merge request as it is now; raises TroubleError."""
        request = self._call.get(self._path)
        self._refs = table_in(request, "diff_refs")
        head = text_in(self._refs, "head_sha")
        address = text_in(request, "web_url").partition("/-/merge_requests/")[0]
        files = self._call.pages(f"{self._path}/diffs", _MOST_PAGES, whole=False)
        return Change(
            number=self._number,
            head=head,
            open=text_in(request, "state") == "opened",
            foreign=number_in(request, "source_project_id") != number_in(request, "target_project_id"),
            link=f"{address}/-/blob/{head}/",
            shown={
                text_in(one, "new_path"): shown_by(one.get("diff") or "", text_in(one, "old_path")) for one in files
            },
        )

    def talk(self) -> Talk:
        """What we said there; raises TroubleError."""
        me = number_in(self._call.get("/user"), "id")
        summary: Summary | None = None
        threads: list[Thread] = []
        for discussion in self._call.pages(f"{self._path}/discussions", _MOST_PAGES):
            notes = discussion.get("notes")
            first = notes[0] if isinstance(notes, list) and notes else None
            if not isinstance(first, dict) or number_in(table_in(first, "author"), "id") != me:
                continue
            body = text_in(first, "body")
            mark = mark_of(body)
            if summary is None and is_summary(body):
                summary = Summary(str(number_in(first, "id")), body, posted_by(body))
            elif mark is not None:
                solver = table_in(first, "resolved_by", missing=True).get("id")
                threads.append(
                    Thread(
                        id=str(number_in(first, "id")),
                        handle=text_in(discussion, "id"),
                        mark=mark,
                        path=str(table_in(first, "position", missing=True).get("new_path") or ""),
                        body=body,
                        closed=first.get("resolved") is True and solver != me,
                    )
                )
        return Talk(threads, summary)

    def body_of(self, note: Note) -> str:
        """A note with its mark, and the suggestion as GitLab knows one: by lines around that of the note."""
        if note.suggestion is None:
            return marked(note.text, mark_for(note))
        above, below = note.line - note.suggestion.first, note.suggestion.last - note.line
        return marked(suggested(note.text, note.suggestion, f"suggestion:-{above}+{below}"), mark_for(note))

    def start(self, change: Change, notes: Sequence[Note]) -> None:
        """Post each note as a discussion of its own, which is how GitLab takes them; raises TroubleError."""
        refused = None
        for note in notes:
            body = {"body": self.body_of(note), "position": self._position(change, note)}
            try:
                self._call.ask("POST", f"{self._path}/discussions", body, once=True)
            except TroubleError as trouble:
                if trouble.unsure or trouble.ends:
                    raise
                refused = trouble  # of this one only
        if refused is not None:
            raise refused

    def _position(self, change: Change, note: Note) -> dict[str, Any]:
        shown = change.shown[note.path]
        hunk = shown.hunk_with(note.line, note.line)
        former = hunk[note.line] if hunk is not None else None
        position = {
            "position_type": "text",
            **{name: text_in(self._refs, name) for name in ("base_sha", "start_sha", "head_sha")},
            "old_path": shown.former_path or note.path,
            "new_path": note.path,
            "new_line": note.line,
        }
        return position | ({"old_line": former} if former is not None else {})

    def rewrite(self, thread: Thread, body: str) -> None:
        """Change what a note says; raises TroubleError."""
        self._call.ask("PUT", f"{self._path}/discussions/{thread.handle}/notes/{thread.id}", {"body": body})

    def fold(self, thread: Thread, *, folded: bool) -> None:
        """Resolve the discussion of a note, or open it again; raises TroubleError."""
        self._call.ask("PUT", f"{self._path}/discussions/{thread.handle}", {"resolved": folded})

    def summarise(self, summary: Summary | None, body: str) -> None:
        """Write or change the note on the whole; raises TroubleError."""
        if summary is None:
            self._call.ask("POST", f"{self._path}/notes", {"body": body}, once=True)
        elif summary.body != body:
            self._call.ask("PUT", f"{self._path}/notes/{summary.id}", {"body": body})
