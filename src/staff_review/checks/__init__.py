"""Project → hits: one module per rule, named as the rule; each gives one function ``check``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from ..findings import Hit
from ..project import Project
from . import (
    blocking_call_in_async,
    call_in_loop,
    call_in_transaction,
    client_per_call,
    connect_timeout_only,
    default_timeout_too_long,
    missing_timeout,
    retry_on_every_error,
    retry_without_backoff,
    retry_without_limit,
    swallowed_error,
    timeout_disabled,
    tls_verification_disabled,
    unbounded_gather,
    wait_without_timeout,
)

Check: TypeAlias = Callable[[Project], Iterable[Hit]]

CHECKS: dict[str, Check] = {
    module.__name__.rpartition(".")[2].replace("_", "-"): module.check
    for module in (
        blocking_call_in_async,
        call_in_loop,
        call_in_transaction,
        client_per_call,
        connect_timeout_only,
        default_timeout_too_long,
        missing_timeout,
        retry_on_every_error,
        retry_without_backoff,
        retry_without_limit,
        swallowed_error,
        timeout_disabled,
        tls_verification_disabled,
        unbounded_gather,
        wait_without_timeout,
    )
}
"""Every check by the id of its rule."""
