"""Paths as a caller sees them, and which request of whom a helper's call belongs to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from staff_review.link.targets.paths import of_pattern
from staff_review.nouns.system import System

Mapped = Callable[..., System]

COMPOSE = """
services:
  shop:
    build: shop
    ports: ["8000:8000"]
  stock:
    build: stock
"""
DOCKERFILE = 'FROM python:3.12\nCOPY . .\nCMD ["python", "manage.py", "runserver"]\n'
VIEWS = """
from django.http import JsonResponse
from rest_framework.decorators import action
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet


def health(request):
    return JsonResponse({})


class ItemView(APIView):
    def get(self, request, sku):
        return JsonResponse({})


class OrderSet(ViewSet):
    def list(self, request):
        return JsonResponse({})

    def retrieve(self, request, pk):
        return JsonResponse({})

    @action(detail=True, methods=["post", "put"], url_path="pay/(?P<way>[a-z]+)")
    def pay(self, request, pk, way):
        return JsonResponse({})

    @action(detail=False)
    def late(self, request):
        return JsonResponse({})
"""


def paths(system: System, service: str) -> set[str]:
    (found,) = [one for one in system.services if one.name == service]
    return {endpoint.path for endpoint in found.endpoints}


@pytest.mark.parametrize(
    ("whole", "item"),
    [
        ('path("api/", include("orders.urls"))', 'path("items/<str:sku>/", ItemView.as_view())'),
        (
            'path("api/", include(("orders.urls", "orders"), namespace="o"))',
            're_path(r"^items/(?P<sku>[A-Z]{2}(-\\d+)?)/$", ItemView.as_view())',
        ),
        ('url(r"^api/", include(orders.urls))', 'url(r"^items/(?P<sku>\\w+)/$", ItemView.as_view())'),
        (
            'path("api/", include(orders.urls.urlpatterns))',
            'path("items/", include([path("<sku>/", ItemView.as_view())]))',
        ),
    ],
)
def test_what_includes_a_table_stands_before_its_routes(system_of_files: Mapped, whole: str, item: str) -> None:
    head = "from django.urls import include, path, re_path\nfrom django.conf.urls import url\n"
    register = 'router = DefaultRouter()\nrouter.register("orders", OrderSet)\n'
    system = system_of_files(
        {
            "docker-compose.yml": COMPOSE,
            "shop/Dockerfile": DOCKERFILE,
            "shop/manage.py": "import os\n",
            "shop/shop/__init__.py": "",
            "shop/shop/urls.py": f"import orders.urls\n{head}urlpatterns = [{whole}]\n",
            "shop/orders/__init__.py": "",
            "shop/orders/views.py": VIEWS,
            "shop/orders/urls.py": f"from .views import ItemView, OrderSet, health\n{head}"
            f"from rest_framework.routers import DefaultRouter\n{register}"
            f'urlpatterns = [path("health", health), {item}, path("v2/", include(router.urls))]\n',
        }
    )
    orders = {"", "/{id}", "/{id}/pay/{way}", "/late"}
    expected = {"/api/health", "/api/items/{sku}/", *(f"/api/v2/orders{path}" for path in orders)}
    assert paths(system, "shop") == expected


def test_a_row_of_a_table_says_which_methods_answer(system_of_files: Mapped) -> None:
    row = """path("orders/<pk>/", OrderSet.as_view({"get": "retrieve", "post": "pay"}))"""
    system = system_of_files(
        {
            "docker-compose.yml": COMPOSE,
            "shop/Dockerfile": DOCKERFILE,
            "shop/manage.py": "import os\n",
            "shop/views.py": VIEWS,
            "shop/urls.py": f"from django.urls import path\nfrom views import OrderSet\nurlpatterns = [{row}]\n",
        }
    )
    (shop,) = [one for one in system.services if one.name == "shop"]
    orders = {endpoint.name for endpoint in shop.endpoints if "orders" in endpoint.path}
    assert orders == {"GET /orders/{pk}/", "POST /orders/{pk}/"}


def test_tables_that_include_each_other_come_to_an_end(system_of_files: Mapped) -> None:
    head = "from django.urls import include, path\nfrom views import health\n"
    table = head + 'urlpatterns = [path("x/", include("{}")), path("end", health)]\n'
    system = system_of_files(
        {
            "docker-compose.yml": COMPOSE,
            "shop/Dockerfile": DOCKERFILE,
            "shop/manage.py": "import os\n",
            "shop/views.py": "from django.http import JsonResponse\n\n\ndef health(request):\n    return None\n",
            "shop/first.py": table.format("second"),
            "shop/second.py": table.format("first"),
        }
    )
    assert any(path.endswith("/x/end") for path in paths(system, "shop"))


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (r"^orders/(?P<id>[0-9]+)/$", "orders/{id}/"),
        (r"^orders/(\d+)/items/?$", "orders/{}/items/"),
        (r"^files/(?P<name>(?:[a-z]|-)+)\.json\Z", "files/{name}.json"),
        ("", ""),
    ],
)
def test_a_pattern_is_written_as_a_path(pattern: str, path: str) -> None:
    assert of_pattern(pattern) == path


CLIENT = """
import os

