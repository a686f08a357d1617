"""A token whose signature nobody checks: whoever can send a request can write its claims."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..nouns.acts import Act, Option
from ..nouns.findings import Hit
from ..nouns.project import Project, Site
from ..nouns.settings import Confidence, Severity
from .hits import hit_at, hit_on

_FROM_THE_TOKEN = re.compile(r"unverified|header\b")
_SHARED = re.compile(r"secret", re.IGNORECASE)
_NONE = re.compile(r"'none'")


def check(project: Project) -> Iterator[Hit]:
    """Decodings without a signature, unless the same function verifies the token too."""
    yield from _switched_off_by_callers(project)
    decodings = [site for site in project.sites if Act.DECODE_TOKEN in site.acts and site.direct]
    functions = {site.function for site in decodings if not _because(site)}
    keyed = {site.function for site in decodings if _has_key(site)}
    for site in decodings:
        because = _because(site)
        if not because or site.function in functions:
            continue  # a first look tells which key to verify with
        severity, confidence = _weight(project, site)
        if site.function in keyed and not _has_key(site):
            confidence = "low"  # something decides between the two
        yield hit_at(
            "jwt-not-verified",
            site,
            project,
            clauses={"because": because},
            effects=frozenset({Act.DECODE_TOKEN}),
            severity=severity,
            confidence=confidence,
        )


def _has_key(site: Site) -> bool:
    """Whether a token is decoded with a key, whatever algorithm is taken."""
    key = site.options.get("key")
    given = key is not None and key.state == "given"
    return given and not any(_is(site.options.get(name), False) for name in ("signature", "verify"))


def _switched_off_by_callers(project: Project) -> Iterator[Hit]:
    """Calls of the program's own decoding functions that tell them not to look at the signature."""
    for token in project.exposures.unchecked_tokens:
        yield hit_on(
            "jwt-not-verified",
            token.place,
            token.function,
            project,
            subject=token.call,
            names={"switch": token.switch},
            clauses={"because": "switched-off-by-caller"},
            severity=None if token.sent else "warning",
            confidence=None if token.sent else "medium" if token.elsewhere else "low",
        )


def _weight(project: Project, site: Site) -> tuple[Severity | None, Confidence | None]:
    """Full weight where a request brought the token; otherwise it may have come from its issuer."""
    if _is(site.options.get("algorithms"), "any") and not _is(site.options.get("signature"), False):
        key = site.options.get("key")
        shared = key is not None and _SHARED.search(key.text)
        return "warning", "low" if shared else "medium"  # the key is still checked, and nobody has a public half
    if site.place in project.exposures.sent_tokens:
        return None, None if site.certain else "medium"
    everything = _is(site.options.get("verify"), False)  # the end and the audience are not checked either
    fetched = any(one.remote and one.before(site) for one in project.sites)
    return "warning", "medium" if everything and fetched else "low"


def _because(site: Site) -> str:
    """Which of the rule's clauses says what leaves the signature unchecked; "" when nothing known does."""
    signature, verify = site.options.get("signature"), site.options.get("verify")
    algorithms = site.options.get("algorithms")
    if _is(signature, False):
        return "signature-off"
    if _is(verify, False) and algorithms is not None and algorithms.state == "absent":
        return "everything-off"
    if algorithms is None:
        return ""
    if _is(algorithms, "any"):
        return "any-algorithm"
    if _is(algorithms, "none") or _NONE.search(algorithms.text):
        return "no-algorithm"
    if algorithms.state == "given" and not algorithms.values and _FROM_THE_TOKEN.search(algorithms.text):
        return "algorithm-of-the-token"
    return ""


def _is(option: Option | None, value: object) -> bool:
    return option is not None and option.state != "unseen" and bool(option.values) and set(option.values) == {value}
