"""Files around the code: what each kind says, and that none of them can hurt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from staff_review.load.deployment import deployment_of
from staff_review.load.deployment.yaml import BrokenYamlError, documents
from staff_review.nouns.deployment import Deployment, Port

Read: TypeAlias = Callable[[dict[str, Any]], Deployment]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    def deployment(files: dict[str, Any]) -> Deployment:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        monkeypatch.chdir(tmp_path)
        return deployment_of((".",))

    return deployment


def test_yaml_keeps_lines_merges_and_texts() -> None:
    (root,) = documents("a: &x {k: yes, n: 012}\nb:\n  <<: *x\n  k: 'no'\nc: [1, two]\nd: ~\n")
    assert root.get("b", "k").text == "no"
    assert root.get("b", "n").text == "012"
    assert root.get("b").line == 3
    assert root.get("c").texts() == ["1", "two"]
    assert not root.get("d")
    assert not root.get("missing", "further", "down")


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
HOSTILE = {
    "aliases upon aliases": BOMB,
    "an alias of itself": "a: &a [*a, *a]\nservices: &s\n  <<: *s\n  x: {image: *s}\n",
    "a merge of itself": "services: &s {<<: *s, <<: [*s, *s]}\n",
    "a merge in circles": "a: &a {<<: &b {<<: *a}}\nservices: *a\n",
    "kinds that do not fit": "services: [1, {image: [2]}]\nkind: {a: b}\napiVersion: [x]\nspec: 3\n",
    "keys that are mappings": "? {a: b}\n: c\n? [d]\n: e\nservices: {? {x: y} : {image: z}}\n",
    "tags": "services: !!python/object/apply:os.system ['exit 1']\nx: !custom {image: a}\n",
    "numbers of any size": "services: {a: {image: x, ports: ['999999999999999999:1', '1-2:3-4/tcp', ':']}}\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("name", ["compose.yaml", "k8s/all.yaml", "application.yml", "envoy.yaml"])
def test_hostile_yaml_is_read_in_bounded_time(read: Read, name: str, text: str) -> None:
    assert isinstance(read({name: text, "chart/Chart.yaml": text, "chart/values.yaml": text}), Deployment)


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 50_000 + "x", "{a: " * 5_000, "a: b: c", "\t- x", "a: 'open"])
def test_yaml_that_is_none_or_too_deep_is_refused(text: str) -> None:
    with pytest.raises(BrokenYamlError):
        documents(text)


def test_what_cannot_be_read_is_a_gap(read: Read) -> None:
    found = read({"compose.yml": "services:\n  a: {image: x\n", "big.yaml": "x: " + "y" * 1_100_000})
    assert {(gap.path, gap.line > 0) for gap in found.gaps} == {("compose.yml", True), ("big.yaml", False)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config/application.yml", "a: [1\n"),
        ("settings.toml", "[a]\nb = \n"),
        ("default.toml", "x = " + "[" * 20_000),
        ("config.toml", "a" + ".a" * 20_000 + " = 1"),
    ],
)
def test_application_configuration_that_cannot_be_read_is_one_gap(read: Read, name: str, text: str) -> None:
    (gap,) = read({name: text}).gaps
    assert gap.path == name
    assert gap.line > 0


@pytest.mark.parametrize("name", ["settings.yml", "config.json"])
def test_templates_and_data_that_cannot_be_read_are_no_gap(read: Read, name: str) -> None:
    assert not read({name: "{% if x %}{{ y }}: {"}).gaps


def test_compose_says_units(read: Read) -> None:
    compose = """
x-common: &common
  environment: {LEVEL: info, EMPTY: }
services:
  web:
    <<: *common
    build: {context: ./web, dockerfile: docker/Web.Dockerfile}
    command: ["gunicorn", "web:app"]
    ports: ["127.0.0.1:8080:80", "9000", {target: 5000, published: 5001}]
    env_file: [common.env]
    container_name: front
    networks: {inner: {aliases: [www]}}
    volumes: ["./nginx.conf:/etc/nginx.conf:ro", "data:/data"]
    depends_on: {db: {condition: service_healthy}}
  job:
    image: ${REGISTRY:-local}/job:${TAG}
    profiles: [seed]
    restart: "no"
