"""Draws a report in a format as the door would, and compares a whole drawing with the one that was looked at."""

from __future__ import annotations

import importlib
import io
import os
from pathlib import Path

from staff_review.report import Report
from staff_review.report.formats import FORMATS
from staff_review.report.look import Look

SCREENS = Path(__file__).parent / "screens"


def drawn(form: str, report: Report) -> str:
    """What a file in this format holds; fails if UTF-8 cannot hold it."""
    known = FORMATS[form]
    module = importlib.import_module(f"staff_review.report.{known.module}")
    file = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict", newline="\n")
    module.render(report, file, *([Look()] if known.screen else []))
    file.seek(0)
    return file.read()


def compare(name: str, drawing: str, ending: str = "txt") -> None:
    """Compare with the kept drawing; `UPDATE_SCREENS=1` writes it anew, to be read as a diff."""
    path = SCREENS / f"{name}.{ending}"
    if os.environ.get("UPDATE_SCREENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(drawing, encoding="utf-8")
    assert drawing == path.read_text(encoding="utf-8")
