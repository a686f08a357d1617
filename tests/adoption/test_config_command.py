"""`config verify`, `show` and `schema`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import tomli

from staff_review.load.rulebook import rulebook_of
from staff_review.load.settings import SettingsFile, check_rule_ids, settings_of
from staff_review.load.settings_schema import schema_of

Door = Callable[..., tuple[int, str, str]]
Git = Callable[..., None]

KEPT = Path(__file__).parents[2] / "docs" / "schema" / "staff-review-settings-1.json"
FULL = """
select = ["timeouts"]
ignore = ["call-in-loop"]
exclude = ["gen/"]
fail-on = "warning"
minimum-confidence = "low"
preview = true
opinions = true
include-tests = true
system = false
baseline = "accepted.toml"
catalog = ["reliability/*.toml"]
rules = ["mine/*.toml"]
max-file-bytes = 2_000_000
fix-timeout = "2.5s"

[severity]
missing-timeout = "note"

[per-path]
"scripts/**" = ["missing-timeout"]
"a b/" = { ignore = ["timeouts"] }

[scale]
requests_per_second = 20
p99_ms = 250.5
regions = 2
"""


def test_the_schema_in_the_repository_is_that_of_the_types(door: Door) -> None:
    code, out, _ = door("config", "schema")
    assert code == 0
    assert out == KEPT.read_text("utf-8"), f"staff-review config schema > docs/schema/{KEPT.name} writes it again"


def test_the_schema_is_one_and_describes_every_key() -> None:
    schema = schema_of()
    jsonschema.Draft202012Validator.check_schema(schema)
    keys = [field.encode_name for field in msgspec.structs.fields(SettingsFile)]
    assert list(schema["properties"]) == keys
    assert all(described["description"] for described in schema["properties"].values())
    assert set(tomli.loads(FULL)) == set(keys)


def test_the_schema_takes_what_is_read() -> None:
    jsonschema.validate(tomli.loads(FULL), schema_of())
    jsonschema.validate({}, schema_of())


@pytest.mark.parametrize(
    "text",
    [
        "fail_on = 'note'", "fail-on = 'eror'", "select = 'a'", "preview = 1", "[scale]\nrps = 5",
        "[scale]\np99_ms = 0",
        "max-file-bytes = -1", "[severity]\na = 'loud'", "[per-path]\n'b' = {ignor = []}", "fix-timeout = '5'",
        "fix-timeout = 5",
    ],
)  # fmt: skip
def test_schema_and_reader_refuse_the_same(text: str, service: Path) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomli.loads(text), schema_of())
    (service / "staff-review.toml").write_text(text)
    with pytest.raises(Exception, match=r"staff-review\.toml"):
        settings_of(".")


def test_verify_checks_names_and_the_files_that_are_named(door: Door, service: Path) -> None:
    assert door("config", "verify")[:2] == (0, "no settings file; the defaults hold\n")
    settings = service / "staff-review.toml"
    settings.write_text("ignore = ['call-in-loop']\n")
    assert door("config", "verify")[:2] == (0, "staff-review.toml: right\n")
    settings.write_text("ignore = ['mising-timeout']\n")
    code, _, err = door("config", "verify")
    assert (code, "line 1: `mising-timeout` in `ignore` is not a rule or family; did you mean" in err) == (2, True)
    settings.write_text("ignore = []\n")
    (service / "staff-review-baseline.toml").write_text("x = 1\n")
    assert door("config", "verify")[0] == 2


def test_verify_takes_the_files_of_a_hook(door: Door, service: Path) -> None:
    (service / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (service / "staff-review.toml").write_text("fail-on = 'note'\n")
    code, out, _ = door("config", "verify", "pyproject.toml", "staff-review.toml")
    assert (code, out) == (0, "staff-review.toml: right\n")
    (service / "pyproject.toml").write_text("[tool.staff-review]\nfail_on = 'note'\n")
    assert "pyproject.toml, line 2: unknown key `fail_on`" in door("config", "verify", "pyproject.toml")[2]
    assert "does not exist" in door("config", "verify", "gone.toml")[2]


def test_show_says_what_holds_and_reads_as_the_settings_that_it_shows(door: Door, service: Path) -> None:
    (service / "staff-review.toml").write_text(FULL)
    out = door("config", "show")[1]
    assert out.startswith("# from staff-review.toml\n")
    before = settings_of(".")
    (service / "staff-review.toml").write_text(out)
    assert settings_of(".") == before


def test_show_tells_the_defaults(door: Door) -> None:
    out = door("config", "show")[1]
    said: dict[str, Any] = tomli.loads(out)
    assert out.startswith("# no settings file, built-in defaults\n")
    assert said["fail-on"] == "error"
    assert json.dumps(said)


def test_show_merges_what_inner_folders_say(door: Door, service: Path, git: Git) -> None:
    git("init", "-q")
    (service / "staff-review.toml").write_text("ignore = ['data']\nfail-on = 'note'\n")
    (service / "shop/staff-review.toml").write_text("ignore = ['call-in-loop']\n")
    assert "# shop has its own: staff-review config show shop" in door("config", "show")[1]
    out = door("config", "show", "shop")[1]
    assert out.startswith("# from staff-review.toml\n# from shop/staff-review.toml\n")
    assert (tomli.loads(out)["ignore"], tomli.loads(out)["fail-on"]) == (["data", "call-in-loop"], "note")


def test_the_page_about_settings_shows_every_key_and_the_default_of_each_value(service: Path) -> None:
    page = (KEPT.parents[1] / "settings.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    said = tomli.loads(example)
    described = schema_of()["properties"]
    assert set(said) == set(described)
    plain = {key: one["default"] for key, one in described.items() if isinstance(one.get("default"), str | int)}
    assert {key: said[key] for key in plain} == plain
    (service / "staff-review.toml").write_text(example)
    check_rule_ids(settings_of("."), rulebook_of())
