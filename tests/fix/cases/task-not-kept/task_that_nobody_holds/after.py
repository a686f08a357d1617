"""Orders."""
import asyncio

_background_tasks: set[object] = set()


async def wrap(order):
    await asyncio.sleep(1)


async def accept(order):
    task = asyncio.create_task(wrap(order))  # the customer need not wait
    _background_tasks.add(task)
    task.add_done_callback(_background_tasks.discard)
