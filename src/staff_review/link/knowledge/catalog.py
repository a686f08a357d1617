"""The catalog as link asks it: one dictionary look-up per canonical path, patterns only where a file wrote one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from ...nouns.acts import Act, Acting
from ...nouns.libraries import (
    REMOTE,
    Client,
    Config,
    Effect,
    EntryPoint,
    Error,
    Habit,
    Insecure,
    Libraries,
    Library,
    LimitObject,
    Meaning,
    Operation,
    PeerProgram,
    Policy,
    Setting,
    Term,
)
from ...nouns.members import Member
from ...nouns.mends import Mend

T = TypeVar("T")
_CAP = 4_096


class Names(Generic[T]):
    """Canonical paths to values; later additions win. Patterns: ``a.B.*``, ``a.B.**`` and ``*`` inside a segment."""

    def __init__(self) -> None:
        self._exact: dict[str, T] = {}
        self._member: dict[str, T] = {}
        self._deep: dict[str, T] = {}
        self._globs: list[tuple[re.Pattern[str], T]] = []
        self._any_glob: re.Pattern[str] | None = None
        self._seen: dict[str, T | None] = {}

    def add(self, names: Iterable[str], value: T) -> None:
        """Register `value` under each name or pattern."""
        self._seen.clear()
        self._any_glob = None
        for name in names:
            stem, _, last = name.rpartition(".")
            if "*" not in name or name == "*":
                self._exact[name] = value
            elif last == "*" and "*" not in stem:
                self._member[stem] = value
            elif last == "**" and "*" not in stem:
                self._deep[stem] = value
            else:
                self._globs.insert(0, (re.compile(_pattern(name)), value))

    def get(self, path: str) -> T | None:
        """The value for a canonical path: an exact name first, then a member, a chain, a pattern."""
        value = self._exact.get(path)
        if value is not None:
            return value
        if not (self._member or self._deep or self._globs):
            return None
        if path in self._seen:
            return self._seen[path]
        value = self._by_pattern(path)
        if len(self._seen) < _CAP:
            self._seen[path] = value
        return value

    def _by_pattern(self, path: str) -> T | None:
        stem = path.rpartition(".")[0]
        if stem in self._member:
            return self._member[stem]
        plain = path.replace("()", "")
        while stem and self._deep:
            if stem in self._deep:
                return self._deep[stem]
            stem = stem.rpartition(".")[0]
        if self._any_glob is None:
            self._any_glob = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in self._globs) or r"(?!)")
        if self._any_glob.fullmatch(plain) is None:
            return None
        return next((value for pattern, value in self._globs if pattern.fullmatch(plain)), None)

    def exact(self) -> Iterable[str]:
        """All names written out."""
        return self._exact.keys()


def _pattern(name: str) -> str:
    return r"\.".join(
        ".+" if segment == "**" else re.escape(segment).replace(r"\*", r"[^.]*") for segment in name.split(".")
    )


class Catalog:
    """What every library of one language does, by canonical path."""

    def __init__(self, libraries: Libraries, language: str) -> None:
        self.operations: Names[Operation] = Names()
        self.acts: Names[tuple[Acting, ...]] = Names()
        self.clients: Names[Client] = Names()
        self.makers: Names[str] = Names()  # calls and attributes that give an object of a type
        self.makings: Names[str] = Names()  # those of them that make a new client
        self.anywhere: Names[bool] = Names()  # modules that are known wherever they lie, as generated ones are
        self.limits: Names[LimitObject] = Names()
        self.policies: Names[Policy] = Names()
        self.terms: Names[Term] = Names()
        self.entries: Names[EntryPoint] = Names()
        self.configs: Names[Config] = Names()
        self.insecure: Names[tuple[Insecure, ...]] = Names()
        self.meanings: Names[Meaning] = Names()
        self.errors: Names[Error] = Names()
        self.mends: Names[Mend] = Names()
        self.programs: dict[str, PeerProgram] = {}
        self.settings: list[Setting] = []
        self.weak_attributes: set[str] = set()
        self.peers: set[str] = set()  # roots of libraries that work with somebody outside the process
        self.verbs: dict[str, tuple[str, ...]] = {}  # module or client -> its members that are called like verbs
        self.unread_attributes: set[str] = set()  # that look like a limit on some client, and are none
        self.owners: set[str] = set()  # types whose members do something, or give what does
        self.whole_requests: set[str] = set()  # keys of settings that put every request into one transaction
        self.late_acks: set[str] = set()  # names of settings by which tasks are acknowledged after they ran
        self.task_limits: set[str] = set()  # names of settings that end every task which runs too long
        self.refusing: Names[bool] = Names()  # operations that raise in a coroutine
        self.open_ended: set[str] = set()  # names of types of which any member does something
        self.habits: dict[str, tuple[Habit, ...]] = {}
        self.members: dict[str, Member] = {}  # last name -> what a member that is called so does, whoever has it
        self.packages: dict[str, str] = {}
        self.roots: set[str] = set()  # what one imports of the language and of known libraries
        self.applications: set[str] = set()  # types that requests are routed on
        self._speaks: dict[str, str] = {}  # library → the product it talks to
        self._alias: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        self._said: dict[str, bool] = {}
        self._does: dict[str, frozenset[Act]] = {}
        self._told = self._tables()
        for library in (one for one in libraries if one.language == language):
            self._add_library(library)

    def _tables(self) -> tuple[Names[Any], ...]:
        """All that a path may be told of."""
        return (
            self.operations,
            self.acts,
            self.makers,
            self.makings,
            self.limits,
            self.policies,
            self.terms,
            self.entries,
            self.configs,
            self.insecure,
            self.meanings,
            self.mends,
        )

    def _add_library(self, library: Library) -> None:
        self._add_package(library)
        self._alias.update(library.alias)
        self._alias.update(dict.fromkeys(library.also, library.library))
        self._add_operations(library)
        self.whole_requests |= {library.whole_requests} - {""}
        self.late_acks.update(library.late_acks)
        self.task_limits.update(library.task_limits)
        told = [name for operation in library.operation if operation.effects for name in operation.names]
        self.owners.update(name.rpartition(".")[0] for name in (*told, *library.returns))
        self.open_ended.update(name.split(".")[-2] for name in told if name.endswith((".*", ".**")))
        remote = [name for one in library.operation if not REMOTE.isdisjoint(one.effects) for name in one.names]
        remote += [one.type for one in library.client if not REMOTE.isdisjoint(one.effects)]
        self.peers.update(name.partition(".")[0] for name in remote)
        for name, acting in ((name, act) for act in library.act for name in act.names):
            self.acts.add((name,), (*(self.acts.get(name) or ()), acting))
        for client in library.client:
            self._add_client(client)
        for path, made in library.returns.items():
            self.makers.add((path,), made)
        self.limits_and_policies(library.limit, library.policy, library.term)
        for entry in library.entry:
            self.entries.add(entry.names, entry)
        asked = [name for entry in library.entry if entry.kind == "request" for name in entry.names]
        self.applications.update(name.rpartition(".")[0] for name in asked)
        for config in library.config:
            self.configs.add(config.names, config)
        for meaning in library.meaning:
            self.meanings.add(meaning.names, meaning)
        for error in library.error:
            self.errors.add(error.names, error)
        for mend in library.mend:
            self.mends.add(mend.names, mend)
        self.settings += library.setting
        self.programs.update({program.name: program for program in library.program})
        for habit in library.habit:
            self.habits.update({member: (*self.habits.get(member, ()), habit) for member in habit.members})
        self.members.update({name: member for member in library.member for name in member.names})
        for weakness in library.insecure:
            self._add_weakness(weakness)

    def _add_operations(self, library: Library) -> None:
        for operation in library.operation:
            self.operations.add(operation.names, operation)
            for name in operation.names if operation.verb is not None and operation.verb.source == "name" else ():
                owner, _, leaf = name.rpartition(".")
                self.verbs[owner] = (*self.verbs.get(owner, ()), leaf)
            if library.refuses_loop and Effect.DATABASE in operation.effects:
                self.refusing.add(operation.names, value=True)

    def _add_weakness(self, weakness: Insecure) -> None:
        if weakness.assigned:
            self.weak_attributes.update(name.rpartition(".")[2] for name in weakness.names)
        for name in weakness.names:
            self.insecure.add((name,), (*(self.insecure.get(name) or ()), weakness))

    def _add_client(self, client: Client) -> None:
        makers = (client.type, *client.made_by)
        self.clients.add((client.type,), client)
        self.makings.add(makers, client.type)
        self.unread_attributes.update(client.unread_attributes)
        self.anywhere.add([name.rpartition(".")[0] for name in makers if name.startswith("**.")], value=True)
        for name in makers:
            self.makers.add((name,), client.type)
        if client.connects:
            opening = [name for name in makers if self.operations.get(name) is None]
            self.operations.add(
                opening,
                Operation(names=tuple(opening), effects=client.effects, timeout=client.timeout, client_limit="unknown"),
            )

    def limits_and_policies(
        self, limits: Iterable[LimitObject], policies: Iterable[Policy], terms: Iterable[Term]
    ) -> None:
        """Register what describes limits, and what bounds, retries or breaks."""
        for limit in limits:
            self.limits.add(limit.names, limit)
        for policy in policies:
            self.policies.add(policy.names, policy)
        for term in terms:
            self.terms.add(term.names, term)

    def _add_package(self, library: Library) -> None:
        roots = [name.partition(".")[0] for name in (library.library, *library.also)]
        self.roots.update(roots, library.modules)
        if library.package is not None:
            self.packages.update(dict.fromkeys(roots, library.package))
        if library.speaks:
            self._speaks.update(dict.fromkeys((library.library, *library.also), library.speaks))

    def product_of(self, path: str) -> str:
        """The product that the library of a canonical path talks to, "" where it can be several."""
        while path and path not in self._speaks:
            path = path.rpartition(".")[0]
        return self._speaks.get(path, "")

    def fold(self, path: str) -> str:
        """The canonical spelling of a path: the longest aliased prefix replaced, until nothing changes."""
        known = self._folded.get(path)
        if known is not None:
            return known
        folded = path
        for _ in range(4):
            replaced = self._fold_once(folded)
            if replaced == folded:
                break
            folded = replaced
        self._folded[path] = folded
        return folded

    def _fold_once(self, path: str) -> str:
        prefix = path
        while prefix:
            target = self._alias.get(prefix)
            grows = target is not None and target.startswith(prefix + ".") and (path + ".").startswith(target + ".")
            if target is not None and not grows:
                return target + path[len(prefix) :]
            prefix = prefix.rpartition(".")[0]
        return path

    def does(self, path: str) -> frozenset[Act]:
        """What a call of a canonical path does."""
        known = self._does.get(path)
        if known is None:
            known = self._does[path] = frozenset(act for entry in self.acts.get(path) or () for act in entry.does)
        return known

    def says(self, path: str) -> bool:
        """Whether any library tells anything of what a canonical path is."""
        known = self._said.get(path)
        if known is None:
            known = self._said[path] = bool(path) and any(names.get(path) is not None for names in self._told)
        return known

    def package_of(self, path: str) -> str | None:
        """The registry name of the package that a canonical path belongs to, for its version."""
        return self.packages.get(path.partition(".")[0])
