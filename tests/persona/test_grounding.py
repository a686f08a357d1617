"""A comment lives or dies by its quote; a verdict by the finding it is about; a refutation by evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from small_service import CHARGE

from staff_review.load.own import personas_of
from staff_review.nouns.findings import Comment, Finding
from staff_review.nouns.source import Place, Span
from staff_review.persona import check, doubt
from staff_review.persona.quotes import Found, occurrences, placed
from staff_review.persona.schemas import Judged, Judgement, Said
from staff_review.persona.units import Line, Scope, Unit

PERSONA = personas_of("")["backend-staff"]
PATH = "billing/charge.py"
LINES = CHARGE.splitlines()
CALL = 'answer = requests.post("https://bank.example/charge", json=order, auth=API_KEY)'
FINDING = Finding(
    "missing-timeout", "timeouts", Place(PATH, Span(13, 14, 13, 27)), "error", "high",
    "`requests.post` can wait for ever", "why", "instead", "f" * 16,
)  # fmt: skip
UNIT = Unit(
    PATH,
    (Scope("pay", 10, 15),),
    tuple(Line(PATH, number, text) for number, text in enumerate(LINES, start=1)),
    findings=(FINDING,),
    claims=("line 13, missing-timeout",),
)


def said(**more: Any) -> Said:
    plain: dict[str, Any] = {
        "path": PATH, "quote": CALL, "start_line": 13, "end_line": 13, "topic": "repeated-effect", "unseen": "",
        "certainty": "shown", "weight": "critical", "claim": "A charge may be made twice.",
        "scenario": "The caller presses twice; the bank charges twice.", "fix": "Send an idempotency key.",
    }  # fmt: skip
    return Said(**{**plain, **more})


def run(*comments: Said, judged: Sequence[Judged] = (), guesses: bool = False) -> check.Checked:
    return check.checked(comments, judged, UNIT, lambda _path: LINES, PERSONA, guesses=guesses)


def reasons(*comments: Said) -> list[str]:
    found = run(*comments)
    assert not found.comments
    return [dropped.reason for dropped in found.dropped]


def test_a_comment_stands_on_its_line() -> None:
    [comment] = run(said()).comments
    assert comment.place == Place(PATH, Span(13, 5, 13, 5 + len(CALL)))
    assert (comment.scope, comment.quote, comment.beside) == ("pay", CALL, "f" * 16)
    assert (comment.topic, comment.persona, comment.certainty) == ("repeated-effect", "backend-staff", "shown")


@pytest.mark.parametrize("line", [11, 15, 13 + 500, -7, 0])
def test_a_wrong_line_is_healed_by_the_quote(line: int) -> None:
    [comment] = run(said(start_line=line, end_line=line)).comments
    assert comment.place.line == 13


@pytest.mark.parametrize(
    "quote",
    [
        f"    13 | {CALL}",
        f"    13+|   {CALL}",
        CALL.replace(" ", "  ").replace(",", ",\n"),
        "requests.post(",
        f"{CALL}\n    orders.mark_paid(order)",
    ],
)  # fmt: skip
def test_a_quote_is_found_with_numbers_and_other_spaces(quote: str) -> None:
    [comment] = run(said(quote=quote)).comments
    assert comment.place.line == 13


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"quote": "answer = requests.post(url, timeout=5)"}, check.NO_QUOTE),
        ({"quote": "requests.post(..., auth=API_KEY)"}, check.NO_QUOTE),
        ({"quote": "order"}, check.NO_QUOTE),
        ({"quote": ""}, check.NO_QUOTE),
        ({"path": "../../etc/passwd"}, check.NOT_SENT),
        ({"path": "billing/rates.py"}, check.NOT_SENT),
        ({"path": "/" + PATH}, check.NOT_SENT),
        ({"claim": "Actually, this is fine."}, check.HEDGED),
        ({"scenario": "On second thought nothing happens."}, check.HEDGED),
        ({"claim": "  "}, check.EMPTY),
        ({"certainty": "guess"}, check.GUESS),
        ({"certainty": "likely", "claim": "`tenacity.retry` repeats the charge."}, check.GUESS),
        ({"topic": "missing-timeout"}, check.MERGED),
        ({"topic": "missing-timeout", "quote": "orders.mark_paid(order)", "start_line": 14}, check.MERGED),
    ],
)
def test_what_does_not_stand_is_dropped_with_its_reason(wrong: dict[str, Any], reason: str) -> None:
    assert reasons(said(**wrong)) == [reason]


def test_an_invented_name_costs_a_step_of_certainty() -> None:
    [comment] = run(said(claim="`tenacity.retry` repeats `requests.post`.")).comments
    assert comment.certainty == "likely"
    [comment] = run(said(fix="Use `tenacity.retry`.")).comments
    assert comment.certainty == "shown"


def test_guesses_are_shown_to_those_who_ask() -> None:
    [comment] = run(said(certainty="guess"), guesses=True).comments
    assert comment.certainty == "guess"


def test_what_a_finding_says_becomes_an_opinion_on_it() -> None:
    found = run(said(topic="missing-timeout"))
    [verdict] = found.verdicts
    assert (verdict.finding, verdict.verdict, verdict.reason) == ("f" * 16, "confirmed", "A charge may be made twice.")


def test_twins_are_merged_and_the_surest_stays() -> None:
    twin = said(certainty="likely", claim="The bank may charge twice.", quote="orders.mark_paid(order)", start_line=14)
    found = run(twin, said())
    assert [comment.text for comment in found.comments] == ["A charge may be made twice."]
    assert [dropped.reason for dropped in found.dropped] == [check.TWICE]


def test_an_unknown_topic_and_colleague_are_left_out() -> None:
    [comment] = run(said(topic="sql-injection", hand_to="the king")).comments
    assert (comment.topic, comment.hand_to) == ("other", "")
    [comment] = run(said(topic="start-and-stop", hand_to="devops")).comments
    assert (comment.topic, comment.hand_to) == ("start-and-stop", "devops")


def test_the_fingerprint_knows_no_line_and_no_wording() -> None:
    [first] = run(said()).comments
    moved = Unit(
        PATH, (Scope("pay", 110, 115),), tuple(Line(PATH, line.number + 100, line.text) for line in UNIT.lines)
    )
    other = check.checked([said(claim="It is charged again.")], (), moved, lambda _path: (), PERSONA).comments[0]
    assert other.fingerprint == first.fingerprint
    assert run(said(quote="order = orders.next()")).comments[0].fingerprint != first.fingerprint


def test_caps_keep_the_gravest() -> None:
    def comment(number: int, path: str, weight: Any) -> Comment:
        return Comment(Place(path, Span(number, 1, number, 2)), "p", f"{number}", weight=weight)

    many = [comment(number, "a.py", "minor") for number in range(1, 5)] + [comment(9, "a.py", "critical")]
    kept, dropped = check.capped(many)
    assert [one.place.line for one in kept] == [9, 1, 2]
    assert [one.reason for one in dropped] == [check.MANY_FILE] * 2
    kept, dropped = check.capped([comment(1, f"{number}.py", "major") for number in range(12)])
    assert (len(kept), [one.reason for one in dropped]) == (10, [check.MANY_RUN] * 2)
    kept, dropped = check.capped([comment(number, "a.py", "major") for number in range(1, 6)])
    assert (len(kept), dropped) == (5, ()), "places that are left go to what is more than minor"


def test_what_was_not_confirmed_takes_no_place_from_what_was() -> None:
    def comment(number: int, why: str) -> Comment:
        place = Place(f"{number}.py", Span(1, 1, 1, 2))
        return Comment(place, "p", f"{number}", weight="critical" if why else "minor", unconfirmed=why)

    kept, dropped = check.capped([comment(0, "It is not shown."), *(comment(number, "") for number in range(1, 11))])
    assert [one.weight for one in kept] == ["minor"] * 10
    assert [one.text for one in dropped] == ["0"]


def test_a_quote_of_several_lines_keeps_them() -> None:
    [comment] = run(said(quote=f"{CALL} orders.mark_paid(order)")).comments
    assert comment.quote == f"{CALL}\norders.mark_paid(order)"


@pytest.mark.parametrize(
    ("verdict", "quote", "counts"),
    [
        ("confirmed", CALL, True),
        ("confirmed", "", True),
        ("doubtful", CALL, True),
        ("doubtful", "import requests", True),
        ("doubtful", "session.timeout = 5", False),
        ("cannot_tell", CALL, False),
    ],
)
def test_a_doubt_needs_a_quote(verdict: Any, quote: str, counts: bool) -> None:
    found = run(judged=[Judged("F1", verdict, quote, "Nothing in view sets one.")])
    assert [one.verdict for one in found.verdicts] == ([verdict] if counts else [])
    assert [one.reason for one in found.dropped] == ([check.NO_QUOTE] if verdict == "doubtful" and not counts else [])


def test_a_verdict_on_no_finding_is_nothing() -> None:
    found = run(judged=[Judged("F2", "confirmed", CALL, "yes"), Judged("missing-timeout", "confirmed", "", "yes")])
    assert not found.verdicts
    assert [one.reason for one in found.dropped] == [check.NO_FINDING] * 2


def judgement(result: Any, quote: str = "") -> Judgement:
    return Judgement("C1", result, quote, "The order is locked before.")


@pytest.mark.parametrize(
    ("judged", "weight", "stands"),
    [
        (judgement("holds"), "minor", True),
        (judgement("refuted", "order = orders.next()"), "critical", False),
        (judgement("refuted", "with lock(order):"), "critical", True),
        (judgement("refuted", "with lock(order):"), "major", False),
        (judgement("needs_context"), "critical", True),
        (judgement("needs_context"), "major", False),
        (None, "minor", True),
    ],
)
def test_the_second_look(judged: Judgement | None, weight: Any, stands: bool) -> None:
    comments = run(said(weight=weight)).comments
    kept, dropped = doubt.outlived(comments, [judged] if judged else [], UNIT)
    assert (bool(kept), bool(dropped)) == (stands, not stands)


def test_a_second_look_leaves_its_reasons() -> None:
    minor = run(said(weight="minor")).comments
    [dropped] = doubt.outlived(minor, [judgement("needs_context")], UNIT)[1]
    assert dropped.reason == f"{doubt.NEEDS_MORE}: The order is locked before."
    [critical] = doubt.outlived(run(said(unseen="The bank does not.")).comments, [judgement("needs_context")], UNIT)[0]
    assert (critical.certainty, critical.unseen) == ("likely", "The bank does not.")
    assert critical.unconfirmed == "The order is locked before."


@pytest.mark.parametrize(("certainty", "stands"), [("shown", True), ("likely", False)])
def test_a_judgement_of_another_line_is_none(certainty: Any, stands: bool) -> None:
    comments = run(said(certainty=certainty)).comments
    refuted = Judgement("C1", "refuted", "order = orders.next()", "It is locked.", line=14)
    kept, dropped = doubt.outlived(comments, [refuted], UNIT)
    assert (bool(kept), [one.reason for one in dropped]) == (stands, [] if stands else [doubt.MIXED_UP])


def test_a_fix_that_fails_is_taken_out_and_the_comment_stands() -> None:
    judged = Judgement("C1", "holds", CALL, "The key is new each time.", 13, "fails")
    [kept], [dropped] = doubt.outlived(run(said()).comments, [judged], UNIT)
    assert kept.fix == ""
    assert (dropped.text, dropped.reason) == (
        "Send an idempotency key.", f"{doubt.FIX_FAILS}: The key is new each time.",
    )  # fmt: skip


def test_without_a_second_look_only_what_is_shown_stands() -> None:
    comments = (*run(said()).comments, *run(said(certainty="likely")).comments)
    kept, dropped = doubt.undoubted(comments)
    assert [one.certainty for one in kept] == ["shown"]
    assert [one.reason for one in dropped] == [doubt.NOT_DOUBTED]


def test_candidates_carry_the_questions_of_their_lens() -> None:
    words = doubt.candidate_words(run(said()).comments, PERSONA)
    assert "C1, billing/charge.py line 13" in words
    assert PERSONA.lens[0].asks[0] in words
    assert "Fix: Send an idempotency key." in words


def test_a_quote_that_stands_often_needs_a_line() -> None:
    lines = [Line("a.py", number, "value = fetch()") for number in (3, 20, 40)]
    found = occurrences("value = fetch()", "a.py", lines)
    assert found == [Found(3, 3), Found(20, 20), Found(40, 40)]
    assert placed(found, 20) == Found(20, 20)
    assert placed(found, 24) == Found(20, 20)
    assert placed(found, 30) is None
    assert placed(found, 900) is None
    assert not occurrences("value = fetch() value = fetch()", "a.py", lines), (
        "lines with a gap do not follow each other"
    )


def test_a_quote_may_pass_over_empty_lines_and_a_short_one_must_be_a_whole_line() -> None:
    texts = ("db.commit()", "", "try:", "    pay()", "except Full:", "    raise", "    raise Late")
    lines = [Line(PATH, number, text) for number, text in enumerate(texts, start=1)]
    assert occurrences("db.commit()\n\ntry:", PATH, lines) == [Found(1, 3)]
    assert occurrences("try:\n    pay()", PATH, lines) == [Found(3, 4)]
    assert occurrences("raise", PATH, lines) == [Found(6, 6)]
    assert occurrences("pay", PATH, lines) == []
    assert occurrences("", PATH, lines) == []
