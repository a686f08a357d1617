"""The shell's completion, asked for as the script does that click gives to a shell."""

from __future__ import annotations

import pytest

from staff_review.cli import run


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("staff-review basel", {"plain,baseline", "file,basel"}),
        ("staff-review --dif", {"plain,--diff"}),
        ("staff-review src --dif", {"plain,--diff"}),
        ("staff-review src/a", {"file,src/a"}),
        ("staff-review check src/a", {"file,src/a"}),
        ("staff-review src --fail-on w", {"plain,warning"}),
        ("staff-review baseline p", {"plain,prune"}),
    ],
)
def test_commands_options_values_and_files(
    words: str, expected: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_STAFF_REVIEW_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    with pytest.raises(SystemExit) as ended:
        run([])
    assert ended.value.code == 0
    assert set(capsys.readouterr().out.split()) == expected
