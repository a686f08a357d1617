"""Stacks of CloudFormation, SAM and the Serverless framework: functions as units, with the queues that feed them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from ...nouns.deployment import Setting, Unit
from ...nouns.products import Resource
from .listing import Found, at, joined
from .yaml import Node

_HOLE = re.compile(r"\$\{([\w.:-]+)\}")
_NAME = re.compile(r"[A-Za-z]\w*(?:\.[\w.]+)?")
_OWN = re.compile(r"\$\{self:([\w.-]+)[^}]*\}")
_GIVEN = ("Ref", "Fn::GetAtt", "Fn::Sub", "Fn::ImportValue", "Fn::Join")
_DEEP = 4


class Stacks:
    """Collects the templates; `units()` reads them once all are known, as one may name what another one keeps."""

    def __init__(self, resources: tuple[Resource, ...]) -> None:
        self._known = {kind: resource for resource in reversed(resources) for kind in resource.kinds}
        self._templates: list[tuple[Found, Node, Node]] = []  # file, resources, the whole
        self._kept: dict[str, tuple[_Template, Node]] = {}  # what parameters of the store of parameters hold

    def add(self, file: Found, root: Node) -> bool:
        """Take one document; whether it is a template."""
        listed = root.get("Resources") or root.get("resources", "Resources")
        typed = any(one.get("Type").text in self._known for _, one in listed.members())
        served = bool(root.get("provider") and root.get("functions").kind == "map")
        if typed or served:
            self._templates.append((file, listed, root))
        return typed or served

    def units(self) -> Iterator[Unit]:
        """Everything that is made, in the order of the files."""
        templates = [_Template(file, listed, root, self._kept) for file, listed, root in self._templates]
        for template in templates:
            for _, one in template.resources.members():
                if one.get("Type").text == "AWS::SSM::Parameter":
                    self._kept[template.text(one.get("Properties", "Name"))] = (
                        template,
                        one.get("Properties", "Value"),
                    )
        for template in templates:
            listed = list(template.resources.members())
            asked = {text for _, one in listed for text in template.texts(one, "Properties.ServiceToken")}
            made = [
                unit
                for label, one in listed
                for unit in self._unit(template, label, one)
                if template.address(label) not in asked  # it helps to make the stack, and is done then
            ]
            yield from _fed([*made, *template.functions()], list(self._feeds(template)))

    def _unit(self, template: _Template, label: str, one: Node) -> Iterator[Unit]:
        known = self._known.get(one.get("Type").text)
        if known is None or known.runs:
            return
        own, shared = one.get("Properties"), template.root.get("Globals", "Function")
        shared = shared if not known.product else one.get("")
        name = next((text for path in known.names for text in template.texts(own, path)), "")
        code = next((text for path in known.code for text in template.texts(own, path)), "")
        yield Unit(
            name=name if name and "{" not in name else label,
            place=at(template.file.path, one.line),
            form="terraform",
            product=next((text for path in known.product_from for text in template.texts(own, path)), known.product),
            image=next((text for path in known.image for text in template.texts(own, path)), ""),
            context="" if known.product or "://" in code else joined(template.file.folder, code or ".") or ".",
            command=" ".join(text for path in known.command for text in template.texts(own, path)),
            settings=tuple(
                one for part in (own, shared) for path in known.environment for one in template.settings(part, path)
            ),
            hosts=(template.address(label), label),
            takes=tuple(text for path in known.takes for text in template.texts(own, path)),
        )

    def _feeds(self, template: _Template) -> Iterator[tuple[str, str]]:
        """What is fed, and by what, where a resource of its own says it."""
        for _, one in template.resources.members():
            known = self._known.get(one.get("Type").text)
            if known is not None and known.runs:
                own = one.get("Properties")
                for fed in template.texts(own, known.runs):
                    yield from ((fed, text) for path in known.takes for text in template.texts(own, path))


class _Template:
    """One template, and what its names mean."""

    def __init__(self, file: Found, resources: Node, root: Node, kept: dict[str, tuple[_Template, Node]]) -> None:
        self.file = file
        self.resources = resources
        self.root = root
        self._kept = kept
        self._labels = {label: one.get("Type").text for label, one in resources.members()}

    def address(self, label: str) -> str:
        """The address of a resource, fit to stand where a host does."""
        return f"{self._labels.get(label, '').replace('::', '-')}-{label}.internal".lower()

    def functions(self) -> Iterator[Unit]:
        """The functions of the Serverless framework, each with the settings of all and its own."""
        named = self.root.get("service").text or self.root.get("service", "name").text
        for name, one in self.root.get("functions").members() if self.root.get("provider") else ():
            yield Unit(
                name=name if not named else f"{named}-{name}",
                place=at(self.file.path, one.line),
                form="terraform",
                context=self.file.folder or ".",
                command=one.get("handler").text.replace("/", "."),
                settings=(*self.settings(one, "environment"), *self.settings(self.root.get("provider"), "environment")),
                hosts=(name,),
                takes=tuple(
                    text
                    for path in ("events.*.arn", "events.sqs", "events.sns", "events.stream")
                    for text in self.texts(one, path)
                ),
            )

    def settings(self, value: Node, path: str) -> Iterator[Setting]:
        """The environment at a path."""
        for one in _reached(value, path):
            for name, inner in one.members():
                text = self.text(inner)
                if text:
                    yield Setting(name, text, at(self.file.path, inner.line))

    def texts(self, value: Node, path: str) -> list[str]:
        """The texts at a path."""
        return [text for one in _reached(value, path) if (text := self.text(one))]

    def text(self, value: Node, depth: int = 0) -> str:
        """What a value comes to: a resource to its address, a parameter to what it is without being given."""
        if value.kind == "map":
            inner = next((value.get(name) for name in _GIVEN if value.get(name)), None)
            return self.text(inner, depth) if inner is not None and depth < _DEEP else ""
        if (
            value.kind == "list" and len(value.items) > 1 and value.items[1].kind == "list"
        ):  # what is joined, and by what
            return value.items[0].text.join(self.text(one, depth) for one in value.items[1].items)
        if value.kind == "list":
            return self.text(value.items[0], depth) if value.items and depth < _DEEP else ""
        text = _OWN.sub(lambda found: self.root.get(*found[1].split(".")).text, value.text)
        if _NAME.fullmatch(text):
            return self._named(text, depth) or text
        return _HOLE.sub(lambda found: self._named(found[1], depth) or found[0], text)

    def _named(self, name: str, depth: int) -> str:
        """The resource or parameter of a name, "" for neither."""
        label = name.partition(".")[0]
        if label in self._labels:
            return self.address(label)
        given = self.root.get("Parameters", label, "Default").text
        kept = self._kept.get(given)
        if kept is not None and depth < _DEEP:
            return kept[0].text(kept[1], depth + 1)
        return given


def _fed(units: list[Unit], feeds: list[tuple[str, str]]) -> Iterator[Unit]:
    """Units with what feeds them."""
    for unit in units:
        more = tuple(by for fed, by in feeds if fed in unit.hosts or fed == unit.name)
        yield replace(unit, takes=tuple(dict.fromkeys((*unit.takes, *more)))) if more else unit


def _reached(value: Node, path: str) -> list[Node]:
    """Everything at a dotted path, through lists; ``*`` is any member."""
    found = [value]
    for step in path.split("."):
        inner = [one for part in found for one in (part.items if part.kind == "list" else [part])]
        found = [
            one
            for part in inner
            for one in ([inside for _, inside in part.members()] if step == "*" else [part.get(step)])
            if one
        ]
    return found
