"""Where the running program was installed from, so that others can be told to install the same."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution

import msgspec

from .git import answer_of

_NAME = "staff-review"
_SHORT_FORM = re.compile(r"(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+):(?!//)(.+)")
_ADDRESS = re.compile(r"(https?|ssh)://(?:[^/@]*@)?(?!localhost\b|127\.)([\w.-]+(?::\d+)?/[^\s]+)")
_HARMLESS = re.compile(r"[A-Za-z][\w.+:/@%~=<>!,&?\[\]#-]*(?: @ [A-Za-z][\w.+:/@%~=&?#-]*)?", re.ASCII)


class _Revision(msgspec.Struct, frozen=True):
    vcs: str
    commit_id: str


class _Folder(msgspec.Struct, frozen=True):
    editable: bool = False


class _Origin(msgspec.Struct, frozen=True):
    """What an installer writes of a package that is from no index (PEP 610)."""

    url: str
    vcs_info: _Revision | None = None
    dir_info: _Folder | None = None
    subdirectory: str | None = None


def installable(text: str) -> bool:
    """Whether a text may be what an installer is told, and harms no script that it is written into."""
    return _HARMLESS.fullmatch(text) is not None


def requirement(version: str) -> str:
    """What an installer is told elsewhere to get this very program; "" when only this machine has it."""
    try:
        said = distribution(_NAME).read_text("direct_url.json")
    except PackageNotFoundError:
        return ""  # run from its sources
    if said is None:
        return f"{_NAME}=={version}"
    try:
        found = _required(msgspec.json.decode(said, type=_Origin))
    except msgspec.DecodeError:
        return ""
    return found if installable(found) else ""


def _required(origin: _Origin) -> str:
    if origin.dir_info is not None:
        return _pushed(origin.url.removeprefix("file://"))
    address = _public(origin.url)
    if not address or origin.subdirectory:
        return ""
    if origin.vcs_info is None:
        return f"{_NAME} @ {address}"
    return f"{_NAME} @ {origin.vcs_info.vcs}+{address}@{origin.vcs_info.commit_id}"


def _pushed(folder: str) -> str:
    """The commit of a checkout, at the place that it was cloned from, if it is known to be there."""
    commit = (answer_of(folder, "rev-parse", "HEAD") or "").strip()
    there = (answer_of(folder, "branch", "--remotes", "--contains", "HEAD", "--list", "origin/*") or "").strip()
    address = _public((answer_of(folder, "remote", "get-url", "origin") or "").strip())
    changed = answer_of(folder, "status", "--porcelain", "--untracked-files=no")
    return f"{_NAME} @ git+{address}@{commit}" if commit and there and address and changed == "" else ""


def _public(url: str) -> str:
    """An address that leads there from other machines, without a password; "" for one that does not."""
    short = _SHORT_FORM.fullmatch(url)
    if short is not None:
        return f"ssh://git@{short[1]}/{short[2].lstrip('/')}"
    found = _ADDRESS.fullmatch(url)
    if found is None:
        return ""
    user = "git@" if found[1] == "ssh" else ""
    return f"{found[1]}://{user}{found[2]}"
