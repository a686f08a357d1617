"""Kubernetes manifests: workloads as units, config maps as groups, services as other names, ingresses as routes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ...nouns.deployment import COMPONENT, Mesh, Port, Route, Setting, Unit
from .durations import seconds_of
from .listing import Found, at
from .meshes import KINDS, meshes_of
from .yaml import Node, number_in

_WORKLOADS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Pod", "Job", "CronJob",
     "DeploymentConfig", "Rollout"}
)  # fmt: skip
_SIDECARS = (
    "istio-proxy",
    "envoy",
    "linkerd",
    "cloud-sql-proxy",
    "cloudsql",
    "otel",
    "jaeger-agent",
    "fluent",
    "vault",
)


class Selected(msgspec.Struct, frozen=True):
    """A Service: its name, the labels it selects, its ports."""

    name: str
    labels: dict[str, str]
    ports: tuple[Port, ...]


class Manifests:
    """Collects what the documents of many files say; `units()` puts services and workloads together."""

    def __init__(self) -> None:
        self.groups: dict[str, list[Setting]] = {}
        self.routes: list[Route] = []
        self.meshes: list[Mesh] = []
        self._services: list[Selected] = []
        self._workloads: list[tuple[Unit, dict[str, str]]] = []

    def add(self, file: Found, root: Node) -> None:
        """Take one document; other kinds are passed over."""
        kind = root.get("kind").text
        self.meshes += meshes_of(file, root) if kind in KINDS else ()
        if kind in _WORKLOADS:
            self._add_workload(file, root, kind)
        elif kind in ("List", "Template"):
            for item in (*root.get("items").items, *root.get("objects").items):
                self.add(file, item)
        elif kind in ("ConfigMap", "Secret"):
            self._add_group(file, root)
        elif kind == "Service":
            name = root.get("metadata", "name").text
            if root.get("apiVersion").text.startswith("serving.knative.dev"):
                self._add_workload(file, root, kind)
            elif name:
                self._services.append(Selected(name, _texts(root.get("spec", "selector")), tuple(_service_ports(root))))
        elif kind in ("Ingress", "HTTPRoute", "GRPCRoute", "VirtualService", "IngressRoute"):
            self.routes += _routes(file, root, kind)
        elif kind == "Component":
            self._add_component(file, root)

    def _add_group(self, file: Found, root: Node) -> None:
        found = [
            Setting(name, value.text, at(file.path, value.line))
            for part in ("data", "stringData")
            for name, value in root.get(part).members()
            if root.get("kind").text == "ConfigMap" or part == "stringData"
        ]
        self.groups.setdefault(root.get("metadata", "name").text, []).extend(found)

    def _add_component(self, file: Found, root: Node) -> None:
        """A peer that sidecars keep under a name: its type and what says where it is."""
        listed = root.get("spec", "metadata").items
        said = [Setting(one.get("name").text, one.get("value").text, at(file.path, one.line)) for one in listed]
        kind = root.get("spec", "type")
        found = [Setting("type", kind.text, at(file.path, kind.line)), *said]
        self.groups.setdefault(COMPONENT + root.get("metadata", "name").text, []).extend(found)

    def _add_workload(self, file: Found, root: Node, kind: str) -> None:
        spec = root.get("spec")
        if kind == "CronJob":
            spec = spec.get("jobTemplate", "spec")
        template = root if kind == "Pod" else spec.get("template")
        containers = template.get("spec", "containers").items
        name = root.get("metadata", "name").text
        if not name or not containers:
            return
        container = next((one for one in containers if not one.get("name").text.startswith(_SIDECARS)), containers[0])
        unit = Unit(
            name=name,
            place=at(file.path, root.get("metadata").line or root.line),
            form="kubernetes",
            image=container.get("image").text,
            command=" ".join([*container.get("command").texts(), *container.get("args").texts()]),
            handed=not container.get("command"),
            settings=tuple(_environment(file, container)),
            groups=tuple(_groups(container)),
            ports=tuple(_ports(container)),
            ends=kind == "Job",
            copies=number_in(spec.get("replicas").text),
        )
        self._workloads.append((unit, _texts(template.get("metadata", "labels"))))

    def units(self) -> Iterator[Unit]:
        """The workloads, each answering to the services that select it, with settings taken from config maps by key."""
        named = {unit.name for unit, _ in self._workloads}
        for unit, labels in self._workloads:
            others = named - {unit.name} if not unit.ports else ()  # what opens no port is not what those mean
            chosen = [
                one
                for one in self._services
                if one.labels and one.labels.items() <= labels.items() and one.name not in others
            ] or [one for one in self._services if one.name == unit.name]
            name = next((one.name for one in chosen if unit.name.startswith(one.name)), unit.name)
            yield msgspec.structs.replace(
                unit,
                name=name,
                hosts=tuple(dict.fromkeys((*(one.name for one in chosen), unit.name))),
                ports=(*unit.ports, *(port for one in chosen for port in one.ports)),
                settings=tuple(self._filled(one) for one in unit.settings),
            )

    def _filled(self, setting: Setting) -> Setting:
        group, at_sign, key = setting.value.partition("\0")
        if not at_sign:
            return setting
        known = next((one for one in self.groups.get(group, ()) if one.name == key), None)
        return msgspec.structs.replace(
            setting, value=known.value if known else "", place=known.place if known else setting.place
        )


def _texts(node: Node) -> dict[str, str]:
    return {name: value.text for name, value in node.members()}


def _environment(file: Found, container: Node) -> Iterator[Setting]:
    for item in container.get("env").items:
        name = item.get("name").text
        source = item.get("valueFrom", "configMapKeyRef") or item.get("valueFrom", "secretKeyRef")
        value = f"{source.get('name').text}\0{source.get('key').text}" if source else item.get("value").text
        if name:
            yield Setting(name, value, at(file.path, item.get("value").line or item.line))


def _groups(container: Node) -> Iterator[str]:
    for item in container.get("envFrom").items:
        name = item.get("configMapRef", "name").text or item.get("secretRef", "name").text
        if name:
            yield item.get("prefix").text + "\0" + name if item.get("prefix") else name


def _ports(container: Node) -> Iterator[Port]:
    for item in container.get("ports").items:
        if item.get("containerPort").text.isdigit():
            yield Port(int(item.get("containerPort").text[:6]))


def _service_ports(root: Node) -> Iterator[Port]:
    for item in root.get("spec", "ports").items:
        if item.get("port").text.isdigit():
            yield Port(int(item.get("port").text[:6]))


def _routes(file: Found, root: Node, kind: str) -> Iterator[Route]:
    """The ways of an ingress or gateway resource; they belong to the cluster's own gateway, which has no unit."""
    spec = root.get("spec")
    gateway = "mesh" if kind == "VirtualService" and not spec.get("gateways") else "ingress"
    for rule in (*spec.get("rules").items, *spec.get("http").items, *spec.get("routes").items):
        matches = rule.get("matches").items or rule.get("match").items
        match = next((text for one in matches for _, text in _paths(one)), "") or rule.get("match").text
        for path in rule.get("http", "paths").items:
            backend = path.get("backend")
            name = backend.get("service", "name") or backend.get("serviceName")
            yield Route(at(file.path, name.line), name.text, path.get("path").text, gateway)
        for one in (*rule.get("backendRefs").items, *rule.get("services").items):
            yield Route(at(file.path, one.line), one.get("name").text, match, gateway)
        for one in rule.get("route").items:
            host = one.get("destination", "host")
            yield Route(
                at(file.path, host.line), host.text, match, gateway, seconds=seconds_of(rule.get("timeout").text)
            )
    backend = spec.get("defaultBackend", "service", "name") or spec.get("backend", "serviceName")
    if backend:
        yield Route(at(file.path, backend.line), backend.text, "/", gateway)


def _paths(node: Node) -> Iterator[tuple[str, str]]:
    for part in ("path", "uri"):
        for name, value in node.get(part).members():
            if value.kind == "text" and name != "type":
                yield name, value.text
