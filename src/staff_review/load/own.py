"""What belongs to the user and not to a repository: their settings for the persona, their personas, their profile."""

from __future__ import annotations

import glob
import math
import os
import re
import sys

import msgspec

from ..nouns.errors import UsageError
from ..nouns.rulebook import Persona
from ..nouns.settings import PersonaSettings
from .rulebook import rules_folder
from .toml import Document, decoded, document_of, mistake, nearest

_FILE = "settings.toml"
_PERSONAS = "personas"
_ABOVE_ZERO = ("deadline", "max_usd", "max_tokens", "at_once")


class _OwnFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    persona: PersonaSettings = PersonaSettings()


def own_folder() -> str:
    """The user's folder of settings: `STAFF_REVIEW_HOME`, else the platform's place; "" when there is none."""
    chosen = os.environ.get("STAFF_REVIEW_HOME", "")
    if chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    variable = "APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME"
    parent = os.environ.get(variable, "")
    if os.path.isabs(parent):
        return os.path.join(parent, "staff-review")
    home = os.path.expanduser("~")
    return os.path.join(home, ".config", "staff-review") if os.path.isabs(home) else ""


def persona_settings_of(folder: str | None = None) -> PersonaSettings:
    """What the user lets a persona do, from `settings.toml` in their own folder; raises UsageError for a mistake."""
    folder = own_folder() if folder is None else folder
    path = os.path.join(folder, _FILE)
    if not folder or not os.path.isfile(path):
        return PersonaSettings()
    document = document_of(path)
    said = decoded(document, _OwnFile).persona
    _check(said, document)
    return said


def personas_of(folder: str | None = None) -> dict[str, Persona]:
    """Every persona by name: ours, then those in the user's own folder, which win; raises UsageError."""
    folder = own_folder() if folder is None else folder
    found: dict[str, Persona] = {}
    for place in (os.path.join(rules_folder(), _PERSONAS), os.path.join(folder, _PERSONAS) if folder else ""):
        for path in sorted(glob.glob(os.path.join(glob.escape(place), "*.toml"))) if place else ():
            persona = _persona(path)
            found[persona.name] = persona
    return found


def persona_named(name: str, personas: dict[str, Persona]) -> Persona:
    """The persona of this name; raises UsageError with the ones there are."""
    if name not in personas:
        raise UsageError(f"no persona is named `{name}`{nearest(name, personas)}")
    return personas[name]


def has_profile() -> bool:
    """Whether the `anthropic` SDK would find a profile of the user on disk (anthropic 2.12, lib/credentials)."""
    chosen = os.environ.get("ANTHROPIC_CONFIG_DIR", "")
    if sys.platform == "win32":
        usual = os.path.join(os.environ.get("APPDATA", os.path.expanduser("~")), "Anthropic")
    else:
        usual = os.path.join(os.path.expanduser("~"), ".config", "anthropic")
    return bool(glob.glob(os.path.join(glob.escape(chosen or usual), "configs", "*.json")))


def _persona(path: str) -> Persona:
    document = document_of(path)
    persona = decoded(document, Persona)
    expected = os.path.splitext(os.path.basename(path))[0]
    if persona.name != expected:
        said = f"the name `{persona.name}` is not the name of its file; call it `{expected}`"
        raise mistake(document, ("name",), said)
    ids = [lens.id for lens in persona.lens]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise mistake(document, ("lens", twice[0]), f"two lenses are called `{twice[0]}`; rename one")
    return persona


def _check(said: PersonaSettings, document: Document) -> None:
    """Raise UsageError for values of the right type that make no sense."""
    for name in _ABOVE_ZERO:
        key = name.replace("_", "-")
        value: float = getattr(said, name)
        if not (value > 0 and math.isfinite(value)):
            raise mistake(document, ("persona", key), f"`persona.{key}` must be a number above 0")
    if (said.price_in is None) != (said.price_out is None):
        raise mistake(document, ("persona",), "`price-in` and `price-out` belong together; give both or neither")
    for pattern in said.redact:
        try:
            re.compile(pattern)
        except re.error as error:
            what = f"`{pattern}` in `redact` is no regular expression: {error}"
            raise mistake(document, ("persona", "redact", pattern), what) from error
