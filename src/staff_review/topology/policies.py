"""What bounds and repeats a call: the limit and retries that the code sets, else those of a mesh."""

from __future__ import annotations

from collections.abc import Iterable

from ..deployment import Mesh
from ..journeys import Policy
from ..project import Project, Retry
from ..source import Place


class Policies:
    """Policies by the place of a call."""

    def __init__(self, project: Project, meshes: tuple[Mesh, ...]) -> None:
        self._limits = {site.place: site.limit for site in project.sites if site.direct}
        self._breakers = {
            site.place for site in project.sites if any(region.kind == "breaker" for region in site.context.regions)
        }
        self._retries: dict[Place, Retry] = {}
        for retry in project.retries:
            for site in retry.covers:
                self._retries.setdefault(site.place, retry)
        self._meshes = {mesh.host.partition(".")[0]: mesh for mesh in meshes}

    def of(self, place: Place, names: Iterable[str]) -> Policy:
        """The policy of a call to a peer by its names; a mesh speaks where the code does not."""
        limit = self._limits.get(place)
        retry = self._retries.get(place)
        mesh = next((self._meshes[name] for name in names if name in self._meshes), None)
        state = limit.state if limit is not None and limit.how != "not-due" else "unknown"
        seconds = limit.seconds if limit is not None and state == "bounded" else None
        attempts = 1 if retry is None else retry.attempts
        if (
            mesh is not None
            and mesh.seconds is not None
            and (state != "bounded" or seconds is None or mesh.seconds < seconds)
        ):
            return Policy(
                state="bounded",
                seconds=mesh.seconds,
                attempts=mesh.attempts if attempts == 1 and mesh.attempts is not None else attempts,
                whole=True,
                breaker=mesh.breaker,
                by="mesh",
                set_at=mesh.place,
            )
        if mesh is not None and mesh.attempts is not None and attempts == 1:
            attempts = mesh.attempts
        return Policy(
            state=state,
            seconds=seconds,
            attempts=attempts,
            endless=retry is not None and retry.bounded == "no",
            breaker=place in self._breakers or (mesh is not None and mesh.breaker),
            by="code" if limit is not None and limit.set_at is not None else "",
            set_at=limit.set_at if limit is not None else None,
        )
