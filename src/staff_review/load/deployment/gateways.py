"""Gateways: the ways that the configurations of nginx, Envoy, Traefik, Kong and their like open to other services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from ...nouns.deployment import Route, Unit
from .durations import seconds_of
from .listing import Found, at
from .yaml import Node

NGINX = re.compile(
    r".*\.conf(?:[._-](?:template|tmpl|j2|tpl|in|dev|prod|local))*|nginx[\w.-]*|.*\.nginx|conf|default", re.IGNORECASE
)
DOCUMENT = re.compile(r"(?:krakend|ocelot|appsettings|configuration|yarp|gateway)[\w.-]*\.json", re.IGNORECASE)
PACKAGE = "package.json"
OTHER = re.compile(r"haproxy[\w.-]*\.(?:cfg|conf)|.*\.?Caddyfile(?:\..*)?", re.IGNORECASE)
_TOKEN = re.compile(r"""#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};]|(?:\$\{[^}]*\}|\{\{.*?\}\}|[^\s{};])+""")
_Pass: TypeAlias = tuple[int, str, str, str, dict[str, str]]
"""Line, directive, address, location, and the settings of its block, which may still follow."""
_PASS = frozenset({"proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass"})
_NGINX_DEFAULT_SECONDS = 60.0  # ngx_http_proxy_module: proxy_read_timeout defaults to 60 s
_ENVOY_DEFAULT_SECONDS = 15.0  # config.route.v3.RouteAction: timeout defaults to 15 s
_HAPROXY = re.compile(r"\s*server\s+\S+\s+([^\s:]+)(:\d+)?")
_CADDY = re.compile(r"\s*(?:reverse_proxy|php_fastcgi|to)\s+(.+?)\s*\{?\s*$")


def nginx_routes(file: Found, text: str) -> list[Route]:
    """Every ``proxy_pass`` and its like, through upstreams, with the limit in force there."""
    upstreams: dict[str, list[str]] = {}
    variables: dict[str, str] = {}
    passes: list[_Pass] = []
    stack: list[tuple[list[str], dict[str, str]]] = [([], {})]
    words: list[str] = []
    first = 0
    for line, word in _tokens(text):
        if word == "{":
            stack.append((words, dict(stack[-1][1])))
            words = []
        elif word == "}":
            words = []
            if len(stack) > 1:
                stack.pop()
        elif word == ";":
            _directive(first, words, stack, upstreams, variables, passes)
            words = []
        else:
            first = first if words else line
            words.append(word)
    return [
        Route(
            at(file.path, line), target, match, protocol="grpc" if word == "grpc_pass" else "http",
            seconds=seconds_of(settings["limit"]) if "limit" in settings else _NGINX_DEFAULT_SECONDS,
            by_default="limit" not in settings,
        )
        for line, word, address, match, settings in passes
        for target in _behind(address, upstreams, variables)
    ]  # fmt: skip


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    line, seen = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        if not found[0].startswith("#"):
            yield line, found[0].strip("\"'") if found[0][0] in "\"'" else found[0]


def _directive(
    line: int,
    words: list[str],
    stack: list[tuple[list[str], dict[str, str]]],
    upstreams: dict[str, list[str]],
    variables: dict[str, str],
    passes: list[_Pass],
) -> None:
    if len(words) < 2:
        return
    block, settings = stack[-1]
    if words[0] == "server" and block[:1] == ["upstream"] and len(block) > 1:
        upstreams.setdefault(block[1], []).append(words[1])
    elif words[0] == "set" and len(words) > 2:
        variables[words[1]] = words[2]
    elif words[0] in ("proxy_read_timeout", "grpc_read_timeout"):
        settings["limit"] = words[1]
    elif words[0] in _PASS:
        location = next((names[-1] for names, _ in reversed(stack) if names[:1] == ["location"] and len(names) > 1), "")
        passes.append((line, words[0], words[1], location, settings))


def _behind(address: str, upstreams: dict[str, list[str]], variables: dict[str, str]) -> list[str]:
    """The servers of an upstream by its name, or the address itself, with nginx's own variables filled."""
    for name, value in variables.items():
        address = re.sub(re.escape(name) + r"\b", lambda _, value=value: value, address)  # type: ignore[misc]  # bound at once
    scheme, separator, rest = address.rpartition("://")
    host, slash, path = rest.partition("/")
    servers = upstreams.get(host.partition(":")[0]) or upstreams.get(host)
    return [f"{scheme}{separator}{server}{slash}{path}" for server in servers] if servers else [address]


def line_routes(file: Found, text: str) -> list[Route]:
    """HAProxy's ``server`` lines and Caddy's ``reverse_proxy``."""
    pattern = _CADDY if "caddyfile" in file.name.lower() else _HAPROXY
    found: list[Route] = []
    for number, line in enumerate(text.splitlines(), 1):
        matched = None if line.lstrip().startswith("#") else pattern.match(line)
        if matched is not None:
            targets = matched[1].split() if pattern is _CADDY else [matched[1] + (matched[2] or "")]
            found += [Route(at(file.path, number), one) for one in targets if not one.startswith(("/", "@", "*"))]
    return found


def package_routes(file: Found, root: Node) -> list[Route]:
    """The service that a front end's development server hands on what it does not know itself."""
    proxy = root.get("proxy")
    return [Route(at(file.path, proxy.line), proxy.text)] if proxy.text else []


