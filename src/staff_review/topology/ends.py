"""Where a call goes: its address with a member's settings filled in, and who answers there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from ..nouns.libraries import Effect
from ..nouns.project import Project
from ..nouns.source import Place
from ..nouns.targets import Hole, Target, Template, Variable
from .addresses import Address, addresses_in
from .components import Components
from .environment import Environments
from .members import Member
from .ownership import Ownership
from .peers import Peers

_STORED = frozenset({Effect.DATABASE, Effect.CACHE, Effect.QUEUE, Effect.STORAGE})
_SPOKEN = frozenset({Effect.DATABASE, Effect.QUEUE})
"""What stores and brokers are asked in protocols of their own, so that a web address only stands in the data."""
_ADDRESS_WORDS = re.compile(
    r"_(?:URL|URI|HOST|HOSTNAME|ADDR|ADDRESS|ENDPOINT|BASE|API|HTTP|GRPC|RPC|TCP|ROOT|PATH|PORT|INTERNAL|SERVER|TARGET)(?=_)"
)
_MOST = 24


class End(msgspec.Struct, frozen=True):
    """One possible end of a call: a member, a host outside, or nobody (then `because` says why).

    `settings` are the places that gave the address; `guessed`: only the name of an unset variable says it, and `path`
    what the code puts behind it.
    """

    peer: Member | None
    address: Address | None
    because: str
    settings: tuple[Place, ...]
    guessed: bool = False
    path: str = ""


class Ends:
    """Finds the ends of calls."""

    def __init__(self, project: Project, environments: Environments, peers: Peers, ownership: Ownership) -> None:
        self._environments = environments
        self._components = Components(environments, peers)
        self._peers = peers
        self._known = peers.known
        self._ownership = ownership
        self._openings = project.openings
        self._by_member: dict[str, list[Target]] = {}
        self.tasking = {
            one.decorator.partition(".")[0] for one in project.offers if one.kind == "task" and one.decorator
        }
        self._interfaces = {
            offer.owner: offer.place.path for offer in project.offers if offer.owner and offer.kind in ("grpc", "rpc")
        }

    def of(self, member: Member, target: Target) -> list[End]:
        """Where a call may go: by its addresses, then by the name of the interface it speaks, else nowhere known."""
        if target.component is not None:
            return self._of_component(member, target, target.component)
        named = self._named(member, target) if target.logical and target.protocol == "rpc" else None
        if named is not None:
            return [End(named, None, "", ())]  # its address is only the broker's
        found, missing = self._addressed(member, target)
        if any(one.address is not None and self._components.holds(one.address) for one in found):
            return []  # the sidecar answers, and what it keeps is told of the code
        known = [one for one in found if one.peer is not None] or self._about(member, target)
        if known:
            return _distinct(known)
        named = self._named(member, target)
        if named is not None:
            return [End(named, None, "", ())]
        stored = self._stored(member, found, target) or (
            [] if found else self._opened(member, target) or self._offered(target)
        )
        if stored:
            return stored
        guessed = _distinct(list(self._guessed(member, target)))
        if guessed:
            return guessed
        outside = [one for one in found if one.address is not None and not one.address.local]
        if outside:
            return _distinct(outside[:1])
        if target.product and not found and not missing and not _STORED.intersection(target.effects):
            return [End(None, Address(target.product), "", ())]
        local = next((one for one in found if one.address is not None), None)
        because = (
            f"`{local.address.host}:{local.address.port}` is published by no service" if local and local.address
            else missing[0] if missing else "its address is only known at run time"
        )  # fmt: skip
        return [End(None, None, because, ())]

    def _about(self, member: Member, target: Target) -> list[End]:
        """The queues and topics that a provider runs, where messages name them instead of a broker."""
        return [
            End(peer, address, "", settings)
            for template in target.topics
            for text, settings, _ in self.rendered(member, template)
            for address in (addresses_in(text) if settings else ())
            if (peer := self._peers.at(address, member)) is not None and peer.managed
        ]

    def _of_component(self, member: Member, target: Target, name: Template) -> list[End]:
        """A peer that the platform keeps under a name: where its description says, else a store of that name."""
        text, settings, because = next(iter(self.rendered(member, name)))
        described = self.described(member, text)
        if described is not None:
            return [described]
        if because or not text or Effect.QUEUE in target.effects:
            return [End(None, None, because or f"`{text}` is described nowhere that was read", ())]
        return [End(None, Address(text), "", settings)]

    def described(self, member: Member, component: str) -> End | None:
        """The peer that a platform keeps under a name, by an address in its description or by its type."""
        found = self._components.of(member, component)
        return End(found[0], found[1], "", (found[2],), guessed=found[1] is None) if found is not None else None

    def _addressed(self, member: Member, target: Target) -> tuple[list[End], list[str]]:
        """The ends that a target's own addresses say, and why addresses say none."""
        found: list[End] = []
        missing: list[str] = []
        for template in target.addresses:
            for text, settings, because in self.rendered(member, template):
                found += self._in_text(member, text, settings, target)
                missing += [because] if because else []
        return found, missing

    def _stored(self, member: Member, found: list[End], target: Target) -> list[End]:
        """A store on this machine: the one of its product that is deployed, else the product itself."""
        for end in found:
            if end.address is not None and end.address.local:
                product = self._known.spoken_at(end.address)
                spoken = product.name if product is not None else target.product
                outside = End(None, replace(end.address, host=spoken, port=0), "", end.settings)
                if spoken:
                    return self._of_product(spoken, end.settings, member) or [outside]
        return []

    def _by_scheme(self, member: Member, target: Target) -> list[End]:
        """What an address must be whose host is set nowhere: ``postgresql+asyncpg://`` and settings."""
        first = (one.parts[0] for one in target.addresses if one.parts)
        schemes = [text.partition("://")[0] for text in first if isinstance(text, str) and text.endswith("://")]
        product = next((found for one in schemes if (found := self._known.spoken_at(Address("", 0, one)))), None)
        return self._of_product(product.name, member=member) if product is not None else []

    def _of_product(self, product: str, settings: tuple[Place, ...] = (), member: Member | None = None) -> list[End]:
        """The one store of a product that is deployed, the product itself where none is, nothing where several are.

        Of several, the one nearest to a member counts.
        """
        found = self._peers.of_product(product)
        found = self._peers.nearest(member, found) if member is not None else found
        if len(found) == 1:
            return [End(found[0], None, "", settings, guessed=True)]
        return [] if found else [End(None, Address(product), "", settings)]

    def broker(self, member: Member, target: Target) -> End | None:
        """The one broker whose clients a service makes, for messages that come to it."""
        found = [end for end in self._opened(member, target) if end.peer is not None]
        opened = (one.place for one in self._openings_of(member) if Effect.QUEUE in one.effects)
        return replace(found[0], settings=(*opened, *found[0].settings)) if len(found) == 1 else None

    def _opened(self, member: Member, target: Target) -> list[End]:
        """Where the clients of that kind go that the service makes, for a call on one that cannot be told."""
        if _STORED.isdisjoint(target.effects):
            return []
        made = [one for one in self._openings_of(member) if one.addresses and _alike(one, target)]
        library = target.operation.partition(".")[0]
        own = [one for one in made if one.operation.partition(".")[0] == library]
        made = own if library in self.tasking else own or made  # what runs tasks makes its clients itself
        ends: list[End] = []
        for opening in made:
            found, _ = self._addressed(member, opening)
            ends += [one for one in found if one.peer is not None] or self._stored(member, found, opening)
            ends += self._by_scheme(member, opening) if not found else []
        return _distinct(ends) if ends or made or not target.product else self._of_product(target.product)

    def _offered(self, target: Target) -> list[End]:
        """What a provider offers under the name that a client is made for: ``client("sqs")``."""
        if _STORED.isdisjoint(target.effects):
            return []
        names = [one.parts[0] for one in target.addresses if len(one.parts) == 1 and isinstance(one.parts[0], str)]
        offered = (product for name in names if (product := self._known.named(name)) is not None and product.hosts)
        return next((self._of_product(one.name) or [End(None, Address(one.name), "", ())] for one in offered), [])

    def _openings_of(self, member: Member) -> list[Target]:
        known = self._by_member.get(member.name)
        if known is None:
            known = self._by_member[member.name] = [
                one for one in self._openings if member in self._ownership.running(one)
            ]
        return known

    def _named(self, member: Member, target: Target) -> Member | None:
        """A service by name: in a registry, or the one that implements an interface or calls itself so in its code."""
        names = [target.logical] if target.logical else []
        if not names and Effect.RPC in target.effects:
            names = [text for one in target.addresses for text, _, _ in self.rendered(member, one)]
        paths = [path for name in names if (path := self._interfaces.get(name)) is not None]
        owner = self._ownership.owner(paths[0]) if paths else None
        return owner or (self._peers.named(target.logical) if target.logical else None)

    def _in_text(self, member: Member, text: str, settings: tuple[Place, ...], target: Target) -> list[End]:
        found: list[End] = []
        for address in addresses_in(text):
            peer = self._peers.at(address, member)
            stored = not _STORED.isdisjoint(target.effects)
            bare = not (address.port or address.scheme or "." in address.host)
            if peer is None and not self._may_be_outside(address, target, stored=stored, settings=bool(settings)):
                continue
            if peer is not None and bare and not settings and not stored and Effect.HTTP in target.effects:
                continue
            found.append(End(peer, address, "", settings))
        return found

    def shown(self, member: Member, topic: str) -> str:
        """A topic as it is called, where its name is the address of one that a provider runs."""
        peer = self._peers.named(topic, member)
        return peer.name if peer is not None and peer.managed else topic

    def rendered(self, member: Member, template: Template) -> list[tuple[str, tuple[Place, ...], str]]:
        """Texts of a template with a member's settings, where they come from, and why one stays unknown."""
        found: list[tuple[str, tuple[Place, ...], str]] = [("", (), "")]
        for part in template.parts:
            pieces: list[tuple[str, tuple[Place, ...], str]]
            if isinstance(part, str):
                pieces = [(part, (), "")]
            elif isinstance(part, Variable):
                pieces = self._of_variable(member, part)
            else:
                pieces = [
                    (
                        "{}",
                        (),
                        f"`{part.name}` is only known at run time" if isinstance(part, Hole) and part.name else "",
                    )
                ]
            found = [
                (text + more, (*places, *others), because or (why if not text.strip("{}") else ""))
                for text, places, because in found
                for more, others, why in pieces
            ][:_MOST]
        return found

    def _of_variable(self, member: Member, variable: Variable) -> list[tuple[str, tuple[Place, ...], str]]:
        values = self._environments.values(member, variable.name)
        said = [(one.value, one.place) for one in values]
        if said:
            found: list[tuple[str, tuple[Place, ...], str]] = [(text, (at,), "") for text, at in dict.fromkeys(said)]
            return found[:4]
        if variable.default is not None:
            return self.rendered(member, variable.default)
        return [("{}", (), f"`{variable.name}` is set nowhere that was read")]

    def _guessed(self, member: Member, target: Target) -> Iterator[End]:
        """The services that unset variables are named after: ``ORDERS_SERVICE_URL``."""
        for template in target.addresses:
            for part in template.parts:
                if isinstance(part, Variable) and not self._environments.values(member, part.name):
                    first, _, rest = part.name.partition("_")
                    names = [
                        _ADDRESS_WORDS.sub("", f"{head}_{tail}_").strip("_")
                        for head, tail in (("", part.name), (first, rest))
                    ]  # what is called an address may also be about addresses
                    named = dict.fromkeys(short for name in names for short in (name, name.removesuffix("_SERVICE")))
                    peer = next((found for one in named if one and (found := self._peers.guessed(one, member))), None)
                    if peer is not None and peer is not member:
                        behind = next(text for text, _, _ in self.rendered(member, template)).partition("{}")[2]
                        yield End(peer, None, "", (), guessed=True, path=behind if behind.startswith("/") else "")

    def _may_be_outside(self, address: Address, target: Target, *, stored: bool, settings: bool) -> bool:
        """Whether a text that names no member can be an address: a word, a dotted name or a key may be anything."""
        if stored and not (address.scheme or address.port):
            return False
        if address.scheme.startswith("http") and not target.product and _SPOKEN.intersection(target.effects):
            return self._known.of_host(address.host) is not None
        return settings or bool(address.port or address.scheme or "." in address.host)


def _alike(opening: Target, target: Target) -> bool:
    """Whether a call can be made on a client: both speak to the same product, or to the same kind where one is open."""
    if opening.product and target.product:
        return opening.product == target.product
    return not opening.effects.isdisjoint(target.effects)


def _distinct(ends: list[End]) -> list[End]:
    found: dict[tuple[str, str], End] = {}
    for end in ends:
        key = (end.peer.name if end.peer else "", end.address.host if end.address and not end.peer else "")
        found.setdefault(key, end)
    return list(found.values())
