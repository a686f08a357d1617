"""The drawings of `staff-review map` by what is drawn and in which format: the map, a change of it, one endpoint."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from ..nouns.errors import UsageError
from .options import look_for

if TYPE_CHECKING:
    from collections.abc import Sequence as Several

    from ..nouns.findings import Finding, Introduced
    from ..nouns.sequences import Sequence
    from ..nouns.system import System
    from ..report.look import ColourChoice

FORMATS = ("text", "mermaid", "dot", "json", "svg", "html")
_SOME = ("text", "mermaid", "json")


class Drawing(msgspec.Struct, frozen=True):
    """What is to be drawn; `given` is whatever the format's module draws, besides the stream and the look."""

    what: str  # the module in `report` without the format: "map", "map_change", "sequence"
    form: str
    given: tuple[Any, ...]
    more: tuple[Any, ...] = ()  # what its module takes after the stream

    def onto(self, stream: TextIO, colour: ColourChoice) -> None:
        """Draw."""
        module = importlib.import_module(f"..report.{self.what}_{self.form}", __package__)
        look = (look_for(colour, stream),) if self.form == "text" else ()
        module.render(*self.given, stream, *look, *self.more)


def of_map(system: System, form: str, service: str) -> Drawing:
    """The whole map, or one service of it."""
    return Drawing("map", form, (system,), () if form == "json" else (service,))


def of_page(system: System, findings: Several[Finding], service: str) -> Drawing:
    """The map as a page to move about in, with what was found on its edges."""
    return Drawing("map", "html", (system, findings), (service,))


def of_change(introduced: Introduced, form: str) -> Drawing:
    """What a change does to the map; raises UsageError for a format that cannot show it."""
    return Drawing("map_change", _known(form, "--diff"), (introduced,))


def of_sequence(sequence: Sequence, form: str) -> Drawing:
    """What one endpoint does; raises UsageError for a format that cannot show it."""
    return Drawing("sequence", _known(form, "--endpoint"), (sequence,))


def _known(form: str, option: str) -> str:
    if form not in _SOME:
        raise UsageError(f"`{option}` is shown as {', '.join(_SOME[:-1])} or {_SOME[-1]}, not as {form}")
    return form
