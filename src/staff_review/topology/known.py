"""Products as the map asks for them, by image, address scheme, port, host or name; commands by their words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from ..nouns.libraries import Effect
from ..nouns.products import Product, Products
from .addresses import Address
from .commands import Commands
from .spelled import spelled

LINKED = frozenset({"python"})
"""Languages whose calls are linked: there a service is named by a call, and a mention alone is not enough."""
_STORED = ("store", "broker")
_OWN_DATABASE = re.compile(r"(?:.*[-_])?(?:\w*db|database)")
DATABASE = Product(name="database", part="store", protocol="sql", effects=(Effect.DATABASE,))
"""Somebody's own database image, of a kind that its name does not say."""
_Named: TypeAlias = list[tuple[re.Pattern[str], Product]]


class Known:
    """All that is known of products, commands and frameworks; what is told first wins."""

    def __init__(self, products: Products) -> None:
        listed = products.product
        self.commands = Commands(products)
        self.frameworks = products.framework
        self._images = _patterns((product, product.images) for product in listed)
        self._parts = [
            (re.compile(rf"(?:^|[/_.-])(?:{pattern.pattern})(?:$|[:@/_.-])"), product)
            for pattern, product in self._images
            if product.part in _STORED
        ]
        self._hosts = _patterns((product, product.hosts) for product in listed)
        self._services = _patterns((product, product.services) for product in listed)
        self._invokes = [re.compile(spelled((path,), r"([\w.-]+)")) for product in listed for path in product.invokes]
        self._drivers = _patterns((product, product.drivers) for product in listed)
        self._by_name = {product.name: product for product in reversed(listed)}
        self._by_scheme = {scheme: product for product in reversed(listed) for scheme in product.schemes}
        self._by_port = {port: product for product in reversed(listed) for port in product.ports}

    def of_image(self, image: str) -> Product | None:
        """What an image is, by its name without registry, tag and digest; None for somebody's own."""
        name = image.partition("@")[0].lower()
        head, _, tail = name.rpartition("/")
        tail = tail.partition(":")[0]
        found = _first(self._images, tail)
        if found is None:
            found = next((product for pattern, product in self._parts if pattern.search(f"/{tail}/")), None)
        if found is None and _OWN_DATABASE.fullmatch(tail):
            return DATABASE
        return found or _first(self._images, head.rpartition("/")[2])

    def stored_as(self, name: str) -> Product | None:
        """The store that a unit is called as, where its image says nothing: ``redis``."""
        found = _first(self._images, name.lower())
        return found if found is not None and found.part in _STORED else None

    def is_called_after(self, image: str) -> bool:
        """Whether the name of an image only holds that of a store, as ``kafka-consumer`` does: it may be anything."""
        name = image.partition("@")[0].lower().rpartition("/")[2].partition(":")[0]
        return _first(self._images, name) is None

    def languages_of(self, image: str) -> frozenset[str]:
        """The languages that an image runs, by its name without registry and tag; empty where it may run any."""
        name = image.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()
        found = [one.languages for one in self.frameworks if one.images and re.fullmatch(spelled(one.images), name)]
        return frozenset(language for languages in found for language in languages)

    def managed(self, name: str) -> Product:
        """What a provider runs, by the name that a file gives it: a product, an engine and its version, a database."""
        return self.named(name.lower()) or self.of_image(name) or DATABASE

    def named(self, name: str) -> Product | None:
        """A product by its own name."""
        return self._by_name.get(name)

    def spoken_at(self, address: Address) -> Product | None:
        """What an address must be by its scheme, such as ``postgresql+asyncpg``, or its port; None for anything."""
        for part in re.split(r"[+:]", address.scheme.lower()):
            if part in self._by_scheme:
                return self._by_scheme[part]
        return self._by_port.get(address.port)

    def of_host(self, host: str) -> Product | None:
        """What a provider offers at a host."""
        return _first(self._hosts, host.lower())

    def of_service(self, name: str) -> Product | None:
        """What a service of somebody's own is for, where its name says that it is beside the system."""
        return _first(self._services, name.lower())

    def driven(self, modules: Iterable[str]) -> list[Product]:
        """The products whose drivers are among modules."""
        named = list(modules)
        return [product for pattern, product in self._drivers if any(pattern.fullmatch(name) for name in named)]

    def invoked_at(self, path: str) -> str:
        """The service that a path on this machine names to a sidecar, "" for none."""
        return next((found[1] for pattern in self._invokes if (found := pattern.match(path))), "")

    @staticmethod
    def is_database(folder: str) -> bool:
        """Whether a folder is called as one that a database is built from."""
        return _OWN_DATABASE.fullmatch(folder.rpartition("/")[2].lower()) is not None

    def is_cache(self, name: str) -> bool:
        """Whether the product of a name keeps what can be made again."""
        product = self.named(name)
        return product is not None and Effect.CACHE in product.effects

    def is_word(self, text: str) -> bool:
        """Whether a text only says which product is meant, or its protocol."""
        return text in self._by_name or text in self._by_scheme


def _patterns(named: Iterable[tuple[Product, tuple[str, ...]]]) -> _Named:
    return [(re.compile(spelled(names)), product) for product, names in named if names]


def _first(named: _Named, text: str) -> Product | None:
    return next((product for pattern, product in named if text and pattern.fullmatch(text)), None)
