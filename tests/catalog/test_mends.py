"""What `--fix` writes: symbols that the installed libraries have, arguments that their calls take."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from claims import parameters, unknown, verifiable
from installed import MissingError, found, present

from staff_review.fix.arguments import name_of, parsed
from staff_review.fix.symbols import without_holes
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.mends import Mend

MENDS = [(library.library, mend) for library in rulebook_of().libraries for mend in library.mend]
SYMBOL = re.compile(r"(?<!\{)\{([A-Za-z_][\w.]*)\}")
TEXTS = ("limit", "stop", "wait", "expiry", "jittered", "awaitable", "after_commit")


def wrong(mend: Mend) -> Iterator[str]:
    yield from unknown(mend.names, mend.source)
    for text in (getattr(mend, field) for field in TEXTS):
        yield from (f"`{symbol}` is not there" for symbol in SYMBOL.findall(text) if not is_callable(symbol))
    for field in ("limit", "stop", "wait", "expiry"):
        for argument in parsed(without_holes(getattr(mend, field))):
            for name in verifiable(mend.names):
                listed = parameters(name)
                wanted = name_of(argument)
                if listed and not any(one.name == wanted or one.kind is one.VAR_KEYWORD for one in listed):
                    yield f"`{name}` takes no argument `{wanted}`"


def is_callable(symbol: str) -> bool:
    try:
        return callable(found(symbol)[0])
    except MissingError:
        return False


@pytest.mark.parametrize(("library", "mend"), MENDS, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_written_can_be_written(library: str, mend: Mend) -> None:
    root = mend.names[0].partition(".")[0]
    if not present(root):
        pytest.skip(f"{library} is not installed here")
    assert not list(wrong(mend))


def test_a_wrong_mend_is_found() -> None:
    made_up = Mend(names=("asyncio.wait_for",), limit="time_out={limit:s}", awaitable="{asyncio.slumber}")
    assert list(wrong(made_up)) == ["`asyncio.slumber` is not there", "`asyncio.wait_for` takes no argument `time_out`"]
