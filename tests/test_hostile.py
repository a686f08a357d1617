"""Code that no one writes by hand, or only once: no crash, no fault of a check, and no hang.

The call of a peer in each project must still be found: it is not enough to survive. A hang ends at pytest's own limit.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.hall.review import review
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.findings import Review
from staff_review.nouns.settings import Settings

RULEBOOK = rulebook_of()
CALL = "import requests\n\n\ndef ask():\n    return requests.get('http://peer.internal')\n"
FOUND = ["peer.py:5 missing-timeout"]
Look = Callable[..., Review]


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Review files given as name and text, beside one with a finding, whole and on demand."""
    monkeypatch.chdir(tmp_path)

    def looked(files: dict[str, str]) -> Review:
        for name, text in {"peer.py": CALL, **files}.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, "utf-8")
        whole, found = (
            review((".",), Settings(), RULEBOOK, cache=False, jobs=1, everything=everything).review
            for everything in (True, False)
        )
        assert whole.findings == found.findings
        assert whole.faults == found.faults == ()
        assert [f"{one.place} {one.rule}" for one in found.findings if one.place.path == "peer.py"] == FOUND
        return found

    return looked


def chain(depth: int) -> str:
    """An `if` inside an `if`, and so on."""
    steps = "".join(f"{' ' * level}if x:\n" for level in range(depth))
    return f"from peer import ask\n{steps}{' ' * depth}ask()\n"


