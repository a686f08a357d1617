"""What runs: units of many files that mean the same thing put together, and told apart by the part they play."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from ..nouns.deployment import Deployment, Image, Unit
from ..nouns.products import Product
from ..nouns.source import Place, Span
from .folders import Folders, called, folded, stem, unversioned
from .known import DATABASE, Known
from .projects import Projects, qualified, rehearsed

_HANDLER = re.compile(r"(?!.*\.(?:py|sh)$)[\w-]+(?:\.[\w-]+)+")
"""What a platform calls, rather than a command line."""


class Member(msgspec.Struct):
    """One service, store or piece of infrastructure while the system is put together."""

    name: str
    units: list[Unit]
    root: str | None = None  # the folder of its code, "" for the top; None without code here
    image: Image | None = None
    product: Product | None = None
    aliases: set[str] = set()
    load: bool = False
    beside: bool = False  # it only serves the others' start and upkeep
    console: bool = False  # it only shows the system

    @property
    def part(self) -> str:
        """The part it plays: "service", "gateway", "store", "broker", "infra" or "test"."""
        if self.load:
            return "test"
        if self.console:
            return "infra"
        return self.product.part if self.product is not None else "service"

    @property
    def stored(self) -> bool:
        """Whether it is a store or a broker."""
        return self.part in ("store", "broker")

    @property
    def managed(self) -> bool:
        """Whether a provider runs it."""
        return any(unit.product for unit in self.units)

    @property
    def command(self) -> str:
        """What it runs: by its unit, else by its image."""
        return next((unit.command for unit in self.units if unit.command), self.image.command if self.image else "")

    def answers_to(self) -> Iterator[str]:
        """Every name under which others reach it."""
        yield self.name
        yield from sorted(self.aliases)
        for unit in self.units:
            yield unit.name
            yield from unit.hosts


def members_of(deployment: Deployment, known: Known) -> list[Member]:
    """Everything that runs, each once, in order of its name."""
    folders = Folders(deployment)
    lent, twice = _only_built_on(deployment, folders), rehearsed(deployment.units, known)
    units = sorted(
        (
            unit
            for unit in deployment.units
            if not _runs_out(unit, known) and (unit.name, _plain(unit.image)) not in lent and id(unit) not in twice
        ),
        key=lambda unit: (
            bool(unit.product),
            unit.place.path.count("/"),
            unit.form != "compose",
            *_first_of_its_folder(unit.place.path),
            unit.place.line,
        ),
    )
    contexts: dict[str, Unit] = {}
    for unit in units:
        if unit.context and unit.image:
            contexts.setdefault(_plain(unit.image), unit)
    found: dict[str, Member] = {}
    projects = Projects(units)
    for unit in units:
        _place(unit, folders, contexts, found, known, projects)
    _told_apart(found)
    for member in _from_images(deployment, folders, list(found.values()), known):
        found.setdefault(folded(member.name), member)
    return sorted(_without_namesakes(found.values()), key=lambda member: member.name)


def _first_of_its_folder(path: str) -> tuple[str, int, str]:
    """A path's order among the files of its folder: what others vary is called shortest, ``compose.prod.yaml`` not."""
    folder, _, name = path.rpartition("/")
    return folder, name.count("-") + name.count("."), name


def mark(members: Iterable[Member], known: Known) -> None:
    """Note which members are beside the system: by their names, and by what they run."""
    for member in members:
        product = known.of_service(member.name)
        member.beside = product is not None and product.part == "infra"
        member.console = member.root is not None and known.commands.means(member.command, "console")


def _told_apart(found: dict[str, Member]) -> None:
    """Where two projects use one name, the first is called by its project too, or as another form of it is."""
    projects = {member.units[0].name for member in found.values() if member.name != member.units[0].name}
    for member in found.values():
        if member.name in projects and member.units[0].name == member.name:
            member.aliases.add(member.name)
            member.name = qualified(member.units[0])
    for member in found.values():
        first = member.units[0].name
        own = next((unit.name for unit in member.units if unit.name != first), "")
        if own and member.name != first and all(own != other.name for other in found.values()):
            member.aliases.update({member.name, first})
            member.name = own


def _runs_out(unit: Unit, known: Known) -> bool:
    """Whether a unit runs to its end: then it is no service."""
    means = known.commands.means
    if _HANDLER.fullmatch(unit.command):
        return unit.ends
    return unit.ends or (means(unit.command, "ends") and not means(unit.command, "serves"))


def _only_built_on(deployment: Deployment, folders: Folders) -> set[tuple[str, str]]:
    """Units that are there for their image, which others are built on and which starts nothing, with that image."""
    built_on = {_plain(base) for image in deployment.images for base in image.bases}
    return {
        (unit.name, _plain(unit.image))
        for unit in deployment.units
        if (image := folders.image_of(unit)) is not None
        and (_plain(unit.image) or unit.name) in built_on - {_plain(base) for base in image.bases}
        and not (unit.command or image.command or image.ports)
    }


def _tests(name: str, known: Known) -> bool:
    """Whether something is called as what makes traffic or stands in for another."""
    product = known.of_service(name)
    return product is not None and product.part == "test"


