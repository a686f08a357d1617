"""What a name means: scopes, imports, re-exports, star imports, and which assignment reaches a use."""

from __future__ import annotations

from collections.abc import Callable

from ...nouns.facts import Binary, Const, Import, Name, Unary
from .definitions import Definition
from .index import FileIndex
from .program import Program
from .values import ClassValue, External, FunctionValue, Module, Package, Value, Values

_DEPTH = 12
"""Re-exports followed from file to file; deeper chains are cycles."""


class Symbols:
    """Resolves imports and module members; `bound` evaluates a module-level assignment."""

    def __init__(self, program: Program, bound: Callable[[FileIndex, int, str], Values]) -> None:
        self._program = program
        self._bound = bound
        self._evaluated = 0  # assignments asked for so far
        self._members: dict[tuple[str, str], Values] = {}

    def definitions(self, file: FileIndex, block: int, name: str) -> tuple[int, list[Definition]] | None:
        """The innermost scope around `block` that defines `name`, and its definitions there in file order."""
        scope: int | None = file.scope(block)
        while scope is not None:
            key = (scope, name)
            found = file.names.get(key)
            if found is not None or key in file.parameters:
                return scope, found or []
            scope = file.outer(scope)
        return None

    def imported(self, file: FileIndex, imported: Import) -> Values:
        """What an import statement binds its name to."""
        if imported.name is None:
            name = imported.module if imported.alias else imported.module.partition(".")[0]
            return (self.module(file.path, name),)
        return self.member_of_import(file, imported, imported.name)

    def member_of_import(self, file: FileIndex, imported: Import, name: str, depth: int = 0) -> Values:
        """Member `name` of the module that an import statement draws from."""
        modules = self._program.modules
        if imported.level:
            source = modules.relative(file.path, imported.level, imported.module)
            found = self.member(source, name, depth + 1) if source is not None else ()
            if not found and not imported.module:
                sibling = modules.relative(file.path, imported.level, name)
                found = (Module(sibling),) if sibling is not None else ()
            return found or self._unread(modules.absolute(file.path, imported.level, imported.module), name)
        path = modules.file(imported.module, file.path)
        if path is not None:
            found = self.member(path, name, depth + 1)
            if found:
                return found
        inner = modules.file(f"{imported.module}.{name}", file.path)
        if inner is not None:
            return (Module(inner),)
        if path is not None:
            return self._unread(imported.module, name)
        if modules.folder(imported.module, file.path) and modules.folder(f"{imported.module}.{name}", file.path):
            return (Package(f"{imported.module}.{name}", file.path),)
        return (External(self._program.catalog.fold(f"{imported.module}.{name}")),)

    def _unread(self, module: str, name: str) -> Values:
        """A module of the program's own that nobody reads since it is generated, where the catalog tells of it."""
        path = f"{module}.{name}"
        return (External(path),) if self._program.catalog.anywhere.get(path) else ()

    def module(self, importer: str, name: str) -> Module | Package | External:
        """The module that an absolute dotted name means in a file."""
        modules = self._program.modules
        path = modules.file(name, importer)
        if path is not None:
            return Module(path)
        if modules.folder(name, importer):
            return Package(name, importer)
        return External(self._program.catalog.fold(name))

    def member(self, path: str, name: str, depth: int = 0) -> Values:
        """What `name` means as a member of the module in the file `path`; empty when it says nothing.

        Remembered where no assignment had a say, whose value may be known better later.
        """
        known = self._members.get((path, name))
        if known is not None:
            return known
        evaluated = self._evaluated
        found = self._member(path, name, depth)
        if depth == 0 and self._evaluated == evaluated:
            self._members[path, name] = found
        return found

    def _member(self, path: str, name: str, depth: int) -> Values:
        if depth > _DEPTH:
            return ()
        file = self._program.file(path)
        if file is None:
            return ()
        found = file.names.get((0, name))
        if found:
            return self._last_definition(file, found, name, depth)
        submodule = self._program.modules.submodule(path, name)
        if submodule is not None:
            return (Module(submodule),)
        return self.starred(file, name, depth + 1)

    def starred(self, file: FileIndex, name: str, depth: int = 0) -> Values:
        """What the star imports of a file give for `name`, the last first; empty when none can be seen to give it."""
        for number in reversed(file.stars):
            imported = file.facts.imports[number]
            values = self.member_of_import(file, imported, name, depth)
            first = values[0] if values else None
            if first is not None and not (isinstance(first, External) and self._is_guess(first, imported, name)):
                return values
        return ()

    def _is_guess(self, value: External, imported: Import, name: str) -> bool:
        """Whether a star import is only not known to lack a name: nobody can look there, and it is nothing known."""
        catalog = self._program.catalog
        known = catalog.operations.get(value.path) or catalog.clients.get(value.path)
        return known is None and value.path == catalog.fold(f"{imported.module}.{name}")

    def _last_definition(self, file: FileIndex, found: list[Definition], name: str, depth: int) -> Values:
        """The values of the last definitions of a module-level name, up to one that always runs."""
        values: list[Value] = []
        for definition in reversed(found):
            values.extend(self.defined(file, definition, name, depth))
            if values and file.facts.blocks[definition.block].kind in ("module", "class", "function"):
                break
        return tuple(dict.fromkeys(values))

    def defined(self, file: FileIndex, definition: Definition, name: str, depth: int = 0) -> Values:
        """What one definition gives `name`."""
        if definition.kind == "function":
            return (FunctionValue((file.path, definition.number)),)
        if definition.kind == "class":
            return (ClassValue(file.path, definition.number),)
        if definition.kind == "import":
            imported = file.facts.imports[definition.number]
            if imported.name is None:
                return self.imported(file, imported)
            return self.member_of_import(file, imported, imported.name, depth + 1) if depth < _DEPTH else ()
        if definition.kind == "binding":
            self._evaluated += 1
            return self._bound(file, definition.number, name)
        return ()


