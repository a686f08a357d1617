"""A label whose values never end: one series in memory for each user, address or error text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.settings import Confidence
from ..nouns.signals import Label
from .hits import hit_on

_ONE_OF_MANY = re.compile(
    r"(?:^|[_.])(?:user_?id|customer_?id|account_?id|session_?id|request_?id|order_?id|trace_?id|span_?id|correlation_?id"
    r"|transaction_?id|message_?id|msg_?id|task_id|job_id|device_?id|e_?mail|e_?mail_address|ip|ip_address|remote_addr"
    r"|client_ip|user_?name|phone|(?:user|request|session|order)_?uuid|token|api_key|timestamp|query_string)$"
)
"""Names of values of which there is one for each user, request or message."""
_FEW_AT_ONCE = re.compile(r"(?:session|task|job|device)_?id$")
"""Of these, those that are no more may well be taken out of the metric."""
_ADDRESS = re.compile(
    r"(?:^|\.)(?:request|req|scope|self\.request)(?:\.[a-z_]+)*\.(?:path|url\.path|full_path|raw_path|path_info|url|uri)$"
)
"""The address as the caller wrote it; the route (`url_rule`, `route.path`) is another thing."""
_ERROR = re.compile(r"^(?:str|repr)\((?:e|ex|exc|err|error|exception)\)$|^\{?(?:e|exc|err|error|exception)\}?$")


def check(project: Project) -> Iterator[Hit]:
    """Labels that hold an identity, an address as sent, or the text of an error; one hit a call."""
    seen = set()
    for label in project.signals.labels:
        because = _because(label)
        if because and label.place not in seen:
            seen.add(label.place)
            yield hit_on(
                "unbounded-metric-label",
                label.place,
                label.function,
                project,
                subject=label.call,
                names={"value": label.value},
                clauses={"because": because},
                confidence=_confidence(label),
            )


def _because(label: Label) -> str:
    """Which of the rule's clauses says why its values never end; "" when they may be few."""
    value = label.value.removesuffix("(…)").lower()
    if _ERROR.search(value) and "." not in value:
        return "error"
    if _ADDRESS.search(value.replace("str(", "").rstrip(")")):
        return "address"
    if _ONE_OF_MANY.search(value) or (_ONE_OF_MANY.search(label.name.lower()) and label.value):
        return "each-its-own"
    return ""


def _confidence(label: Label) -> Confidence | None:
    """Less where only the name of the label says so, and least for what is there for a while."""
    if _because(label) == "each-its-own" and (
        _FEW_AT_ONCE.search(label.value.lower()) or _FEW_AT_ONCE.search(label.name.lower())
    ):
        return "low"
    return None if _ONE_OF_MANY.search(label.value.lower()) or _because(label) != "each-its-own" else "medium"
