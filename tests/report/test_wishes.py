"""Which formats a user may wish for, and how a wish that cannot be granted is refused."""

from __future__ import annotations

import importlib
import inspect

import pytest

from staff_review.nouns.errors import UsageError
from staff_review.report.formats import FORMATS, Wish, form_for, wishes_of


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_render_of_its_kind(name: str) -> None:
    module = importlib.import_module(f"staff_review.report.{FORMATS[name].module}")
    parameters = inspect.signature(module.render).parameters.values()
    required = [one.name for one in parameters if one.default is inspect.Parameter.empty]
    assert required == ["report", "stream", *(["look"] if FORMATS[name].screen else [])]


def test_several_formats_at_once() -> None:
    assert wishes_of(["sarif=out/a.sarif", "github", "html=report.html"]) == (
        Wish("sarif", "out/a.sarif"),
        Wish("github"),
        Wish("html", "report.html"),
    )


@pytest.mark.parametrize(
    ("given", "output", "wishes"),
    [
        ([], "", ()),
        (["json"], "", (Wish("json"),)),
        (["json=-"], "", (Wish("json"),)),
        (["json=a=b.json"], "", (Wish("json", "a=b.json"),)),
        (["json"], "out.txt", (Wish("json", "out.txt"),)),
        (["sarif=a.sarif", "json"], "b.json", (Wish("sarif", "a.sarif"), Wish("json", "b.json"))),
        ([], "report.html", (Wish("html", "report.html"),)),
        ([], "notes", (Wish("concise", "notes"),)),
    ],
)
def test_where_each_goes(given: list[str], output: str, wishes: tuple[Wish, ...]) -> None:
    assert wishes_of(given, output) == wishes


@pytest.mark.parametrize(
    ("given", "output", "sentence"),
    [
        (["sarfi"], "", "no format is named `sarfi`; did you mean `sarif`?"),
        (["HTML=a.html"], "", "no format is named `HTML`; did you mean `html`?"),
        (["pdf"], "", "no format is named `pdf`; the formats are full, concise, json,"),
        (["sarif="], "", "`--format sarif=` names no file; write `sarif=FILE`, or `sarif` for standard output"),
        (["json", "github"], "", "only one format can go to standard output, not `json` and `github`"),
        (["json", "json"], "", "only one format can go to standard output, not `json` and `json`"),
        (["json=a", "sarif=./a"], "", "two formats would be written to `a`; name a file for each"),
        (["json=a"], "a.json", "it is not clear which format goes to `a.json`"),
        (["json", "sarif"], "a.json", "it is not clear which format goes to `a.json`"),
        (["json=a", "sarif"], "a", "two formats would be written to `a`; name a file for each"),
    ],
)
def test_a_wish_that_cannot_be_granted(given: list[str], output: str, sentence: str) -> None:
    with pytest.raises(UsageError) as refusal:
        wishes_of(given, output)
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("a.json", "json"), ("a.sarif", "sarif"), ("a.sarif.json", "sarif"), ("a.ndjson", "jsonl"),
        ("a.md", "markdown"), ("ci/gl-code-quality-report.json", "gitlab"), ("junit.xml", "junit"),
        ("a.htm", "html"), ("a.log", "concise"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_asks_for_a_format(path: str, form: str) -> None:
    assert form_for(path) == form


def test_no_ending_belongs_to_two_formats() -> None:
    endings = [ending for form in FORMATS.values() for ending in form.endings]
    assert len(endings) == len(set(endings))
