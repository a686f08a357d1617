"""Products that services run beside, commands that start services, what reads their settings, resources of Terraform.

`docs/catalog.md` explains them to a user who adds their own. In names, images, words and settings ``{a,b}`` multiplies
and ``*`` stands for any run of characters; what stands first in a list of files wins.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from .bounds import Entry
from .libraries import Effect

Part: TypeAlias = Literal["store", "broker", "gateway", "infra", "test"]


class Product(Entry, frozen=True, kw_only=True):
    """A product by the names under which systems hold it, the part it plays, and the protocol spoken with it.

    `effects` are those of calls that it answers. `images` are names of container images, without registry and tag;
    `schemes` those of addresses, `ports` where it listens, `hosts` where a provider offers it. `services` are names
    that teams give their own services of this part. `invokes` are paths on this machine that name another service.
    `drivers` are modules that speak to nothing else, as code imports them or settings name them. What only keeps a log
    of messages carries no `tasks`.
    """

    name: str
    part: Part
    protocol: str = "http"
    effects: tuple[Effect, ...] = ()
    images: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    hosts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    invokes: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    tasks: bool = True
    source: str | None = None


CommandMeaning: TypeAlias = Literal["serves", "works", "schedules", "stored-times", "ends", "console", "finds-code"]


class Command(Entry, frozen=True, kw_only=True):
    """Words of a command line and what they say of the process.

    "serves": it goes on; "works": it takes tasks or messages; "schedules": it only says when others work;
    "stored-times": it reads from the database when that is; "ends": it runs to its end; "console": it only shows the
    system; "finds-code": it loads code that the command does not name.
    `application` are the options that name the application's module, `modules` the file that holds it inside a package
    so named, `folders` hold a file for each of a project's own commands.
    """

    words: tuple[str, ...]
    means: tuple[CommandMeaning, ...]
    application: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    source: str | None = None


class Framework(Entry, frozen=True, kw_only=True):
    """What frameworks of some languages do by their own naming, so that no code names it.

    `settings` are environment variables that they read; `modules` those that speak to whatever store they are given,
    `effects` of which kinds (any where nothing is said). A program whose first file names one of `finds` loads code
    that nothing there imports. `images` are those that run nothing but these languages.
    """

    name: str
    languages: tuple[str, ...]
    settings: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    finds: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    source: str | None = None


class Resource(Entry, frozen=True, kw_only=True):
    """Resources of Terraform or CloudFormation by their kinds: what a provider runs, or what runs code, and where.

    In paths such as ``template.containers`` each step is an argument or a block. `product` is what it is,
    `product_from` where it says so itself; without both it is a service. `names` are where its name is. `containers`
    lead to what the paths after it begin at: `image`, `command`, `environment`, `ports`. `code` is where the folder of
    its code is. `runs` is where it names another resource that it only keeps running, `hosts` the names it gives to
    that one. `takes` is where it names the queues and topics that feed it, or what it runs. `value`: a reference to it
    stands for the first of these arguments, with the holes of that text filled by the entries of the argument `fills`.
    """

    kinds: tuple[str, ...]
    product: str = ""
    product_from: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    containers: str = ""
    image: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    runs: str = ""
    hosts: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    value: tuple[str, ...] = ()
    fills: str = ""
    source: str | None = None


class Products(Entry, frozen=True, kw_only=True):
    """One file of products, or what all such files say together."""

    source: str = ""
    product: tuple[Product, ...] = ()
    command: tuple[Command, ...] = ()
    framework: tuple[Framework, ...] = ()
    resource: tuple[Resource, ...] = ()
