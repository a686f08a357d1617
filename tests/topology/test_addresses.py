from __future__ import annotations

from typing import get_args

import pytest

from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.products import CommandMeaning
from staff_review.topology.addresses import Address, addresses_in
from staff_review.topology.known import Known
from staff_review.topology.peers import is_outside

KNOWN = Known(rulebook_of().products)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://orders:8000/v1/", [("orders", 8000)]),
        ("postgresql+asyncpg://user:p%40ss@db/shop?sslmode=require", [("db", 0)]),
        ("orders:8080", [("orders", 8080)]),
        ("orders", [("orders", 0)]),
        ("jdbc:postgresql://db:5432/x", [("db", 5432)]),
        ("mysql:host=mysql;dbname=ratings", [("mysql", 0)]),
        ("Server=db;Username=postgres", [("db", 0)]),
        ("mongodb://a:1,b:2/x?replicaSet=y", [("a", 1), ("b", 2)]),
        ("kafka-1:9092,kafka-2:9092", [("kafka-1", 9092), ("kafka-2", 9092)]),
        ("PLAINTEXT://kafka:9092", [("kafka", 9092)]),
        ("sqlite:///shop.db", []),
        ("a sentence with words", []),
        ("8080", []),
        ("db.sqlite3", []),
        ("shop.OrderLine", []),
        ("https://Orders.MyShop.com", [("orders.myshop.com", 0)]),
        ("http://{}:8080/x", []),
        ("", []),
        ("x" * 5_000, []),
    ],
)
def test_addresses_are_taken_apart(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(one.host, one.port) for one in addresses_in(text)] == expected


@pytest.mark.parametrize(
    ("host", "short"),
    [("orders.shop.svc.cluster.local", "orders"), ("orders", "orders"), ("api.example.com", "api.example.com")],
)
def test_names_within_a_cluster_are_shortened(host: str, short: str) -> None:
    assert Address(host).short == short


@pytest.mark.parametrize(
    ("host", "outside"),
    [
        ("api.example.com", True),
        ("localhost", False),
        ("orders", False),
        ("orders.shop.svc", False),
        ("10.0.0.1", False),
    ],
)
def test_a_host_on_the_internet_is_told_from_one_in_a_cluster(host: str, outside: bool) -> None:
    assert is_outside(Address(host)) is outside


@pytest.mark.parametrize(
    ("image", "part"),
    [
        ("postgres:16-alpine@sha256:0123", "store"),
        ("docker.example.com/bitnami/kafka:3", "broker"),
        ("nginx", "gateway"),
        ("otel/opentelemetry-collector-contrib", "infra"),
        ("shop/user-db", "store"),
    ],
)
def test_known_images_play_their_part(image: str, part: str) -> None:
    product = KNOWN.of_image(image)
    assert product is not None
    assert product.part == part


@pytest.mark.parametrize("image", ["shop/orders:1", "payment-gateway", "busybox", ""])
def test_images_of_ones_own_are_not_known(image: str) -> None:
    assert KNOWN.of_image(image) is None


def test_schemes_and_ports_tell_products() -> None:
    by_scheme, by_port = (KNOWN.spoken_at(one) for one in (Address("x", 0, "jdbc:mysql"), Address("x", 6379)))
    assert by_scheme is not None
    assert by_scheme.name == "mysql"
    assert by_port is not None
    assert by_port.name == "redis"
    assert KNOWN.spoken_at(Address("x", 0, "https")) is None


@pytest.mark.parametrize(
    ("name", "part"), [("load-generator", "test"), ("fake_mail", "test"), ("config-server", "infra"), ("contest", "")]
)
def test_services_beside_the_system_are_known_by_what_teams_call_them(name: str, part: str) -> None:
    product = KNOWN.of_service(name)
    assert (product.part if product is not None else "") == part


@pytest.mark.parametrize(
    ("line", "meanings"),
    [
        ("gunicorn -w 4 shop.wsgi", {"serves"}),
        ("python manage.py migrate", {"ends", "finds-code"}),
        ("celery -A shop.tasks worker", {"serves", "works"}),
        ("celery flower", {"serves", "works", "console"}),
        ("celery -A shop beat -l INFO", {"serves", "works", "schedules"}),
        ("celery -A shop worker --beat", {"serves", "works"}),
        ("python seed.py", set()),
    ],
)
def test_commands_are_known_by_their_words(line: str, meanings: set[str]) -> None:
    known = {meaning for meaning in get_args(CommandMeaning) if KNOWN.commands.means(line, meaning)}
    assert known == meanings


def test_a_command_names_its_application_by_an_option() -> None:
    assert KNOWN.commands.application("celery -A shop.tasks worker") == "shop.tasks"
    assert not KNOWN.commands.application("tar -A backup")
