"""Old code, adopted in one command: from then on only what a change causes is told, wherever that is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

Door = Callable[..., tuple[int, str, str]]
Git = Callable[..., None]

MODULES = 40
HELPER = '''\
"""What every part of the shop does with a price."""


def rounded(price):
    return round(price, 2)
'''
ASKS = HELPER.replace("    return", '    requests.get("http://rates.internal/today", timeout=2)\n    return').replace(
    "\n\n\ndef", "\n\nimport requests\n\n\ndef", 1
)


@pytest.fixture
def old_code(service: Path, git: Git) -> Path:
    """A shop of many modules: each fifth has old findings, and one uses the helper on the event loop."""
    (service / "shop/prices.py").write_text(HELPER)
    for number in range(MODULES):
        (service / f"shop/part_{number}.py").write_text(_module(number))
    (service / "shop/quotes.py").write_text(
        dedent("""\
            from shop.prices import rounded


            async def quote(price):
                return {"price": rounded(price)}
        """)
    )
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "years of work")
    return service


def _module(number: int) -> str:
    plain = "\n\n".join(f"def step_{step}(order):\n    return order.total + {step}\n" for step in range(20))
    if number % 5:
        return plain
    return f"""\
import requests
import time


def remote(order):
    return requests.get(f"http://part-{number}.internal/{{order}}")


async def wait(order):
    time.sleep({number + 1})
    return order


{plain}"""


def test_what_a_change_of_a_helper_causes_is_all_that_is_told(door: Door, old_code: Path, git: Git) -> None:
    code, out, _ = door("init", "--yes", "--settings", "--baseline")
    assert (code, "wrote staff-review-baseline.toml" in out) == (0, True)
    git("add", ".")
    git("commit", "-qm", "adopt")
    assert door(".")[0] == 0
    assert door("--diff", "HEAD", ".")[:2] == (0, "")

    (old_code / "shop/prices.py").write_text(ASKS)
    for asked in (["."], ["--diff", "HEAD", "."]):
        code, out, _ = door(*asked, "--format", "json")
        (finding,) = json.loads(out)["findings"]
        assert (code, finding["rule"], finding["path"]) == (1, "blocking-call-in-async", "shop/quotes.py")
    _, out, _ = door("--diff", "HEAD", ".", "--format", "concise")
    assert "(caused by shop/prices.py:" in out
    git("add", ".")
    assert door("--staged", ".")[0] == 1

    (old_code / "shop/prices.py").write_text(HELPER)
    assert door("--diff", "HEAD", ".")[:2] == (0, "")


def test_old_findings_that_move_stay_accepted(door: Door, old_code: Path, git: Git) -> None:
    door("init", "--yes", "--settings", "--baseline")
    git("add", ".")
    git("commit", "-qm", "adopt")
    part = old_code / "shop/part_0.py"
    part.write_text("# a line on top\n" + part.read_text())
    assert door("--diff", "HEAD", ".")[:2] == (0, "")
    part.rename(old_code / "shop/first_part.py")
    git("add", ".")
    assert door("--staged", ".")[:2] == (0, "")
