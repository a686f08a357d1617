"""Build files that say which folder an image is made from, and settings that kustomize generates."""

from __future__ import annotations

from ...nouns.deployment import Setting
from .listing import Found, at, joined
from .yaml import Node


def built_images(file: Found, root: Node) -> dict[str, str]:
    """Image name → folder, as a Skaffold file says."""
    found: dict[str, str] = {}
    if root.get("kind").text == "Config" and root.get("apiVersion").text.startswith("skaffold"):
        for artifact in root.get("build", "artifacts").items:
            image = artifact.get("image").text
            if image:
                found[image] = joined(file.folder, artifact.get("context").text or ".") or "."
    return found


def generated_groups(file: Found, root: Node) -> dict[str, list[Setting]]:
    """Config maps that a kustomization generates from literals."""
    found: dict[str, list[Setting]] = {}
    for generator in (*root.get("configMapGenerator").items, *root.get("secretGenerator").items):
        settings = found.setdefault(generator.get("name").text, [])
        for literal in generator.get("literals").items:
            name, _, value = literal.text.partition("=")
            settings.append(Setting(name, value.strip("\"'"), at(file.path, literal.line)))
    return found
