"""What the errors that a program catches say of the call that failed, as the catalog tells it."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.libraries import ErrorSays
from ...nouns.project import Project
from ..knowledge.catalog import Catalog


def errors_of(project: Project, catalog: Catalog) -> dict[str, ErrorSays]:
    """What is known of each error type that a handler, a region or a retry names."""
    known = {name: catalog.errors.get(name) for name in dict.fromkeys(_named(project))}
    return {name: error.says for name, error in known.items() if error is not None}


def _named(project: Project) -> Iterator[str]:
    for site in project.sites:
        for handler in site.context.handlers:
            yield from handler.catches
        for region in site.context.regions:
            yield from region.catches
    for retry in project.retries:
        yield from retry.catches
    for log in project.signals.error_logs:
        yield from log.catches
    for missing in project.signals.missing:
        yield from missing.catches
