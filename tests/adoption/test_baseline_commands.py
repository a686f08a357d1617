"""`baseline create`, `prune` and `check`, and what a run does with a baseline."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Door = Callable[..., tuple[int, str, str]]
Git = Callable[..., None]

NAME = "staff-review-baseline.toml"
MORE = "\n\ndef price(sku):\n    return requests.get(f'http://price/{sku}')\n"


def lines_with(text: str, *words: str) -> list[str]:
    return [line for line in text.splitlines() if any(word in line for word in words)]


def test_what_is_accepted_is_not_reported_and_what_is_new_is(door: Door, service: Path) -> None:
    assert door(".")[0] == 1
    code, out, _ = door("baseline", "create")
    assert (code, out.splitlines()[0]) == (0, f"wrote {NAME}: 1 finding accepted")
    code, out, err = door(".")
    assert (code, out) == (0, "")
    assert "1 in the baseline" in err
    file = service / "shop/stock.py"
    file.write_text("# moved\n\n" + file.read_text() + MORE)
    code, out, _ = door(".")
    assert (code, [line.split(" ")[0] for line in out.splitlines()]) == (1, ["shop/stock.py:11:12:"])


def test_it_does_not_matter_where_a_run_begins(
    door: Door, service: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "-q")
    door("baseline", "create")
    for folder, path in (("shop", "."), ("shop", "stock.py"), (".", "shop/stock.py"), ("..", "service")):
        monkeypatch.chdir(service / folder)
        assert door(path)[:2] == (0, ""), (folder, path)


def test_what_is_accepted_is_shown_on_request(door: Door) -> None:
    door("baseline", "create")
    assert door(".", "--no-baseline")[0] == 1
    document = json.loads(door(".", "--format", "json")[1])
    assert document["findings"] == []
    assert [(one["rule"], one["by"]) for one in document["silenced"]] == [("missing-timeout", "baseline")]


def test_a_baseline_that_is_there_is_not_overwritten(door: Door, service: Path) -> None:
    (service / NAME).write_text("# mine\n")
    code, _, err = door("baseline", "create")
    assert code == 2
    assert f"`{NAME}` is there; shorten it with `staff-review baseline prune`, or give `--force`" in err
    assert (service / NAME).read_text() == "# mine\n"
    assert door("baseline", "create", "--force")[0] == 0


def test_check_fails_until_prune_takes_out_what_is_gone(door: Door, service: Path) -> None:
    file = service / "shop/stock.py"
    file.write_text(file.read_text() + MORE)
    door("baseline", "create")
    assert door("baseline", "check")[0] == 0
    file.write_text(file.read_text().replace("{sku}')", "{sku}', timeout=1)", 1))
    code, out, err = door("baseline", "check")
    assert (code, out) == (1, "shop/stock.py: missing-timeout: 1 finding gone\n")
    assert err == f"{NAME} accepts what is gone; `staff-review baseline prune` takes it out\n"
    before = (service / NAME).read_text()
    code, out, _ = door("baseline", "prune")
    assert (code, out) == (0, f"{NAME}: 1 finding gone, 1 finding still accepted\n")
    after = (service / NAME).read_text()
    assert len(after) < len(before)
    assert door("baseline", "check")[0] == 0
    file.write_text(file.read_text().replace(", timeout=1", ""))
    assert door(".")[0] == 1


def test_a_renamed_function_is_not_gone_and_prune_learns_its_name(door: Door, service: Path) -> None:
    door("baseline", "create")
    before = (service / NAME).read_text()
    file = service / "shop/stock.py"
    file.write_text(file.read_text().replace("def stock", "def stock_of"))
    assert door("baseline", "check")[0] == 0
    assert door(".")[0] == 0
    door("baseline", "prune")
    assert (service / NAME).read_text() != before
    assert door(".")[0] == 0


def test_a_second_create_gives_the_same_bytes(door: Door, service: Path) -> None:
    door("baseline", "create")
    first = (service / NAME).read_bytes()
    door("baseline", "create", "--force")
    assert (service / NAME).read_bytes() == first


@pytest.mark.parametrize("command", ["prune", "check"])
def test_without_a_baseline_there_is_nothing_to_keep_short(door: Door, command: str) -> None:
    code, _, err = door("baseline", command)
    assert (code, err) == (2, "staff-review: there is no baseline here; `staff-review baseline create` writes one\n")


def test_the_settings_may_name_another_file_or_none(door: Door, service: Path) -> None:
    (service / "staff-review.toml").write_text('baseline = "accepted.toml"\n')
    assert "`staff-review baseline create` writes it" in door(".")[2]
    assert door("baseline", "create")[1].startswith("wrote accepted.toml")
    assert door(".")[0] == 0
    (service / "staff-review.toml").write_text('baseline = ""\n')
    assert door(".")[0] == 1
    assert door(".", "--baseline", "accepted.toml")[0] == 0


def test_a_change_is_judged_by_what_it_brings_and_the_baseline_by_what_is_there(
    door: Door, service: Path, git: Git
) -> None:
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    door("baseline", "create")
    file = service / "shop/stock.py"
    file.write_text(file.read_text() + MORE)
    code, out, err = door(".", "--diff", "HEAD")
    assert (code, len(out.splitlines())) == (1, 1)
    assert err.startswith("1 file changed against HEAD, ")
    git("add", "-A")
    code, out, err = door("--staged")
    assert (code, len(out.splitlines())) == (1, 1)
    assert err.splitlines()[-1] == "exit 1: 1 new error (fail-on = error)"
    git("mv", "shop/stock.py", "shop/store.py")
    assert len(door("--staged")[1].splitlines()) == 1
