"""How a path of a route is written down: one slash between its parts, a name in braces for what may be anything."""

from __future__ import annotations

import re

_NAMED = re.compile(r"\(\?P<(\w+)>(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)")
_GROUP = re.compile(r"\((?:[^()\\]|\\.)*\)")


def whole(prefix: str, path: str) -> str:
    """Two parts of a path with one slash between them and one before."""
    joined = "/".join(part.strip("/") for part in (prefix, path) if part.strip("/"))
    plain = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", joined)
    return f"/{plain}" + ("/" if path.endswith("/") and joined else "")


def of_pattern(pattern: str) -> str:
    """The path that a regular expression stands for: ``^orders/(?P<id>[0-9]+)/$`` is ``orders/{id}/``."""
    plain = _GROUP.sub("{}", _NAMED.sub(r"{\1}", pattern))
    return re.sub(r"\\([^\w])", r"\1", re.sub(r"\\[AZ]|[\^$]|(?<=[/}\w])\?", "", plain))
