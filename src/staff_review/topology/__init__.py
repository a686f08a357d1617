"""Project + deployment → System: what runs, what it offers, who calls whom, and what that means for a request."""

from __future__ import annotations

from .build import system_of
from .linking import linked
from .saving import restored, saved

__all__ = ["linked", "restored", "saved", "system_of"]
