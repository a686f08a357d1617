"""How sure a finding is, where that decides whether anybody sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from staff_review.hall.review import review
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.settings import Settings

RULEBOOK = rulebook_of()
MODELS = "from django.db import models\n\n\nclass Order(models.Model):\n    owner = models.IntegerField()\n"
VIEWS = """
import time

from .models import Order


def seen(owner):
    return owner.known or {asked}


async def orders(request):
    return seen(request.user)
"""


@pytest.mark.parametrize(
    ("asked", "confidence"), [("Order.objects.filter(owner=owner).exists()", "low"), ("time.sleep(3)", "high")]
)
def test_a_way_to_what_would_raise_on_the_loop_is_seldom_gone(tmp_path: Path, asked: str, confidence: str) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/models.py").write_text(MODELS, "utf-8")
    (tmp_path / "shop/views.py").write_text(VIEWS.replace("{asked}", asked), "utf-8")
    asking = Settings(root=str(tmp_path), minimum_confidence="low")
    found = review((str(tmp_path),), asking, RULEBOOK, cache=False, jobs=1).review.findings
    assert [(one.rule, one.confidence) for one in found] == [("blocking-call-in-async", confidence)]


TASKS = """
from celery import shared_task
from django.db import transaction

from .models import Order


@shared_task
def tell(key):
    print(key)


def announce(order):
    {when}tell.delay(order.pk)


def place(owner):
    with transaction.atomic():
        order = Order.objects.create(owner=owner)
        announce(order)
"""


@pytest.mark.parametrize(("when", "said"), [("", ("error", "high")), ("if order.owner: ", ("warning", "medium"))])
def test_a_helper_that_publishes_on_a_condition_is_less_sure(
    tmp_path: Path, when: str, said: tuple[str, str]
) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/models.py").write_text(MODELS, "utf-8")
    (tmp_path / "shop/tasks.py").write_text(TASKS.replace("{when}", when), "utf-8")
    found = review((str(tmp_path),), Settings(root=str(tmp_path)), RULEBOOK, cache=False, jobs=1).review.findings
    assert [(one.rule, one.severity, one.confidence) for one in found] == [("publish-before-commit", *said)]


WORKER = """
import logging

import requests
from django.core.management.base import BaseCommand

log = logging.getLogger(__name__)


class Command(BaseCommand):
    def handle(self, *args, **options):
        {loop}:
            try:
                answer = requests.get("https://work.example/next", timeout=30)
                {end}
            except requests.RequestException:
                log.exception("no work")
"""


@pytest.mark.parametrize(
    ("loop", "end", "confidence"),
    [("while True", "print(answer.json())", "high"), ("for _ in range(5)", "return print(answer.json())", "low")],
)
def test_a_person_looks_on_at_a_command_that_ends(tmp_path: Path, loop: str, end: str, confidence: str) -> None:
    commands = tmp_path / "shop/management/commands"
    commands.mkdir(parents=True)
    for folder in (commands, *commands.parents[:2]):
        (folder / "__init__.py").touch()
    (commands / "work.py").write_text(WORKER.replace("{loop}", loop).replace("{end}", end), "utf-8")
    asking = Settings(root=str(tmp_path), minimum_confidence="low")
    found = review((str(tmp_path),), asking, RULEBOOK, cache=False, jobs=1).review.findings
    told = [one.confidence for one in found if one.rule == "retry-without-backoff"]
    assert told == [confidence]


GATHERED = """
import asyncio

import asyncpg
import httpx
from fastapi import FastAPI

app = FastAPI()


async def one(client: httpx.AsyncClient, pool: asyncpg.Pool, key: str):
    return await {asked}


@app.post("/orders")
async def orders(keys: list[str]):
    pool = await asyncpg.create_pool("postgres://orders.internal/shop", command_timeout=5)
    async with httpx.AsyncClient(timeout=5) as client:
        return await asyncio.gather(*(one(client, pool, key) for key in keys))
"""


@pytest.mark.parametrize(
    ("asked", "confidence"),
    [
        ('client.get(f"https://orders.example/{key}")', "medium"),
        ('pool.fetchrow("SELECT * FROM orders WHERE id = $1", key)', "low"),
    ],
)
def test_a_pool_holds_back_what_only_asks_a_store(tmp_path: Path, asked: str, confidence: str) -> None:
    (tmp_path / "shop.py").write_text(GATHERED.replace("{asked}", asked), "utf-8")
    asking = Settings(root=str(tmp_path), minimum_confidence="low", preview=True)
    found = review((str(tmp_path),), asking, RULEBOOK, cache=False, jobs=1).review.findings
    assert [one.confidence for one in found if one.rule == "unbounded-gather"] == [confidence]
