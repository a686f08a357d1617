"""The one way an edit says that it cannot be made."""

from __future__ import annotations


class RefusedError(Exception):
    """An edit that cannot be made here, and why, in a clause that follows "not fixed:"."""
