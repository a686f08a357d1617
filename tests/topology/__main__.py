"""Writes the expected maps anew: `python tests/topology`; look at the difference before it is kept."""

from __future__ import annotations

import os

from drawn import EXPECTED, FIXTURES, NAMES, drawn

for name in NAMES:
    os.chdir(FIXTURES / name)
    (FIXTURES / name / EXPECTED).mkdir(exist_ok=True)
    for kind in ("map.json", "map.txt", "map.mmd", "map.dot"):
        (FIXTURES / name / EXPECTED / kind).write_text(drawn(kind), "utf-8")
