"""Secrets written in the code: well-known forms of keys, credentials of clients, telling names with a random text."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from ...nouns.exposures import Secret
from ...nouns.facts import Const, Expr, Mapping, Sequence
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.values import External, Literal
from ..sites import Sites

_FORMS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/=\s]{100,}"),
    "an access key of AWS": re.compile(r"\b(?:AKIA|ASIA)(?!.*EXAMPLE)[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{70,})\b"),
    "a token of GitLab": re.compile(r"\bglpat-[A-Za-z0-9_-]{20}\b"),
    "a token of Slack": re.compile(r"\bxox[baprs]-\d{8,}-[0-9A-Za-z-]{16,}"),
    "a webhook of Slack": re.compile(r"https://hooks\.slack\.com/services/T\w{6,}/B\w{6,}/[A-Za-z0-9]{20,}"),
    "a live key of Stripe": re.compile(r"\b[rs]k_live_[0-9a-zA-Z]{20,}"),
    "a key of SendGrid": re.compile(r"\bSG\.[\w-]{22}\.[\w-]{43}\b"),
    "a key of OpenAI": re.compile(r"\bsk-(?:proj-)?[\w-]{20,}T3BlbkFJ[\w-]{20,}"),
    "a key of Anthropic": re.compile(r"\bsk-ant-[\w-]{80,}"),
    "a token of PyPI": re.compile(r"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}"),
    "a token of npm": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "a key of an Azure store": re.compile(r"AccountKey=[A-Za-z0-9+/]{86}=="),
}
_ANY_FORM = re.compile("|".join(f"(?:{form.pattern})" for form in _FORMS.values()))
_CREDENTIAL = re.compile(
    r"(?:^|_)(?:password|passwd|pwd|secret|secret_key|secret_access_key|client_secret|api_key|apikey|auth_token|access_token"
    r"|private_key|token)$",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://[^/:@\s]*:(?P<secret>[^/@\s{}$<]{6,})@(?P<host>[\w.-]+)")
_PLACEHOLDER = re.compile(
    r"change|your|my[_-]|example|sample|dummy|fake|test|placeholder|insecure|default|local|secret|passw|token|xxx|\*\*\*|foo|bar"
    r"|todo|none|null|admin|root|guest|postgres|mysql|rabbit|minio|1234|abcd|qwerty|[<>{}$%\s]|^(.)\1*$",
    re.IGNORECASE,
)
_LOCAL = re.compile(r"^(?:localhost|127\.|0\.0\.0\.0|host\.docker\.internal|db$|[\w-]+$)")
_SETTINGS = re.compile(r"(?:^|/)(?:\w*settings|config|configuration|secrets|credentials|constants)(?:/\w+)?\.py$")
_NOT_FOR_ALL = re.compile(r"dev|test|local|debug|mock|example|sample|ci\b")
_WORDS = re.compile(r"[A-Za-z]+(?:[-_. ][A-Za-z]+)*")
_HOLDING_TEXTS = (Const, Mapping, Sequence)
_RANDOM = 3.0
"""Bits a character from which a text looks random rather than written."""
_LONG = 16
_SHORT = 8


class Secrets:
    """Reads the literals of the opened files, and of modules of settings."""

    def __init__(self, graph: Graph, sites: Sites) -> None:
        self._graph = graph
        self._sites = sites

    def find(self) -> Iterator[Secret]:
        """One secret for each statement, in file order."""
        paths = set(self._graph.program.opened)
        paths.update(path for path in self._graph.program.shelf.paths() if _SETTINGS.search(path))
        for path in sorted(paths):
            file = self._graph.program.file(path)
            if file is None:
                continue
            seen: set[int] = set()
            for secret in (*self._in_calls(file), *self._in_bindings(file)):
                if secret.place.span.line not in seen:
                    seen.add(secret.place.span.line)
                    yield secret

    def _in_bindings(self, file: FileIndex) -> Iterator[Secret]:
        for binding in file.facts.bindings:
            if not isinstance(binding.value, _HOLDING_TEXTS):
                continue
            name = leaf_of(binding.target)
            for key, text in _texts(binding.value, name):
                form = _form_of(text)
                kind = form or ("a secret by its name" if _is_random(key, text) else "")
                named = _NOT_FOR_ALL.search(f"{name} {key}".lower()) is not None
                if kind and not named and (form or not self._is_for_developers(file, binding.block)):
                    function = self._sites.function((file.path, file.facts.blocks[binding.block].function))
                    target = shown(file, binding.target)
                    yield Secret(file.place(binding.span), function, target, kind, key, certain=bool(form))

    @staticmethod
    def _is_for_developers(file: FileIndex, block: int) -> bool:
        """Whether the class that a statement stands in, or its file, is named as settings of developers and tests."""
        scope = file.scope(block)
        name = file.cls(-1 - scope).name if scope < 0 else ""
        return _NOT_FOR_ALL.search(f"{name} {file.path.rpartition('/')[2]}".lower()) is not None

    def _in_calls(self, file: FileIndex) -> Iterator[Secret]:
        for index, call in enumerate(file.facts.calls):
            for argument in call.arguments:
                if not isinstance(argument.value, _HOLDING_TEXTS):
                    continue
                for key, text in _texts(argument.value, argument.name or ""):
                    kind = _form_of(text)
                    if kind:
                        yield self._secret(file, index, kind, argument.name or "")
                    elif key == argument.name and _CREDENTIAL.search(key) and self._is_client(file, index):
                        if _is_given(text) and not self._is_local(file, index):
                            yield self._secret(file, index, "a credential", key)
                    elif self._opens(text) and self._is_client(file, index):
                        yield self._secret(file, index, "a password in an address", argument.name or "")

    def _secret(self, file: FileIndex, index: int, kind: str, argument: str) -> Secret:
        call = file.calls[index]
        function = self._sites.function((file.path, file.facts.blocks[call.block].function))
        return Secret(file.place(call.span), function, shown(file, call.callee), kind, argument)

    def _is_client(self, file: FileIndex, index: int) -> bool:
        """Whether the callee is something of a library that the catalog knows: a client, its maker, an operation."""
        catalog = self._graph.program.catalog
        return any(
            isinstance(value, External)
            and (catalog.makers.get(value.path) is not None or catalog.operations.get(value.path) is not None)
            for value in self._graph.evaluator.callee(file, index)
        )

    def _is_local(self, file: FileIndex, index: int) -> bool:
        """Whether the call names this machine or a name without a domain as its peer."""
        for argument in file.calls[index].arguments:
            if argument.name is not None and not argument.name.lower().endswith(("host", "url", "uri", "endpoint")):
                continue
            for value in self._graph.evaluator.argument(file, index, argument.value):
                if isinstance(value, Literal) and isinstance(value.value, str):
                    host = re.sub(r"^[a-z0-9+.-]+://(?:[^@/]*@)?", "", value.value)
                    if argument.name is not None and _LOCAL.match(host.partition(":")[0]):
                        return True
        return False

    @staticmethod
    def _opens(text: str) -> bool:
        found = _IN_ADDRESS.match(text)
        return found is not None and not _PLACEHOLDER.search(found["secret"]) and not _LOCAL.match(found["host"])


def _texts(value: Expr | None, name: str) -> Iterator[tuple[str, str]]:
    """The literal texts in a value, with the names they stand under."""
    if isinstance(value, Const) and isinstance(value.value, str):
        yield name, value.value
    elif isinstance(value, Mapping):
        for key, item in value.items:
            yield from _texts(item, str(key.value) if isinstance(key, Const) else "")
    elif isinstance(value, Sequence):
        for item in value.items:
            yield from _texts(item, name)


def _form_of(text: str) -> str:
    if len(text) < _LONG or not _ANY_FORM.search(text):
        return ""
    return next((kind for kind, form in _FORMS.items() if form.search(text)), "")


def _is_random(name: str, text: str) -> bool:
    """Whether a text under a telling name looks like a key: long, random, of letters and digits."""
    return (
        _CREDENTIAL.search(name) is not None
        and len(text) >= 2 * _LONG
        and not _PLACEHOLDER.search(text)
        and re.fullmatch(r"[A-Za-z0-9+/=_-]+", text) is not None
        and re.search(r"\d", text) is not None
        and re.search(r"[A-Za-z]", text) is not None
        and _bits(text) > _RANDOM + 0.5
    )


def _is_given(text: str) -> bool:
    """Whether a credential of a client is meant: no placeholder, no plain word."""
    if _WORDS.fullmatch(text):
        return False
    kinds = sum(re.search(form, text) is not None for form in (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]"))
    return len(text) >= _SHORT and not _PLACEHOLDER.search(text) and kinds > 1 and _bits(text) >= _RANDOM - 0.5


def _bits(text: str) -> float:
    """Entropy of the characters, in bits."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
