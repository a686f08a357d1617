"""The systems of `fixtures/systems`, mapped whole; `python tests/topology` writes the expected maps anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from drawn import EXPECTED, FIXTURES, NAMES, drawn


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["map.json", "map.txt", "map.mmd", "map.dot"])
def test_the_map_is_as_expected(name: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FIXTURES / name)
    expected = (FIXTURES / name / EXPECTED / kind).read_text("utf-8")
    assert drawn(kind) == expected, "if the change is meant: python tests/topology"


@pytest.mark.parametrize("name", NAMES)
def test_every_edge_has_evidence_that_exists(name: str) -> None:
    document = json.loads((FIXTURES / name / EXPECTED / "map.json").read_text("utf-8"))
    assert document["services"]
    for edge in document["edges"] + document["unknown"]:
        assert edge["evidence"]
        for place in edge["evidence"]:
            path, _, line = place.rpartition(":")
            assert 0 < int(line) <= len(Path(FIXTURES / name / path).read_text("utf-8").splitlines())