import requests


class Stock:
    def _get(self, path):
        return requests.get(f"{os.environ['STOCK_URL']}/api/{path}", timeout=3)

    def level(self, sku):
        return self._get(f"levels/{sku}")

    def places(self):
        return self._get("places")
"""
SHOP = """
from flask import Flask

from stock_client import Stock

app = Flask(__name__)


@app.get("/basket/<sku>")
def basket(sku):
    return Stock().level(sku).json()


@app.get("/map")
def shops():
    return Stock().places().json()
"""
STOCK = """
from flask import Flask

app = Flask(__name__)


@app.get("/api/levels/<sku>")
def level(sku):
    return {}


@app.get("/api/places")
def places():
    return {}
"""


@pytest.mark.parametrize("environment", ["", "    environment: {STOCK_URL: 'http://stock:8000'}\n"])
def test_a_helper_that_is_told_the_path_asks_for_each_caller(system_of_files: Mapped, environment: str) -> None:
    system = system_of_files(
        {
            "docker-compose.yml": COMPOSE.replace("    ports", f"{environment}    ports"),
            "shop/Dockerfile": DOCKERFILE.replace('"manage.py", "runserver"', '"app.py"'),
            "shop/app.py": SHOP,
            "shop/stock_client.py": CLIENT,
            "stock/Dockerfile": DOCKERFILE.replace('"manage.py", "runserver"', '"app.py"'),
            "stock/app.py": STOCK,
        }
    )
    (edge,) = [one for one in system.edges if (one.source, one.target) == ("shop", "stock")]
    asked = {(*call.endpoints, call.path) for call in edge.calls}
    assert asked == {("GET /basket/{sku}", "/api/levels/{}"), ("GET /map", "/api/places")}
    assert not any(call.mixed for call in edge.calls)
    assert edge.confidence == ("high" if environment else "medium")


def test_what_only_turns_rows_into_text_offers_nothing(system_of_files: Mapped) -> None:
    serialiser = (
        "from rest_framework.serializers import ModelSerializer\n\n\n"
        "class OrderSerializer(ModelSerializer):\n    def create(self, data):\n        return data\n"
    )
    views = VIEWS + "\n\nclass Late(APIView):\n    def get(self, request):\n        return JsonResponse({})\n"
    system = system_of_files(
        {
            "docker-compose.yml": COMPOSE,
            "shop/Dockerfile": DOCKERFILE,
            "shop/manage.py": "import os\n",
            "shop/serializers.py": serialiser,
            "shop/views.py": f"from serializers import OrderSerializer\n{views}",
        }
    )
    assert {path for path in paths(system, "shop") if path.startswith("<")} == {"<ItemView>", "<OrderSet>", "<Late>"}