def reaching(
    file: FileIndex, found: list[Definition], block: int, line: int, column: int
) -> tuple[list[Definition], bool, bool]:
    """The definitions that may reach a use at (line, column) in `block`, nearest first.

    Also whether they cover every way there (else the parameter or outer value is possible too), and whether a
    ``if x is None: x = …`` before the use has ruled None out for the rest.
    """
    picked: list[Definition] = []
    not_none = False
    for definition in reversed(found):
        later = (definition.line, definition.column) >= (line, column) and not _for_all_of(file, definition, block)
        if later and not _same_loop(file, definition.block, block):
            continue
        if later:
            picked.append(definition)
            continue
        picked.append(definition)
        if _dominates(file, definition.block, block):
            return picked, True, not_none
        not_none = not_none or _only_when_none(file, definition)
    return picked, False, not_none


def _for_all_of(file: FileIndex, definition: Definition, used: int) -> bool:
    """Whether it is the variable of a comprehension around the use, where it stands behind what is made with it."""
    here = file.facts.blocks[definition.block]
    return here.kind == "loop" and here.form == "comprehension" and file.inside(used, definition.block)


def _same_loop(file: FileIndex, defined: int, used: int) -> bool:
    blocks = file.facts.blocks
    return any(
        blocks[around].kind == "loop" and blocks[around].form != "comprehension" and file.inside(defined, around)
        for around in file.chain(used)
    )


def _dominates(file: FileIndex, defined: int, used: int) -> bool:
    """Whether a definition in block `defined` always runs before a later use in block `used`."""
    blocks = file.facts.blocks
    here = defined
    while True:
        if file.inside(used, here):
            return True
        if blocks[here].kind in ("with", "try", "finally") and blocks[here].parent >= 0:
            here = blocks[here].parent
            continue
        return False


def _only_when_none(file: FileIndex, definition: Definition) -> bool:
    block = file.facts.blocks[definition.block]
    if block.kind != "branch" or definition.kind != "binding":
        return False
    target = file.facts.bindings[definition.number].target
    test = block.subject
    if isinstance(test, Unary) and test.op == "not":
        return test.of == target
    return (
        isinstance(test, Binary)
        and test.op in ("is", "==")
        and isinstance(target, Name)
        and test.left == target
        and test.right == Const(None)
    )
