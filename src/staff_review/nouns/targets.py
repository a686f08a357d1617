"""Whom calls are made to and what is offered, as the code says it: addresses with holes that a deployment fills."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from .libraries import Effect
from .source import Place


class Variable(msgspec.Struct, frozen=True, tag=True):
    """A setting from outside, by its name; `default` is what holds when it is not set."""

    name: str
    default: Template | None = None


class Hole(msgspec.Struct, frozen=True, tag=True):
    """A part that is only known at run time; `name` is what stands there in the code."""

    name: str = ""


Part: TypeAlias = str | Variable | Hole


class Template(msgspec.Struct, frozen=True):
    """A text of literal parts, settings and holes, in order."""

    parts: tuple[Part, ...] = ()

    @property
    def said(self) -> bool:
        """Whether it says anything: a literal with a letter in it, or a setting."""
        return any(isinstance(part, Variable) or (isinstance(part, str) and part.strip("/:. ")) for part in self.parts)


class Origin(msgspec.Struct, frozen=True, order=True):
    """A function from which something is reached: its file and qualified name, "" for the module itself."""

    path: str
    function: str


class Target(msgspec.Struct, frozen=True):
    """One call that leaves the process: each address it may go to, and from where it is reached.

    `role` tells publishing from consuming where a broker is spoken to; `topics` are what about. `logical` is a service
    by name rather than by address: the interface of a gRPC stub, the name in a registry. `origins` are the functions
    that reach the call, each with the line and column of every call on its way there, `begun` the files of those that
    start by themselves; `dead`: nothing does. Where no library is known to make it, it is not `linked`.
    """

    place: Place
    operation: str
    effects: frozenset[Effect]
    function: str
    addresses: tuple[Template, ...] = ()
    topics: tuple[Template, ...] = ()
    role: Literal["", "publish", "consume"] = ""
    verb: str = ""
    method: str = ""
    logical: str = ""
    protocol: str = ""  # where the effect alone does not say it
    component: Template | None = None  # the name under which the platform keeps the peer
    product: str = ""  # the one that the library talks to: "mongodb"
    statement: str = ""  # the query's text, as far as it is literal
    origins: dict[Origin, tuple[int, ...]] = {}
    begun: frozenset[str] = frozenset()
    dead: bool = False
    linked: bool = True


class Server(msgspec.Struct, frozen=True):
    """A place that starts listening when its file is run: on which port, 0 when that is not written out."""

    place: Place
    port: int = 0
    function: str = ""  # the one that starts it, "" for the module itself


class Offer(msgspec.Struct, frozen=True):
    """One thing that a code base offers; `name` as a reader says it, `owner` the service it names itself, if any.

    `decorator` is that of a library which makes it so.
    """

    place: Place
    function: str
    kind: Literal["http", "grpc", "rpc", "message", "task", "schedule", "websocket"]
    name: str
    verb: str = ""
    path: str = ""
    topics: tuple[Template, ...] = ()
    owner: str = ""
    decorator: str = ""
