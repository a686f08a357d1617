"""The beginning of a rule of the user's own: its words, its fixtures and, if asked, its check, as they are written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from textwrap import wrap

from ..checks.installed import GROUP
from ..nouns.errors import UsageError
from ..nouns.rulebook import Rulebook

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
_COMMANDS = ("no-", "avoid-", "use-", "dont-", "do-not-")

_RULE = '''\
id = "{id}"
family = "{family}"
title = "{title}"
message = "`{{call}}` pauses in each round of a loop in `{{function}}`"
# {standards}
standard = "{standard}"
severity = "warning"  # error, warning, note
confidence = "high"  # high, medium, low: how often is it right?
since = "1"
why = """
The harm, in production terms, in two or three sentences: what happens, to whom, when."""
instead = """
What to do, in a sentence or two."""
references = ["https://sre.google/sre-book/addressing-cascading-failures/"]
bad = """
for order in orders:
    time.sleep(1)"""
good = """
time.sleep(1)"""
silent = ["the pause stands outside of loops"]
'''

_MATCH = """
[[match]]
effects = ["sleep"]  # or acts = ["publish"], or names = ["acme_payments.charge"]
where = ["loop"]
through_helpers = true
"""

_CHECK = '''\
"""{title}."""

from __future__ import annotations

from collections.abc import Iterator

from staff_review.checks.hits import hit_at
from staff_review.nouns.findings import Hit
from staff_review.nouns.libraries import Effect
from staff_review.nouns.project import Project


def check(project: Project) -> Iterator[Hit]:
    """Pauses inside loops, also those that lie in helpers."""
    for site in project.sites:
        if site.context.loops and Effect.SLEEP in site.effects:
            yield hit_at("{id}", site, project, effects=frozenset({{Effect.SLEEP}}))
'''

_PROJECT = """\
[project]
name = "{name}"
version = "1"
dependencies = ["staff-review"]

[project.entry-points."{group}"]
{id} = "{package}.{module}:check"

[build-system]
requires = ["hatchling>=1.25"]
build-backend = "hatchling.build"

[tool.hatch.build.targets.wheel]
packages = ["{package}"]
"""

_CASES: Mapping[str, str] = {
    "pause_in_a_loop": """\
import time


def settle(orders):
    for order in orders:
        order.settle()
        time.sleep(1)  # expect: {id}
""",
    "pause_in_a_helper": """\
from time import sleep


def settle(order):
    order.settle()
    sleep(1)


def settle_all(orders):
    for order in orders:
        settle(order)  # expect: {id}
""",
    "pause_before_the_loop": """\
import time


def settle(orders):
    time.sleep(1)
    for order in orders:
        order.settle()
""",
    "clock_read_in_a_loop": """\
import time


def settle(orders):
    for order in orders:
        order.settled_at = time.time()
""",
    "own_function_of_the_same_name": """\
def sleep(order):
    order.state = "asleep"


def settle(orders):
    for order in orders:
        sleep(order)
""",
}


def rule_files(rule: str, folder: str, rulebook: Rulebook, *, check: bool = False) -> dict[str, str]:
    """The files of a new rule by their path below the working directory; raises UsageError for an id that is none.

    Without `check` the rule is a pattern, `[[match]]`; with it a function that an installed package brings.
    """
    _check_id(rule, rulebook.rules)
    family = folder.rstrip("/").rpartition("/")[2]
    title = rule.replace("-", " ").capitalize()
    standards = "\n# ".join(wrap(f"One of {', '.join(sorted(rulebook.standards))}.", 98, break_on_hyphens=False))
    words = _RULE.format(id=rule, family=family, title=title, standard="scale-with-the-data", standards=standards)
    files = {f"{folder}/rules/{rule}.toml": words + ("" if check else _MATCH)}
    if check:
        package, module = names_of_check(rule, folder)
        files[f"{folder}/checks/{package}/{module}.py"] = _CHECK.format(id=rule, title=title)
    for case, text in _CASES.items():
        files[f"{folder}/fixtures/{rule}/{case}/app.py"] = text.format(id=rule)
    return files


def package_files(rule: str, folder: str) -> dict[str, str]:
    """The files of the package that brings the checks of a folder, when this rule's is the first."""
    package, module = names_of_check(rule, folder)
    project = _PROJECT.format(name=package.replace("_", "-"), group=GROUP, id=rule, package=package, module=module)
    return {f"{folder}/checks/{package}/__init__.py": "", f"{folder}/checks/pyproject.toml": project}


def names_of_check(rule: str, folder: str) -> tuple[str, str]:
    """The package and the module that hold a rule's check."""
    family = folder.rstrip("/").rpartition("/")[2]
    return f"{re.sub('[^a-z0-9_]', '_', family.lower())}_checks", rule.replace("-", "_")


def _check_id(rule: str, known: Collection[str]) -> None:
    if not _ID.fullmatch(rule):
        raise UsageError(f"`{rule}` is no id for a rule; write two or more words in lower case, `call-without-owner`")
    if rule.startswith(_COMMANDS):
        raise UsageError(f"`{rule}` says what to do; name the bad thing instead, `call-without-owner`")
    if rule in known:
        raise UsageError(f"the rule `{rule}` exists; `staff-review rule {rule}` explains it, or choose another id")
