"""What makes a file worth reading, worked out once for a rulebook."""

from __future__ import annotations

from .. import __version__
from ..link.knowledge.triggers import triggers_of
from ..load.derived import derived
from ..load.engine import engine_stamp
from ..nouns.demand import Triggers
from ..nouns.rulebook import Rulebook

_LANGUAGE = "python"
_KNOWN: dict[str, Triggers] = {}
"""Those of the last rulebook, by its stamp: a process may review many projects."""


def triggers_for(rulebook: Rulebook) -> Triggers:
    """The triggers of a rulebook; of one that was read from files, those that an earlier run worked out."""
    if not rulebook.stamp:
        return triggers_of(rulebook.libraries, _LANGUAGE)
    if rulebook.stamp not in _KNOWN:
        stamp = f"{engine_stamp(__version__)} {rulebook.stamp}"
        found = derived(stamp, ".triggers", Triggers, lambda: triggers_of(rulebook.libraries, _LANGUAGE))
        _KNOWN.clear()
        _KNOWN[rulebook.stamp] = found
    return _KNOWN[rulebook.stamp]
