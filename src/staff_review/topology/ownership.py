"""Which services run a piece of code: those whose folder holds it, or whose code reaches it; told apart by command."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable

from ..nouns.deployment import Deployment
from ..nouns.journeys import Borrowing
from ..nouns.project import Project
from ..nouns.targets import Target
from .beginnings import Beginnings
from .commands import Commands
from .folders import folded
from .known import LINKED, Known
from .loading import imported, named_in
from .members import Member

_MODULE = re.compile(r"(?<![\w./-])([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)(?::\w+)?(?![\w./-])")
_FILE = re.compile(r"([\w./-]+\.py)\b")
_ASKED = re.compile(r"(?:-m\s+[\w.]+|\.py)\s+([A-Za-z][\w-]*)")
_ELSEWHERE = re.compile(r"python[\d.]*\s+(?:-\w+\s+)*?-m\s+[\w.]+|(?:sleep|tail)\b")
"""What runs a module, of the program or of a library; what only waits."""
_UNREAD = re.compile(r"(?:\S*/)?(?:[\w.-]+\.sh|(?:[\w-]*-)?entrypoint|make)\b")
"""A script of which it is not known what it starts: the one script of Python at the top of its service's folder."""
_OPTION = re.compile(r"(?:-c|--config)(?:\s+|=)\S+")
"""Where a server is told its own settings, in a file that holds no service."""


