"""What holds for every fix: it parses, nothing else in the file moves, and a second run finds nothing to do."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from staff_review.fix.difference import Origins, unified
from staff_review.hall.mending import Mended, mended
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.settings import Settings

RULEBOOK = rulebook_of()
BREAKS = st.sampled_from(["", " ", "\n        ", "  # why\n        ", "\n\n        "])
ARGUMENTS = st.lists(
    st.sampled_from(['headers={"a": 1}', "params=(x for x in y)", "json={\n    1: 2,\n}", "allow_redirects=False",
                     "data=requests.get('https://inner.example')", "verify=False", "**options", "timeout=None"]),
    unique=True, max_size=4,
)  # fmt: skip
LINES = st.sampled_from(["", "# a remark", "x = 'ünïcode'", "\ty = 1".strip(), 'z = """\n  text\n"""', "class A: pass"])


@st.composite
def calls(draw: st.DrawFn) -> str:
    parts = ['"https://outer.example"', *draw(ARGUMENTS)]
    opening, behind = draw(BREAKS), draw(BREAKS)
    text = opening + parts[0]
    for part in parts[1:]:
        text += "," + (draw(BREAKS) or " ") + part
    return f"requests.{draw(st.sampled_from(['get', 'post']))}({text}{draw(st.sampled_from(['', ',']))}{behind})"


@st.composite
def files(draw: st.DrawFn) -> str:
    heads = st.sampled_from(["import requests", "import requests, os", '"""Doc."""\nimport os\n\nimport requests'])
    parts = [draw(heads), *draw(st.lists(LINES, max_size=3))]
    for number in range(draw(st.integers(1, 3))):
        define = draw(st.sampled_from(["def", "async def"]))
        statement = draw(st.sampled_from(["{}", "r = {}.json()", "return [{} for _ in y]", "print(lambda: {})"]))
        parts += ["", f"{define} f{number}(y, options):", "    " + statement.format(draw(calls()))]
    parts += draw(st.lists(LINES, max_size=2))
    return draw(st.sampled_from(["\n", "\r\n"])).join("\n".join(parts).split("\n")) + draw(st.sampled_from(["", "\n"]))


def run(folder: str) -> Mended:
    wishes = Settings(root=folder, preview=True)
    return mended((folder,), wishes, RULEBOOK, unsafe=True, write=True, cache=False)


@settings(deadline=None, max_examples=60)
@given(files())
def test_what_is_fixed_parses_and_stays_as_it_is(text: str) -> None:
    """Of several findings of a rule on one line the first is shown, so some come up when others are gone."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "app.py"
        file.write_bytes(text.encode())
        done = run(folder)
        while True:
            after = file.read_bytes().decode()
            compile(after, "app.py", "exec")
            assert (after != text) == bool(done.fixed)
            to_come = [one for one in done.outcome.review.findings if one.edit is not None]
            text, done = after, run(folder)
            if not done.fixed:
                assert file.read_bytes().decode() == after
                return
            assert len(done.fixed) <= len(to_come)


TEXTS = st.lists(st.sampled_from("abc\n\r\x0c"), max_size=20).map("".join)


@given(TEXTS, TEXTS)
def test_every_place_comes_from_somewhere(before: str, after: str) -> None:
    origins, same = Origins(before, after), Origins(after, after)
    old, new = before.split("\n"), after.split("\n")
    for line, text in enumerate(new, 1):
        assert all(1 <= former <= len(old) for former in origins.lines(line))
        assert same.lines(line) == range(line, line + 1) or not text
        for column, character in enumerate(text, 1):
            former = origins.position(line, column)
            assert former is None or old[former[0] - 1][former[1] - 1] == character
            assert same.position(line, column) == (line, column)
    assert bool(unified("a", before, after)) == (before != after)
