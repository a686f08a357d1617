"""Which stores the code of a service can speak to: by the calls it makes, and by the libraries that it loads."""

from __future__ import annotations

import re

from ..nouns.deployment import Deployment
from ..nouns.libraries import Effect
from ..nouns.products import Product
from ..nouns.project import Project
from ..nouns.targets import Target
from .known import Known
from .members import Member
from .ownership import Ownership
from .spelled import spelled

_WORDS = re.compile(r"[a-z]\w*")
_LONG = 5
_GENERAL = frozenset({"sql", "http", "https", "storage", "queue", "cache"})


class Speaking:
    """What members' linked code speaks; a setting that names a store it never speaks to is not a way there."""

    def __init__(
        self, project: Project, deployment: Deployment, members: list[Member], ownership: Ownership, known: Known
    ) -> None:
        self._ownership = ownership
        self._known = known
        self._code = [code for code in deployment.code if code.modules]
        self._general = [
            (re.compile(rf"(?:{spelled(one.modules)})(?:\..*)?"), frozenset(one.effects))
            for one in known.frameworks
            if one.modules
        ]
        self._targets = (*project.targets, *project.openings)
        self._own = {part.removesuffix(".py") for path in project.imports for part in path.lower().split("/")}
        self._members = {member.name: member for member in members}
        self._calls: dict[str, list[Target]] = {}
        self._modules: dict[str, set[str]] = {}
        self._drivers: dict[str, list[Product]] = {}

    def with_(self, source: str, target: str) -> bool:
        """Whether a member's code can speak to a store; yes where it is not known what the store is."""
        member, peer = self._members.get(source), self._members.get(target)
        product = peer.product if peer is not None else None
        if member is None or product is None or not product.effects:
            return True
        if any(_fits(one, product.name, product.effects) for one in self._calls_of(member)):
            return True
        words = {product.name, product.protocol, *product.schemes} - _GENERAL
        general = [names for names, effects in self._general if not effects or effects & {*product.effects}]
        return any(
            any(word in name.lower() for word in words) or any(names.fullmatch(name) for names in general)
            for name in self._modules_of(member)
        )

    def by_its_library(self, source: str, target: str) -> bool:
        """Whether a member imports a library that is called as a peer or its image: ``mlflow`` for its server."""
        member, peer = self._members.get(source), self._members.get(target)
        if member is None or peer is None:
            return False
        words = {
            word for text in (peer.name, *(one.image for one in peer.units)) for word in _WORDS.findall(text.lower())
        }
        asked = {name.partition(".")[0].lower() for name in self._modules_of(member)}
        return any(len(word) >= _LONG and word in words for word in asked - self._own)

    def driver(self, source: str, effect: Effect) -> Product | None:
        """The one product of a kind that a member's code has a driver for, None where that is not told."""
        found = [product for product in self._driven(source) if effect in product.effects]
        return found[0] if len(found) == 1 else None

    def drives(self, source: str, target: str) -> bool:
        """Whether a member's code has a driver for what another is."""
        peer = self._members.get(target)
        return peer is not None and peer.product in self._driven(source)

    def _driven(self, source: str) -> list[Product]:
        if source not in self._drivers:
            member = self._members.get(source)
            self._drivers[source] = self._known.driven(self._modules_of(member)) if member is not None else []
        return self._drivers[source]

    def _calls_of(self, member: Member) -> list[Target]:
        if not self._calls:
            for target in self._targets:
                for one in self._ownership.running(target):
                    self._calls.setdefault(one.name, []).append(target)
        return self._calls.get(member.name, [])

    def _modules_of(self, member: Member) -> set[str]:
        if not self._modules:
            for code in self._code:
                for one in self._ownership.owners(code.path):
                    if self._ownership.can_load(one, code.path):
                        self._modules.setdefault(one.name, set()).update(code.modules)
        return self._modules.get(member.name, set())


def _fits(target: Target, product: str, effects: tuple[Effect, ...]) -> bool:
    """Whether a call may be one on a product."""
    return target.product == product if target.product else not target.effects.isdisjoint(effects)