"""
    found = read({"deploy/compose.yml": compose, "deploy/.env": "TAG='1.2' # now\n# no=1\nexport OTHER=x\n"})
    web, job = found.units
    assert (web.name, web.context, web.dockerfile) == ("web", "deploy/web", "deploy/web/docker/Web.Dockerfile")
    assert web.command == "gunicorn web:app"
    assert web.ports == (Port(80, 8080), Port(9000), Port(5000, 5001))
    assert (web.hosts, web.groups, web.mounts) == (("front", "www"), ("deploy/common.env",), ("deploy/nginx.conf",))
    assert [(one.name, one.value, one.place.line) for one in web.settings] == [("LEVEL", "info", 3), ("EMPTY", "", 3)]
    assert (job.image, job.ends) == ("local/job:1.2", True)
    assert [one.name for one in found.groups["deploy/.env"]] == ["TAG", "OTHER"]


def test_dockerfiles_say_the_last_stage(read: Read) -> None:
    text = """
ARG VERSION=3.12
FROM node:20 AS build
ENV ONLY_HERE=1
COPY ui ui
FROM python:${VERSION}-slim AS base
ENV HOST=stock \\
    PORT="80 80"
FROM base
COPY --from=build /ui /ui
COPY ["shop", "common", "/srv/"]
EXPOSE 8000/tcp 8001
ENTRYPOINT ["python", "-m"]
CMD ["shop"]
"""
    (image,) = read({"shop/Dockerfile": text}).images
    assert (image.base, image.command, image.ports) == ("python:3.12-slim", "python -m shop", (8000, 8001))
    assert [(one.name, one.value, one.place.line) for one in image.settings] == [
        ("HOST", "stock", 7),
        ("PORT", "80 80", 7),
    ]
    assert image.copies == ("ui", "shop", "common")


def test_procfiles_say_processes(read: Read) -> None:
    units = read({"Procfile": "web: PORT=1 gunicorn shop:app\n# old: x\nrelease: alembic upgrade head\n"}).units
    assert [(unit.name, unit.command, unit.ends) for unit in units] == [
        ("web", "PORT=1 gunicorn shop:app", False),
        ("release", "alembic upgrade head", True),
    ]


NGINX = """
http {
  proxy_read_timeout 10s;
  upstream shop { least_conn; server shop-a:80 weight=2; server shop-b:80; }
  server {
    set $stock http://stock:7000;
    location /shop/ { proxy_pass http://shop/api/; }
    location /stock { proxy_pass $stock; proxy_read_timeout 500ms; }
    location /grpc { grpc_pass grpc://pricing:50051; }
    # location /no { proxy_pass http://no; }
    location /x { return 200 "proxy_pass http://no;"; }
  }
}
"""


def test_nginx_opens_ways(read: Read) -> None:
    routes = read({"nginx/nginx.conf": NGINX}).routes
    assert [(one.match, one.target, one.protocol, one.seconds) for one in routes] == [
        ("/shop/", "http://shop-a:80/api/", "http", 10),
        ("/shop/", "http://shop-b:80/api/", "http", 10),
        ("/stock", "http://stock:7000", "http", 0.5),
        ("/grpc", "grpc://pricing:50051", "grpc", 10),
    ]


OTHERS = {
    "envoy.yaml": (
        "static_resources:\n  clusters:\n    - name: a\n      load_assignment: {endpoints: [{lb_endpoints: [{endpoint:"
        " {address: {socket_address: {address: stock, port_value: 1}}}}]}]}\n"
    ),
    "traefik.yml": "http: {services: {s: {loadBalancer: {servers: [{url: 'http://stock:1'}]}}}}\n",
    "haproxy.cfg": "backend b\n  # server no no:1\n  server one stock:1 check\n",
    "Caddyfile": "shop.example.com {\n  reverse_proxy stock:1\n}\n",
    "apisix.yaml": "routes: [{uri: /s, upstream: {nodes: {'stock:1': 1}}}]\n",
    "apisix/config.yaml": "upstreams: [{id: 1, nodes: [{host: stock, port: 1, weight: 1}]}]\n",
    "krakend.json": '{"endpoints": [{"endpoint": "/s", "backend": [{"url_pattern": "/", "host": ["http://stock:1"]}]}]}',
    "ocelot.json": '{"Routes": [{"DownstreamHostAndPorts": [{"Host": "stock", "Port": 1}]}]}',
    "appsettings.json": '{"ReverseProxy": {"Clusters": {"s": {"Destinations": {"a": {"Address": "http://stock:1"}}}}}}',
    "kong.yml": "_format_version: '3.0'\nservices: [{name: s, url: 'http://stock:1'}]\n",
    "src/main/resources/application.yml": "spring: {cloud: {gateway: {routes: [{id: s, uri: 'lb://stock'}]}}}\n",
    "ingress.yaml": (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: {rules: [{http: {paths: [{path: /,"
        " backend: {service: {name: stock}}}]}}]}\n"
    ),
    "route.yaml": (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec: {rules: [{backendRefs: [{name: stock}]}]}\n"
    ),
}


@pytest.mark.parametrize(("name", "text"), OTHERS.items(), ids=OTHERS.keys())
def test_other_gateways_open_ways(read: Read, name: str, text: str) -> None:
    routes = read({name: text}).routes
    assert ["stock" in route.target for route in routes] == [True]


def test_kubernetes_fills_settings_from_config_maps_and_names_from_services(read: Read) -> None:
    text = """
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: peers}, data: {STOCK: stock:1, OTHER: x}}
  - {apiVersion: v1, kind: Service, metadata: {name: shop}, spec: {selector: {app: shop}, ports: [{port: 80}]}}
  - apiVersion: apps/v1
    kind: Deployment
    metadata: {name: shop-v3}
    spec:
      template:
        metadata: {labels: {app: shop, tier: web}}
        spec:
          containers:
            - {name: envoy, image: envoyproxy/envoy}
            - name: main
              image: shop:3
              env:
                - {name: PEER, valueFrom: {configMapKeyRef: {name: peers, key: STOCK}}}
                - {name: NONE, valueFrom: {secretKeyRef: {name: gone, key: x}}}
              envFrom: [{configMapRef: {name: peers}}]
  - {apiVersion: batch/v1, kind: Job, metadata: {name: once}, spec: {template: {spec: {containers: [{image: x}]}}}}
