"""Terraform: what is made, what it is given, and that no file can hurt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from staff_review.load.deployment import deployment_of
from staff_review.load.deployment.hcl import blocks_of
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.deployment import Deployment, Unit

RESOURCES = rulebook_of().products.resource
Read: TypeAlias = Callable[[dict[str, str]], Deployment]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    def deployment(files: dict[str, str]) -> Deployment:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        monkeypatch.chdir(tmp_path)
        return deployment_of((".",), resources=RESOURCES)

    return deployment


def given(unit: Unit) -> dict[str, str]:
    return {one.name: one.value for one in unit.settings}


def of_lambda(expression: str) -> str:
    """A function that is given the value of one expression as its setting `X`."""
    return f"""
resource "aws_lambda_function" "f" {{
  function_name = "f"
  environment {{
    variables = {{ X = {expression} }}
  }}
}}
resource "aws_sqs_queue" "orders" {{
  name = "the-orders"
}}
resource "aws_db_instance" "main" {{
  engine = "postgres"
  port   = 5432
}}
variable "stage" {{ default = "live" }}
variable "unset" {{}}
locals {{
  host  = "stock.${{var.stage}}.internal"
  names = {{ a = "one", b = "two" }}
}}
"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('"plain"', "plain"),
        ('"http://${local.host}:7000"', "http://stock.live.internal:7000"),
        ("aws_sqs_queue.orders.url", "aws_sqs_queue.orders"),
        ('"postgresql://u@${aws_db_instance.main.address}:${aws_db_instance.main.port}/x"',
         "postgresql://u@aws_db_instance.main:5432/x"),
        ("var.unset", None),
        ("aws_unknown.thing.url", None),
        ('local.names["b"]', "two"),
        ('merge(local.names, { a = "three" }).a', None),
        ('lookup(local.names, "a", "none")', "one"),
        ('format("http://%s:%s", "stock", 80)', "http://stock:80"),
        ('join(",", ["a", "b"])', "a,b"),
        ('var.unset == "" ? null : "chosen"', "chosen"),
        ('coalesce(var.unset, "rest")', "rest"),
        ('[for key, name in local.names : "${key}-${name}"][1]', None),
        ("upper(local.host)", None),
    ],
)
def test_expressions_come_to_what_files_say(read: Read, expression: str, value: str | None) -> None:
    unit = next(one for one in read({"main.tf": of_lambda(expression)}).units if one.name == "f")
    assert given(unit).get("X") == value


CONTAINERS = {
    "aws_ecs_task_definition": 'family = "shop"\n container_definitions = jsonencode([{ name = "c", image = "i", '
    'environment = [{ name = "X", value = "1" }] }])',
    "a text": 'family = "shop"\n container_definitions = <<EOF\n[{"image": "i",\n"environment": '
    '[{"name": "X", "value": "1"}]}]\nEOF',
    "a list in a text": 'family = "shop"\n container_definitions = <<EOF\n[{"image": "i", "cpu": ${var.cpu},\n'
    '"environment": ${jsonencode([{ name = "X", value = "1" }])}}]\nEOF',
    "google_cloud_run_v2_service": 'name = "shop"\n template {\n containers {\n image = "i"\n env {\n name = "X"\n '
    'value = "1"\n }\n }\n }',
    "azurerm_container_app": 'name = "shop"\n template {\n container {\n image = "i"\n dynamic "env" {\n '
    'for_each = { X = "1" }\n content {\n name = env.key\n value = env.value\n }\n }\n }\n }',
    "kubernetes_deployment": 'metadata {\n name = "shop"\n }\n spec {\n template {\n spec {\n container {\n '
    'image = "i"\n env {\n name = "X"\n value = "1"\n }\n }\n }\n }\n }',
}


