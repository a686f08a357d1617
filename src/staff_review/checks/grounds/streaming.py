"""Answers that go on as long as there is more: a limit on the whole would cut them off."""

from __future__ import annotations

from ...nouns.project import Project, Site


def only_streams(project: Project, site: Site) -> bool:
    """Whether the answer comes in parts, or every answer that a client is known to be asked for."""
    if site.streams or not site.is_client:
        return site.streams
    asked = [one.streams for one in project.sites if one.made_at == site.place and one.direct and not one.is_client]
    return bool(asked) and all(asked)
