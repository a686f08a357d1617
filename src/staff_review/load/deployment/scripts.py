"""Shell scripts that start services: the command that stays when a script has prepared everything."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import msgspec

NAMED = re.compile(r"(?:[\w-]*-)?entrypoint|.*\.sh")
"""How files are called that hold scripts."""
_SCRIPT = re.compile(r"(?:[\w.$/-]*/)?(?:[\w.-]+\.sh|(?:[\w-]*-)?entrypoint)\b")
_CASE = re.compile(r"\bcase\s+\"?\$\{?(\w+)[^\s\"}]*\}?\"?\s+in\b(.*?)\besac\b", re.DOTALL)
_BRANCH = re.compile(r"^\s*\(?\s*([\w.*\"'| -]+)\)(.*?)(?:;;|\Z)", re.DOTALL | re.MULTILINE)
_FUNCTION = re.compile(r"^[ \t]*(?:function[ \t]+)?([\w-]+)[ \t]*\(\)\s*\{(.*?)^\}", re.DOTALL | re.MULTILINE)
_FIRST = re.compile(r"^[ \t]*(?:export[ \t]+|local[ \t]+|readonly[ \t]+)?(\w+)=\"?\$\{?1[^\d]", re.MULTILINE)
_DEEP = 4
_CONTINUED = re.compile(r"\\\n\s*")
_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\n]*", re.MULTILINE)
_ASIDE = re.compile(
    r"(?:if|elif|while|for|until|case|set|echo|printf|export|cd|source|wait|sleep|trap|shift|local|return|exit|fi|done|esac|else|then|do)\b"
    r"|[A-Za-z_]\w*=\S*$|[{}()\[\].]|;;"
)
_BEFORE = re.compile(r"^\"?\$(?:\{[A-Z_]\w*[^}]*\}|[A-Z_]\w*)\"?\s+(?=\w)")
"""A setting before a command, which may hold a tool that watches it."""
_AWAY = re.compile(r"^cd\s+\S+\s*&&\s*")
_ASKS = re.compile(r"(?:el)?if\b.*\$\{?[1@#*]")
_HANDED = re.compile(r"\$[@*1-9{(]|\$[a-z]\w*")


class Script(msgspec.Struct, frozen=True):
    """What a script starts: the command that it ends in, or one for each word that it may be handed first."""

    command: str
    branches: tuple[tuple[str, str], ...] = ()

    def handed(self, arguments: str) -> str:
        """The command for what stands behind the script in a line, "" where that is not known."""
        word, _, rest = arguments.strip().partition(" ")
        found = next((command for label, command in self.branches if word and fnmatchcase(word, label)), "")
        return f"{found} {rest}".strip() if found else self.command


def script_of(text: str) -> Script:
    """What one script starts."""
    plain = _COMMENT.sub("", _CONTINUED.sub(" ", text))
    bodies = {name: command_of(body) for name, body in _FUNCTION.findall(plain)}
    first = {"1", *_FIRST.findall(plain)}
    return Script(
        command_of(text),
        tuple(
            (label.strip(" \"'"), bodies.get(command.split()[0], command))
            for subject, cases in _CASE.findall(plain)
            if subject in first
            for labels, body in _BRANCH.findall(cases)
            if (command := command_of(body))
            for label in labels.split("|")
            if label.strip(" \"'*")
        ),
    )


def command_of(text: str) -> str:
    """The command that a script ends in, "" where it runs several, or what it is handed."""
    lines = [_AWAY.sub("", line.strip()) for line in _COMMENT.sub("", _CONTINUED.sub(" ", text)).splitlines()]
    if any(line.endswith("&") and not line.endswith("&&") for line in lines):
        return ""
    begun = [line.removeprefix("exec ").strip() for line in lines if line.startswith("exec ")]
    said = list(dict.fromkeys(begun)) or [line for line in lines if line and not _ASIDE.match(line)][-1:]
    several = begun and any(_ASKS.match(line) for line in lines)  # by what it is handed: the last is the usual one
    command = said[-1] if len(said) == 1 or several else ""
    command = _BEFORE.sub("", command)
    return re.sub(r"\s*\"?\$[@*]\"?$", "", command) if not _HANDED.match(command.strip("\"'")) else ""


def followed(command: str, folders: tuple[str, ...], scripts: dict[str, Script], depth: int = 0) -> str:
    """A command line, or what the script ends in that it runs; `folders` may hold it, the likeliest first."""
    found = _SCRIPT.search(command)
    if found is None or depth > _DEEP:
        return command
    parts = [part for part in found[0].split("/") if part not in ("", ".")]
    for start in range(len(parts)):
        end = "/".join(parts[start:])
        fitting = [path for path in scripts if path == end or path.endswith(f"/{end}")]
        for folder in folders if fitting else ():
            near = [path for path in fitting if not folder or path.startswith(f"{folder}/")]
            if len(near) == 1:
                meant = scripts[near[0]].handed(command[found.end() :])
                return followed(meant, folders, scripts, depth + 1) if meant else command
    return command
