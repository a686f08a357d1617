"""Write every generated document again: ``python tests/drift``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from documents import DOCUMENTS, ROOT


def main() -> None:
    """Write what has changed, and say so."""
    for name, renewed in DOCUMENTS.items():
        path = ROOT / name
        before = path.read_text("utf-8") if path.exists() else ""
        after = renewed(before)
        if after != before:
            path.write_text(after, "utf-8")
        sys.stdout.write(f"{name}: {'unchanged' if after == before else 'written'}\n")


main()
