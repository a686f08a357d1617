"""Code of any language, read as text: the environment variables and addresses that it mentions.

This is how services in languages without a front end take part in the map. It says what a file names, never that a
call is made; whoever uses it lowers the confidence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase
from typing import TypeAlias

from ...nouns.deployment import Code, Mention, MentionKind
from .listing import Found, at
from .sidecars import called_in, kept_in

LANGUAGES = {
    "py": "python", "go": "go", "java": "java", "kt": "kotlin", "kts": "kotlin", "scala": "scala", "groovy": "groovy",
    "js": "javascript", "mjs": "javascript", "cjs": "javascript", "ts": "typescript", "cs": "csharp", "fs": "fsharp",
    "php": "php", "rb": "ruby", "rs": "rust", "ex": "elixir", "exs": "elixir", "cc": "cpp", "cpp": "cpp",
    "clj": "clojure",    "swift": "swift", "dart": "dart", "pl": "perl", "lua": "lua", "sh": "shell",
}  # fmt: skip
"""The language of a file by its suffix."""

_Noted: TypeAlias = tuple[MentionKind, str, int, str]
"""Kind, text, position, default."""
_HASH = frozenset({"python", "ruby", "elixir", "perl", "shell"})
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_COMMENT = re.compile(r"(?<![:\"'/\w])//[^\n]*")
_HASH_COMMENT = re.compile(r"#(?<!\S#)[^\n]*")
_DOCUMENTATION = re.compile(
    r'(?:\A|(?<=\n))[ \t]*[rRuU]?(?:"""(?:(?!""").)*"""|\'\'\'(?:(?!\'\'\').)*\'\'\')', re.DOTALL
)
_VARIABLE = re.compile(
    r"[A-Z](?:(?<![\w.].)|(?<=env\..)|(?<=ENV\..))(?:[A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{3,}[A-Z0-9]*)(?![\w(])"
)
_PLACEHOLDER = re.compile(r"[\"'`][^\"'`\n]*?\$\{([a-z][\w-]*(?:\.[\w-]+)+)(?::([^}\"]*))?\}")
_DEFAULT = re.compile(
    r"\b([A-Z][A-Z0-9_]{2,})\b[\"'`\])]*\s*(?:\|\||\?\?|\?:|,|:|\bor\b|->)\s*(?:[A-Za-z_]+\s*=\s*)?"
    r"(?:[\"'`]([^\"'`\s]{1,300})[\"'`]|([a-z][\w.:/@-]{1,200})\})"
)
_ADDRESS = re.compile(r"[\"'`](?:[^\"'`\n]*[\s(])?([a-z][a-z0-9+.-]*://(?:[^\s\"'`<>]{1,300}|(?=[\"'`])))")
_HOST_PORT = re.compile(r"[\"'`]([A-Za-z][\w.-]{1,80}:\d{2,5})[\"'`/]")
_DSN = re.compile(r"[\"'`;,\s](?:host|server|data source|addr(?:ess)?)\s*=\s*([a-z][\w.-]{1,80})[;,:\s\"'`]")
_HOST = re.compile(
    r"(?:host|server|addr|address|url|uri|endpoint|connection|conn|brokers|broker)\w{0,40}[\"'`\]]*\s*"
    r"(?::?=|:|=>|\()\s*\[?\s*[\"'`]([a-z][\w.-]{1,80})[\"'`]"
)
_ABOUT = re.compile(
    r"publish|produce|send|[lr]push|[lr]pop|leftpop|rightpop|xadd|subscrib|consum|channel|topic|queue|routing|exchange"
    r"|stream|subject|listener"
)
_LITERAL = re.compile(r"[\"'`]([A-Za-z][\w./:-]{1,60})[\"'`]")
_INVOKED = re.compile(r"[/}]([a-z][\w-]{1,60})/method/")
_NAMED_CLIENT = re.compile(r"(?i)@\w*client\w*\(\s*(?:name\s*=|value\s*=)?\s*\"([a-z][\w-]{1,60})\"")
_SENDS = re.compile(r"publish|produce|enqueue|rpush|lpush|xadd|sendtoqueue|convertandsend|kafkatemplate")
_TAKES = re.compile(r"subscrib|consum|blpop|brpop|lpop|rpop|leftpop|rightpop|xread|listener\b|basic_?get|onmessage")
_ASKED = re.compile(r"\b([A-Z]\w+?)(?:Blocking|Future|Async)?Stub\b|\bNew([A-Z]\w+)Client\(")
_OFFERED = re.compile(r"\b([A-Z]\w+)(?:Servicer|ImplBase)\b|\bRegister([A-Z]\w+)Server\(")
_MODULES = re.compile(
    r"^[ \t]*(?:from[ \t]+([A-Za-z]\w*(?:\.\w+)*)[ \t]+import\b|import[ \t]+([A-Za-z][\w., \t]*))"
    r"|[\"']([a-z]\w*(?:\.\w+){1,6})[\"']",
    re.MULTILINE,
)
_GUARDED = re.compile(r"^if[ (]+__name__\s*==", re.MULTILINE)
_GENERATED = re.compile(r"_pb2(?:_grpc)?\.pyi?$|\.pb\.go$|Grpc\.(?:java|kt)$")
_MOST = 400
_LOW = str.maketrans(ascii_uppercase, ascii_lowercase)
"""Letter by letter, so that what is found in the one text stands in the other at the same place."""


def code_of(file: Found, text: str) -> Code:
    """What one source file mentions, each once, with its first line."""
    language = LANGUAGES[file.name.rpartition(".")[2]]
    plain = _without_comments(text, language)
    low = plain.translate(_LOW)
    found: dict[tuple[MentionKind, str], Mention] = {}
    starts = [0, *(match.end() for match in re.finditer("\n", plain))]
    for kind, name, position, default in (
        *_settings(plain),
        *_peers(plain, low, language),
        *_interfaces(file.name, plain, low),
        *_topics(plain, low, starts),
        *(("kept", text, position, topic) for text, position, topic in kept_in(plain)),
    ):
        key = (kind, f"{name} {default}" if kind == "kept" else name)
        if key not in found and len(found) < _MOST:
            found[key] = Mention(kind, name, at(file.path, bisect_right(starts, position)), default)
    return Code(
        path=file.path,
        language=language,
        mentions=tuple(found.values()),
        sends=_SENDS.search(low) is not None,
        takes=_TAKES.search(low) is not None,
        grpc="grpc" in low,
        modules=frozenset(_modules(plain)) if language == "python" else frozenset(),
        script=language == "python" and _GUARDED.search(plain) is not None,
    )


def _modules(plain: str) -> Iterator[str]:
    """The modules that a file imports, and the dotted names that it holds as texts."""
    for match in _MODULES.finditer(plain):
        for name in (match[1] or match[2] or match[3]).split(","):
            if name.strip():
                yield name.split()[0]


def _settings(plain: str) -> Iterator[_Noted]:
    """Environment variables, with the literal that holds without them."""
    for match in _DEFAULT.finditer(plain):
        yield "default", match[1], match.start(), match[2] or match[3]
    for match in _PLACEHOLDER.finditer(plain):  # a framework's own key: the environment spells it in capitals
        yield "default", match[1].replace(".", "_").replace("-", "_").upper(), match.start(), match[2] or ""
    for match in _VARIABLE.finditer(plain):
        yield "variable", match[0], match.start(), ""


def _peers(plain: str, low: str, language: str) -> Iterator[_Noted]:
    """Literals with a host in them; `low` is the same text without capitals, which is searched far faster."""
    for pattern in (_ADDRESS, _HOST_PORT):
        for match in pattern.finditer(plain):
            yield "address", match[1], match.start(1), ""
    for pattern in (_DSN, _HOST):
        for match in pattern.finditer(low):
            yield "host", plain[match.start(1) : match.end(1)], match.start(1), ""
    for pattern in (_INVOKED, *((_NAMED_CLIENT,) if language in ("java", "kotlin") else ())):
        for match in pattern.finditer(plain):
            yield "host", match[1], match.start(1), ""
    yield from (("host", name, position, "") for name, position in called_in(plain))


def _interfaces(name: str, plain: str, low: str) -> Iterator[_Noted]:
    """The gRPC interfaces that code asks or offers, by the names that generators give to stubs and servers."""
    if _GENERATED.search(name) is None and "grpc" in low:
        for match in _ASKED.finditer(plain):
            yield "asked", match[1] or match[2], match.start(), ""
        for match in _OFFERED.finditer(plain):
            yield "offered", match[1] or match[2], match.start(), ""


def _topics(plain: str, low: str, starts: list[int]) -> Iterator[_Noted]:
    """Literals on lines that speak of messages."""
    for number, (line, lowered) in enumerate(zip(plain.split("\n"), low.split("\n"), strict=True)):
        if ("'" in line or '"' in line or "`" in line) and _ABOUT.search(lowered) is not None:
            for match in _LITERAL.finditer(line):
                yield "topic", match[1], starts[number], ""


def _without_comments(text: str, language: str) -> str:
    """The text with comments blanked, lines kept."""
    if language == "python":
        text = _DOCUMENTATION.sub(_blank, text)
    if language in _HASH or language == "php":
        text = _HASH_COMMENT.sub("", text)
    if language not in _HASH:
        text = _LINE_COMMENT.sub("", _BLOCK_COMMENT.sub(_blank, text))
    return text


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")
