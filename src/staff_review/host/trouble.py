"""Why a code host did not do what it was asked."""

from __future__ import annotations


class TroubleError(Exception):
    """A request came to nothing, and why in a few words.

    `unsure`: it may have been done all the same, so it must not simply be sent again. `ends`: no other request would
    fare better. `status` is the host's, 0 when it said nothing.
    """

    def __init__(self, reason: str, *, unsure: bool = False, ends: bool = False, status: int = 0) -> None:
        super().__init__(reason)
        self.unsure = unsure
        self.ends = ends
        self.status = status
