"""Edits in the text of one file: what they write, where they refuse, which of two wins."""

from __future__ import annotations

import pytest
from places import place_of

from staff_review.fix import Opened, Patch, patched
from staff_review.nouns.findings import (
    DeferCall,
    Edit,
    KeepTask,
    RemoveArguments,
    ReplaceCallee,
    RunInThread,
    SetArguments,
)


def made(text: str, *edits: Edit) -> Patch:
    return patched(text, edits, 2.5)


def test_a_task_is_kept() -> None:
    before = '''"""Orders."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orders import Order

LIMIT = 3


async def accept(order: "Order"):
    if order.gift:
        # the customer need not wait for this
        asyncio.create_task(wrap(order))  # slow
    return order
'''
    piece = "asyncio.create_task(wrap(order))"
    patch = made(before, KeepTask(place=place_of(before, piece), call="asyncio.create_task"))
    assert patch.text == before.replace(
        "    from orders import Order\n", "    from orders import Order\n\n_background_tasks: set[object] = set()\n"
    ).replace(
        f"        {piece}  # slow\n",
        f"        task = {piece}  # slow\n"
        "        _background_tasks.add(task)\n"
        "        task.add_done_callback(_background_tasks.discard)\n",
    )


def test_a_second_task_uses_the_same_set_and_another_name() -> None:
    before = (
        "import asyncio\n\n_background_tasks: set[object] = set()\n\n\n"
        "async def accept(task):\n    asyncio.create_task(task.run())\n"
    )
    place = place_of(before, "asyncio.create_task(task.run())")
    text = made(before, KeepTask(place=place, call="asyncio.create_task")).text
    assert text.count("set()") == 1
    assert "    background_task = asyncio.create_task(task.run())\n" in text


@pytest.mark.parametrize(
    ("imports", "to", "partial"),
    [
        ("from django.db import transaction\n", "transaction.on_commit", "functools.partial"),
        ("from functools import partial, wraps\n\nfrom django.db import models, transaction\n",
         "transaction.on_commit", "partial"),
        ("import functools as ft\n\nfrom django.db.transaction import atomic\n", "on_commit", "ft.partial"),
    ],
)  # fmt: skip
def test_a_call_is_deferred_with_its_arguments_as_they_are_now(imports: str, to: str, partial: str) -> None:
    before = f"{imports}\n\ndef place(order):\n    with atomic():\n        ship.delay(order.pk, fast=True)\n"
    place = place_of(before, "ship.delay(order.pk, fast=True)")
    edit = DeferCall(place=place, call="ship.delay", to="{django.db.transaction.on_commit}")
    text = made(before, edit).text
    assert f"        {to}({partial}(ship.delay, order.pk, fast=True))\n" in text
    compile(text, "app.py", "exec")


def test_a_deferred_call_without_arguments_needs_no_partial() -> None:
    before = "from django.db import transaction\n\nwith transaction.atomic():\n    publish()\n"
    edit = DeferCall(place=place_of(before, "publish()"), call="publish", to="{django.db.transaction.on_commit}")
    assert made(before, edit).text == before.replace("publish()", "transaction.on_commit(publish)")


def test_another_member_of_the_same_object() -> None:
    before = "try:\n    f()\nexcept OSError:\n    logging.getLogger(__name__).error('no %s', 1)\n"
    place = place_of(before, "logging.getLogger(__name__).error('no %s', 1)")
    edit = ReplaceCallee(place=place, call="logging.getLogger(…).error", callee=".exception", safety="safe")
    assert made(before, edit).text == before.replace(".error(", ".exception(")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(verify=False)", "f()"),
        ("f(a, verify=False)", "f(a)"),
        ("f(verify=False, a=1)", "f(a=1)"),
        ("f(\n    a,\n    verify=False,\n)", "f(\n    a,\n)"),
        ("f(\n    a, verify=False\n)", "f(\n    a\n)"),
        ("f(\n    verify=False,  # for now\n    a=1,\n)", "f(\n    a=1,\n)"),
        ("f(*a, verify=False, **b)", "f(*a, **b)"),
    ],
)
def test_an_argument_is_taken_away(before: str, after: str) -> None:
    edit = RemoveArguments(place=place_of(before, before), call="f", names=("verify",))
    assert made(before, edit).text == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()", "f(timeout=2.5)"),
        ("f(a)", "f(a, timeout=2.5)"),
        ("f(a,)", "f(a, timeout=2.5,)"),
        ("f(x for x in a)", "f((x for x in a), timeout=2.5)"),
        ("f(\n    a,\n    b=1,  # two\n)", "f(\n    a,\n    b=1,  # two\n    timeout=2.5,\n)"),
        ("f(a,\n  b=1)", "f(a,\n  b=1,\n  timeout=2.5)"),
        ("f(a, b={\n    1: 2,\n})", "f(a, b={\n    1: 2,\n}, timeout=2.5)"),
        ("f(a, b={\n    1: 2,\n},\n)", "f(a, b={\n    1: 2,\n}, timeout=2.5,\n)"),
        ("f(\r\n\ta,\r\n\tb\r\n)", "f(\r\n\ta,\r\n\tb,\r\n\ttimeout=2.5\r\n)"),
    ],
)
def test_an_argument_is_given_in_the_layout_of_the_others(before: str, after: str) -> None:
    edit = SetArguments(place=place_of(before, before), call="f", arguments="timeout={limit:s}")
    assert made(before, edit).text == after


