"""`python -m staff_review`: the same door."""

from __future__ import annotations

from .cli import main

main()
