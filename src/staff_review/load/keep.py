"""Where things are kept between runs, and how they are written so that a reader never sees half of one."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterable
from hashlib import blake2b

from .regular import why

IN_PROJECT = ".staff-review-cache"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def folder_for(root: str = "") -> str:
    """The folder to keep things in, "" when there is none: the project's own, `STAFF_REVIEW_CACHE`, or the user's."""
    if root:
        own = os.path.join(root, IN_PROJECT)
        # A link could lead the writing out of the project.
        if os.path.isdir(own) and not os.path.islink(own):
            return own
    chosen = os.environ.get("STAFF_REVIEW_CACHE", "")
    if chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    for variable, below in _USUAL:
        parent = os.environ.get(variable, "")
        if os.path.isabs(parent):
            return os.path.join(parent, below)
    home = os.path.expanduser("~")
    return os.path.join(home, ".cache", "staff-review") if os.path.isabs(home) else ""


_USUAL = (
    (("LOCALAPPDATA", os.path.join("staff-review", "cache")),)
    if sys.platform == "win32"
    else (("XDG_CACHE_HOME", "staff-review"),)
)


def name_for(path: str, ending: str) -> str:
    """A file name that belongs to `path` alone and still tells a person which it is."""
    stem = _UNSAFE.sub("-", os.path.basename(path))[:40] or "root"
    return f"{stem}-{blake2b(os.fsencode(path), digest_size=8).hexdigest()}{ending}"


def write_whole(path: str, pieces: Iterable[bytes | memoryview]) -> str:
    """Write a file so that others see the old or the new one and nothing between; "" or why it could not be done."""
    folder = os.path.dirname(path)
    temporary = ""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        _hide(folder)
        descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=folder)
        with open(descriptor, "wb") as file:
            file.writelines(pieces)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            drop(temporary)
        return f"{folder}: {why(error)}"
    return ""


def _hide(folder: str) -> None:
    """Keep git away from a cache inside a project."""
    ignore = os.path.join(folder, ".gitignore")
    if os.path.basename(folder) == IN_PROJECT and not os.path.lexists(ignore):
        with open(ignore, "x", encoding="ascii") as file:
            file.write("*\n")


def drop(path: str) -> None:
    """Remove a file that nobody needs any more."""
    try:
        os.unlink(path)
    except OSError:
        return  # another run was faster, or the folder is gone as well