class Ownership:
    """Files and the members that run them."""

    def __init__(self, project: Project, deployment: Deployment, members: list[Member], known: Known) -> None:
        self._known = known
        self._commands = known.commands
        finds = {name for framework in known.frameworks for name in framework.finds}
        self._tops = deployment.tops
        self._finding = {code.path for code in deployment.code if any(one.text in finds for one in code.mentions)}
        self._imports = project.imports
        self._named_in = named_in(project.imports, deployment, self._finding)
        self._functions = _functions(project.targets)
        taken = {path for paths in project.imports.values() for path in paths}
        self._scripts = {code.path for code in deployment.code if code.script and code.path not in taken}
        self._servers = project.servers
        self._beginnings = Beginnings(project)
        self._commanded = _commanded(project, self._commands)
        self._worked = sorted({one.place.path for one in project.offers if one.kind == "task"})
        self._members = [member for member in members if member.root is not None and not member.stored]
        self._by_root: dict[str, list[Member]] = {}
        for member in self._members:
            self._by_root.setdefault(member.root or "", []).append(member)
        self._closures: dict[str, frozenset[str] | None] = {}
        self._starts: dict[str, list[str]] = {}

    def owners(self, path: str) -> list[Member]:
        """The members in whose own folder a file lies, the innermost folder counting."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self._by_root:
                return self._by_root[folder]
        return []

    def owner(self, path: str) -> Member | None:
        """The one member that a file belongs to, None for a shared one."""
        found = self.owners(path)
        return found[0] if len(found) == 1 else None

    def running(self, target: Target) -> list[Member]:
        """The members that make a call: the owners of its file, and of code that reaches it from elsewhere."""
        found = {member.name: member for member in self.owners(target.place.path)}
        shared = not found or any(member.root in self._tops for member in found.values())
        if shared:
            for origin in target.origins:
                for member in self.owners(origin.path):
                    found.setdefault(member.name, member)
        asked = self._commands.hold(target.begun)
        loading = [
            member
            for member in found.values()
            if not (asked and target.begun.isdisjoint(self._started(member)))
            and not self._commands.rests(member.command)
            and self.runs(member)
            and self._loads(member, target)
        ]
        if len(loading) > 1 and self._beginnings.only_worked(target):
            return self._workers(loading)
        if len(loading) < 2 or not self._beginnings.only_asked(target):
            return loading
        return [member for member in loading if self._answers(member)] or loading

    def runs(self, member: Member) -> bool:
        """Whether a member's image can run code of the languages that are linked."""
        if member.part == "gateway":
            return False
        spoken = self._known.languages_of(member.image.base) if member.image is not None else frozenset[str]()
        return not spoken or not spoken.isdisjoint(LINKED)

    def _answers(self, member: Member) -> bool:
        """Whether a member answers requests: by its command, or as what it loads starts a server."""
        begun, closure = self._started(member), self.closure(member)
        if closure is None or self._commands.answers(member.command):
            return self._commands.answers(member.command) or not self._commands.means(member.command, "works")
        return any(
            server.place.path in begun or (server.function and server.place.path in closure) for server in self._servers
        )

    def starts(self, member: Member, target: Target) -> bool:
        """Whether a member's command names a function that reaches a call, as that of a cloud function does."""
        named = [name.rpartition(".") for name in _MODULE.findall(member.command)]
        functions = {function for module, _, function in named if module}
        begun = self._started(member) if functions else []
        return any(origin.function in functions and origin.path in begun for origin in target.origins)

    def working(self, target: Target) -> list[Member]:
        """Who runs a task or takes a message: the workers among those that have the code, if any is called one."""
        return self._workers(self.running(target))

    def _workers(self, runners: list[Member]) -> list[Member]:
        """Those that are called workers, or all of them where none is."""
        return [member for member in runners if self._commands.means(member.command, "works")] or runners

    def borrowings(self) -> tuple[Borrowing, ...]:
        """Imports of one service's files by another's; what several services share is nobody's own."""
        found: list[Borrowing] = []
        for path, names in sorted(self._imports.items()):
            here = self.owner(path)
            for one in names:
                there = self.owner(one)
                if here is not None and there is not None and here is not there and here.root and there.root:
                    found.append(Borrowing(here.name, there.name, path, one))
        return tuple(found)

    def listening(self) -> dict[str, list[int]]:
        """The ports that members' own code listens on, by their names."""
        found: dict[str, list[int]] = {}
        for server in self._servers:
            for member in self.running(Target(server.place, "", frozenset(), "")):
                if server.port:
                    found.setdefault(member.name, []).append(server.port)
        return found

    def _loads(self, member: Member, target: Target) -> bool:
        """Whether what a member's command starts imports what makes a call begin; yes where that cannot be told."""
        closure = self.closure(member)
        paths = {target.place.path, *(origin.path for origin in target.origins)}
        if closure is not None:
            return any(self._asks(member, path, target) for path in closure.intersection(target.begun or paths))
        if member.command and target.begun and self._scripts.issuperset(target.begun):
            begun = set(self._started(member))
            if not begun and _UNREAD.match(member.command):
                scripts = [path for path in self._scripts if path.rpartition("/")[0] == member.root]
                begun = set(scripts) if len(scripts) == 1 else begun
            return not target.begun.isdisjoint(begun)
        beside = [other for other in self._members if other.root == member.root and other is not member]
        begun = {path for other in beside for path in self._started(other)}
        return not paths <= begun

    def _asks(self, member: Member, path: str, target: Target) -> bool:
        """Whether what begins in a file can be what a command asks for, as the file may hold a function for each."""
        asked = _ASKED.search(member.command)
        if asked is None or folded(asked[1]) not in self._functions.get(path, ()):
            return True
        return folded(asked[1]) in _functions((target,)).get(path, ())

    def can_load(self, member: Member, path: str) -> bool:
        """Whether a member loads a file, and not only others with the same code; yes where that is not known."""
        if self._commands.rests(member.command):
            return False
        alone = len(self._by_root.get(member.root or "", ())) < 2
        closure = None if alone or path not in self._imports else self.closure(member)
        return path in closure if closure is not None else alone or path not in self._commanded

    def borrows(self, member: Member, path: str) -> bool:
        """Whether a member loads a file that is in no service's own folder: code that several share."""
        closure = self.closure(member) if member.root is not None else None
        return closure is not None and path in closure and all(one.root in self._tops for one in self.owners(path))

    def closure(self, member: Member) -> frozenset[str] | None:
        """The files that a member's command loads; None when it names none of the program, or one that finds code."""
        if member.name not in self._closures:
            begun = self._started(member)
            served = self._commands.means(member.command, "serves")
            told = begun and not (served and self._finding.intersection(begun))
            alone = not begun and self._of_library(member.command)
            found = self._reached([*begun, *self._tasks(member)]) if told else frozenset[str]() if alone else None
            self._closures[member.name] = found
        return self._closures[member.name]

    def _of_library(self, command: str) -> bool:
        """Whether a command only runs a module that is not of the program and takes no application, or only waits."""
        means = self._commands.means
        return _ELSEWHERE.match(command) is not None and not any(
            means(command, what) for what in ("serves", "works", "finds-code")
        )

    def _tasks(self, member: Member) -> list[str]:
        """The files of the tasks that a worker finds by itself: the application it is given need not import them."""
        if not self._commands.application(member.command) or not self._commands.means(member.command, "works"):
            return []
        return [path for path in self._worked if member in self.owners(path)]

    def _started(self, member: Member) -> list[str]:
        """The file of the program that a member's command starts, as far as the command says it."""
        known = self._starts.get(member.name)
        if known is None:
            known = self._starts[member.name] = self._found_by(member)
        return known

    def _found_by(self, member: Member) -> list[str]:
        command = member.command
        if not command or self._commands.means(command, "finds-code"):
            ends = tuple(self._commands.own(command))
            held = (one for one in self._imports if one.endswith(ends) and member in self.owners(one))
            return [*held][:1] if ends else []
        command = _OPTION.sub("", command) if self._commands.means(command, "serves") else command
        application = self._commands.application(command)
        if application:
            command = f"-m {application}"
        root = member.root or ""
        below = [path for path in self._imports if not root or path.startswith(f"{root}/")]
        found = [
            path
            for name in _FILE.findall(command)
            for path in below
            if path.endswith("/" + name.lstrip("./").rpartition("app/")[2]) or path == name.lstrip("./")
        ]
        if found or _FILE.search(command):
            return _shallowest(found)
        for name in _MODULE.findall(command):
            fitting = self._fitting(name, below) or self._fitting(name.rpartition(".")[0], below)
            if fitting and ("." in name or f"{name}:" in command or f"-m {name}" in command):
                return _shallowest(fitting)
        return []

    def _reached(self, begun: list[str]) -> frozenset[str]:
        seen = set(begun)
        waiting = deque(begun)
        while waiting:
            here = waiting.popleft()
            for path in (*imported(self._imports, here), *self._named_in.get(here, ())):
                if path not in seen:
                    seen.add(path)
                    waiting.append(path)
        return frozenset(seen)

    def _fitting(self, name: str, below: list[str]) -> list[str]:
        """The files that a dotted name may mean."""
        stem = name.replace(".", "/")
        for inner in ("", "/__main__", *(f"/{module}" for module in self._commands.modules), "/__init__"):
            end = f"/{stem}{inner}.py"
            found = [path for path in below if stem and (path.endswith(end) or path == end[1:])]
            if found:
                return found
        return []


def _commanded(project: Project, commands: Commands) -> frozenset[str]:
    """The files that nothing but a project's own commands loads, each of which is run only when it is named."""
    importers: dict[str, set[str]] = {}
    for path, names in project.imports.items():
        for name in names:
            importers.setdefault(name, set()).add(path)
    entered = {one.function.path for one in project.entries if one.kind != "command"}
    found = {path for path in project.imports if commands.hold([path])}
    waiting = deque(sorted(found))
    while waiting:
        for path in sorted(project.imports[waiting.popleft()]):
            if path not in found and path not in entered and importers[path] <= found and path in project.imports:
                found.add(path)
                waiting.append(path)
    return frozenset(found)


def _functions(targets: Iterable[Target]) -> dict[str, set[str]]:
    """The functions that reach calls, by their files and folded names."""
    found: dict[str, set[str]] = {}
    for target in targets:
        for origin in target.origins:
            found.setdefault(origin.path, set()).add(folded(origin.function.rpartition(".")[2]))
    return found


def _shallowest(paths: list[str]) -> list[str]:
    return sorted(paths, key=lambda path: (path.count("/"), path))[:1]
