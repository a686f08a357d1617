"""The files around the code → Deployment: compose, Kubernetes, Helm, Terraform, Dockerfiles, settings, gateways."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from ...nouns.deployment import Code, Deployment, Image, Route, Setting, Unit
from ...nouns.findings import Gap
from ...nouns.products import Resource
from ..codes import Codes
from ..texts import DISK, Texts
from . import compose, gateways, helm, images, kubernetes, scripts, sources, stacks, terraform, variables
from .kustomize import built_images, generated_groups
from .listing import Found, digest_of, files_below, joined, text_of
from .yaml import BrokenYamlError, Node, documents

__all__ = ["deployment_of", "state_around"]

_YAML = (".yml", ".yaml")
_ENV = re.compile(r"(?:.*\.)?(?:flask)?env(?:[.-](?!js$|ts$|mjs$|d\.ts$|py$|go$)[\w-]+)*")
_CONFIGURATION = re.compile(
    r"(?:application|bootstrap|appsettings|config|configuration|settings|default|production|local|development)"
    r"[\w.-]*\.(?:ya?ml|json|properties|toml|ini)|.*\.properties",
    re.IGNORECASE,
)
_CONFIGURATION_FOLDER = re.compile(r"(?:^|/)(?:resources|configs?|config-repo|conf)/(?:[\w-]+/)?[\w-]+\.ya?ml$")
_PACKAGE = re.compile(
    r"pyproject\.toml|setup\.(?:py|cfg)|requirements.*\.txt|Pipfile|manage\.py|package\.json|go\.mod|Gopkg\.toml|pom\.xml"
    r"|build\.gradle(?:\.kts)?|.*\.(?:cs|fs)proj|composer\.json|Gemfile|Cargo\.toml|mix\.exs|build\.sbt"
)
_LARGE = 100_000
"""Characters of YAML from which on a glance decides whether it is parsed: most of what is larger is data."""
_SPEAKS = re.compile(
    r"^(?:[{\[]|---[ \t]*[{\[]|[\"']?(?:<<|services|apps|kind|apiVersion|[Rr]esources|functions|static_resources"
    r"|clusters|http|tcp|udp|_format_version|endpoints|[Rr]outes|ReRoutes|ReverseProxy|upstreams|spring|zuul"
    r"|serviceEndpoints)"
    r"[\"']?[ \t]*:)",
    re.MULTILINE,
)
"""A key, at the outside, of the documents that say how code is run or reached."""
_NOT_CONFIGURATION = re.compile(
    r"(?:tsconfig|jsconfig|package|composer|angular|.*lock|.*wrapper|log4j|logback|messages).*"
)


def deployment_of(
    paths: tuple[str, ...], texts: Texts = DISK, resources: tuple[Resource, ...] = (), codes: Codes | None = None
) -> Deployment:
    """What the files below `paths` say of how the code is run; what cannot be read is a gap.

    `resources` are the kinds of Terraform's that are known, `codes` what was found in code before.
    """
    reading = _Reading(files_below(paths, texts), texts, resources, codes or Codes())
    reading.read()
    return replace(reading.deployment(), tops=frozenset(joined("", os.path.relpath(path)) for path in paths))


def state_around(paths: tuple[str, ...], known: frozenset[str], texts: Texts = DISK) -> Iterator[bytes]:
    """What identifies everything that would be read: paths and digests, in order, without files known otherwise."""
    files = files_below(paths, texts)
    beside = terraform.BESIDE if any(file.name.endswith(terraform.SUFFIXES) for file in files) else ()
    for file in files:
        if (_matters(file.name) or file.name.endswith(beside)) and file.path not in known:
            yield file.path.encode("utf-8", "surrogateescape")
            yield digest_of(file, texts)


class _Reading:
    """The state of one reading."""

    def __init__(self, files: list[Found], texts: Texts, resources: tuple[Resource, ...], codes: Codes) -> None:
        self.files = files
        self.texts = texts
        self.codes = codes
        self.units: list[Unit] = []
        self.images: list[Image] = []
        self.routes: list[Route] = []
        self.manifests = kubernetes.Manifests()
        self.terraform = terraform.Terraform(resources, self._beside)
        self.stacks = stacks.Stacks(resources)
        self.groups: dict[str, tuple[Setting, ...]] = {}
        self.configured: dict[str, tuple[Setting, ...]] = {}
        self.built: dict[str, str] = {}
        self.code: list[Code] = []
        self.scripts: dict[str, scripts.Script] = {}
        self.gaps: list[Gap] = []
        self.begun: dict[str, str] = {}  # what images start with, by their files and names
        self.values: dict[str, tuple[str, Node]] = {}  # folder of a chart -> its name and default values

    def read(self) -> None:
        """Env files and chart values first: the others refer to them."""
        later: list[tuple[Found, str]] = []
        for file in self.files:
            if not _matters(file.name):
                continue
            text = text_of(file, self.texts)
            if isinstance(text, Gap):
                if not file.name.endswith(".json"):
                    self.gaps.append(text)
            elif _ENV.fullmatch(file.name) and not file.name.endswith(_YAML):
                self.groups[file.path] = variables.env_settings(file, text)
            elif file.name == "Chart.yaml":
                self._chart(file)
            else:
                later.append((file, text))
        for file, text in later:
            self._take(file, text)

    def _beside(self, path: str) -> str:
        """The text of a file that another one names, "" where there is none."""
        found = next((one for one in self.files if one.path == path and one.name.endswith(terraform.BESIDE)), None)
        text = text_of(found, self.texts) if found is not None else ""
        return text if isinstance(text, str) else ""

    def _chart(self, file: Found) -> None:
        values = next((one for one in self.files if one.path == f"{file.folder}/values.yaml".lstrip("/")), None)
        text = text_of(values, self.texts) if values is not None else ""
        roots = self._documents(values, text) if values is not None and isinstance(text, str) else []
        named = text_of(file, self.texts)
        chart = re.search(r"^name:\s*[\"']?([\w.-]+)", named, re.MULTILINE) if isinstance(named, str) else None
        self.values[file.folder] = (chart[1] if chart else file.folder, roots[0] if roots else Node("map", 1))

    def _take(self, file: Found, text: str) -> None:
        name = file.name
        if scripts.NAMED.fullmatch(name):
            self.scripts[file.path] = scripts.script_of(text)
        if images.DOCKERFILE.fullmatch(name):
            self.images.append(images.image_of(file, text))
        elif images.PROCFILE.fullmatch(name):
            self.units += images.processes_of(file, text)
        elif name.endswith(terraform.SUFFIXES):
            self.terraform.add(file, text)
        elif name.endswith(_YAML) and self._yaml(file, text):
            return
        elif name.rpartition(".")[2] in sources.LANGUAGES:
            self.code.append(self.codes.of(file.path, text, partial(sources.code_of, file, text)))
        else:
            self._ways(file, text)
        if _is_configuration(name) or _CONFIGURATION_FOLDER.search(file.path):
            self._configured(file, text)

    def _ways(self, file: Found, text: str) -> None:
        """Take the configuration of a gateway, or of a development server that hands requests on."""
        name = file.name
        if gateways.OTHER.fullmatch(name):
            self.routes += gateways.line_routes(file, text)
        elif gateways.NGINX.fullmatch(name) and "_pass" in text:
            self.routes += gateways.nginx_routes(file, text)
        elif gateways.DOCUMENT.fullmatch(name):
            for root in self._documents(file, text):
                self.routes += gateways.document_routes(file, root)
        elif name == gateways.PACKAGE and '"proxy"' in text:
            for root in self._documents(file, text):
                self.routes += gateways.package_routes(file, root)

    def _configured(self, file: Found, text: str) -> None:
        """Take application configuration; a mistake that is told already, or in a template or data, is no gap."""
        settings = variables.configured(file, text)
        if not isinstance(settings, Gap):
            self.configured[file.path] = settings
        elif not helm.is_template(text) and not file.name.endswith(".json"):
            self.gaps += [settings] if all(gap.path != file.path for gap in self.gaps) else []

    def _yaml(self, file: Found, text: str) -> bool:
        """Take manifests, compose files and gateways' documents; whether it was one of the first two."""
        if len(text) > _LARGE and not _SPEAKS.search(text):
            return False
        chart = self._chart_of(file.folder) if helm.is_template(text) else None
        if chart is not None:
            text = helm.rendered(text, chart[1], chart[0])
        # What another tool fills is not known; but Docker itself fills `{{.Node.Hostname}}` in whole compose files.
        foreign = helm.is_template(text) and chart is None
        taken = foreign
        for root in self._documents(file, text):
            if compose.is_compose(root):
                taken = True
                self.units += compose.units_of(file, root, self._known(file.folder))
            elif foreign:
                continue
            elif root.get("kind") and root.get("apiVersion"):
                taken = True
                self.manifests.add(file, root)
                self.built.update(built_images(file, root))
                self.manifests.groups.update(generated_groups(file, root))
            elif self.stacks.add(file, root):
                taken = True
            self.units += compose.apps_of(file, root)
            self.routes += gateways.document_routes(file, root)
        return taken

    def _documents(self, file: Found, text: str) -> list[Node]:
        try:
            return documents(text)
        except BrokenYamlError as error:
            if not helm.is_template(text) and self._chart_of(file.folder) is None:
                self.gaps.append(Gap(file.path, error.line, error.reason))
            return []

    def _chart_of(self, folder: str) -> tuple[str, Node] | None:
        while folder:
            if folder in self.values:
                return self.values[folder]
            folder = folder.rpartition("/")[0]
        return self.values.get("")

    def _known(self, folder: str) -> dict[str, str]:
        """What fills the holes of a compose file: the env file beside it."""
        beside = self.groups.get(f"{folder}/.env" if folder else ".env", ())
        return {one.name: one.value for one in beside}

    def deployment(self) -> Deployment:
        """Everything that was read, put together."""
        groups = dict(self.groups)
        made = (*self.terraform.units(), *self.stacks.units())
        self.begun = _entrypoints(self.images, self.units)
        running = self._by_managers(compose.inherited(self.units))
        for name, settings in self.manifests.groups.items():
            groups[name] = (*groups.get(name, ()), *settings)
        return Deployment(
            units=tuple(self._followed(unit) for unit in (*running, *self.manifests.units(), *made)),
            images=tuple(replace(one, command=self._command(one.command, one.folder)) for one in self.images),
            routes=(*self.routes, *self.manifests.routes, *gateways.label_routes(running)),
            meshes=tuple(self.manifests.meshes),
            groups=groups,
            configured=self.configured,
            built=self.built,
            packages=tuple(dict.fromkeys(file.folder for file in self.files if _PACKAGE.fullmatch(file.name))),
            code=tuple(self.code),
            gaps=tuple(dict.fromkeys((*self.gaps, *self.terraform.gaps))),
        )

    def _by_managers(self, units: list[Unit]) -> list[Unit]:
        """Units, where one that runs the processes of a Procfile stands for them."""
        started = [unit for unit in units if unit.form == "procfile"]
        managed: set[str] = set()
        kept: list[Unit] = []
        for unit in units:
            found = images.RUN_BY.search(self._followed(unit).command) if unit.form != "procfile" else None
            own = _listed_in(found[1], started) if found is not None else []
            managed |= {one.place.path for one in own}
            kept.append(replace(unit, command=" & ".join(one.command for one in own), handed=False) if own else unit)
        return [unit for unit in kept if unit.form != "procfile" or unit.place.path not in managed]

    def _followed(self, unit: Unit) -> Unit:
        """A unit with the command that its script runs."""
        folder = unit.dockerfile.rpartition("/")[0]
        begun = self.begun.get(unit.dockerfile) or self.begun.get(unit.image, "") if unit.handed else ""
        whole = f"{begun} {unit.command}".strip() if unit.command else ""
        command = self._command(whole, folder, "" if unit.context == "." else unit.context)
        return replace(unit, command=command) if command != unit.command else unit

    def _command(self, command: str, *folders: str) -> str:
        return scripts.followed(command, (*(one for one in folders if one), ""), self.scripts)