TEXTS: dict[str, str] = {
    "brackets_in_brackets": f"from peer import ask\nx = {'[' * 2000}ask(){']' * 2000}\n",
    "brackets_never_closed": "from peer import ask\nask()\nx = " + "(" * 2000,
    "calls_in_calls": f"from peer import ask\nx = {'ask(' * 2000}{')' * 2000}\n",
    "calls_of_calls": f"from peer import ask\nx = ask{'()' * 2000}\n",
    "members_of_members": f"from peer import ask\nx = ask(){'.a' * 3000}()\n",
    "lambdas_in_lambdas": f"from peer import ask\nx = {'lambda: ' * 1000}ask()\n",
    "sum_of_many_terms": f"from peer import ask\nx = {' + '.join(['ask()'] * 5000)}\n",
    "power_of_many_terms": f"from peer import ask\nx = {' ** '.join(['ask()'] * 2000)}\n",
    "table_of_itself": (
        "import requests\nt = {'a': t['b'] + t['c'] + t['d'], 'b': t['a'] + t['c'] + t['d'], "
        "'c': t['a'] + t['b'] + t['d'], 'd': t['a'] + t['b'] + t['c']}\nrequests.get('x', timeout=t['a'])\n"
    ),
    "many_comparisons": f"from peer import ask\nx = {' < '.join(['y'] * 5000)}\n",
    "not_not": f"from peer import ask\nx = {'not ' * 3000}ask()\n",
    "conditions_in_conditions": f"from peer import ask\nx = {'ask() if y else ' * 1500}0\n",
    "else_after_else": "from peer import ask\nif a: pass\n" + "elif b: ask()\n" * 3000 + "else: ask()\n",
    "if_in_if": chain(90),
    "if_in_if_too_deep": chain(600),
    "functions_in_functions": "".join(f"{' ' * n}def f{n}():\n" for n in range(300)) + " " * 300 + "pass\n",
    "huge_dictionary": f"import peer\nx = {{{', '.join(f'{n!r}: peer.ask' for n in range(20_000))}}}\nx[1]()\n",
    "huge_list_of_calls": f"from peer import ask\nx = [{'ask(), ' * 20_000}]\n",
    "many_arguments": f"from peer import ask\nask({', '.join(f'a{n}=ask' for n in range(5000))})\n",
    "many_names_for_one": "from peer import ask as a0\n"
    + "".join(f"a{n + 1} = a{n}\n" for n in range(3000)) + "a3000()\n",
    "many_callers_in_a_row": "from peer import ask as f0\n"
    + "".join(f"def f{n + 1}():\n    return f{n}()\n" for n in range(3000)),
    "each_calls_all": "from peer import ask\n"
    + "".join(f"def f{n}():\n    {'; '.join(f'f{m}()' for m in range(60))}\n    ask()\n" for n in range(60)),
    "one_name_bound_often": "from peer import ask\n" + "x = ask\n" * 3000 + "x()\n" * 3000,
    "text_without_end": "from peer import ask\nask()\nx = '''" + "ask()\n" * 5000,
    "text_with_many_holes": f"from peer import ask\nx = f'{'{ask()}' * 3000}'\n",
    "comment_that_asks_for_much": "# staff-review: ignore[" + "a," * 20_000 + "] -- all\nx = 1\n",
    "decorators_on_decorators": "import peer\n" + "@peer.ask\n" * 1000 + "def f(): pass\n",
    "decorator_that_decorates_itself": "import peer\n@loop\ndef loop(f):\n    peer.ask()\n    return loop(f)\n",
    "function_that_calls_itself": "from peer import ask\ndef f():\n    ask()\n    return f()\nf()\n",
    "functions_that_call_each_other": (
        "import peer\ndef a():\n    return b()\ndef b():\n    peer.ask()\n    return a()\na()\n"
    ),
    "names_that_hide_builtins": (
        "from peer import ask as print\nlist = dict = type = super = print\nfor len in list(print()): len()\n"
        "class property:\n    def property(self):\n        return self.property(property).property\nimport os as self\n"
    ),
    "value_of_itself": (
        "import peer\nx = x\ny = z\nz = y\ny()\nx = x.x(x[x](x))\nx()\na, a.b, a[a] = a\nself.x = self.x\n"
    ),
    "class_that_is_its_own_base": "import peer\nclass A(A):\n    def f(self):\n        return self.g()\nA().f()\n",
    "classes_in_a_ring": (
        "import peer\nclass A(B):\n    def f(self): return super().f()\nclass B(C):\n    pass\nclass C(A):\n"
        "    def g(self): return self.f().g()\nC().f()\nA().h()\n"
    ),
    "deep_tower_of_classes": "import peer\nclass A0:\n    f = peer.ask\n"
    + "".join(f"class A{n + 1}(A{n}): pass\n" for n in range(1500)) + "A1500().f()\n",
    "diamonds": "import peer\nclass A0: pass\n"
    + "".join(f"class L{n}(A{n}): pass\nclass R{n}(A{n}): pass\nclass A{n + 1}(L{n}, R{n}): pass\n" for n in range(40))
    + "A40().f()\n",
    "generator_of_itself": (
        "import peer\ndef f():\n    yield from f()\n    x = [x for x in x for x in f() if x]\n    peer.ask(x)\n"
    ),
    "one_name_bound_to_itself_in_a_loop": (
        "import requests\ndef f(a, q):\n    while a:\n"
        + "".join(f"        if a[{n}]:\n            q = q.b{n}(q.c())\n" for n in range(12))
        + "        requests.get(q.x(), timeout=3)\n"
    ),
    "partial_of_itself": (
        "import functools, peer\nf = functools.partial(f, f)\nf = functools.partial(peer.ask, f)\nf(f)\n"
    ),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_one_file(text: str, look: Look) -> None:
    look({"odd.py": text})


def test_a_megabyte_on_one_line(look: Look) -> None:
    line = "from peer import ask; x = [" + "ask(1, 'two', key=[3]), " * 41_000 + "]"
    assert len(line) < 1_000_000
    assert not look({"odd.py": line}).gaps


def test_more_than_a_megabyte_is_a_gap(look: Look) -> None:
    (gap,) = look({"odd.py": "x = 1\n" * 200_000}).gaps
    assert (gap.path, gap.reason.split(":")[0]) == ("odd.py", "1.2 MB is over the limit of 1 MB")


def test_a_megabyte_of_brackets(look: Look) -> None:
    look({"odd.py": "from peer import ask\nask" + "([{" * 300_000})


IMPORTS: dict[str, dict[str, str]] = {
    "of_itself": {"odd.py": "import odd\nfrom odd import *\nfrom odd import f as f\nfrom peer import ask\nf(ask())\n"},
    "in_a_ring": {
        "a.py": "from b import f as g\ng()\n", "b.py": "from c import g as f\nf()\n",
        "c.py": "import peer\nfrom a import g\ng(peer.ask())\n",
    },
    "of_everything_in_a_ring": {
        "a.py": "from b import *\nask()\n", "b.py": "from c import *\n",
        "c.py": "from a import *\nfrom peer import *\n",
    },
    "through_a_package_that_imports_its_parts": {
        "p/__init__.py": "from .a import *\nfrom . import b\n", "p/a.py": "from . import *\nfrom .b import f\n",
        "p/b.py": "from p import *\nfrom p.a import f\nfrom peer import ask\nf(ask())\n",
    },
    "in_a_package_that_is_the_whole_root": {
        "__init__.py": "", "odd.py": "from deep.down import x\nfrom peer import ask\nx(ask())\n",
    },
    "above_the_top": {"odd.py": "from ..... import x\nfrom .....y import *\nfrom peer import ask\nx(ask())\n"},
    "of_a_name_that_is_a_module_and_a_package": {
        "x.py": "from peer import ask\n", "x/__init__.py": "from . import x\n",
        "x/x.py": "import x.x as x\nx.x.ask()\n",
    },
    "bases_across_files": {
        "a.py": "from b import B\nclass A(B):\n    def f(self): return self.g()\n",
        "b.py": "from a import A\nclass B(A):\n    def g(self): return self.f()\nimport peer\npeer.ask(B().f())\n",
    },
}


@pytest.mark.parametrize("files", IMPORTS.values(), ids=IMPORTS)
def test_imports(files: dict[str, str], look: Look) -> None:
    look(files)


def test_many_small_files(look: Look) -> None:
    few = {f"p{n}/{m}.py": "from peer import ask\nask()\n" for n in range(20) for m in range(10)}
    many = {f"p{n}/m{m}.py": f"x = {m}\n" for n in range(20) for m in range(990)}
    assert not look(few | many).gaps


def test_a_long_way_through_many_files(look: Look) -> None:
    links = {f"m{n + 1}.py": f"from m{n} import f as g\n\n\ndef f():\n    return g()\n" for n in range(1000)}
    look({"m0.py": "from peer import ask as f\n", **links})


def test_modules_of_a_project_are_never_run(tmp_path: Path) -> None:
    for name in ("logging", "json", "click", "msgspec", "yaml", "packaging"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name} of the project was run')\n")
    (tmp_path / "peer.py").write_text(CALL)
    command = [sys.executable, "-m", "staff_review", ".", "--format", "concise", "--no-cache", "--exit-zero"]
    env = {**os.environ, "PYTHONPATH": str(Path(review.__code__.co_filename).parents[2])}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, "was run" in done.stderr) == (0, False)
    assert "peer.py:5:12: error missing-timeout" in done.stdout
