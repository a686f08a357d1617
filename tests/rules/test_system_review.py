"""The system as a part of a review: when it is looked for, that it is remembered, and what the report shows of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from staff_review.cli import run
from staff_review.hall.commenting import summary_of
from staff_review.hall.review import Outcome, review
from staff_review.load.around import deploys_services
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.settings import Settings

CASE = Path(__file__).parents[2] / "fixtures" / "deadline-inversion" / "the_callee_waits_longer_for_its_peer"
RULEBOOK = rulebook_of()


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system of three services, and a folder of this test's own for what is remembered."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(CASE, tmp_path / "shop")
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def reviewed(*, system: bool | None = None) -> Outcome:
    return review((".",), Settings(system=system), RULEBOOK)


def rules(outcome: Outcome) -> set[str]:
    return {finding.rule for finding in outcome.review.findings}


@pytest.mark.usefixtures("shop")
def test_a_system_that_is_there_is_judged() -> None:
    outcome = reviewed()
    assert outcome.system is not None
    assert {service.name for service in outcome.system.services} == {"checkout", "payment", "bank"}
    assert {"deadline-inversion", "sync-chain"} <= rules(outcome)
    (finding,) = [one for one in outcome.review.findings if one.rule == "deadline-inversion"]
    assert [step.place.path for step in finding.trail] == ["checkout/main.py", "payment/main.py"]


@pytest.mark.usefixtures("shop")
def test_nobody_looks_for_it_who_does_not_want_to() -> None:
    outcome = reviewed(system=False)
    assert outcome.system is None
    assert rules(outcome).isdisjoint({"deadline-inversion", "sync-chain"})


@pytest.mark.usefixtures("shop")
def test_what_is_remembered_is_the_same() -> None:
    first, second = reviewed(), reviewed()
    assert second.system == first.system
    assert second.review.findings == first.review.findings
    assert second.review.figures.parsed == first.review.figures.parsed


def test_a_deployment_that_changes_is_read_again(shop: Path) -> None:
    assert "deadline-inversion" in rules(reviewed())
    compose = shop / "compose.yaml"
    compose.write_text(compose.read_text().replace("http://payment:8000", "https://pay.example.com"))
    assert "deadline-inversion" not in rules(reviewed())


def test_a_deployment_that_cannot_be_read_is_a_gap(shop: Path) -> None:
    (shop / "more.yaml").write_text("services: [web\n")
    assert [gap.path for gap in reviewed().review.gaps] == ["more.yaml"]


def test_one_folder_with_code_is_no_system(shop: Path) -> None:
    assert deploys_services((".",))
    (shop / "compose.yaml").write_text("services:\n  web:\n    build: ./checkout\n  worker:\n    build: ./checkout\n")
    assert not deploys_services((".",))


def test_two_resources_that_run_code_are_a_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    known = RULEBOOK.products.resource
    one = 'resource "aws_lambda_function" "{}" {{\n  handler = "main.handle"\n}}\n'
    (tmp_path / "main.tf").write_text(one.format("orders") + 'resource "aws_s3_bucket" "files" {}\n')
    assert not deploys_services((".",), resources=known)
    (tmp_path / "more.tf").write_text(one.format("bills"))
    assert deploys_services((".",), resources=known)


def test_a_comment_silences_a_finding_of_the_system(shop: Path) -> None:
    path = shop / "checkout" / "main.py"
    silence = "# staff-review: ignore[deadline-inversion] -- the bank answers in half a second"
    path.write_text(path.read_text().replace("# expect: deadline-inversion, sync-chain", silence))
    outcome = reviewed()
    assert "deadline-inversion" not in rules(outcome)
    assert [one.finding.rule for one in outcome.review.silenced] == ["deadline-inversion"]


def test_the_report_draws_the_map(shop: Path) -> None:
    command = ["check", ".", "--format", "html=report.html", "--exit-zero"]
    assert run(command) == 0
    assert 'class="service-map"' in (shop / "report.html").read_text()
    assert run([*command, "--no-system"]) == 0
    assert 'class="service-map"' not in (shop / "report.html").read_text()


@pytest.mark.usefixtures("shop")
def test_a_persona_is_told_of_the_map() -> None:
    system = reviewed().system
    assert system is not None
    summary = summary_of(system)
    assert summary is not None
    assert summary.edges == (("checkout", "payment"), ("payment", "bank"))
    assert "- checkout -> payment: sync, http, 2 s, breaker\n" in summary.text


def test_a_change_and_the_system_exclude_each_other(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(shop), "--staged", "--system"]) == 2
    assert "leave out" in capsys.readouterr().err
