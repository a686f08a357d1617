"""What the files around the code say of how it runs: units, their settings, images, routes and meshes.

Read from compose, Kubernetes, Helm, Terraform, Dockerfiles, Procfiles, env files, application configuration and
gateways. Plain and frozen; texts keep their ``${NAME:-default}`` holes, because only the unit that reads them knows
the values.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from .findings import Gap
from .source import Place

Form: TypeAlias = Literal["compose", "kubernetes", "procfile", "image", "catalogue", "terraform"]


COMPONENT = "component/"
"""How the groups begin that say where the peers are that a platform keeps under a name."""


class Setting(msgspec.Struct, frozen=True):
    """A name given a value, and where: an environment variable or a key of a configuration file."""

    name: str
    value: str
    place: Place


class Port(msgspec.Struct, frozen=True):
    """A port that a unit listens on, and the one under which it is published (0 for none)."""

    inside: int
    published: int = 0


class Unit(msgspec.Struct, frozen=True):
    """One thing that is run, under the name its file gives it.

    `context` is the folder it is built from and `dockerfile` the file, both as shown, "" when unknown. `settings` are
    its own environment; `groups` name shared settings (config maps, env files) that it takes whole. `hosts` are other
    names it answers to. `mounts` are files of the repository that it is given. `extends` is the file and the name of a
    unit that it takes over. `ends`: it runs to its end, as a seed or migration does. `needs` only orders the start, and
    is no call. `handed`: its command is handed to what its image starts with. `takes`
    are the queues and topics whose messages it is called with. `product` is what a provider runs, by its name.
    """

    name: str
    place: Place
    form: Form
    image: str = ""
    context: str = ""
    dockerfile: str = ""
    command: str = ""
    handed: bool = False
    settings: tuple[Setting, ...] = ()
    groups: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    mounts: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    needs: tuple[str, ...] = ()
    extends: tuple[str, str] = ("", "")
    takes: tuple[str, ...] = ()
    ends: bool = False
    copies: int = 0  # how many of it run, 0 when its file does not say
    product: str = ""


class Image(msgspec.Struct, frozen=True):
    """What one Dockerfile says: its folder, the last stage's base and all bases, settings, command, what it copies."""

    path: str
    folder: str
    base: str = ""
    bases: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    command: str = ""
    entrypoint: str = ""  # what stays where a unit gives another command
    copies: tuple[str, ...] = ()  # sources of COPY and ADD from the build context
    ports: tuple[int, ...] = ()


class Route(msgspec.Struct, frozen=True):
    """A way through a gateway: what it matches and the address it goes to, with holes; limits in seconds.

    `via` is the gateway's own name where the file says it; else the unit that is built from, or given, `place.path`.
    """

    place: Place
    target: str
    match: str = ""
    via: str = ""
    protocol: str = "http"
    seconds: float | None = None
    attempts: int | None = None
    by_default: bool = False  # the limit is the gateway's own default
    breaker: bool = False


class Mesh(msgspec.Struct, frozen=True):
    """What stands between a caller and one host gives to every call; `attempts` counts the first try."""

    host: str
    place: Place
    seconds: float | None = None
    attempts: int | None = None
    breaker: bool = False
    by: Literal["mesh", "gateway"] = "mesh"


MentionKind: TypeAlias = Literal["variable", "default", "address", "host", "topic", "asked", "offered", "kept"]


class Mention(msgspec.Struct, frozen=True):
    """Something in code of any language that may name a peer.

    "variable": the name of an environment variable; "default": one with the literal used when it is not set;
    "address": a literal with a host; "host": a literal given to something called a host; "topic": one given to
    something that sends or takes messages; "asked" and "offered": an interface, by its stub and by its server; "kept":
    what a sidecar is asked for and its name there (``publish/orders``), `default` the topic.
    """

    kind: MentionKind
    text: str
    place: Place
    default: str = ""


class Code(msgspec.Struct, frozen=True):
    """One source file: its language, what it mentions, and whether it speaks of sending to or taking from a broker.

    `modules` are those that it imports, or names in texts for others to load, where the language has such. `script`:
    it can be run by itself.
    """

    path: str
    language: str
    mentions: tuple[Mention, ...] = ()
    sends: bool = False
    grpc: bool = False
    takes: bool = False
    modules: frozenset[str] = frozenset()
    script: bool = False


class Deployment(msgspec.Struct, frozen=True):
    """All that was read.

    `groups` are shared settings by name; `configured` the settings of configuration files by path.
    `built` names the folder that an image is built from, where a build file says so. `tops` are the folders that were
    read, as shown.
    """

    units: tuple[Unit, ...] = ()
    images: tuple[Image, ...] = ()
    routes: tuple[Route, ...] = ()
    meshes: tuple[Mesh, ...] = ()
    groups: dict[str, tuple[Setting, ...]] = {}
    configured: dict[str, tuple[Setting, ...]] = {}
    built: dict[str, str] = {}
    packages: tuple[str, ...] = ()  # folders with a build file of their own, in any language
    code: tuple[Code, ...] = ()
    gaps: tuple[Gap, ...] = ()
    tops: frozenset[str] = frozenset({""})
