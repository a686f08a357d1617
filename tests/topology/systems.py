"""Systems built by hand."""

from __future__ import annotations

from staff_review.nouns.journeys import Policy
from staff_review.nouns.source import Place, Span
from staff_review.nouns.system import Call, Edge, Endpoint, Service, Store


def at(path: str, line: int = 1) -> Place:
    return Place(path, Span(line, 1, line, 1))


def service(name: str, *endpoints: str) -> Service:
    """A service whose endpoints are named as "GET /path"."""
    offered = tuple(
        Endpoint(one, "http", at(f"{name}.py"), verb=one.partition(" ")[0], path=one.partition(" ")[2])
        for one in endpoints
    )
    return Service(name, path=name, endpoints=offered)


def limit(seconds: float, attempts: int = 1) -> Policy:
    return Policy("bounded", seconds, attempts)


def edge(source: str, target: str, *calls: Call) -> Edge:
    return Edge(source, target, "sync", "http", calls, evidence=(calls[0].place if calls else at("compose.yml"),))


def call(line: int, path: str, policy: Policy, *endpoints: str, verb: str = "GET", **more: bool) -> Call:
    return Call(at("x.py", line), "http", endpoints, verb, path, policy, **more)


def stored(source: str, target: str, *tables: str, writes: bool = False, database: str = "") -> Edge:
    one = Call(at(f"{source}.py"), tables=tables, writes=writes)
    return Edge(source, target, "store", "sql", (one,), evidence=(at(f"{source}.py"),), database=database)


def database(name: str) -> Store:
    return Store(name, "postgresql")
