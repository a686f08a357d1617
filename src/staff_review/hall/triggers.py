"""What makes a file worth reading, worked out once for a rulebook."""

from __future__ import annotations

from .. import __version__
from ..link.knowledge.triggers import triggers_of
from ..load.derived import derived
from ..load.engine import engine_stamp
from ..nouns.demand import Triggers
from ..nouns.rulebook import Rulebook

_LANGUAGE = "python"


def triggers_for(rulebook: Rulebook) -> Triggers:
    """The triggers of a rulebook; of one that was read from files, those that an earlier run worked out."""

    def work() -> Triggers:
        return triggers_of(rulebook.libraries, _LANGUAGE)

    if not rulebook.stamp:
        return work()
    return derived(f"{_LANGUAGE}.triggers", f"{engine_stamp(__version__)} {rulebook.stamp}", Triggers, work)
