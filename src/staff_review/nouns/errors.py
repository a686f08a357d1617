"""The one exception a user ever sees."""

from __future__ import annotations


class UsageError(Exception):
    """The user's mistake in one sentence, with the mend; a door prints it and exits with 2."""
