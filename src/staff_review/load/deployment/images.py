"""Dockerfiles and Procfiles: bases, settings, the command that runs, and what code is copied in."""

from __future__ import annotations

import json
import re
import shlex

from ...nouns.deployment import Image, Setting, Unit
from .listing import Found, at
from .variables import interpolated

DOCKERFILE = re.compile(r"(?:(?:Docker|Container)file(?:[._-].*)?|.*\.(?:docker|container)file)", re.IGNORECASE)
PROCFILE = re.compile(r"Procfile(?:\..*)?")
RUN_BY = re.compile(r"\b(?:honcho|foreman|hivemind|overmind|forego)\b.*?(?:--procfile|-f)[ =](\S+)")
"""A command that runs all processes of a Procfile."""
_FROM = re.compile(r"(?:--platform=\S+\s+)?(\S+)(?:\s+as\s+(\S+))?", re.IGNORECASE)
_PAIR = re.compile(r"""([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:[^\s\\]|\\.)*)""")
_PROCESS = re.compile(r"([\w.-]+)\s*:\s*(.+)")


def image_of(file: Found, text: str) -> Image:
    """What the last stage of a Dockerfile is and holds; settings of earlier stages do not reach it unless it is one."""
    stages: dict[str, _Stage] = {}
    here = _Stage("")
    bases: list[str] = []
    arguments: dict[str, str] = {}
    for number, word, rest in _instructions(text):
        if word == "FROM" and (found := _FROM.match(rest)) is not None:
            base = interpolated(found[1], arguments)
            bases.append(base)
            here = _Stage(base, stages.get(base.lower()))
            stages[(found[2] or str(len(stages))).lower()] = here
        elif word == "ARG":
            name, _, value = rest.partition("=")
            arguments.setdefault(name.strip(), interpolated(value.strip().strip("\"'"), arguments))
        else:
            here.take(word, rest, at(file.path, number).line, file, arguments)
    return Image(
        path=file.path,
        folder=file.folder,
        base=here.root,
        bases=tuple(dict.fromkeys(bases)),
        settings=tuple(here.settings.values()),
        command=" ".join(part for part in (here.entrypoint, here.command) if part),
        entrypoint=here.entrypoint,
        copies=tuple(dict.fromkeys(copy for stage in stages.values() for copy in stage.copies)) or tuple(here.copies),
        ports=tuple(here.ports),
    )


class _Stage:
    """One FROM and what follows it; begins as a copy of the stage that it is built on."""

    def __init__(self, base: str, under: _Stage | None = None) -> None:
        self.root: str = under.root if under is not None else base
        self.settings: dict[str, Setting] = dict(under.settings) if under is not None else {}
        self.copies: list[str] = list(under.copies) if under is not None else []
        self.ports: list[int] = list(under.ports) if under is not None else []
        self.command: str = under.command if under is not None else ""
        self.entrypoint: str = under.entrypoint if under is not None else ""

    def take(self, word: str, rest: str, line: int, file: Found, arguments: dict[str, str]) -> None:
        """One instruction other than FROM and ARG."""
        if word == "ENV":
            for name, value in _environment(rest):
                self.settings[name] = Setting(name, interpolated(value, arguments), at(file.path, line))
        elif word in ("COPY", "ADD") and "--from=" not in rest:
            for source in _sources(rest):  # as it is written, and as it is when nobody gives another argument
                given = arguments | {name: one.value for name, one in self.settings.items()}
                self.copies += dict.fromkeys((source, interpolated(source, given)))
        elif word == "EXPOSE":
            self.ports += [int(port[:6]) for port in re.findall(r"\d+", interpolated(rest, arguments))]
        elif word == "CMD":
            self.command = _written(rest)
        elif word == "ENTRYPOINT":
            self.entrypoint = _written(rest)


def _instructions(text: str) -> list[tuple[int, str, str]]:
    """(line, instruction, rest), with continued lines joined and comments dropped."""
    found: list[tuple[int, str, str]] = []
    begun = 0
    parts: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if not parts:
            begun = number
        parts.append(stripped.removesuffix("\\").strip())
        if not stripped.endswith("\\"):
            word, _, rest = " ".join(parts).partition(" ")
            found.append((begun, word.upper(), rest.strip()))
            parts = []
    return found


def _environment(rest: str) -> list[tuple[str, str]]:
    name, _, value = rest.partition(" ")
    if "=" not in name:
        return [(name, value.strip().strip("\"'"))]
    return [(found[1], found[2].strip("\"'")) for found in _PAIR.finditer(rest)]


def _sources(rest: str) -> list[str]:
    words = _listed(rest) if rest.lstrip().startswith("[") else rest.split()
    words = [word for word in words if not word.startswith("--")]
    return [word.strip("\"'") for word in words[:-1]]


def _written(rest: str) -> str:
    return " ".join(_listed(rest)) if rest.startswith("[") else rest


def _listed(rest: str) -> list[str]:
    try:
        found = json.loads(rest)
    except ValueError:
        return rest.strip("[]").replace(",", " ").split()
    return [str(one) for one in found] if isinstance(found, list) else [rest]


def processes_of(file: Found, text: str) -> list[Unit]:
    """The processes that a Procfile runs, each named as there."""
    found: list[Unit] = []
    for number, line in enumerate(text.splitlines(), 1):
        matched = None if line.lstrip().startswith("#") else _PROCESS.fullmatch(line.strip())
        if matched is not None:
            settings = tuple(
                Setting(name, value, at(file.path, number))
                for name, equals, value in (word.partition("=") for word in _words(matched[2]))
                if equals and name.isupper()
            )
            found.append(
                Unit(
                    name=matched[1], place=at(file.path, number), form="procfile", context=file.folder or ".",
                    command=matched[2], settings=settings, ends=matched[1] in ("release", "postdeploy"),
                )
            )  # fmt: skip
    return found


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()
