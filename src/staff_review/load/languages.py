"""Which language a file is read in, by its name."""

from __future__ import annotations

import re

_LANGUAGES = {".py": "python", ".html": "template", ".jinja": "template", ".jinja2": "template"}
SUFFIXES = tuple(_LANGUAGES)
"""How the names of files end that may be read."""
_TEMPLATES = re.compile(r"(?:^|/)(?:templates|jinja2)/")


def language_of(name: str) -> str:
    """The language of a file: by its suffix, of templates by their folder too; "" where it is not read."""
    language = next((language for suffix, language in _LANGUAGES.items() if name.endswith(suffix)), "")
    return "" if language == "template" and _TEMPLATES.search(name) is None else language
