"""The hall of fixes: what is asked for, judged again before it is written, and written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from staff_review.cli.fixing import fixed
from staff_review.fix import Patch, patched
from staff_review.hall import mending
from staff_review.hall.mending import Mended, mended
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.findings import Edit, Finding, SetArguments
from staff_review.nouns.settings import Settings

RULEBOOK = rulebook_of()
CALL = 'import requests\n\nprice = requests.get("https://prices.example/1").json()\n'


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(project: Path, *, unsafe: bool = True, write: bool = True, limit: float | None = None) -> Mended:
    settings = Settings(root=str(project), fix_timeout=limit)
    return mended((".",), settings, RULEBOOK, unsafe=unsafe, write=write, cache=False)


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


def test_a_limit_is_unsafe_until_somebody_declares_it(project: Path) -> None:
    file = project / "app.py"
    file.write_text(CALL)
    left = run(project, unsafe=False)
    assert (left.changes, left.fixed, left.unsafe) == ((), (), 1)
    assert file.read_text() == CALL
    done = run(project, unsafe=False, limit=2.5)
    assert rules(done.fixed) == ["missing-timeout"]
    assert done.unsafe == 0
    assert file.read_text() == CALL.replace('1")', '1", timeout=2.5)')
    assert done.outcome.review.findings == ()


def test_what_is_only_shown_is_not_written(project: Path) -> None:
    file = project / "app.py"
    file.write_text(CALL)
    shown = run(project, write=False)
    assert file.read_text() == CALL
    assert rules(shown.outcome.review.findings) == ["missing-timeout"]
    assert shown.changes[0].diff == (
        "--- a/app.py\n+++ b/app.py\n@@ -1,3 +1,3 @@\n import requests\n \n"
        '-price = requests.get("https://prices.example/1").json()\n'
        '+price = requests.get("https://prices.example/1", timeout=5).json()\n'
    )


def test_silenced_findings_are_not_fixed(project: Path) -> None:
    file = project / "app.py"
    text = CALL.replace(".json()", ".json()  # staff-review: ignore[missing-timeout] a batch")
    file.write_text(text)
    assert run(project).changes == ()
    assert file.read_text() == text


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"", "utf-8"),
        (b"# -*- coding: latin-1 -*-\r\n", "latin-1"),
    ],
)
def test_a_file_keeps_its_bytes(project: Path, head: bytes, encoding: str) -> None:
    file = project / "app.py"
    body = CALL.replace("\n", "\r\n").replace("price =", "größe = 'é'; price =") + "x = 1\r\n\x0c\r\ny = '\t'  "
    file.write_bytes(head + body.encode(encoding))
    file.chmod(0o750)
    assert rules(run(project).fixed) == ["missing-timeout"]
    assert file.read_bytes() == head + body.replace('1")', '1", timeout=5)').encode(encoding)
    assert stat.S_IMODE(file.stat().st_mode) == 0o750
    assert os.listdir(project) == ["app.py"]


def test_a_link_stays_a_link(project: Path) -> None:
    (project / "real").mkdir()
    (project / "real" / "app.py").write_text(CALL)
    (project / "app.py").symlink_to("real/app.py")
    run(project)
    assert (project / "app.py").is_symlink()
    assert "timeout=5" in (project / "real" / "app.py").read_text()


def test_a_file_changed_since_it_was_read_is_left_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, other = project / "app.py", project / "other.py"
    file.write_text(CALL)
    other.write_text(CALL)

    def while_somebody_edits(text: str, edits: list[Edit], limit: float) -> Patch:
        file.write_text(CALL + "# mine\n")
        return patched(text, edits, limit)

    monkeypatch.setattr(mending, "patched", while_somebody_edits)
    done = run(project)
    assert file.read_text() == CALL + "# mine\n"
    assert [(one.finding.place.path, one.reason) for one in done.unfixed] == [("app.py", "changed since it was read")]
    assert [finding.place.path for finding in done.fixed] == ["other.py"]
    assert [change.path for change in done.changes] == ["other.py"]
    assert [finding.place.path for finding in done.outcome.review.findings] == ["app.py"]
    assert sorted(os.listdir(project)) == ["app.py", "other.py"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything is writable for this user")
def test_a_file_that_is_not_ours_to_write_is_left_alone(project: Path) -> None:
    file = project / "app.py"
    file.write_text(CALL)
    file.chmod(0o444)
    assert [one.reason for one in run(project).unfixed] == ["it is not writable"]
    assert file.read_text() == CALL


def writing_instead(text: str) -> Callable[[str, list[Edit], float], Patch]:
    """A worker that writes something else where it should give an argument."""

    def wrong(before: str, edits: list[Edit], limit: float) -> Patch:
        good = patched(before, edits, limit)
        return Patch(good.text.replace("timeout=5", text), good.refused, good.later)

    return wrong


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("headers={}", "the finding would remain"),
        ("timeout=None", "it would raise timeout-disabled at app.py:3"),
        ("timeout=5, verify=False", "it would raise tls-verification-disabled at app.py:3"),
    ],
)
def test_a_fix_that_mends_nothing_or_harms_is_not_written(
    project: Path, monkeypatch: pytest.MonkeyPatch, written: str, reason: str
) -> None:
    file = project / "app.py"
    file.write_text(CALL)
    (project / "good.py").write_text(CALL.replace("1", "2"))

    def only_there(before: str, edits: list[Edit], limit: float) -> Patch:
        return (writing_instead(written) if "/1" in before else patched)(before, edits, limit)

    monkeypatch.setattr(mending, "patched", only_there)
    done = run(project)
    assert file.read_text() == CALL
    assert [one.reason for one in done.unfixed] == [reason]
    assert [finding.place.path for finding in done.fixed] == ["good.py"]
    assert "timeout=5" in (project / "good.py").read_text()
    assert rules(done.outcome.review.findings) == ["missing-timeout"]


def test_of_conflicting_fixes_the_other_is_offered_in_the_next_run(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = project / "app.py"
    file.write_text(f"import requests\n\nrequests.get({CALL.split('(')[1].split(')', maxsplit=1)[0]}, verify=False)\n")

    def also_verify(text: str, edits: list[Edit], limit: float) -> Patch:
        """As if the rule about verification asked for an argument that the other fix gives too."""
        same = [
            edit if isinstance(edit, SetArguments)
            else SetArguments(place=edit.place, call=edit.call, arguments="timeout=9")
            for edit in edits
        ]  # fmt: skip
        return patched(text, same if len(same) > 1 else edits, limit)

    monkeypatch.setattr(mending, "patched", also_verify)
    first = run(project)
    assert rules(first.fixed) == ["missing-timeout"]
    assert [(one.finding.rule, one.later) for one in first.unfixed] == [("tls-verification-disabled", True)]
    second = run(project)
    assert rules(second.fixed) == ["tls-verification-disabled"]
    assert file.read_text() == 'import requests\n\nrequests.get("https://prices.example/1", timeout=5)\n'
    assert run(project).changes == ()


def test_what_a_fix_uncovers_of_the_same_defect_is_not_held_against_it(project: Path) -> None:
    """A blocking call that many coroutines reach is shown at three of them; the others come up when those are fixed."""
    file = project / "app.py"
    helper = 'import requests\n\n\ndef price():\n    return requests.get("https://prices.example", timeout=1)\n'
    file.write_text(helper + "".join(f"\n\nasync def one{number}():\n    return price()\n" for number in range(5)))
    first = run(project)
    assert rules(first.fixed) == ["blocking-call-in-async"] * 3
    assert rules(first.outcome.review.findings) == ["blocking-call-in-async"] * 2
    assert len(run(project).fixed) == 2
    assert file.read_text().count("await asyncio.to_thread(price)") == 5


def test_what_was_done_is_said_in_lines(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "app.py").write_text(CALL + "OPTIONS = {}\nrequests.get(price, **OPTIONS)\n")
    settings = Settings(root=str(project))
    wishes = {"cache": False, "jobs": None}
    fixed((".",), settings, RULEBOOK, unsafe=False, show=False, **wishes)  # type: ignore[arg-type]
    assert capsys.readouterr().err.startswith("2 more can be fixed with `--fix --unsafe`")
    fixed((".",), settings, RULEBOOK, unsafe=True, show=True, **wishes)  # type: ignore[arg-type]
    shown = capsys.readouterr()
    assert shown.out.startswith("--- a/app.py\n+++ b/app.py\n@@")
    spread = "not fixed: app.py:5 missing-timeout: more arguments may come from `*` or `**`\n"
    assert shown.err == spread + "would fix 1 finding in 1 file\n"
    fixed((".",), settings, RULEBOOK, unsafe=True, show=False, **wishes)  # type: ignore[arg-type]
    assert capsys.readouterr() == ("", spread + "fixed 1 finding in 1 file\n")
    (project / "app.py").write_text("x = 1\n")
    fixed((".",), settings, RULEBOOK, unsafe=True, show=False, **wishes)  # type: ignore[arg-type]
    assert capsys.readouterr().err == "nothing to fix\n"


def test_another_call_on_the_same_line_is_not_taken_for_the_one_that_was_mended(project: Path) -> None:
    """One finding is shown for each rule and line, so the inner call comes up when the outer one is mended."""
    file = project / "app.py"
    inner = "requests.get('https://inner.example')"
    file.write_text(f"import requests\n\nrequests.post('https://outer.example', data={inner})\n")
    assert rules(run(project).fixed) == ["missing-timeout"]
    assert file.read_text().endswith(f"data={inner}, timeout=5)\n")
    assert rules(run(project).fixed) == ["missing-timeout"]
    assert run(project).outcome.review.findings == ()
