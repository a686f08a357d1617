"""`python -m staff_review`: the same door."""

from __future__ import annotations

import os
import sys

# Python looks for modules where it was started, first: there a project's own `logging.py` would be taken for Python's,
# and run. What is reviewed is never run.
if sys.path[:1] == [os.getcwd()]:
    del sys.path[0]

from .cli import main

main()
