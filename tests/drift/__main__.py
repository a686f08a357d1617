"""Write every generated document again: ``python tests/drift``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from documents import DOCUMENTS, ROOT, strangers


def main() -> None:
    """Write what has changed, and say so."""
    for name, renewed in DOCUMENTS.items():
        path = ROOT / name
        before = path.read_text("utf-8") if path.exists() else ""
        after = renewed(before)
        if after != before:
            path.parent.mkdir(exist_ok=True)
            path.write_text(after, "utf-8")
            sys.stdout.write(f"{name}: written\n")
    for path in strangers():
        path.unlink()
        sys.stdout.write(f"{path.relative_to(ROOT)}: removed\n")


main()
