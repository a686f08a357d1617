"""Shell scripts that start services: the command that stays when a script has prepared everything."""

from __future__ import annotations

import re

_SCRIPT = re.compile(r"(?:[\w.$/-]*/)?[\w.-]+\.sh\b")
_CONTINUED = re.compile(r"\\\n\s*")
_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\n]*", re.MULTILINE)
_ASIDE = re.compile(
    r"(?:set|echo|printf|export|cd|source|wait|trap|shift|local|return|exit|fi|done|esac|else|then|do)\b"
    r"|[A-Za-z_]\w*=\S*$|[{}()\[\].]|;;"
)
_HANDED = re.compile(r"\$[@*1-9{(]|\$[a-z]\w*")


def command_of(text: str) -> str:
    """The command that a script ends in, "" where it runs several, or what it is handed."""
    lines = [line.strip() for line in _COMMENT.sub("", _CONTINUED.sub(" ", text)).splitlines()]
    if any(line.endswith("&") and not line.endswith("&&") for line in lines):
        return ""
    begun = [line.removeprefix("exec ").strip() for line in lines if line.startswith("exec ")]
    said = list(dict.fromkeys(begun)) or [line for line in lines if line and not _ASIDE.match(line)][-1:]
    command = said[0] if len(said) == 1 else ""
    return re.sub(r"\s*\"?\$[@*]\"?$", "", command) if not _HANDED.match(command.strip("\"'")) else ""


def followed(command: str, folders: tuple[str, ...], scripts: dict[str, str]) -> str:
    """A command line, or what the script ends in that it runs; `folders` may hold it, the likeliest first."""
    found = _SCRIPT.search(command)
    if found is None:
        return command
    parts = [part for part in found[0].split("/") if part not in ("", ".")]
    for start in range(len(parts)):
        end = "/".join(parts[start:])
        fitting = [path for path in scripts if path == end or path.endswith(f"/{end}")]
        for folder in folders if fitting else ():
            near = [path for path in fitting if not folder or path.startswith(f"{folder}/")]
            if len(near) == 1:
                return scripts[near[0]] or command
    return command
