"""What loading a file loads: what it imports, and what it names in texts for others to load."""

from __future__ import annotations

from collections.abc import Mapping

from ..nouns.deployment import Deployment


def named_in(imports: Mapping[str, tuple[str, ...]], deployment: Deployment, finding: set[str]) -> dict[str, list[str]]:
    """The files that a file names in texts for others to load: of classes, ``"shop.stores.redis.RedisStore"``.

    Where it has code found for it, also of modules, as that of the settings.
    """
    files: dict[str, str] = {}
    for path in sorted(imports, key=len, reverse=True):
        parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
        for start in range(len(parts) - 1):
            files[".".join(parts[start:])] = path
    found: dict[str, list[str]] = {}
    for code in deployment.code:
        named = (name.rpartition(".") for name in sorted(code.modules))
        known = [files[module] for module, _, name in named if name[:1].isupper() and module in files]
        known += [files[name] for name in sorted(code.modules) if code.path in finding and name in files]
        if known:
            found[code.path] = known
    return found


def imported(imports: Mapping[str, tuple[str, ...]], path: str) -> tuple[str, ...]:
    """What loading a file loads: what it imports, and the packages around those."""
    found = list(imports.get(path, ()))
    for one in (path, *imports.get(path, ())):
        folder = one.rpartition("/")[0]
        package = f"{folder}/__init__.py" if folder else "__init__.py"
        if package in imports:
            found.append(package)
    return tuple(found)