def _place(
    unit: Unit, folders: Folders, contexts: dict[str, Unit], found: dict[str, Member], known: Known, projects: Projects
) -> None:
    """Add a unit to the member that it is another description of, or as a member of its own."""
    foreign = known.managed(unit.product) if unit.product else None
    if foreign is None:
        foreign = known.of_image(unit.image) if unit.image and not unit.context else None
        if foreign is not None and known.is_called_after(unit.image) and folders.builds(unit, contexts):
            foreign = None
        elif foreign is None and unit.image and not unit.context and _plain(unit.image) not in contexts:
            foreign = known.stored_as(unit.name)
    elif folded(unit.name) in found and found[folded(unit.name)].product != foreign:
        unit = msgspec.structs.replace(unit, name=f"{unit.name}-{foreign.name}")
    where = folders.of(unit, contexts) if foreign is None else None
    root, image = where if where is not None else (None, None)
    own = image is not None and known.is_database(image.folder) and not folders.has_code(image.folder)
    root = None if own else root
    here = found.get(folded(unit.name))
    key = folded(unit.name)
    if here is not None and projects.apart(here.units[0], unit) and _elsewhere(here, unit, root):
        key, here = folded(qualified(unit)), found.get(folded(qualified(unit)))
    member = here or (
        _variant_of(unit, root, found.values(), known, folders.tops) if key == folded(unit.name) else None
    )
    named = known.of_image(unit.image) or known.of_image(unit.name)
    product = named or DATABASE if own else known.of_image(image.base) if image is not None and image.base else None
    bare = root is not None and not folders.takes_code(unit, image, root)
    if root is None or (product is not None and product.part == "gateway" and bare):
        product = product or foreign or known.of_image(unit.image)
    elif product is None and bare:
        product = named
    root = None if bare and root in folders.tops and image is not None else root
    if member is not None:
        member.units.append(unit)
        member.aliases.update({unit.name} - {member.name})
        if member.root is None and root is not None:
            member.root, member.image, member.product = root, image, product
        elif member.root is None and member.product is None:
            member.product = product
        return
    load = _tests(unit.name, known) or (product is not None and product.part == "test")
    name = unit.name if key == folded(unit.name) else qualified(unit)
    found[key] = Member(
        name, [unit], root, image, product, set(), load and not (product and product.part in ("store", "broker"))
    )


def _elsewhere(known: Member, unit: Unit, root: str | None) -> bool:
    """Whether a unit of another project is another service: both built from code of their own, or beside such."""
    if root is None and known.root is None:
        return known.stored or _plain(unit.image) != _plain(known.units[0].image)
    return root is not None and known.root is not None and root != known.root


def _variant_of(
    unit: Unit, root: str | None, members: Iterable[Member], known: Known, tops: frozenset[str]
) -> Member | None:
    """The member that a unit describes under another name: reached as it, or the same code with the same command."""
    for member in sorted(members, key=lambda one: not _makes(one, unit)):
        forms = {one.form for one in member.units}
        names = {member.name} if "kubernetes" in forms else member.answers_to()
        if unit.form == "kubernetes" and not {*map(folded, names)}.isdisjoint(map(folded, unit.hosts)):
            return member
        if unit.form in forms or root is None or member.root != root:
            continue
        if unit.form == "procfile":
            alike = known.commands.means(unit.command, "works") == known.commands.means(member.command, "works")
        else:
            alike = root not in tops and _same_command(unit.command, member.command)
        if alike or stem(unit.name) == stem(member.name):
            return member
    return None


def _makes(member: Member, unit: Unit) -> bool:
    """Whether a member is built under the very name of a unit's image."""
    return any(one.context and one.image and _plain(one.image) == _plain(unit.image) for one in member.units)


def _plain(image: str) -> str:
    """The name of an image, without registry, tag and digest."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def _same_command(one: str, other: str) -> bool:
    return not one or not other or one.split() == other.split()


def _from_images(deployment: Deployment, folders: Folders, placed: list[Member], known: Known) -> Iterator[Member]:
    """Dockerfiles that no unit names: beside those of services, or where nothing else says what runs."""
    roots = {member.root for member in placed if member.root is not None}
    parents: dict[str, int] = {}
    for root in roots:
        parent = root.rpartition("/")[0]
        parents[parent] = parents.get(parent, 0) + 1
    coded = any(member.root is not None and member.product is None for member in placed)
    whole = not coded and not any(image.folder and _runs(image, folders) for image in deployment.images)
    for image in sorted(deployment.images, key=lambda one: len(one.path)):
        beside = parents.get(image.folder.rpartition("/")[0], 0) >= 2
        below = any(
            root and (image.folder.startswith(f"{root}/") or root.startswith(f"{image.folder}/")) for root in roots
        )
        if image.folder in roots or below or not _runs(image, folders):
            continue
        if (beside or not coded) and (image.folder or whole):
            name = called(image.folder, folders.tops)
            place = next((setting.place for setting in image.settings), None)
            unit = Unit(
                name=name, place=place or _top(image), form="image", context=image.folder, dockerfile=image.path
            )
            roots.add(image.folder)
            yield Member(name, [unit], image.folder, image, known.of_image(image.base), set(), _tests(name, known))


def _runs(image: Image, folders: Folders) -> bool:
    """Whether an image says what it runs, of code beside it."""
    return bool(image.command or image.ports) and folders.has_code(image.folder)


def _top(image: Image) -> Place:
    return Place(image.path, Span(1, 1, 1, 1))


def _without_namesakes(members: Iterable[Member]) -> list[Member]:
    """Members, without those that only repeat another's code under a name that ends in a variant: ``orders-dev``."""
    kept: list[Member] = []
    listed = list(members)
    for member in listed:
        twin = next((one for one in listed if one is not member and _repeats(member, one)), None)
        if twin is None:
            kept.append(member)
        else:
            twin.units += member.units
            twin.aliases.add(member.name)
    return kept


def _repeats(member: Member, other: Member) -> bool:
    """Whether a member is another version of one: so named with the same code, or a folder beside that no unit runs."""
    if unversioned(member.name) == other.name != member.name and other.root == member.root:
        return True
    if member.units[0].form != "image" or other.units[0].form == "image" or not member.root or not other.root:
        return False
    return unversioned(member.root) == unversioned(other.root)
