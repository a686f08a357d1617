"""A tree of services that nobody wrote: as many lines as asked for, the same ones each time.

One file in five talks to peers and a cache. The others hold models, arithmetic and text, and half of them call what
stands in one or two earlier files.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

NOUNS = ("order", "stock", "basket", "parcel", "invoice", "refund", "customer", "address", "coupon", "ticket")
VERBS = ("load", "merge", "check", "count", "split", "price", "rank", "trim", "plan", "match", "audit", "group")
CLIENTS_IN_FIVE = 1

PLAIN = '''
class {Noun}{part}x{n}:
    """One {noun} as the {service} service sees it."""

    kind = "{noun}"

    def __init__(self, number: int, owner: str, lines: list[dict[str, int]] | None = None) -> None:
        self.number = number
        self.owner = owner
        self.lines = lines or []
        self.notes: dict[str, str] = {{}}

    @property
    def total(self) -> int:
        return sum(line["count"] * line["cents"] for line in self.lines if line.get("count", 0) > 0)

    def describe(self, width: int = {width}) -> str:
        head = f"{{self.kind}} {{self.number:>{width}}} of {{self.owner!r}}"
        if self.total > {limit}:
            head += " (large)"
        elif not self.lines:
            return head + ": empty"
        return "\\n".join([head, *(f"  {{line['cents']}} x {{line['count']}}" for line in self.lines[:width])])


def {verb}_{noun}_{part}_{n}(found: list[{Noun}{part}x{n}], limit: int = {limit}) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {{}}
    for one in sorted(found, key=lambda entry: (entry.total, entry.number)):
        if one.total > limit and one.owner not in ("", "nobody"):
            groups.setdefault(one.owner, []).append(one.number)
        else:
            one.notes["{verb}"] = "below %d" % limit
    try:
        groups["rest"] = [int(text) for text in "{width} {limit}".split()]
    except ValueError as error:
        raise RuntimeError("numbers expected") from error
    return {{owner: numbers for owner, numbers in groups.items() if numbers}}
'''

REMOTE = (
    '''
def fetch_{noun}_{part}_{n}(number: int) -> dict[str, object]:
    """The {noun} as its own service knows it."""
    answer = session.get(f"{{BASE}}/{noun}/{{number}}"{limit_argument})
    answer.raise_for_status()
    return answer.json()


def refresh_{noun}_{part}_{n}(numbers: list[int]) -> list[dict[str, object]]:
    found = []
    for number in numbers[:{width}]:
        try:
            found.append(fetch_{noun}_{part}_{n}(number))
        except requests.RequestException:
            logger.exception("{noun} %s could not be refreshed", number)
    return found
''',
    '''
async def send_{noun}_{part}_{n}(body: dict[str, object]) -> bool:
    """Tell the peer about one {noun}."""
    async with httpx.AsyncClient(base_url=BASE{limit_argument}) as client:
        for attempt in range({width}):
            answer = await client.post("/{noun}", json=body)
            if answer.status_code < 500:
                return answer.is_success
            await asyncio.sleep(0.1 * 2**attempt)
    return False
''',
    '''
def cached_{noun}_{part}_{n}(number: int) -> int:
    """How many of one {noun} are left, from the cache when it knows."""
    known = cache.get(f"{noun}:{{number}}")
    if known is not None:
        return int(known)
    left = {limit} - number
    cache.set(f"{noun}:{{number}}", left, ex={width})
    return left
''',
    '''
@router.get("/{noun}/{n}/{{number}}")
def show_{noun}_{part}_{n}(number: int) -> dict[str, object]:
    return {{"left": cached_{noun}_{part}_{n}(number), "more": refresh_{noun}_{part}_{n}([number])}}
''',
)

OPENING = '''"""{Noun}s of the {service} service, part {part}."""

from __future__ import annotations

{imports}
LIMIT = {part}
'''
CALLER = '''

def {verb}_all_{noun}_{part}(numbers: list[int]) -> list[object]:
    return [{call}(numbers[:LIMIT]) for number in numbers if number > LIMIT]
'''
REMOTE_IMPORTS = '''import asyncio
import logging

import httpx
import redis
import requests
from fastapi import APIRouter

'''
REMOTE_OBJECTS = '''
logger = logging.getLogger(__name__)
BASE = "http://{noun}.internal"
router = APIRouter()
session = requests.Session()
cache = redis.Redis(host="{noun}-cache.internal", socket_timeout=0.5)
'''


def write(folder: Path, lines: int, seed: int = 7) -> None:
    """Fill `folder` with about so many lines of Python."""
    chance = random.Random(seed)  # noqa: S311 - the same tree each time, not a secret
    left = lines
    service = 0
    while left > 0:
        name = f"{chance.choice(NOUNS)}_{service}"
        package = folder / "services" / name
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        earlier: list[tuple[str, str]] = []
        for part in range(chance.randint(20, 60)):
            remote = chance.randrange(5) < CLIENTS_IN_FIVE
            noun, verb = chance.choice(NOUNS), "refresh" if remote else chance.choice(VERBS)
            words = {"noun": noun, "Noun": noun.capitalize(), "verb": verb, "service": name, "part": part}
            text = "".join(_file(chance, words, earlier, remote=remote))
            (package / f"part_{part}.py").write_text(text, "utf-8")
            earlier.append((f"part_{part}", f"{verb}_{noun}_{part}_0"))
            left -= text.count("\n")
            if left <= 0:
                break
        service += 1


def _file(
    chance: random.Random, words: dict[str, object], earlier: list[tuple[str, str]], *, remote: bool
) -> Iterator[str]:
    called = chance.sample(earlier, min(len(earlier), chance.choice((0, 0, 1, 2))))
    imports = "".join(f"from .{module} import {function}\n" for module, function in called)
    yield OPENING.format(imports=(REMOTE_IMPORTS if remote else "") + imports, **words)
    if remote:
        yield REMOTE_OBJECTS.format(**words)
    for n in range(chance.randint(1, 9)):
        numbers = {"n": n, "width": chance.randint(2, 9), "limit": chance.randint(10, 9999)}
        if remote:
            limit = chance.choice([", timeout=2", ", timeout=5", ", timeout=LIMIT", ", timeout=0.5 * LIMIT", ""])
            for text in REMOTE:
                yield "\n" + text.format(limit_argument=limit, **words, **numbers)
        else:
            yield "\n" + PLAIN.format(**words, **numbers)
    for _, function in called:
        yield CALLER.format(call=function, **words)
