"""Helm templates read without rendering them: values filled in where they are plain, control lines dropped."""

from __future__ import annotations

import re

from .yaml import Node

_ACTION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_CONTROL = re.compile(
    r"^\s*(?:\{\{-?\s*(?:if|else|end|with|range|define|template|block|/\*|[$]\w+\s*:?=).*?-?\}\}\s*)+$"
)
_BLOCK = re.compile(r"^\s*\{\{-?\s*(?:include|toYaml|tpl|template|nindent|indent|fromYaml)\b.*\}\}\s*$")
_VALUE = re.compile(r"\.Values((?:\.[\w-]+)+)")
_KEPT = re.compile(r"\{\{-?\s*(\$\w+)\s*:?=\s*(.*?)\s*-?\}\}")
_INDEXED = re.compile(r"\(?\bindex\s+\.Values((?:\s+\"[\w-]+\")+)\)?")
_KEY = re.compile(r"\"([\w-]+)\"")
_TEXT = re.compile(r"""["']([^"']*)["']""")


def is_template(text: str) -> bool:
    """Whether a file is a template rather than plain YAML."""
    return "{{" in text


def rendered(text: str, values: Node, chart: str) -> str:
    """The template with the chart's default values; what cannot be known becomes the chart's name or nothing.

    Lines are kept one for one, so that places stay true.
    """
    text = _INDEXED.sub(lambda found: ".Values" + "".join(f".{key}" for key in _KEY.findall(found[1])), text)
    for name, value in _KEPT.findall(text):
        if _VALUE.fullmatch(value):
            text = re.sub(rf"{re.escape(name)}\b(?=\.\w)", value, text)
    chart = values.get("fullnameOverride").text or values.get("nameOverride").text or chart
    lines = [
        ""
        if _CONTROL.match(line) or _BLOCK.match(line)
        else _ACTION.sub(lambda found: _filled(found, values, chart), line)
        for line in text.splitlines()
    ]
    return "\n".join("" if "{{" in line or "}}" in line else line for line in lines)


def _filled(found: re.Match[str], values: Node, chart: str) -> str:
    expression = found[1]
    value = _VALUE.search(expression)
    if value is not None:
        node = values.get(*value[1].strip(".").split("."))
        if node.kind == "text" and node.text:
            return node.text
        default = re.search(r"default\s+([\"'][^\"']*[\"']|\S+)", expression)
        return default[1].strip("\"'") if default is not None else ""
    if "Chart.Name" in expression or "fullname" in expression or re.search(r"include\s+\"[\w.-]*name\"", expression):
        return chart
    text = _TEXT.fullmatch(expression) or (_TEXT.search(expression) if "printf" not in expression else None)
    if text is not None and "include" not in expression:
        return text[1]
    return "release" if "Release" in expression else ""
