"""What an installed library says of itself: the object behind a dotted path, its parameters and their defaults."""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import importlib.util
import inspect
import re
import sys
import warnings
from collections.abc import Callable
from functools import cache
from types import ModuleType

# Names that not every supported Python has: the first version with them, and the first without.
SINCE = dict.fromkeys(
    ("asyncio.timeout", "asyncio.timeout_at", "asyncio.timeouts", "asyncio.TaskGroup", "asyncio.taskgroups"), (3, 11)
)
UNTIL = {"telnetlib": (3, 13)}

# Names of other versions of a library, or of Python, than the one that is installed here.
OTHER_VERSIONS = ("libopensonic.connection", "mcp.server.fastmcp", "urllib.urlopen", "urllib.urlretrieve")


class MissingError(LookupError):
    """A path that the installed library does not have."""


def present(root: str) -> bool:
    """Whether a top-level package or module can be imported here."""
    try:
        return importlib.util.find_spec(root) is not None
    except (ImportError, ValueError):
        return False


def version(package: str) -> str | None:
    """The installed version of a package of the registry, None where it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def of_another_version(path: str) -> bool:
    """Whether a path is a known spelling of an older or newer version of its library."""
    return any(_under(path, stem) for stem in OTHER_VERSIONS)


def of_this_python(path: str) -> bool:
    """Whether the Python that runs has this path of the standard library at all."""
    now = sys.version_info[:2]
    early = any(_under(path, name) and now < first for name, first in SINCE.items())
    return not early and not any(_under(path, name) and now >= first for name, first in UNTIL.items())


def _under(path: str, stem: str) -> bool:
    return (path + ".").startswith(stem + ".")


@cache
def found(path: str) -> tuple[object, object]:
    """The object at a dotted path and the object it was taken from; raises MissingError."""
    _prepare_django()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _found(path, _attribute_first)
        except MissingError:
            return _found(path, _module_first)


def _found(path: str, step: Callable[[object, str, str], object]) -> tuple[object, object]:
    parts = path.split(".")
    owner: object = None
    here: object = _module(parts[0])
    for count, part in enumerate(parts[1:], 2):
        owner, here = here, step(here, part, ".".join(parts[:count]))
    return here, owner


def _attribute_first(owner: object, name: str, path: str) -> object:
    """As users write it: `tenacity.retry` is the function, although there is a module of that name too."""
    try:
        return getattr(owner, name)
    except AttributeError:
        if isinstance(owner, ModuleType):
            return _module(path)
        raise MissingError(f"`{path}`: {_shown(owner)} has no `{name}`") from None
    except RuntimeError:  # a proxy (`flask.current_app`) that says nothing outside of a running program
        return None


def _module_first(owner: object, name: str, path: str) -> object:
    """As imports read it: ``from tenacity.retry import retry_any`` means the module."""
    if isinstance(owner, ModuleType):
        with contextlib.suppress(MissingError):
            return _module(path)
    return _attribute_first(owner, name, path)


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name == name or (error.name or "").startswith(name):
            raise MissingError(f"`{name}` does not exist") from error
        raise MissingError(f"`{name}` needs `{error.name}`, which is not installed") from error
    except Exception as error:  # a library may fail in any way when it is imported without what it needs
        if type(error).__name__ == "ImproperlyConfigured":
            return ModuleType(name)  # it is there, and wants a library of the system that is not
        raise MissingError(f"`{name}` cannot be imported: {error}") from error


def sets(owner: object, name: str) -> bool:
    """Whether objects of a class get an attribute of this name: on the class, or in what its methods assign."""
    if not inspect.isclass(owner):
        return False
    pattern = re.compile(rf"\bself\.{re.escape(name)}\b\s*(?:=[^=]|:)|^\s+{re.escape(name)}\s*:", re.MULTILINE)
    return hasattr(owner, name) or any(pattern.search(_source(cls)) for cls in owner.__mro__)


@cache
def _source(cls: type) -> str:
    try:
        return inspect.getsource(cls)
    except (OSError, TypeError):
        return ""


def parameters(path: str) -> list[inspect.Parameter] | None:
    """The parameters a caller fills, the receiver not counted; None where no signature is to be had."""
    thing, owner = found(path)
    if not callable(thing):
        return None
    try:
        listed = list(inspect.signature(thing).parameters.values())
    except (TypeError, ValueError):
        return None
    return listed[1:] if _takes_receiver(thing, owner) else listed


def _takes_receiver(thing: Callable[..., object], owner: object) -> bool:
    if not inspect.isclass(owner) or inspect.isclass(thing) or inspect.ismethod(thing):
        return False
    name = getattr(thing, "__name__", "")
    return not isinstance(inspect.getattr_static(owner, name, None), (staticmethod, classmethod))


def mentions(path: str, word: str) -> bool:
    """Whether the code of a callable, of its package or of what that uses speaks of `word` at all.

    A callable that takes ``**kwargs`` accepts every name; this is what keeps a misspelt one from passing.
    """
    thing, owner = found(path)
    classes = [cls for one in (thing, owner) if inspect.isclass(one) for cls in one.__mro__]
    modules = {getattr(one, "__module__", None) or "" for one in (thing, *classes)} - {"", "builtins"}
    used = {_module_of(value) for module in modules for value in vars(sys.modules[module]).values()}
    roots = {f"{module.partition('.')[0]}." for module in modules | used}
    near = (name for name in sorted(sys.modules) if f"{name}.".startswith(tuple(roots)))
    pattern = re.compile(rf"\b{re.escape(word)}\b")
    return any(pattern.search(_text(name)) for name in (*sorted(modules), *near))


def _module_of(value: object) -> str:
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return name if isinstance(name, str) else ""


@cache
def _text(module: str) -> str:
    try:
        return inspect.getsource(sys.modules[module])
    except (KeyError, OSError, TypeError):
        return ""


def is_coroutine(path: str) -> bool:
    """Whether calling it certainly gives something to await, so that no thread stands still."""
    return inspect.iscoroutinefunction(found(path)[0])


def _shown(thing: object) -> str:
    return f"`{getattr(thing, '__qualname__', type(thing).__qualname__)}`"


@cache
def _prepare_django() -> None:
    """Django's own modules, and what builds on it, can only be imported once its settings are there."""
    if not present("django"):
        return
    import django
    from django.conf import settings

    if not settings.configured:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            settings.configure(INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"], USE_TZ=True)
            django.setup()