"""
    shop, once = read({"all.yaml": text}).units
    assert (shop.name, shop.image, shop.hosts, shop.groups) == ("shop", "shop:3", ("shop", "shop-v3"), ("peers",))
    assert [(one.name, one.value) for one in shop.settings] == [("PEER", "stock:1"), ("NONE", "")]
    assert (once.name, once.ends) == ("once", True)


def test_helm_templates_are_read_with_the_charts_values(read: Read) -> None:
    template = """
{{- range .Values.many }}
{{- end }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}
spec:
  template:
    spec:
      containers:
        - image: "{{ .Values.image.name }}:{{ .Values.image.tag | default "9" }}"
          env:
            - name: STOCK
              value: {{ .Values.stock | quote }}
"""
    files = {
        "chart/Chart.yaml": "name: shop\n",
        "chart/values.yaml": "image: {name: registry/shop}\nstock: http://stock:1\n",
        "chart/templates/deployment.yaml": template,
    }
    (unit,) = read(files).units
    assert (unit.name, unit.image, unit.place.line) == ("shop", "registry/shop:9", 7)
    assert [(one.value, one.place.line) for one in unit.settings] == [("http://stock:1", 15)]


def test_other_places_are_left_out(read: Read) -> None:
    compose = "services: {a: {image: x}}\n"
    files = {
        f"{folder}/compose.yml": compose
        for folder in ("tests", "vendor", "node_modules/x", "examples", ".github", "docs")
    }
    assert not read(files).units


def test_links_and_pipes_do_not_hold_it_up(read: Read, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "compose.yml")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    found = read({"Procfile": "web: x\n"})
    assert [unit.name for unit in found.units] == ["web"]


def test_replicas_are_told_where_files_name_them(read: Read) -> None:
    compose = "services:\n  a: {image: x, deploy: {replicas: 3}}\n  b: {image: x, scale: '2'}\n  c: {image: x}\n"
    pod = "template: {spec: {containers: [{image: x}]}}"
    manifest = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d}}\nspec: {{replicas: 4, {pod}}}\n"
    found = read({"compose.yaml": compose, "d.yaml": manifest}).units
    assert {unit.name: unit.copies for unit in found} == {"a": 3, "b": 2, "c": 0, "d": 4}