def test_units_and_braces() -> None:
    edit = SetArguments(place=place_of("f()", "f()"), call="f", arguments="config={{'timeout': {limit:ms}}}")
    assert made("f()", edit).text == "f(config={'timeout': 2500})"


@pytest.mark.parametrize(
    ("text", "edit", "reason"),
    [
        ("f(**options)", SetArguments, "more arguments may come from `*` or `**`"),
        ("f(timeout=1)", SetArguments, "`timeout` is given already"),
        ("g(1)", SetArguments, "what stands there does not call `f` itself"),
        ("f(1)", RemoveArguments, "the argument is not written here"),
        ("f(1)", RunInThread, "it does not stand in the body of a coroutine"),
        ("x = f(1)", DeferCall, "its result is used"),
        ("x = f(1)", KeepTask, "it is not a statement of its own"),
        ("f(1); g()", KeepTask, "it is not a statement of its own"),
    ],
)
def test_what_cannot_be_made_is_said(text: str, edit: type[Edit], reason: str) -> None:
    piece = next(piece for piece in ("f(**options)", "f(timeout=1)", "g(1)", "f(1)") if piece in text)
    more: dict[type[Edit], dict[str, object]] = {
        SetArguments: {"arguments": "timeout={limit:s}"}, RemoveArguments: {"names": ("verify",)},
        DeferCall: {"to": "{django.db.transaction.on_commit}"},
    }  # fmt: skip
    patch = made(text, edit(place=place_of(text, piece), call="f", **more.get(edit, {})))  # type: ignore[arg-type]
    assert patch.refused == {0: reason}
    assert patch.text == text


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("await f(1)", "it is awaited already"),
        ("await maybe(f(1))", "what it gives is awaited"),
        ("g = lambda: f(1)", "it stands in a generator or lambda, which cannot await"),
        ("g = (f(1) for _ in x)", "it stands in a generator or lambda, which cannot await"),
        ("for x in f(1): pass", "its result is read piece by piece, which would still block"),
        ("[*f(1)]", "its result is read piece by piece, which would still block"),
        ("with f(1): pass", "it is entered by `with`, and what follows would still block"),
        ("def g(): return f(1)", "it does not stand in the body of a coroutine"),
        ("class G: x = f(1)", "it does not stand in the body of a coroutine"),
        ("asyncio = f(1)", "the name `asyncio` already means something else here"),
    ],
)
def test_what_cannot_be_awaited_stays(line: str, reason: str) -> None:
    text = f"async def run(x):\n    {line}\n"
    patch = made(text, RunInThread(place=place_of(text, "f(1)"), call="f"))
    assert patch.refused == {0: reason}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\n\nimport requests\n", "import asyncio\nimport os\n\nimport requests\n"),
        ("import requests\n", "import asyncio\n\nimport requests\n"),
        ("from . import x\n", "import asyncio\n\nfrom . import x\n"),
        ("# licence\n\n# os\nimport os\n", "# licence\n\n# os\nimport asyncio\nimport os\n"),
        ('"""Doc."""\n\n# os\nimport os\n', '"""Doc."""\n\nimport asyncio\n# os\nimport os\n'),
        ("from abc import ABC\nimport os\n", "from abc import ABC\nimport asyncio\nimport os\n"),
        ("import abc\nfrom os import path\n", "import abc\nimport asyncio\nfrom os import path\n"),
        ("from __future__ import annotations\n", "from __future__ import annotations\n\nimport asyncio\n"),
        ('"""Doc."""\n\nX = 1\n', '"""Doc."""\n\nimport asyncio\n\nX = 1\n'),
        ("import asyncio\n", "import asyncio\n"),
        ("import asyncio as aio\n", "import asyncio as aio\n"),
    ],
)
def test_an_import_stands_where_the_file_has_a_place_for_it(before: str, after: str) -> None:
    code = "\n\nasync def run():\n    f(1)\n"
    edit = RunInThread(place=place_of(before + code, "f(1)"), call="f")
    name = "aio" if " as aio" in before else "asyncio"
    assert made(before + code, edit).text == after + code.replace("f(1)", f"await {name}.to_thread(f, 1)")


