"""Who would be asked, and whether that can work at all, told without loading the SDK."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from urllib.parse import urlsplit

from ..nouns.settings import PersonaSettings

_USUAL = "https://api.anthropic.com"
_ADDRESS = {
    "anthropic": "ANTHROPIC_BASE_URL",
    "bedrock": "ANTHROPIC_BEDROCK_BASE_URL",
    "vertex": "ANTHROPIC_VERTEX_BASE_URL",
    "foundry": "ANTHROPIC_FOUNDRY_BASE_URL",
}
# From the SDK 2.12: Bedrock signs with boto3, Vertex with google-auth, Foundry needs nothing more.
_NEEDS = {"bedrock": ("botocore", "bedrock"), "vertex": ("google.auth", "vertex")}
_KEYS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE")
_FEDERATION = ("ANTHROPIC_FEDERATION_RULE_ID", "ANTHROPIC_ORGANIZATION_ID")


def address_of(asked: PersonaSettings, environ: Mapping[str, str]) -> str:
    """Where requests go, for the name of a reply in the cache: another endpoint gives other replies."""
    chosen = environ.get(_ADDRESS[asked.provider], "")
    return chosen or (_USUAL if asked.provider == "anthropic" else asked.provider)


def host_of(asked: PersonaSettings, environ: Mapping[str, str]) -> str:
    """The host that requests go to, for people; "" for the provider's usual one."""
    chosen = environ.get(_ADDRESS[asked.provider], "")
    if not chosen:
        return "" if asked.provider == "anthropic" else asked.provider
    try:
        parts = urlsplit(chosen)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    return "" if chosen.rstrip("/") == _USUAL else f"{parts.hostname or chosen}{port}"


def hindrance(asked: PersonaSettings, environ: Mapping[str, str], *, profile: bool) -> str:
    """Why asking cannot work, in a few words with the mend; "" when it may. `profile`: the user has one on disk."""
    if environ.get("ANTHROPIC_LOG", "").lower() == "debug" and environ.get("CI"):
        return "ANTHROPIC_LOG=debug would print the code into the log of the build; unset it"
    if asked.provider == "anthropic":
        known = profile or any(environ.get(name) for name in _KEYS) or all(environ.get(name) for name in _FEDERATION)
        return "" if known else "no key: set ANTHROPIC_API_KEY (a local server takes any value)"
    if asked.provider in _NEEDS:
        module, extra = _NEEDS[asked.provider]
        if not _installed(module):
            return f"{asked.provider} needs more of the SDK: pip install 'anthropic[{extra}]'"
    if asked.provider == "vertex" and not environ.get("CLOUD_ML_REGION"):
        return "vertex needs a region: set CLOUD_ML_REGION"
    if asked.provider == "foundry":
        if not environ.get("ANTHROPIC_FOUNDRY_API_KEY"):
            return "no key: set ANTHROPIC_FOUNDRY_API_KEY"
        if not (environ.get("ANTHROPIC_FOUNDRY_RESOURCE") or environ.get("ANTHROPIC_FOUNDRY_BASE_URL")):
            return "foundry needs a resource: set ANTHROPIC_FOUNDRY_RESOURCE"
    return ""


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # the package that would hold it is not there
        return False
