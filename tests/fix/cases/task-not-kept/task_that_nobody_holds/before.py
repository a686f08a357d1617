"""Orders."""
import asyncio


async def wrap(order):
    await asyncio.sleep(1)


async def accept(order):
    asyncio.create_task(wrap(order))  # the customer need not wait
