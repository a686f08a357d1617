"""Workers."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass
class Worker:
    name: str

    async def run(self):
        log.info("started at %s", time.monotonic())
        await asyncio.sleep(1.5)