def _listed_in(procfile: str, started: list[Unit]) -> list[Unit]:
    """The processes of a Procfile, by the path that it has inside an image: the end of it is that in the repository."""
    parts = [part for part in procfile.split("/") if part not in ("", ".")]
    for start in range(len(parts)):
        end = "/".join(parts[start:])
        found = [one for one in started if one.place.path == end or one.place.path.endswith(f"/{end}")]
        if found:
            return [one for one in found if one.place.path == found[0].place.path]
    return []


def _entrypoints(built: list[Image], units: list[Unit]) -> dict[str, str]:
    """What stays of images where a unit gives another command, by their Dockerfiles and by the names given to them."""
    found = {image.path: image.entrypoint for image in built if image.entrypoint}
    return found | {unit.image: found[unit.dockerfile] for unit in units if unit.image and unit.dockerfile in found}


def _matters(name: str) -> bool:
    return bool(
        name.endswith((*_YAML, *terraform.SUFFIXES))
        or name.rpartition(".")[2] in sources.LANGUAGES
        or images.DOCKERFILE.fullmatch(name)
        or images.PROCFILE.fullmatch(name)
        or scripts.NAMED.fullmatch(name)
        or _ENV.fullmatch(name)
        or gateways.NGINX.fullmatch(name)
        or gateways.OTHER.fullmatch(name)
        or gateways.DOCUMENT.fullmatch(name)
        or name == gateways.PACKAGE
        or _is_configuration(name)
    ) and not name.endswith((".min.js", ".d.ts"))


def _is_configuration(name: str) -> bool:
    return _CONFIGURATION.fullmatch(name) is not None and _NOT_CONFIGURATION.fullmatch(name) is None
