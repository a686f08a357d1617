"""What people do wrong: one clear sentence with the mend, exit code 2, and nothing on standard output."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from staff_review.cli import run

CODE = "import requests\n\n\ndef stock(sku):\n    return requests.get(f'http://stock/{sku}')\n"


@pytest.fixture(autouse=True)
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, which is the working directory; nothing of the user's git or cache reaches it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("STAFF_REVIEW_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "app.py").write_text(CODE)
    monkeypatch.chdir(folder)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "a"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words], check=True)
    return folder


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("staff-review: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere"], "`nowhere` does not exist; name a file or folder that does"),
        (["--fomrat", "json"], "Did you mean '--format'? See `staff-review --help`"),
        ([".", "--selct", "x"], "Did you mean one of: '--help', '--select'? See `staff-review --help`"),
        ([".", "--fail-on", "fatal"], "'fatal' is not one of 'error', 'warning', 'note'. See `staff-review --help`"),
        ([".", "--select", "mising-timeout"], "did you mean `missing-timeout`?"),
        ([".", "--select", "everything"], "`staff-review rules` lists them"),
        ([".", "--config", "absent.toml"], "absent.toml"),
        ([".", "--baseline", "absent.toml"], "`staff-review baseline create` writes it"),
        ([".", "--format", "pdf"], "the formats are full, concise, json"),
        ([".", "--format", "sarif=no/such/out.sarif"], "cannot write the report to `no/such/out.sarif`"),
        ([".", "--format", "json", "--format", "sarif", "-o", "a"], "write `--format FORM=a`"),
        ([".", "-j", "0"], "0 is not in the range x>=1"),
        ([".", "--diff", "nobranch"], "name a branch, a tag or a commit that `git log` shows"),
        ([".", "--system", "--staged"], "leave out `--diff` and `--staged`"),
        ([".", "--near"], "`--near` is for a change; give `--staged` or `--diff REV` too"),
        ([".", "--fix", "--staged"], "leave out `--diff` and `--staged`"),
        ([".", "--unsafe"], "write `--fix --unsafe`"),
        ([".", "--persona", "--persona-name", "nobody"], "it can be `backend-staff`"),
        (["rule", "mising-timeout"], "did you mean `missing-timeout`?"),
        (["rule"], "Missing argument 'NAME'. See `staff-review rule --help`"),
        (["why", "app.py"], "write PATH:LINE, for example `src/app.py:12`"),
        (["why", "app.py:99"], "`app.py` has no line 99; its last is 5"),
        (["map", ".", "--service", "shop"], "no service is named `shop`"),
        (["map", ".", "--format", "pdf"], "See `staff-review map --help`"),
        (["baseline", "prune"], "`staff-review baseline create` writes one"),
        (["baseline", "crate"], "Did you mean 'create'? See `staff-review baseline --help`"),
        (["comment", "report.json"], "say where to comment: --github or --gitlab"),
        (["comment", "report.json", "--github"], "write one with --format json=FILE"),
        (["new-rule", "Oops"], "write two or more words in lower case"),
        (["prove", "absent"], "name the folder that holds the cases"),
        (["init", "--install", "-r a.txt"], "is nothing that pip installs"),
    ],
)
def test_in_what_is_typed(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sentence in refused(words, capsys)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fail-onn = 'note'", "line 1: unknown key `fail-onn`; did you mean `fail-on`?"),
        ("fail-on = ", "line 1: not valid TOML"),
        ("fail-on = 'severe'", "line 1: `severe` is not a value of `fail-on`; it can be `error`, `note`, `warning`"),
        ("[scale]\nrequests_per_second = 'many'", "line 2: `scale.requests_per_second` must be a number, not a text"),
        ("catalog = ['absent/*.toml']", "correct the path or remove it"),
    ],
    ids=["key", "syntax", "value", "type", "path"],
)
def test_in_settings(text: str, sentence: str, service: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (service / "staff-review.toml").write_text(text + "\n")
    assert sentence in refused(["."], capsys)
    assert sentence in refused(["config", "verify"], capsys)
