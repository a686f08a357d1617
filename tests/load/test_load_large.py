"""Large documents beside the code: only those that can say something are parsed."""

from __future__ import annotations

from pathlib import Path

import pytest

from staff_review.load import deployment
from staff_review.load.deployment.yaml import documents


@pytest.mark.parametrize(
    ("extra", "services"),
    [("", 1), ("words: [a]\n", 1), ("words: [a]\n", 0)],
    ids=["short", "large, with a key of ours", "large, without"],
)
def test_a_large_document_is_parsed_only_where_a_key_of_ours_stands_at_its_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: str, services: int
) -> None:
    parsed: list[str] = []
    monkeypatch.setattr(deployment, "documents", lambda text: parsed.append(text) or documents(text))
    data = extra + "answers:\n" * bool(extra) + "  - one more line of data\n" * (5_000 if extra else 0)
    text = data + "services: {web: {image: x}}\n" * services
    (tmp_path / "risks.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert len(deployment.deployment_of((".",)).units) == services
    assert len(parsed) == services