def document_routes(file: Found, root: Node) -> list[Route]:
    """The routes of Envoy, Traefik's file provider, Kong, APISIX, KrakenD, Ocelot, YARP, Spring and Express Gateway."""
    return [
        *_envoy(file, root),
        *_traefik(file, root),
        *(Route(at(file.path, one.line), one.get("url").text or one.get("host").text)
          for one in root.get("services").items if root.get("_format_version")),
        *_spring(file, root),
        *_apisix(file, root),
        *_listed(file, root),
        *(Route(at(file.path, one.line), one.get("url").text, via="")
          for _, one in root.get("serviceEndpoints").members()),
    ]  # fmt: skip


def _envoy(file: Found, root: Node) -> Iterator[Route]:
    resources = root.get("static_resources") or root
    limits, repeats = _envoy_limits(resources)
    for cluster in resources.get("clusters").items:
        name = cluster.get("name").text
        waiting, steps = [cluster.get("load_assignment"), cluster.get("hosts")], 0
        while waiting and steps < 2_000:
            node = waiting.pop()
            steps += 1
            address = node.get("socket_address", "address")
            if address:
                yield Route(
                    at(file.path, address.line), address.text,
                    protocol="grpc" if cluster.get("http2_protocol_options") else "http",
                    seconds=limits.get(name, _ENVOY_DEFAULT_SECONDS), by_default=name not in limits,
                    attempts=repeats.get(name), breaker=bool(cluster.get("outlier_detection")),
                )  # fmt: skip
            waiting += [*node.items, *(value for _, value in node.members())]


def _envoy_limits(resources: Node) -> tuple[dict[str, float | None], dict[str, int]]:
    """The limit of each cluster, None where it is switched off, and the attempts with the first one."""
    found: dict[str, float | None] = {}
    repeats: dict[str, int] = {}
    waiting, steps = [resources.get("listeners")], 0
    while waiting and steps < 10_000:
        node = waiting.pop()
        steps += 1
        route = node.get("route")
        if route.get("cluster") and route.get("timeout"):
            found[route.get("cluster").text] = seconds_of(route.get("timeout").text) or None
        number = route.get("retry_policy", "num_retries").text
        if route.get("cluster") and number.isdigit():
            repeats[route.get("cluster").text] = int(number[:4]) + 1
        waiting += [*node.items, *(value for _, value in node.members())]
    return found, repeats


def _traefik(file: Found, root: Node) -> Iterator[Route]:
    for part in ("http", "tcp"):
        for _, service in root.get(part, "services").members():
            balancer = service.get("loadBalancer")
            transport = root.get(part, "serversTransports", balancer.get("serversTransport").text)
            limit = seconds_of(transport.get("forwardingTimeouts", "responseHeaderTimeout").text) or None
            for server in balancer.get("servers").items:
                address = server.get("url") or server.get("address")
                yield Route(at(file.path, address.line), address.text, seconds=limit)


def _apisix(file: Found, root: Node) -> Iterator[Route]:
    """Upstreams inside routes and by themselves; their nodes are a mapping of addresses to weights, or a list."""
    for one in (*root.get("routes").items, *root.get("upstreams").items):
        nodes = one.get("upstream", "nodes") or one.get("nodes")
        for address, weight in nodes.members():
            yield Route(at(file.path, weight.line), address, one.get("uri").text)
        for node in nodes.items:
            yield Route(at(file.path, node.line), _host_and_port(node, "host", "port"), one.get("uri").text)


def _listed(file: Found, root: Node) -> Iterator[Route]:
    """The hosts behind each endpoint of KrakenD, each route of Ocelot, each cluster of YARP."""
    for endpoint in root.get("endpoints").items:
        for backend in endpoint.get("backend").items:
            for host in backend.get("host").items:
                yield Route(at(file.path, host.line), host.text, endpoint.get("endpoint").text)
    for route in (*root.get("Routes").items, *root.get("ReRoutes").items):
        for node in route.get("DownstreamHostAndPorts").items:
            match = route.get("UpstreamPathTemplate").text
            yield Route(at(file.path, node.line), _host_and_port(node, "Host", "Port"), match)
    for _, cluster in root.get("ReverseProxy", "Clusters").members():
        for _, destination in cluster.get("Destinations").members():
            address = destination.get("Address")
            yield Route(at(file.path, address.line), address.text)


def _host_and_port(node: Node, host: str, port: str) -> str:
    return ":".join(part for part in (node.get(host).text, node.get(port).text) if part)


def _spring(file: Found, root: Node) -> Iterator[Route]:
    gateway = root.get("spring", "cloud", "gateway")
    for route in (*gateway.get("routes").items, *gateway.get("server", "webflux", "routes").items):
        uri = route.get("uri")
        yield Route(at(file.path, uri.line), re.sub(r"^lb:(?:ws:)?//", "http://", uri.text))
    for _, route in root.get("zuul", "routes").members():
        target = route.get("serviceId") or route.get("url")
        yield Route(at(file.path, target.line or route.line), target.text or route.text)


def label_routes(units: list[Unit]) -> list[Route]:
    """Units that Traefik routes to because of their labels, by the unit whose image is Traefik's."""
    gateway = next((unit.name for unit in units if "traefik" in unit.image), "")
    if not gateway:
        return []
    return [
        Route(unit.place, unit.name, via=gateway)
        for unit in units
        if unit.name != gateway and any(name.startswith("traefik.http.routers.") for name in unit.labels)
    ]