@pytest.mark.parametrize("kind", CONTAINERS)
def test_services_are_given_their_environment(read: Read, kind: str) -> None:
    name = kind if "_" in kind else "aws_ecs_task_definition"
    (unit,) = read({"main.tf": f'resource "{name}" "s" {{\n {CONTAINERS[kind]}\n}}\n'}).units
    assert (unit.name, unit.image, given(unit), unit.product) == ("shop", "i", {"X": "1"}, "")
    line = (Path("main.tf").read_text("utf-8").split("\n"))[unit.settings[0].place.line - 1]
    assert "1" in line


def test_texts_of_other_files_are_read_and_filled(read: Read) -> None:
    task = 'resource "aws_ecs_task_definition" "s" {\n family = "%s"\n container_definitions = %s\n}\n'
    text = '[{"image": "i",\n"environment": [{"name": "X", "value": "${queue}"}]}]'
    files = {
        "infra/main.tf": task % ("one", 'templatefile("${path.module}/task.json.tpl", { queue = aws_sqs_queue.q.url })')
        + task.replace('"s"', '"t"') % ("two", "data.template_file.task.rendered")
        + task.replace('"s"', '"u"') % ("three", 'file("/etc/passwd")')
        + 'resource "aws_sqs_queue" "q" {}\ndata "template_file" "task" {\n template = file("task.json.tpl")\n '
        "vars = { queue = aws_sqs_queue.q.arn }\n}\n",
        "infra/task.json.tpl": text,
    }
    units = {unit.name: given(unit) for unit in read(files).units if not unit.product}
    assert units == {"one": {"X": "aws_sqs_queue.q"}, "two": {"X": "aws_sqs_queue.q"}, "three": {}}


def test_modules_are_followed_with_what_they_are_given(read: Read) -> None:
    files = {
        "live/main.tf": 'module "q" {\n source = "../queue"\n for_each = toset(["a", "b"])\n name = each.key\n}\n'
        + of_lambda('module.q["b"].url').replace("the-orders", "other"),
        "queue/main.tf": 'variable "name" {}\nresource "aws_sqs_queue" "this" {\n name = "${var.name}-queue"\n}\n'
        'output "url" {\n value = aws_sqs_queue.this.url\n}\n',
    }
    units = {unit.name: unit for unit in read(files).units}
    assert {"a-queue", "b-queue"} <= units.keys()
    assert given(units["f"])["X"] in units["b-queue"].hosts


def test_what_is_not_here_is_a_gap(read: Read) -> None:
    text = 'module "db" {\n source = "terraform-aws-modules/rds/aws"\n}\nresource "aws_sqs_queue" "q" {\n name = \n}\n'
    found = read({"main.tf": text})
    assert {(gap.line, gap.reason.partition(" ")[0]) for gap in found.gaps} == {(1, "the"), (5, "not")}
    assert [unit.product for unit in found.units] == ["sqs"]


HOSTILE = {
    "a ring of locals": "locals {\n a = local.b\n b = local.a\n}\n" + of_lambda("local.a"),
    "a module that calls itself": 'module "m" {\n source = "./"\n}\n',
    "texts that double": "locals {\n"
    + "\n".join(f'a{n} = "${{local.a{n + 1}}}${{local.a{n + 1}}}"' for n in range(60))
    + '\na60 = "xxxx"\n}\n' + of_lambda("local.a0"),
    "loops in loops": "locals {\n x = [" + "1," * 900 + "]\n}\n"
    + of_lambda("[for a in local.x : [for b in local.x : [for c in local.x : c]]]"),
    "deep lists": "x = " + "[" * 50_000,
    "deep blocks": "a {\n" * 20_000,
    "deep calls": of_lambda("f(" * 5_000 + ")" * 5_000),
    "bytes": "\x01\x02${" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_in_less_and_never_in_an_exception(read: Read, name: str) -> None:
    found = read({f"here{os.sep}main.tf": HOSTILE[name]})
    assert len(found.units) <= 3


def test_a_mistake_leaves_what_stands_around_it() -> None:
    whole, line = blocks_of('resource "a" "b" {\n x = 1\n}\nresource "c" {{{\n')
    assert line == 4
    assert whole.blocks[0].labels == ("a", "b")
