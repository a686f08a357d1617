"""What bounds and repeats a call: the limit and retries that the code sets, else those of a mesh or gateway."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from ..nouns.deployment import Mesh
from ..nouns.journeys import Policy
from ..nouns.project import Project, Retry
from ..nouns.source import Place


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
        self._meshes: dict[str, Mesh] = {}
        for mesh in meshes:
            name = _short(mesh.host)
            known = self._meshes.get(name)
            self._meshes[name] = mesh if known is None else _together(known, mesh)

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
                whole=attempts == 1,  # what the mesh repeats is inside its limit, what the code repeats is not
                breaker=mesh.breaker,
                by=mesh.by,
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


def _short(host: str) -> str:
    """The name of a service inside a cluster, however much of its full name is written; any other host as it is."""
    inside = host.count(".") < 2 or host.partition(".svc")[1]
    return host.partition(".")[0] if inside else host


def _together(one: Mesh, other: Mesh) -> Mesh:
    """What two documents say of one host; where both speak of the same, the first."""
    first = one if one.seconds is not None else other
    return replace(
        first,
        attempts=one.attempts if one.attempts is not None else other.attempts,
        breaker=one.breaker or other.breaker,
    )