def test_names_taken_from_a_module_stay_sorted() -> None:
    text = "from tenacity import (\n    RetryError, retry,\n    wait_fixed)\n\nretry()\n"
    edit = SetArguments(
        place=place_of(text, "retry()"), call="retry", arguments="stop={tenacity.stop_after_attempt}(5)"
    )
    expected = "from tenacity import (\n    RetryError, retry,\n    stop_after_attempt,\n    wait_fixed)\n\n"
    assert made(text, edit).text == expected + "retry(stop=stop_after_attempt(5))\n"


def test_of_two_that_change_the_same_the_first_wins() -> None:
    text = "f(g(verify=False), timeout=None)\n"
    whole, inner = place_of(text, text.strip()), place_of(text, "g(verify=False)")
    patch = made(
        text,
        SetArguments(place=whole, call="f", arguments="timeout={limit:s}", position=0, replaces=True),
        SetArguments(place=whole, call="f", arguments="timeout=7", replaces=True),
        RemoveArguments(place=inner, call="g", names=("verify",)),
    )
    assert patch.text == "f(g(), timeout=2.5)\n"
    assert patch.later == {1}
    assert not patch.refused


def test_what_stands_in_a_value_that_goes_away_waits_for_the_next_run() -> None:
    text = "f(verify=g(verify=False))\n"
    outer = RemoveArguments(place=place_of(text, text.strip()), call="f", names=("verify",))
    inner = RemoveArguments(place=place_of(text, "g(verify=False)"), call="g", names=("verify",))
    assert made(text, outer, inner) == Patch("f()\n", {}, frozenset({1}))
    assert made(text, inner, outer) == Patch("f(verify=g())\n", {}, frozenset({1}))


def test_a_file_that_does_not_parse_is_left_alone() -> None:
    text = "f()\ndef :\n"
    patch = made(text, SetArguments(place=place_of(text, "f()"), call="f", arguments="timeout=1"))
    assert patch == Patch(text, {0: "the file cannot be parsed as a whole"})


@pytest.mark.parametrize(
    "text", [f"x = {'[' * 3000}f(){']' * 3000}\n", f"x = f(){' + a' * 20_000}\n", "x = f(), " + "'a' " * 20_000 + "\n"]
)
def test_a_file_nested_beyond_reason_is_left_alone(text: str) -> None:
    patch = made(text, SetArguments(place=place_of(text, "f()"), call="f", arguments="timeout=1"))
    assert patch.text == text
    assert list(patch.refused) == [0]


def test_each_patch_of_an_opened_file_is_made_in_the_text_as_it_was() -> None:
    text = "import requests\n\nfirst = requests.get(url)\nsecond = requests.post(url, data)\n"
    edits = [
        SetArguments(place=place_of(text, "requests.get(url)"), call="requests.get", arguments="timeout=1"),
        SetArguments(place=place_of(text, "requests.get(url)"), call="other", arguments="t=1"),
        SetArguments(place=place_of(text, "requests.post(url, data)"), call="requests.post", arguments="timeout=1"),
    ]
    opened = Opened(text)
    alone = [patched(text, [edit], 2.5) for edit in edits]
    assert [opened.patched([edit], 2.5) for edit in edits] == alone
    assert [opened.patched([edit], 2.5) for edit in reversed(edits)] == alone[::-1]
    assert [bool(one.refused) for one in alone] == [False, True, False]
    assert opened.patched([edits[0], edits[2]], 2.5) == patched(text, [edits[0], edits[2]], 2.5)


def test_of_an_opened_file_that_cannot_be_parsed_every_edit_is_refused() -> None:
    text = "import requests\n\nfirst = requests.get(url)\ndef (\n"
    edit = SetArguments(place=place_of(text, "requests.get(url)"), call="requests.get", arguments="timeout=1")
    opened = Opened(text)
    for _ in range(2):
        assert opened.patched([edit], 2.5) == Patch(text, {0: "the file cannot be parsed as a whole"})
