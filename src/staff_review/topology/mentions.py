"""Edges that code and configuration name without a linked call: other languages, frameworks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Literal

from ..nouns.deployment import Code, Deployment, Mention, Setting
from ..nouns.libraries import Effect
from ..nouns.source import Place
from ..nouns.system import Edge, Kind
from .addresses import Address, addresses_in
from .components import Components
from .environment import Environments
from .known import LINKED, Known
from .members import Member
from .ownership import Ownership
from .peers import Peers
from .spelled import spelled
from .unasked import GIVEN, HERE, NEEDED, unasked

_BROWSER = frozenset({"public", "static", "assets", "client", "browser", "wwwroot", "views"})
_ABOUT = re.compile(r"CHANNEL|TOPIC|QUEUE|ROUTING|EXCHANGE|STREAM|SUBJECT")
_NO_TOPICS = frozenset(
    {"utf-8", "utf8", "json", "direct", "topic", "fanout", "error", "message", "data", "close", "connect", "ready",
     "application/json", "true", "false", "string", "localhost", "username", "password"}
)  # fmt: skip
_MANY = 3
_CONFIGURED = Code("", "configuration")


class Mentions:
    """What each member's own files name."""

    def __init__(
        self,
        deployment: Deployment,
        members: list[Member],
        environments: Environments,
        peers: Peers,
        known: Known,
        ownership: Ownership,
    ) -> None:
        self._known = known
        self._can_load = ownership.can_load
        self._borrows = ownership.borrows
        self._runs = ownership.runs
        self._environments = environments
        self._peers = peers
        self._components = Components(environments, peers)
        self._code = deployment.code
        self._configured = deployment.configured
        self._members = members
        units = [unit for member in members for unit in member.units]
        self._given = [{(setting.name, setting.value) for setting in unit.settings} for unit in units]
        roots = [member.root for member in members if member.root]
        self._below = {
            root: [one for one in roots if one != root and one.startswith(f"{root}/")] for root in {*roots, ""}
        }
        self._offering: dict[str, list[Member]] = {}
        for code in self._code:
            for name in {mention.text for mention in code.mentions if mention.kind == "offered"}:
                listed = self._offering.setdefault(name, [])
                listed += [one for one in members if self.owns(one, code.path) and one not in listed]

    def edges(self) -> Iterator[Edge]:
        """Every edge, with its evidence and how sure it is."""
        for member in self._members:
            if member.stored or member.part == "infra":
                continue
            if member.root is None:
                yield from self._of_somebody_elses(member)
                continue
            files = [
                code for code in self._code if self.owns(member, code.path) and not _for_browsers(code, member.root)
            ]
            files = [code for code in files if self._can_load(member, code.path)]
            files = [code for code in files if code.language not in LINKED] if not self._runs(member) else files
            files = [code for code in files if code.language != "shell"] or files  # scripts wait for what code calls
            for code in files:
                for mention in code.mentions:
                    yield from self._of_mention(member, code, mention, files)
            yield from self._of_shared(member, files)
            yield from self._of_framework(member, files)
            yield from self._of_units(member, files)
            for path, settings in self._configured.items():
                named = self._peers.named(PurePosixPath(path).stem)
                if (named is member) if named is not None else self.owns(member, path):
                    for setting in settings:
                        yield from self._of_setting(member, setting, files)

    def _of_somebody_elses(self, member: Member) -> Iterator[Edge]:
        """What the environment of an image names whose code is elsewhere, unless most are given the same."""
        for unit in member.units:
            for setting in unit.settings:
                text = self._environments.filled(member, setting.value)
                found = self._peers.in_text(setting.name, text, member)
                if found is not None and not found[1].local and not self._is_common(setting):
                    yield from self._edge(member, *found, (setting.place,), _CONFIGURED, [], "low")

    def _is_common(self, setting: Setting) -> bool:
        given = sum((setting.name, setting.value) in listed for listed in self._given)
        return given >= _MANY and given * 2 > len(self._given)

    def _of_shared(self, member: Member, files: list[Code]) -> Iterator[Edge]:
        """Settings that a service's own environment gives, where code asks for them that it shares with others."""
        own = {setting.name for unit in member.units for setting in unit.settings}
        for code in self._code:
            asked = [one for one in code.mentions if one.kind in ("variable", "default") and one.text in own]
            if asked and not self.owns(member, code.path) and self._borrows(member, code.path):
                for mention in asked:
                    yield from self._of_mention(member, code, mention, files)

    def _shares(self, member: Member) -> bool:
        """Whether another member runs the same code: then its configuration files may be for either."""
        return any(other.root == member.root for other in self._members if other is not member)

    def owns(self, member: Member, path: str) -> bool:
        """Whether a file is part of a member's own code, and not of another's inside it."""
        root = member.root
        if root is None or (root and not path.startswith(f"{root}/")):
            return False
        return not any(path.startswith(f"{inner}/") for inner in self._below.get(root, ()))

    def _of_mention(self, member: Member, code: Code, mention: Mention, files: list[Code]) -> Iterator[Edge]:
        if mention.kind in ("variable", "default"):
            for setting in self._environments.values(member, mention.text):
                found = self._peers.in_text(mention.text, setting.value, member)
                if found is not None:
                    yield from self._edge(member, *found, (mention.place, setting.place), code, files, "medium")
                    return
            if mention.kind == "default":
                found = self._peers.in_text(mention.text, self._environments.filled(member, mention.default), member)
                if found is not None and not found[1].local:
                    yield from self._edge(member, *found, (mention.place,), code, files, "medium")
            return
        if mention.kind == "asked":
            yield from self._asked(member, mention)
        if mention.kind == "kept":
            yield from self._components.edges(member, mention)
        if mention.kind in ("topic", "asked", "offered", "kept"):
            return
        for address in addresses_in(mention.text):
            yield from self._of_address(member, code, mention, address, files)

    def _of_address(
        self, member: Member, code: Code, mention: Mention, address: Address, files: list[Code]
    ) -> Iterator[Edge]:
        peer = self._peers.at(address, member)
        if address.local:
            product = self._known.spoken_at(address)
            if peer is None and product is not None:
                deployed = self._peers.nearest(member, self._peers.of_product(product.name))
                yield Edge(
                    source=member.name, target=deployed[0].name if len(deployed) == 1 else product.name,
                    kind="async" if product.part == "broker" else "store", protocol=product.protocol,
                    evidence=(mention.place,), confidence="low", because=HERE,
                )  # fmt: skip
            elif peer is not None and peer.stored and address.scheme and code.language not in LINKED:
                yield from self._edge(member, peer, address, (mention.place,), code, files, "low")
            return
        sure = mention.kind == "address" or (peer is not None and not _is_product(peer, address))
        if peer is not None and (sure or peer.stored):
            yield from self._edge(
                member, peer, address, (mention.place,), code, files, "medium" if address.scheme else "low"
            )

    def _asked(self, member: Member, mention: Mention) -> Iterator[Edge]:
        """The one other service that offers an interface, where stubs are handed around and no call shows."""
        offering = self._offering.get(mention.text, [])
        if len(offering) == 1 and offering[0] is not member:
            yield Edge(
                source=member.name, target=offering[0].name, kind="sync", protocol="grpc", evidence=(mention.place,),
                confidence="medium", because="interface", side="test" if member.load else "",
            )  # fmt: skip

    def _of_framework(self, member: Member, files: list[Code]) -> Iterator[Edge]:
        """Settings that a framework reads by its own naming, so that no code names them."""
        languages = {code.language for code in files}
        bound = [name for one in self._known.frameworks if languages & {*one.languages} for name in one.settings]
        if not bound:
            return
        pattern = re.compile(spelled(bound))
        for name in sorted(self._environments.names(member)):
            if pattern.fullmatch(name):
                for setting in self._environments.values(member, name):
                    found = self._peers.in_text(name, setting.value, member)
                    if found is not None:
                        yield from self._edge(member, *found, (setting.place,), _CONFIGURED, files, "medium")
                        break

    def _of_units(self, member: Member, files: list[Code]) -> Iterator[Edge]:
        """Stores that the environment of a service names, and those that it waits for."""
        unread = bool(files) and all(code.language not in LINKED for code in files)
        given = [one for unit in member.units for one in unit.settings]
        if unread and member.image is not None:
            given += [one for one in member.image.settings if all(one.name != other.name for other in given)]
        for setting in given:
            text = self._environments.filled(member, setting.value)
            found = self._peers.in_text(setting.name, text, member)
            if found is None or not found[0].stored:
                continue
            if unread and found[1].scheme and self._known.spoken_at(found[1]) == found[0].product:
                yield from self._edge(member, *found, (setting.place,), _CONFIGURED, files, "low")
            else:
                yield unasked(member, found[0], setting.place, GIVEN, found[1])
        for unit in member.units:
            for name in unit.needs:
                peer = self._peers.named(name, member)
                if peer is not None and peer.stored:
                    yield unasked(member, peer, unit.place, NEEDED)

    def _of_setting(self, member: Member, setting: Setting, files: list[Code]) -> Iterator[Edge]:
        """A key of a configuration file, unless the environment gives it another value."""
        name = setting.name.replace(".", "_").replace("-", "_").upper()
        said = next(iter(self._environments.values(member, name)), None)
        text = said.value if said is not None else self._environments.filled(member, setting.value)
        found = self._peers.in_text(setting.name, text, member)
        if found is None or found[1].local:
            return
        if found[0].stored and self._shares(member):
            yield unasked(member, found[0], setting.place, HERE, found[1])
        else:
            yield from self._edge(member, *found, (setting.place,), _CONFIGURED, files, "low")

    def _edge(
        self,
        member: Member,
        peer: Member,
        address: Address,
        evidence: tuple[Place, ...],
        code: Code,
        files: list[Code],
        confidence: Literal["medium", "low"],
    ) -> Iterator[Edge]:
        if peer is member or (address.local and not address.scheme and not peer.stored):
            return  # a name of this machine may be what browsers are told
        roles = self._roles(peer, files, works=self._known.commands.means(member.command, "works"))
        kind: Kind = "async" if roles else "store" if peer.stored else "sync"
        spoken = "grpc" if code.grpc and not address.scheme.startswith("http") else address.scheme or "http"
        protocol = peer.product.protocol if peer.product is not None else spoken
        for role in roles or ("",):
            yield Edge(
                source=member.name,
                target=peer.name,
                kind=kind,
                protocol=protocol,
                evidence=evidence,
                confidence=confidence,
                because=code.language,
                role=role,
                topics=self._topics(member, files) if role else (),
                side="infra" if peer.part == "infra" or peer.beside else "test" if member.load else "",
                database=PurePosixPath(address.path).name if kind == "store" and peer.part == "store" else "",
            )

    def _topics(self, member: Member, files: list[Code]) -> tuple[str, ...]:
        """What the messages may be about: literals and settings where code speaks of messages."""
        found = {mention.text for code in files for mention in code.mentions if mention.kind == "topic"}
        for code in files:
            for mention in code.mentions:
                if mention.kind in ("variable", "default") and _ABOUT.search(mention.text):
                    values = [setting.value for setting in self._environments.values(member, mention.text)]
                    found.update(values or ([mention.default] if mention.default else []))
        return tuple(
            sorted(one for one in found if one.lower() not in _NO_TOPICS and not self._known.is_word(one.lower()))
        )

    @staticmethod
    def _roles(peer: Member, files: list[Code], *, works: bool) -> tuple[Literal["publish", "consume"], ...]:
        """What a service does with a broker, by what its code speaks of; a store that can queue counts only then."""
        if peer.part != "broker" and (peer.product is None or Effect.QUEUE not in peer.product.effects):
            return ()
        sends, takes = any(code.sends for code in files), works or any(code.takes for code in files)
        if peer.part != "broker" and not sends and not takes:
            return ()
        found: list[Literal["publish", "consume"]] = []
        if sends or not takes:
            found.append("publish")
        if takes:
            found.append("consume")
        return tuple(found)


def _is_product(peer: Member, address: Address) -> bool:
    """Whether a bare word may only say which product is meant: ``cache = "redis"``."""
    return peer.product is not None and address.host == peer.product.name


def _for_browsers(code: Code, root: str) -> bool:
    """Whether a script runs at the user's, not in the service."""
    inside = code.path[len(root) :].split("/")[:-1]
    return code.language in ("javascript", "typescript") and not _BROWSER.isdisjoint(inside)
