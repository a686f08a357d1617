"""What the map and its judgement cost as a system grows, beyond reading its code.

    python bench/systems.py [SERVICES ...]

The systems are written anew each time: services with their routes, a database each, and calls to three others.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROUTES = 17
"""So many routes a service: 300 services offer 5,100."""
SIZES = (38, 75, 150, 300)

MAIN = '''"""One of many services."""

from __future__ import annotations

import os

import httpx
import psycopg
from fastapi import FastAPI

{settings}
app = FastAPI()
client = httpx.Client(timeout=2)


def rows(statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(os.environ["STORE_URL"]) as store:
        return store.execute(statement).fetchall()


def asked(base: str, path: str) -> dict[str, object]:
    return client.get(f"{{base}}/{{path}}").json()
'''
STORED = """

@app.get("/things/{number}")
def thing_{number}() -> list[object]:
    return [*rows("SELECT name FROM things_{number}")]
"""
ASKING = """

@app.get("/asked/{number}")
def asked_{number}() -> dict[str, object]:
    return asked({peer}, "things/{number}")
"""
UNIT = """  service-{number}:
    build: service-{number}
    environment:
      STORE_URL: postgresql://store-{number}:5432/x
{settings}  store-{number}:
    image: postgres:16
"""


def write(folder: Path, services: int, seed: int = 7) -> None:
    """Fill `folder` with a system of so many services; each asks three that come after it."""
    chance = random.Random(seed)  # noqa: S311 - the same system each time, not a secret
    units: list[str] = []
    for number in range(services):
        later = range(number + 1, min(number + 30, services))
        peers = chance.sample(later, min(3, len(later)))
        names = [f"PEER_{peer}_URL" for peer in peers]
        units.append(
            UNIT.format(
                number=number,
                settings="".join(f"      PEER_{peer}_URL: http://service-{peer}:8000\n" for peer in peers),
            )
        )
        settings = "".join(f'{name} = os.environ["{name}"]\n' for name in names)
        text = MAIN.format(settings=settings)
        for route in range(ROUTES):
            peer = names[route // 3 % len(names)] if names and route % 3 == 0 else ""
            text += ASKING.format(number=route, peer=peer) if peer else STORED.format(number=route)
        own = folder / f"service-{number}"
        own.mkdir(parents=True)
        (own / "main.py").write_text(text, "utf-8")
        (own / "Dockerfile").write_text("FROM python:3.12\nCOPY . .\nCMD uvicorn main:app\n", "utf-8")
    (folder / "compose.yaml").write_text("services:\n" + "".join(units), "utf-8")


def main() -> None:
    """Print what each size takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("services", nargs="*", type=int, default=SIZES, metavar="SERVICES")
    print("| services | endpoints | reading s | linking s | services s | checks s | beyond parsing s | ms a service |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for services in parser.parse_args().services:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), services)
            phases = phases_of(Path(folder))
        parts = [phases.get(name, 0.0) for name in ("reading", "linking", "services", "checks")]
        beyond = sum(parts[1:])
        cells = [*(f"{part:.2f}" for part in parts), f"{beyond:.2f}", f"{1000 * beyond / services:.1f}"]
        print(f"| {services} | {services * ROUTES:,} | {' | '.join(cells)} |")


def phases_of(folder: Path) -> dict[str, float]:
    """The seconds of each phase of a review without a cache, as it tells them itself."""
    command = [sys.executable, "-m", "staff_review", ".", "--no-cache", "--exit-zero", "--profile"]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stderr
    found = re.findall(r"^  (\w[\w ]*?) {2,}([\d.]+) (ms|s)\b", told.partition("Slowest")[0], re.MULTILINE)
    return {name: float(amount) / (1000 if unit == "ms" else 1) for name, amount, unit in found}


if __name__ == "__main__":
    main()
