"""What a sidecar on the same machine is asked for by plain HTTP: other services, state, topics."""

from __future__ import annotations

from test_built import DEPLOYMENT, IMAGE
from test_forms import Mapped
from test_unseen import pairs

COMPONENT = (
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}}}\nspec:\n  type: {kind}.redis\n"
    "  metadata: [{{name: redisHost, value: 'redis-master:6379'}}]\n---\n"
)
FILES = {
    "k8s.yaml": "".join(DEPLOYMENT.format(name, f"shop/{name}") for name in ("front", "orders", "mail"))
    + COMPONENT.format(name="kept", kind="state") + COMPONENT.format(name="told", kind="pubsub"),
    "front/Dockerfile": "FROM node:22\nCOPY . .\nCMD node main.js\n",
    "front/main.js": (
        "const port = process.env.DAPR_HTTP_PORT ?? 3500;\nconst url = `http://localhost:${port}/v1.0`;\n"
        "await axios.post(`${url}/publish/${broker}/A`, body);\n"
        "await axios.get(`http://localhost:${port}/order`, {headers: {'dapr-app-id': 'orders'}});\n"
    ),
    "orders/Dockerfile": IMAGE,
    "orders/main.py": (
        "import requests\n\nBASE = 'http://localhost:3500'\nSTORE = 'kept'\n\n"
        "requests.post('%s/v1.0/state/%s' % (BASE, STORE), json=[], timeout=2)\n"
    ),
    "mail/Dockerfile": IMAGE,
    "mail/main.py": (
        "from flask import Flask, jsonify\n\napp = Flask(__name__)\n\n\n@app.get('/dapr/subscribe')\ndef subscribe():\n"
        "    return jsonify([{'pubsubname': 'told', 'topic': 'A', 'route': 'a'}])\n"
    ),
}  # fmt: skip


def test_state_topics_and_services_behind_a_sidecar(system_of_files: Mapped) -> None:
    assert pairs(system_of_files, FILES) == {
        ("front", "orders", "sync"),
        ("front", "redis", "async"),
        ("orders", "redis", "store"),
        ("mail", "redis", "async"),
    }
    taken = next(edge for edge in system_of_files(FILES).edges if edge.source == "mail")
    assert (taken.role, taken.topics) == ("consume", ("A",))


def test_nothing_is_kept_where_no_component_is_described(system_of_files: Mapped) -> None:
    files = {**FILES, "k8s.yaml": DEPLOYMENT.format("orders", "shop/orders")}
    assert {pair for pair in pairs(system_of_files, files) if pair[1] != "?"} == set()
