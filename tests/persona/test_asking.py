"""Retries, pauses, breaker and deadline with a clock of our own; amounts; what the user may set."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.load.own import persona_named, persona_settings_of, personas_of
from staff_review.load.replies import Replies
from staff_review.nouns.errors import UsageError
from staff_review.nouns.settings import PersonaSettings
from staff_review.persona.answers import Answer, Result, Trouble
from staff_review.persona.ask import OUT_OF_TIME, OVER_BUDGET, Asker, Send
from staff_review.persona.budget import Ledger, estimate_words, most, price_of
from staff_review.persona.request import Block, Request
from staff_review.persona.schemas import DOUBT

GOOD = Answer('{"judgements": []}', "end_turn", 100, 0, 0, 10)
FULL = Trouble("full", again=True)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def request(about: str = "a.py") -> Request:
    return Request("doubt", about, "claude-haiku-5-5", (Block("s"),), (Block("u"),), DOUBT)


def ask(
    answers: list[Answer | Trouble], count: int = 1, deadline: float = 100.0, asked: PersonaSettings | None = None
) -> tuple[list[Result], Clock, Ledger]:
    clock, ledger, left = Clock(), Ledger(asked or PersonaSettings()), list(answers)

    async def send(_request: Request) -> Answer | Trouble:
        return left.pop(0)

    sender: Send = send
    asker = Asker(sender, ledger, deadline, at_once=1, clock=lambda: clock.now, sleep=clock.sleep, chance=lambda: 1.0)
    return asyncio.run(asker.ask([request(str(number)) for number in range(count)])), clock, ledger


def test_pauses_grow_and_the_third_failure_is_the_last() -> None:
    [result], clock, ledger = ask([FULL, FULL, FULL, GOOD])
    assert (result.content, result.reason, clock.pauses) == (None, "full", [0.5, 1.0])
    assert ledger.spent.requests == 0


def test_what_the_endpoint_asks_for_is_waited_for_within_reason() -> None:
    [result], clock, _ = ask([Trouble("busy", again=True, after=7.0), GOOD])
    assert (result.content, clock.pauses) == ({"judgements": []}, [7.0])
    [result], clock, _ = ask([Trouble("busy", again=True, after=3600.0), GOOD])
    assert (result.reason, clock.pauses) == ("busy", [])


def test_no_pause_goes_past_the_deadline() -> None:
    [result], clock, _ = ask([FULL, FULL, GOOD], deadline=1.2)
    assert (result.reason, clock.pauses) == ("full", [0.5])
    [result], _, _ = ask([GOOD], deadline=0.0)
    assert result.reason == OUT_OF_TIME


def test_a_pause_has_a_random_part() -> None:
    clock = Clock()

    async def send(_request: Request) -> Answer | Trouble:
        return FULL

    asker = Asker(send, Ledger(PersonaSettings()), 9.0, clock=lambda: clock.now, sleep=clock.sleep, chance=lambda: 0.0)
    asyncio.run(asker.ask([request()]))
    assert clock.pauses == [0.25, 0.5]


def test_the_breaker_opens_after_three_and_a_success_closes_the_count() -> None:
    refuse = [FULL] * 3
    results, _, _ = ask([*refuse, *refuse, GOOD, *refuse, *refuse, *refuse], 8)
    assert [bool(one.content) for one in results] == [False, False, True, False, False, False, False, False]
    assert results[-1].reason == "not sent, for the endpoint kept failing: full"
    assert results[5].reason == "full"


def test_what_no_other_request_can_mend_ends_the_run() -> None:
    results, _, _ = ask([Trouble("no key", ends=True)], 3)
    assert [one.reason for one in results] == ["no key"] * 3


def test_a_request_without_an_answer_keeps_its_reserve() -> None:
    asked = PersonaSettings(max_tokens=9_000)
    results, _, ledger = ask([Trouble("silent", billed=True)], 2, asked=asked)
    assert [one.reason for one in results] == ["silent", OVER_BUDGET]
    assert ledger.spent.requests == 1
    results, _, _ = ask([Trouble("never sent"), GOOD], 2, asked=asked)
    assert [one.reason for one in results] == ["never sent", ""]


def test_prices() -> None:
    asked = PersonaSettings(model="our-model", price_in=1.0, price_out=2.0)
    assert price_of("our-model", asked) is not None
    assert price_of("other-model", asked) is None
    assert price_of("eu.anthropic.claude-opus-5-5-v1:0", asked) == price_of("claude-opus-5-5", asked)
    assert most([request()], asked).usd == pytest.approx((2 * 0.10 + 8000 * 0.50) / 1e6)
    assert "no price is known of our" in estimate_words(
        most([request()], PersonaSettings()).__class__(1, 2), PersonaSettings(model="our")
    )


OWN: list[tuple[str, str]] = [
    ("[persona]\nmodle = 'x'\n", "unknown key `modle` in `persona`; did you mean `model`?"),
    ("[persona]\ndeadline = 0\n", "line 2: `persona.deadline` must be a number above 0"),
    ("[persona]\nmax-usd = nan\n", "`persona.max-usd` must be a number above 0"),
    ("[persona]\nprice-in = 1.0\n", "`price-in` and `price-out` belong together"),
    ("[persona]\nredact = ['(']\n", "`(` in `redact` is no regular expression"),
    ("[persona]\nprovider = 'azure'\n", "`azure` is not a value of `persona.provider`"),
]


@pytest.mark.parametrize(("text", "says"), OWN)
def test_mistakes_in_the_users_own_settings(text: str, says: str, home: Path) -> None:
    (home / "own").mkdir(parents=True)
    (home / "own" / "settings.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        persona_settings_of()
    assert says in str(caught.value)


def test_the_users_own_settings_and_personas(home: Path) -> None:
    assert persona_settings_of() == PersonaSettings()
    folder = home / "own" / "personas"
    folder.mkdir(parents=True)
    (home / "own" / "settings.toml").write_text("[persona]\non = true\nname = 'dba'\nmax-usd = 0.1\n")
    (folder / "dba.toml").write_text("name = 'dba'\ntitle = 'DBA'\nwho = 'You know tables.'\nvoice = 'Short.'\n")
    assert persona_settings_of() == PersonaSettings(on=True, name="dba", max_usd=0.1)
    assert persona_named("dba", personas_of()).title == "DBA"
    with pytest.raises(UsageError, match="no persona is named `dab`; did you mean `dba`"):
        persona_named("dab", personas_of())


def test_a_repository_cannot_bring_a_persona_or_say_who_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "backend-staff.toml").write_text("name = 'backend-staff'\n")
    (tmp_path / "settings.toml").write_text("[persona]\non = true\n")
    monkeypatch.chdir(tmp_path)
    assert personas_of()["backend-staff"].lens
    assert not persona_settings_of().on


def test_replies_age_and_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key: Callable[[int], str] = lambda number: f"{number:040x}"  # noqa: E731
    replies = Replies(str(tmp_path))
    assert replies.get(key(1)) is None
    assert replies.keep(key(1), b"one") == ""
    assert replies.get(key(1)) == b"one"
    assert replies.get("../" + key(1)) is None
    old = time.time() - 31 * 86_400
    os.utime(tmp_path / "replies" / key(1), (old, old))
    assert replies.get(key(1)) is None
    monkeypatch.setattr("staff_review.load.replies._MOST_BYTES", 10)
    replies.keep(key(2), b"x" * 8)
    Replies(str(tmp_path)).keep(key(3), b"y")
    assert sorted(os.listdir(tmp_path / "replies")) == [key(2), key(3)]
    assert Replies("").get(key(1)) is None
    assert Replies("").keep(key(1), b"") != ""
