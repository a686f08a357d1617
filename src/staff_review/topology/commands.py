"""Command lines as the map asks of them: whether a process goes on, works, ends, and which code it loads."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..nouns.products import Command, CommandMeaning, Products
from .spelled import spelled


class Commands:
    """The words of commands that are known."""

    def __init__(self, products: Products) -> None:
        self._listed = [(_words_of(command), command) for command in products.command]
        self.modules = tuple(dict.fromkeys(module for command in products.command for module in command.modules))
        """Names of files that hold the application inside a package."""

    def means(self, line: str, meaning: CommandMeaning) -> bool:
        """Whether a word of a command line has a meaning."""
        return any(meaning in command.means and words.search(line) for words, command in self._listed)

    def rests(self, line: str) -> bool:
        """Whether a command line starts what runs nothing of the application that it is given: a clock, a console."""
        return self.means(line, "console") or (self.means(line, "schedules") and bool(self.application(line)))

    def own(self, line: str) -> list[str]:
        """The ends of paths that hold a project's own command which a command line runs."""
        return [
            f"{folder}/{found[1].replace('-', '_')}.py"
            for words, command in self._listed
            for folder in command.folders
            for word in words.finditer(line)
            if (found := re.match(r"\s+([\w-]+)", line[word.end() :])) is not None
        ]

    def hold(self, paths: Iterable[str]) -> bool:
        """Whether all of some files hold a project's own commands, each of which is run only when it is named."""
        folders = tuple(f"/{folder}" for _, command in self._listed for folder in command.folders)
        listed = list(paths)
        return bool(listed) and all(path.rpartition("/")[0].endswith(folders) for path in listed)

    def answers(self, line: str) -> bool:
        """Whether a command line starts what answers requests, rather than what only works in the background."""
        return any(
            "serves" in command.means and "works" not in command.means and words.search(line)
            for words, command in self._listed
        )

    def application(self, line: str) -> str:
        """The module that an option of a command line names as the application, "" for none."""
        for words, command in self._listed:
            if command.application and words.search(line):
                found = re.search(rf"(?:{spelled(command.application)})[ =]([\w.]+)", line)
                if found is not None:
                    return found[1]
        return ""


def _words_of(command: Command) -> re.Pattern[str]:
    words = spelled(command.words, r"\w*")
    return re.compile(rf"\b(?:{words})\b")
