"""Files with placeholders: what fills them, and who may still read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from staff_review.load.deployment import deployment_of

SWARM = """
services:
  cache: {image: 'redis:7', hostname: '{{.Node.Hostname}}-{{.Task.Slot}}'}
"""
OF_ANOTHER_TOOL = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: '{{ app }}'}
spec: {template: {spec: {containers: [{name: app, image: '{{ image }}'}]}}}
"""


def test_what_docker_fills_itself_leaves_a_compose_file_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "compose.yaml").write_text(SWARM)
    (tmp_path / "app.yaml").write_text(OF_ANOTHER_TOOL)
    monkeypatch.chdir(tmp_path)
    found = deployment_of((".",))
    assert [(unit.name, unit.image) for unit in found.units] == [("cache", "redis:7")]
