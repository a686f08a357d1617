"""What a change introduces, in its own files and elsewhere, what it mends, and what is no news."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scratch_repository import RULEBOOK, Repository

from staff_review.hall import judging
from staff_review.hall.review import review
from staff_review.link.linking import project_of
from staff_review.load.settings import settings_of
from staff_review.nouns.findings import Review
from staff_review.nouns.project import Project

Said = Callable[[Review], list[str]]

WAITS = "import requests\n\n\ndef stock(sku):\n    return requests.get(f'http://stock/{sku}')\n"
LIMITED = WAITS.replace("}')", "}', timeout=2)")
PLAIN = "def stock(sku):\n    return len(sku)\n"
OFFER = "from shop.stock import stock\n\n\nasync def offer(item):\n    return stock(item)\n"


def test_what_stood_before_is_no_news(repository: Repository, said: Said) -> None:
    first = repository.commit(shop__stock=WAITS)
    repository.write(shop__other="import requests\n\n\ndef f():\n    requests.get('http://x')\n")
    review = repository.change("HEAD")
    assert said(review) == ["missing-timeout shop/other.py:5"]
    change = review.introduced
    assert change is not None
    assert (change.commit, change.known, change.files, change.fixed) == (first, 1, 1, ())
    assert change.lines == {"shop/other.py": frozenset(range(1, 6))}


def test_a_changed_helper_causes_a_finding_in_a_file_that_nobody_touched(repository: Repository, said: Said) -> None:
    repository.commit(shop__stock=PLAIN, shop__offers=OFFER)
    repository.write(shop__stock=LIMITED)
    review = repository.change("HEAD")
    assert said(review) == ["blocking-call-in-async shop/offers.py:5"]
    (finding,) = review.findings
    assert review.introduced is not None
    assert review.introduced.elsewhere == {finding.fingerprint}
    assert [str(place) for place in review.introduced.because[finding.fingerprint]] == ["shop/stock.py:5"]


def test_a_limit_taken_away_in_a_file_without_calls_is_found_where_the_calls_are(
    repository: Repository, said: Said
) -> None:
    made = "import functools\nimport requests\n\nsession = requests.Session()\n"
    kept = made + "session.request = functools.partial(session.request, timeout=3)\n"
    lost = made + "session.headers['x'] = 'y'\n"
    user = "from shop.http import session\n\n\ndef f():\n    session.get('http://x')\n"
    repository.commit(shop__http=kept, shop__user=user)
    before = said(repository.change("HEAD"))
    repository.write(shop__http=lost)
    assert before == []
    review = repository.change("HEAD")
    assert said(review) == ["missing-timeout shop/user.py:5"]
    assert review.introduced is not None
    assert review.introduced.elsewhere == {review.findings[0].fingerprint}


def test_what_is_mended_is_told(repository: Repository, said: Said) -> None:
    repository.commit(shop__stock=WAITS)
    repository.write(shop__stock=LIMITED)
    review = repository.change("HEAD")
    assert said(review) == []
    assert review.introduced is not None
    assert [f"{one.rule} {one.place}" for one in review.introduced.fixed] == ["missing-timeout shop/stock.py:5"]


@pytest.mark.parametrize(
    "after",
    [
        "# a line\n# another\n" + WAITS,
        WAITS.replace("def stock", "def stock_of"),
        WAITS.replace("requests.get(f'http://stock/{sku}')", "requests.get(f'http://stock/v2/{sku}', params={})"),
        WAITS.replace("def stock(sku):\n    return", "class Stock:\n    def of(self, sku):\n        return"),
    ],
    ids=["lines moved", "function renamed", "call rewritten", "function became a method"],
)
def test_a_finding_is_known_again(repository: Repository, said: Said, after: str) -> None:
    repository.commit(shop__stock=WAITS)
    repository.write(shop__stock=after)
    review = repository.change("HEAD")
    assert said(review) == []
    assert review.introduced is not None
    assert (review.introduced.known, review.introduced.fixed) == (1, ())


def test_a_renamed_file_keeps_its_findings_and_gets_only_the_new_one(repository: Repository, said: Said) -> None:
    repository.commit(shop__stock=WAITS + "\n\ndef padding():\n    return 'so that git finds the rename'\n" * 5)
    repository.git("mv", "shop/stock.py", "shop/store.py")
    text = (repository.folder / "shop/store.py").read_text()
    repository.put("shop/store.py", text + "\n\ndef more():\n    return requests.post('http://x')\n")
    repository.git("add", "-A")
    review = repository.change("HEAD")
    assert said(review) == ["missing-timeout shop/store.py:29"]
    assert review.introduced is not None
    assert (review.introduced.known, review.introduced.fixed) == (1, ())


def test_a_function_moved_to_another_file_keeps_its_findings(repository: Repository, said: Said) -> None:
    repository.commit(shop__stock=WAITS, shop__other="x = 1\n")
    repository.write(shop__stock="y = 2\n", shop__other=WAITS)
    review = repository.change("HEAD")
    assert said(review) == []
    assert review.introduced is not None
    assert review.introduced.known == 1


def test_a_line_moved_into_a_function_of_its_own_keeps_its_finding(repository: Repository, said: Said) -> None:
    call = "{}answer = requests.get(f'http://stock/{sku}')\n"
    start = "import requests\n\n\ndef stock(sku):\n    sku = sku.strip()\n"
    before = start + call.replace("{}", "    ") + "    return answer.json()\n"
    after = start + "    return asked(sku).json()\n\n\nclass Asking:\n    def asked(self, sku):\n"
    repository.commit(shop__stock=before)
    repository.write(shop__stock=after + call.replace("{}", "        ") + "        return answer\n")
    review = repository.change("HEAD")
    assert said(review) == []
    assert review.introduced is not None
    assert (review.introduced.known, review.introduced.fixed) == (1, ())


def test_one_mended_and_one_more_in_another_function_is_one_new(repository: Repository, said: Said) -> None:
    more = "\n\ndef price(sku):\n    return requests.get(f'http://price/{sku}'{})\n"
    repository.commit(shop__stock=WAITS + more.replace("{}", ", timeout=1"))
    repository.write(shop__stock=LIMITED + more.replace("{}", ""))
    review = repository.change("HEAD")
    assert said(review) == ["missing-timeout shop/stock.py:9"]
    assert review.introduced is not None
    assert [str(one.place) for one in review.introduced.fixed] == ["shop/stock.py:5"]


def test_of_two_equal_calls_the_added_one_is_new(repository: Repository, said: Said) -> None:
    call = "    requests.get('http://x')\n"
    start = "import requests\n\n\ndef f():\n"
    repository.commit(shop__a=start + call)
    repository.write(shop__a=start + call + "    print(1)\n" + call)
    assert said(repository.change("HEAD")) == ["missing-timeout shop/a.py:7"]


def test_a_silence_that_is_taken_away_shows_its_finding(repository: Repository, said: Said) -> None:
    silent = WAITS.replace("{sku}')", "{sku}')  # staff-review: ignore[missing-timeout] -- a job at night")
    repository.commit(shop__stock=silent)
    repository.write(shop__stock=WAITS)
    assert said(repository.change("HEAD")) == ["missing-timeout shop/stock.py:5"]
    repository.commit()
    repository.write(shop__stock=silent)
    review = repository.change("HEAD")
    assert (said(review), len(review.silenced)) == ([], 1)
    assert review.introduced is not None
    assert review.introduced.fixed == ()


def test_a_lock_file_alone_can_introduce(repository: Repository, said: Said) -> None:
    """Redis 8 brought a limit of its own; going back to 7 takes it away."""
    repository.put("requirements.txt", "redis==8.1.0\n")
    repository.commit(shop__a="import redis\n\n\ndef f():\n    return redis.Redis(host='x').get('k')\n")
    assert said(repository.change("HEAD")) == []
    repository.put("requirements.txt", "redis==7.0.0\n")
    review = repository.change("HEAD")
    assert [one.rule for one in review.findings] == ["missing-timeout"]
    assert review.introduced is not None
    assert review.introduced.elsewhere == {review.findings[0].fingerprint}


def test_the_cache_changes_nothing(repository: Repository, said: Said) -> None:
    repository.commit(shop__stock=PLAIN, shop__offers=OFFER, shop__more=WAITS)
    repository.write(shop__stock=LIMITED)
    cold = repository.change("HEAD", cache=False)
    for _ in range(2):
        kept = repository.change("HEAD", cache=True)
        assert said(kept) == said(cold) != []
        assert kept.introduced == cold.introduced
    repository.write(shop__stock=PLAIN)
    assert said(repository.change("HEAD", cache=True)) == []


def test_a_state_that_was_judged_is_not_linked_again_whoever_asked(
    repository: Repository, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked: list[str] = []

    def counted(reading: Any, *given: Any, **named: Any) -> Project:
        linked.append(",".join(sorted(reading.paths())))
        return project_of(reading, *given, **named)

    monkeypatch.setattr(judging, "project_of", counted)
    repository.commit(shop__stock=PLAIN, shop__offers=OFFER)
    review((".",), settings_of("."), RULEBOOK)
    assert repository.change(staged=True, cache=True).findings == ()
    assert len(linked) == 1  # what is there equals what was reviewed, now and before
    repository.write(shop__stock=LIMITED)
    repository.git("add", "-A")
    brought = said(repository.change(staged=True, cache=True))
    assert brought != []
    assert len(linked) == 2  # the past is known
    repository.commit()
    assert said(repository.change("HEAD~1", cache=True)) == brought
    assert len(linked) == 2
    repository.write(shop__stock=PLAIN)
    assert said(repository.change("HEAD", cache=True)) == []
    assert len(linked) == 2  # back to what was there at first


def test_the_review_of_a_change_is_the_difference_of_two_reviews(repository: Repository, said: Said) -> None:
    """From a folder inside, with a folder asked for, the paths are those that the user sees."""
    repository.commit(shop__stock=WAITS, other__a=WAITS)
    repository.write(shop__more=WAITS, other__more=WAITS)
    assert said(repository.change("HEAD", ("shop",))) == ["missing-timeout shop/more.py:5"]
    assert said(repository.change("HEAD", ("shop/more.py", "other/a.py"))) == ["missing-timeout shop/more.py:5"]


COMPOSE = (
    "services:\n  shop:\n    build: ./shop\n    environment:\n      STOCK_URL: http://stock:80\n"
    "  stock:\n    build: ./stock\n  depot:\n    build: ./depot\n"
)
APP = (
    "import os\nimport requests\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
    "@app.get('/x')\ndef x():\n    return {}\n"
)


def test_the_difference_of_the_map_is_told_also_when_only_its_files_change(repository: Repository) -> None:
    repository.put("compose.yml", COMPOSE)
    for name in ("shop", "stock", "depot"):
        repository.put(f"{name}/Dockerfile", "FROM python:3.13\nCMD uvicorn app:app\n")
    repository.commit(shop__app=APP.format("1"), stock__app=APP.format("2"), depot__app=APP.format("3"))
    repository.write(shop__app=APP.format("requests.get(os.environ['STOCK_URL'] + '/x', timeout=1).text"))
    change = repository.change("HEAD").introduced
    assert change is not None
    assert [(one.source, one.target, one.protocol, one.added) for one in change.map.edges] == [
        ("shop", "stock", "http", True)
    ]
    assert [(one.service, one.endpoint, one.before) for one in change.map.waits] == [("shop", "GET /x", None)]
    repository.commit()
    repository.put("compose.yml", COMPOSE.replace("//stock:80", "//depot:80"))
    change = repository.change("HEAD").introduced
    assert change is not None
    assert [(one.source, one.target, one.added) for one in change.map.edges] == [
        ("shop", "depot", True),
        ("shop", "stock", False),
    ]
    assert not change.map.waits
