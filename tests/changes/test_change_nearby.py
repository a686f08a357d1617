"""A quick look at a change: what stands near it is linked, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scratch_repository import Repository

from staff_review.hall import judging, nearby
from staff_review.link.linking import project_of
from staff_review.nouns.findings import Introduced, Review
from staff_review.nouns.project import Project
from staff_review.report.changes import against

Said = Callable[[Review], list[str]]

PLAIN = "def stock(sku):\n    return len(sku)\n"
WAITS = "import requests\n\n\ndef stock(sku):\n    return requests.get(f'http://stock/{sku}', timeout=2)\n"
OFFER = "from shop.stock import stock\n\n\nasync def offer(item):\n    return stock(item)\n"
CLIENT = "import requests\n\nsession = requests.Session()\n"
FAR = "import requests\n\n\ndef audit_{0}():\n    return requests.get('http://audit/{0}')\n"


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for two or three of the files here."""
    monkeypatch.setattr(nearby, "_MOST_BYTES", 300)


@pytest.fixture
def linked(monkeypatch: pytest.MonkeyPatch) -> list[Project]:
    """The programs that are linked from now on."""
    programs: list[Project] = []

    def linking(*given: Any, **named: Any) -> Project:
        programs.append(project_of(*given, **named))
        return programs[-1]

    monkeypatch.setattr(judging, "project_of", linking)
    return programs


def introduced(review: Review) -> Introduced:
    assert review.introduced is not None
    return review.introduced


def paths(project: Project) -> set[str]:
    return {site.place.path for site in project.sites}


def with_what_is_far(repository: Repository, **files: str) -> None:
    repository.commit(**{f"audit__far_{number}": FAR.format(number) for number in range(9)}, **files)


@pytest.mark.usefixtures("short")
def test_a_helper_that_now_waits_is_told_where_it_is_called(
    repository: Repository, said: Said, linked: list[Project]
) -> None:
    with_what_is_far(repository, shop__stock=PLAIN, shop__offers=OFFER)
    repository.write(shop__stock=WAITS)
    review = repository.change("HEAD", near=True)
    assert said(review) == ["blocking-call-in-async shop/offers.py:5"]
    assert introduced(review).elsewhere == {review.findings[0].fingerprint}
    assert paths(linked[0]) == {"shop/stock.py", "shop/offers.py"}
    assert introduced(review).linked == 2
    assert against(introduced(review)).endswith("; only the 2 files nearest to it linked")


@pytest.mark.usefixtures("short")
def test_what_the_change_needs_is_linked_on_both_sides(repository: Repository, said: Said) -> None:
    use = "from shop.http import session\n\n\ndef f():\n    return session.get('http://x')\n"
    with_what_is_far(repository, shop__http=CLIENT, shop__user=PLAIN)
    repository.write(shop__user=use)
    assert said(repository.change("HEAD", near=True)) == ["missing-timeout shop/user.py:5"]
    repository.commit(shop__user=use)
    repository.write(shop__user=use + "\n\ndef g():\n    return 1\n")
    again = repository.change("HEAD", near=True)
    assert (said(again), introduced(again).known) == ([], 1)


@pytest.mark.usefixtures("short")
def test_a_file_that_the_change_begins_to_import_is_no_news_itself(repository: Repository, said: Said) -> None:
    with_what_is_far(repository, shop__stock=PLAIN)
    repository.write(shop__stock="from audit.far_3 import audit_3\n\n\ndef stock(sku):\n    return audit_3()\n")
    review = repository.change("HEAD", near=True)
    assert (said(review), introduced(review).known) == ([], 1)


@pytest.mark.usefixtures("short")
def test_a_renamed_file_is_the_same_on_both_sides(repository: Repository, said: Said) -> None:
    with_what_is_far(repository, shop__stock=FAR.format("own"))
    repository.git("mv", "shop/stock.py", "shop/stocks.py")
    review = repository.change(staged=True, near=True)
    assert (said(review), introduced(review).known) == ([], 1)


@pytest.mark.usefixtures("short")
def test_what_was_before_is_not_linked_where_nothing_found_has_to_do_with_the_change(
    repository: Repository, said: Said, linked: list[Project]
) -> None:
    with_what_is_far(repository, shop__stock=PLAIN, shop__offers=OFFER)
    repository.write(shop__stock=PLAIN.replace("len(sku)", "len(sku) + 1"))
    review = repository.change("HEAD", near=True)
    assert (said(review), introduced(review).files, len(linked)) == ([], 1, 1)


@pytest.mark.usefixtures("short")
def test_a_change_without_code_links_nothing(repository: Repository, said: Said, linked: list[Project]) -> None:
    with_what_is_far(repository, shop__stock=WAITS)
    repository.put("compose.yaml", "services: {web: {image: web}}\n")
    review = repository.change("HEAD", near=True)
    assert (said(review), [paths(one) for one in linked]) == ([], [set()])


def test_where_all_is_near_nothing_is_left_out(repository: Repository, said: Said) -> None:
    with_what_is_far(repository, shop__stock=PLAIN, shop__offers=OFFER)
    repository.write(shop__stock=WAITS, audit__more=FAR.format("more") + "import shop.stock\n" * 1)
    near, whole = repository.change("HEAD", near=True), repository.change("HEAD")
    assert said(near) == said(whole) != []
