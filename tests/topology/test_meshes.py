"""What meshes and gateways give to the calls that go through them, in the words of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from test_forms import BASE, COMPOSE, served

from staff_review.nouns.journeys import Policy
from staff_review.nouns.system import System

Mapped = Callable[[dict[str, str]], System]
ISTIO = "kind: VirtualService\nmetadata: {name: stock}\nspec:\n  hosts: [stock]\n"
TO_STOCK = "route: [{destination: {host: stock}}]"
BREAKER = (
    "kind: DestinationRule\nspec:\n  host: stock.default.svc.cluster.local\n  trafficPolicy: {outlierDetection: "
    "{interval: 10s}}\n"
)

FORMS = {
    "istio": (ISTIO + f"  http: [{{timeout: 2s, {TO_STOCK}}}]", (2.0, 1, False)),
    "istio, by the full name": (
        ISTIO.replace("[stock]", "[stock.shop.svc.cluster.local]") + f"  http: [{{timeout: 2s, {TO_STOCK}}}]",
        (2.0, 1, False),
    ),
    "istio, each attempt": (
        ISTIO + f"  http: [{{retries: {{attempts: 2, perTryTimeout: 500ms}}, {TO_STOCK}}}]",
        (1.5, 3, False),
    ),
    "istio, the longest of its rules": (
        ISTIO + f"  http: [{{timeout: 2s, match: [{{uri: {{prefix: /a}}}}], {TO_STOCK}}}, {{timeout: 9s, {TO_STOCK}}}]",
        (9.0, 1, False),
    ),
    "istio, limit and breaker in two documents": (
        BREAKER + "---\napiVersion: v1\n" + ISTIO + f"  http: [{{timeout: 2s, {TO_STOCK}}}]",
        (2.0, 1, True),
    ),
    "the gateway api": (
        "kind: HTTPRoute\nmetadata: {name: stock}\nspec:\n  parentRefs: [{kind: Service, name: stock}]\n"
        "  rules: [{timeouts: {request: 2s}, retry: {attempts: 2}}]\n",
        (2.0, 3, False),
    ),
    "linkerd, a profile": (
        "kind: ServiceProfile\nmetadata: {name: stock.shop.svc.cluster.local}\n"
        "spec: {routes: [{name: a, timeout: 2s}]}\n",
        (2.0, 1, False),
    ),
    "linkerd, annotations": (
        "kind: Service\nmetadata:\n  name: stock\n  annotations:\n    timeout.linkerd.io/request: 2s\n"
        "    retry.linkerd.io/http: 5xx\n    balancer.linkerd.io/failure-accrual: consecutive\n",
        (2.0, 2, True),
    ),
    "consul, a resolver": (
        "kind: ServiceResolver\nmetadata: {name: stock}\nspec: {requestTimeout: 2s}\n",
        (2.0, 1, False),
    ),
    "consul, a router": (
        "kind: ServiceRouter\nmetadata: {name: stock}\n"
        "spec: {routes: [{destination: {requestTimeout: 2s, numRetries: 2}}]}\n",
        (2.0, 3, False),
    ),
}


def asking(system_of_files: Mapped, files: dict[str, str]) -> Policy:
    """The policy of the one call from `shop` to its peer, which has no limit of its own."""
    code = {"shop/main.py": served("requests.get('http://stock:7000/levels')")}
    (edge,) = [edge for edge in system_of_files({**BASE, **code, **files}).edges if edge.source == "shop"]
    return edge.policy


@pytest.mark.parametrize(("text", "expected"), FORMS.values(), ids=FORMS.keys())
def test_a_mesh_bounds_the_call(
    system_of_files: Mapped, text: str, expected: tuple[float | None, int | None, bool]
) -> None:
    policy = asking(system_of_files, {"mesh.yaml": f"apiVersion: v1\n{text}"})
    assert (policy.state, policy.by) == ("bounded", "mesh")
    assert (policy.seconds, policy.attempts, policy.breaker) == expected


NOT_FOR_THE_CALL = {
    "switched off": ISTIO + f"  http: [{{timeout: 0s, {TO_STOCK}}}]",
    "for another host": ISTIO.replace("[stock]", "[prices]") + f"  http: [{{timeout: 2s, {TO_STOCK}}}]",
    "one way is left without": ISTIO
    + f"  http: [{{timeout: 2s, match: [{{uri: {{prefix: /a}}}}], {TO_STOCK}}}, {{{TO_STOCK}}}]",
    "from outside only": ISTIO + f"  gateways: [public]\n  http: [{{timeout: 2s, {TO_STOCK}}}]",
    "a route of an ingress": (
        "kind: HTTPRoute\nspec:\n  parentRefs: [{kind: Gateway, name: public}]\n"
        "  rules: [{timeouts: {request: 2s}, backendRefs: [{name: stock}]}]\n"
    ),
}


@pytest.mark.parametrize("text", NOT_FOR_THE_CALL.values(), ids=NOT_FOR_THE_CALL.keys())
def test_what_is_not_for_every_call_bounds_none(system_of_files: Mapped, text: str) -> None:
    assert asking(system_of_files, {"mesh.yaml": f"apiVersion: v1\n{text}"}).state == "unbounded"


def test_what_the_code_repeats_multiplies_the_limit_of_the_mesh(system_of_files: Mapped) -> None:
    code = (
        "import requests\nfrom flask import Flask\nfrom tenacity import retry, stop_after_attempt\n\n"
        "app = Flask('shop')\n\n\n@app.get('/')\n@retry(stop=stop_after_attempt(3))\ndef show():\n"
        "    return requests.get('http://stock:7000/levels').text\n"
    )
    mesh = f"apiVersion: v1\n{ISTIO}  http: [{{timeout: 2s, {TO_STOCK}}}]"
    policy = asking(system_of_files, {"mesh.yaml": mesh, "shop/main.py": code})
    assert (policy.seconds, policy.attempts, policy.worst) == (2.0, 3, 6.0)


GATEWAY = COMPOSE.replace("http://stock:7000", "http://edge") + "  edge:\n    image: {image}\n    volumes: [{mount}]\n"
BETWEEN = {
    "nginx": (
        "nginx:1.27", "./nginx.conf:/etc/nginx/nginx.conf", "nginx.conf",
        "http { server { location / { proxy_pass http://stock:7000; proxy_read_timeout 2s; } } }",
    ),
    "traefik": (
        "traefik:3", "./routes.yaml:/etc/traefik/routes.yaml", "routes.yaml",
        "http:\n  services:\n    stock: {loadBalancer: {serversTransport: slow, servers: [{url: 'http://stock:7000'}]}}\n"
        "  serversTransports: {slow: {forwardingTimeouts: {responseHeaderTimeout: 2s}}}\n",
    ),
    "envoy": (
        "envoyproxy/envoy:v1.31", "./envoy.yaml:/etc/envoy/envoy.yaml", "envoy.yaml",
        "static_resources:\n  listeners: [{routes: [{route: {cluster: stock, timeout: 2s}}]}]\n"
        "  clusters: [{name: stock, outlier_detection: {}, load_assignment: {endpoints: [{address: {socket_address: "
        "{address: stock, port_value: 7000}}}]}}]\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("image", "mount", "name", "text"), BETWEEN.values(), ids=BETWEEN.keys())
def test_a_gateway_in_between_bounds_the_call_to_it(
    system_of_files: Mapped, image: str, mount: str, name: str, text: str
) -> None:
    files = {
        **BASE,
        "compose.yaml": GATEWAY.replace("{image}", image).replace("{mount}", mount),
        "shop/main.py": served("requests.get(os.environ['STOCK_URL'] + '/levels')"),
        name: text,
    }
    (edge,) = [edge for edge in system_of_files(files).edges if edge.source == "shop"]
    assert (edge.target, edge.policy.state, edge.policy.seconds, edge.policy.by) == ("edge", "bounded", 2.0, "gateway")
