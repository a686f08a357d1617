"""What is a service where no deployment file names one."""

from __future__ import annotations

import pytest
from test_forms import Mapped

ROUTES = """
from flask import Blueprint

{0} = Blueprint('{0}', __name__)


@{0}.get('/{0}')
def show():
    return []
"""
WEB = """
from flask import Flask
from orders.views import orders
from stock.views import stock

app = Flask(__name__)
app.register_blueprint(orders)
app.register_blueprint(stock)
"""
PARTS = {
    "orders/views.py": ROUTES.format("orders"),
    "stock/views.py": ROUTES.format("stock"),
    "orders/__init__.py": "",
    "stock/__init__.py": "",
}
IMAGE = "FROM python:3.12\nCMD flask run\n"


@pytest.mark.parametrize(
    ("more", "services"),
    [
        ({}, ["orders", "stock"]),
        ({"web.py": WEB}, ["app"]),
        ({"Dockerfile": IMAGE}, ["app"]),
        ({"web.py": WEB, "orders/Dockerfile": IMAGE, "stock/Dockerfile": IMAGE}, ["orders", "stock"]),
    ],
    ids=["parts that know nothing of each other", "one program", "one image", "an image each"],
)
def test_parts_of_one_program_are_one_service(
    system_of_files: Mapped, more: dict[str, str], services: list[str]
) -> None:
    assert [one.name for one in system_of_files({**PARTS, **more}).services] == services
