"""Calls that make a client and do nothing else."""

from __future__ import annotations

from ...nouns.libraries import Operation
from ..calls.graph import Resolved
from ..knowledge.catalog import Catalog


def only_makes(catalog: Catalog, one: Resolved, operation: Operation) -> bool:
    """Whether a call does no more than make a client, which is where a missing limit of that client is told."""
    made = catalog.makings.get(one.path) if not operation.effects and operation.timeout is None else None
    client = catalog.clients.get(made) if made is not None else None
    return client is not None and client.timeout is not None and client.report == "client"
