"""Stacks of CloudFormation, SAM and the Serverless framework: functions, what they are given, and what feeds them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.load.deployment import deployment_of
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.deployment import Unit

RESOURCES = rulebook_of().products.resource
Read = Callable[[dict[str, str]], dict[str, Unit]]


@pytest.fixture
def units_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Writes templates into an empty folder and reads their units, by name."""

    def read(files: dict[str, str]) -> dict[str, Unit]:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        monkeypatch.chdir(tmp_path)
        return {unit.name: unit for unit in deployment_of((".",), resources=RESOURCES).units}

    return read


def given(unit: Unit) -> dict[str, str]:
    return {one.name: one.value for one in unit.settings}


SERVERLESS = """
service: shop
custom: {table: orders-table}
provider:
  name: aws
  environment: {TABLE: "${self:custom.table}", LEVEL: info}
functions:
  place:
    handler: src/place.handler
    environment: {LEVEL: debug}
    events:
      - httpApi: "POST /orders"
  bill:
    handler: src/bill.handler
    events:
      - sqs: {arn: !GetAtt Bills.Arn, batchSize: 5}
resources:
  Resources:
    Bills: {Type: "AWS::SQS::Queue"}
"""


def test_functions_of_the_serverless_framework_are_called_after_their_service(units_of: Read) -> None:
    units = units_of({"api/serverless.yml": SERVERLESS})
    assert set(units) == {"shop-place", "shop-bill", "Bills"}
    place = units["shop-place"]
    assert (place.context, place.command, place.hosts) == ("api", "src.place.handler", ("place",))


def test_a_function_s_own_environment_goes_before_that_of_all(units_of: Read) -> None:
    place = units_of({"serverless.yml": SERVERLESS})["shop-place"]
    assert [(one.name, one.value) for one in place.settings] == [
        ("LEVEL", "debug"), ("TABLE", "orders-table"), ("LEVEL", "info"),
    ]  # fmt: skip


def test_a_function_takes_from_the_queue_that_its_event_names(units_of: Read) -> None:
    units = units_of({"serverless.yml": SERVERLESS})
    assert units["shop-bill"].takes == ("aws-sqs-queue-bills.internal",)
    assert units["Bills"].product == "sqs"
    assert "aws-sqs-queue-bills.internal" in units["Bills"].hosts
    assert units["shop-place"].takes == ()


SAM = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
  StockUrl: {Type: "AWS::SSM::Parameter::Value<String>", Default: /shop/stock/url}
Globals:
  Function:
    Environment: {Variables: {TABLE: !Ref Orders, NAME: !Sub "shop-${Stage}"}}
Resources:
  Orders: {Type: "AWS::DynamoDB::Table", Properties: {TableName: orders}}
  Placed: {Type: "AWS::SNS::Topic"}
  Place:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ./place/
      Handler: app.handler
      Environment:
        Variables:
          PLACED: !Ref Placed
          STOCK_URL: !Ref StockUrl
          ASKED: !Join ["/", ["https://stock.example", !Ref Stage]]
  Bill:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: "s3://built/bill.zip", Handler: app.handler}
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Bill, EventSourceArn: !GetAtt Orders.StreamArn}
"""
STOCK = """
Resources:
  Kept:
    Type: AWS::SSM::Parameter
    Properties: {Name: /shop/stock/url, Value: "https://stock.example/v1"}
  Items: {Type: "AWS::SQS::Queue"}
"""


def test_a_function_of_sam_is_given_what_names_in_its_template_come_to(units_of: Read) -> None:
    place = units_of({"template.yaml": SAM, "stock/template.yaml": STOCK})["Place"]
    assert (place.context, place.command) == ("place", "app.handler")
    assert given(place) == {
        "PLACED": "aws-sns-topic-placed.internal",
        "STOCK_URL": "https://stock.example/v1",
        "ASKED": "https://stock.example/dev",
        "TABLE": "aws-dynamodb-table-orders.internal",
        "NAME": "shop-dev",
    }


def test_code_that_lies_elsewhere_gives_a_function_no_folder(units_of: Read) -> None:
    assert units_of({"template.yaml": SAM})["Bill"].context == ""


def test_what_feeds_a_function_may_stand_in_a_resource_of_its_own(units_of: Read) -> None:
    units = units_of({"template.yaml": SAM})
    assert units["Bill"].takes == ("aws-dynamodb-table-orders.internal",)
    assert units["orders"].product == "dynamodb"


HELPED = """
Resources:
  Maker:
    Type: AWS::Lambda::Function
    Properties: {Handler: index.handler, Code: {ZipFile: "def handler(event, context): pass"}}
  Made:
    Type: Custom::Password
    Properties: {ServiceToken: !GetAtt Maker.Arn, Length: 12}
  Biller:
    Type: AWS::Lambda::Function
    Properties: {Handler: index.handler, Code: {ZipFile: "def handler(event, context): pass"}}
"""


def test_a_function_that_helps_to_make_the_stack_is_no_service(units_of: Read) -> None:
    assert set(units_of({"stack.yaml": HELPED})) == {"Biller"}


def test_a_document_without_resources_that_are_known_is_no_stack(units_of: Read) -> None:
    assert units_of({"other.yaml": "Resources:\n  One: {Type: Thing}\nfunctions: {a: {handler: x.y}}\n"}) == {}
