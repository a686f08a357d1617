"""Project + deployment → System: what runs, what it offers, who calls whom, and what that means for a request."""

from __future__ import annotations

from .build import system_of
from .changes import changed
from .covering import covered
from .linking import linked
from .saving import restored, saved
from .sequences import sequence_of

__all__ = ["changed", "covered", "linked", "restored", "saved", "sequence_of", "system_of"]
