"""Who an address means: the member that answers to its host, the one that publishes its port, or somebody outside."""

from __future__ import annotations

import re
from collections import Counter

from .addresses import Address, addresses_in
from .folders import folded
from .known import Known
from .members import Member

_HOSTLIKE = re.compile(
    r"(?i)host|server|addr|url|uri|endpoint|broker|node|conn|dsn|domain|gateway|peer|target|upstream|service|api|bootstrap|backend"
)
_CALLERS = re.compile(r"(?i)cors|csrf|(?:allowed?|trusted|whitelisted)_?(?:hosts?|origins?|prox)|origins$")
"""Settings that say who may call a service: nobody that it calls."""
_PORT = re.compile(r"(?:--?p(?:ort)?[= ]|:)(\d{4,5})\b")
_KIND = re.compile(r"[-_](?:micro-?service|service|svc|app|api|server|ms)$")
_FEW = 3
_OUTSIDE = re.compile(r"(?!\d+$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,}$")


class Peers:
    """Members by the names they answer to and the ports they publish."""

    def __init__(self, members: list[Member], listening: dict[str, list[int]], known: Known) -> None:
        self.known = known
        self._members = members
        self._by_name: dict[str, list[Member]] = {}
        self._by_port: dict[int, list[Member]] = {}
        for spelled in (str.lower, folded):
            for member in members:
                for name in member.answers_to():
                    listed = self._by_name.setdefault(spelled(name), [])
                    if member not in listed:
                        listed.append(member)
        self._shared = _shared_head(members)
        for member in members:
            ports = [port.published or port.inside for unit in member.units for port in unit.ports]
            ports += [int(text) for text in _PORT.findall(member.command)]
            for port in dict.fromkeys((*ports, *listening.get(member.name, ()))):
                self._by_port.setdefault(port, []).append(member)

    def named(self, name: str, caller: Member | None = None) -> Member | None:
        """The member that answers to a bare name; of several, the one whose files stand nearest to the caller's."""
        found = self._by_name.get(name.lower()) or self._by_name.get(folded(name)) or self._by_folder(name)
        if caller is None or len(found) < 2:
            return found[0] if found else None
        return max(found, key=lambda member: (member.name == name, _near(member, caller)))

    def guessed(self, name: str, caller: Member) -> Member | None:
        """The member that a name may mean: one or many of it, also without the head that nearly all names share."""
        heads = ("", f"{self._shared}-") if self._shared else ("",)
        spelled = (f"{head}{one}" for head in heads for one in (name, f"{name}s", name.lower().removesuffix("s")))
        return next((found for one in spelled if (found := self.named(one, caller)) is not None), None)

    def _by_folder(self, name: str) -> list[Member]:
        """The one member called after its folder, as no deployment names it, that means the same."""
        found = [
            one
            for one in self._members
            if {unit.form for unit in one.units} == {"image"} and _bare(one.name) == _bare(name)
        ]
        return found if len(found) == 1 else []

    def of_product(self, product: str) -> list[Member]:
        """The stores and brokers of a product."""
        return [one for one in self._members if one.stored and one.product is not None and one.product.name == product]

    @staticmethod
    def nearest(caller: Member, members: list[Member]) -> list[Member]:
        """Of several, those whose files describe a member too or lie in its own folder, else those of folders above."""
        if len(members) < 2:
            return members
        files = {unit.place.path for unit in caller.units}
        own = f"{caller.root}/" if caller.root else ""
        beside, above = [], []
        for one in members:
            paths = [unit.place.path for unit in one.units]
            if any(path in files or (own and path.startswith(own)) for path in paths):
                beside.append(one)
            elif any(own.startswith(path[: path.rfind("/") + 1]) for path in paths):
                above.append(one)
        return beside or above or members

    def at(self, address: Address, caller: Member | None = None) -> Member | None:
        """The member at an address; somebody's own image is the database that its address says it is."""
        found = self._at(address, caller)
        if found is not None and found.root is None and found.product is None:
            found.product = self.known.spoken_at(address)
        return found

    def _at(self, address: Address, caller: Member | None) -> Member | None:
        """The member at an address; on this machine, the one that publishes the port, where it can only be one."""
        invoked = self.known.invoked_at(address.path) if address.local else ""
        if invoked:
            return self.named(invoked)
        if address.local and caller is not None and address.port in _published(caller):
            return caller
        if address.local:
            found = [one for one in self._by_port.get(address.port, ()) if one is not caller] if address.port else []
            if caller is not None and all(one.stored for one in found):
                found = self.nearest(caller, found)
            coded = [one for one in found if {unit.form for unit in one.units} == {"image"}]
            if len(coded) == 1 and not any(one.stored for one in found):
                return coded[0]  # what else has the port is the same, deployed under a name that does not say so
            return found[0] if len(found) == 1 else None
        for name in (address.host, address.short, address.host.partition(".")[0] if "." in address.host else ""):
            if name and name.lower() in self._by_name:
                return self.named(name, caller)
        return self.named(address.short, caller) if "." not in address.host else None

    def in_text(self, name: str, text: str, caller: Member | None = None) -> tuple[Member, Address] | None:
        """The first member that a setting's value names; a bare name counts only where the setting is called a host."""
        if _CALLERS.search(name):
            return None
        for address in addresses_in(text):
            bare = not address.port and not address.scheme and not address.path
            clustered = address.short != address.host
            if bare and "=" not in text and not clustered and not _HOSTLIKE.search(name):
                continue
            member = self.at(address, caller)
            if member is not None:
                return member, address
        return None


def _published(member: Member) -> set[int]:
    """The ports of this machine that are a member's own."""
    return {port.published for unit in member.units for port in unit.ports} - {0}


def _shared_head(members: list[Member]) -> str:
    """The word that most names of services begin with, "" for none: ``shop`` of ``shop-cart``, ``shop-orders``."""
    names = [member.name for member in members if member.part == "service" and member.root is not None]
    heads = Counter(head.lower() for name in names for head in re.findall(r"^([A-Za-z0-9]+)[-_]", name))
    head, count = next(iter(heads.most_common(1)), ("", 0))
    return head if count >= _FEW and count * 4 >= len(names) * 3 else ""


def _bare(name: str) -> str:
    """A name without the word at its end that only says that it is a service."""
    return folded(_KIND.sub("", name.lower()))


def _near(one: Member, other: Member) -> int:
    """How much of their paths two members' files share."""
    left, right = one.units[0].place.path.split("/"), other.units[0].place.path.split("/")
    return next((count for count, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), len(left))


def is_outside(address: Address) -> bool:
    """Whether an address is a host on the internet rather than a name that only some cluster knows."""
    return not address.local and _OUTSIDE.fullmatch(address.host) is not None and address.short == address.host
