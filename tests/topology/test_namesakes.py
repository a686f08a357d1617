"""One name for several services, several names for one: containers, Services of a cluster, files that only repeat."""

from __future__ import annotations

from test_forms import Mapped

DOCKERFILE = 'FROM python:3.12\nCOPY . .\nENTRYPOINT ["/start.sh"]\n'
APP = "services:\n  app:\n    container_name: {name}\n    build: .\n"
WORKLOAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  selector: {{matchLabels: {{app: {label}}}}}
  template:
    metadata: {{labels: {{app: {label}}}}}
    spec:
      containers:
        - {{name: {name}, image: {image}{more}}}
"""
SERVICE = """
---
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{selector: {{app: {name}}}, ports: [{{port: 80}}]}}
"""
CALLS = "import os\n\nimport requests\n\nif __name__ == '__main__':\n    requests.get(os.environ['BILLS'], timeout=1)\n"


def names(system_of_files: Mapped, files: dict[str, str]) -> list[str]:
    return [service.name for service in system_of_files(files).services]


def test_projects_that_call_their_service_the_same_are_told_apart_by_their_containers(system_of_files: Mapped) -> None:
    files = {}
    for name in ("bills", "orders"):
        files[f"{name}/docker-compose.yaml"] = APP.format(name=name)
        files[f"{name}/Dockerfile"] = DOCKERFILE
        files[f"{name}/main.py"] = "print('ready')\n"
        files[f"{name}/manifests/{name}.yaml"] = WORKLOAD.format(name=name, label=name, image=f"shop/{name}", more="")
    assert names(system_of_files, files) == ["bills", "orders"]


def test_a_deployment_is_the_store_that_has_its_name_as_a_container(system_of_files: Mapped) -> None:
    system = system_of_files(
        {
            "shop/compose.yaml": "services:\n  shop: {build: ., environment: {DB: 'mongodb://ledger-db:27017'}}\n"
            "  mongo: {image: mongo, container_name: ledger-db}\n",
            "shop/Dockerfile": 'FROM python:3.12\nCMD ["python", "main.py"]\n',
            "shop/main.py": "import os\n\nimport pymongo\n\npymongo.MongoClient(os.environ['DB']).shop.x.find_one()\n",
            "cluster/ledger.yaml": WORKLOAD.format(name="ledger-db", label="ledger-db", image="mongo:7", more=""),
        }
    )
    assert [store.name for store in system.stores] == ["mongo"]


def test_a_worker_that_opens_no_port_is_not_what_a_service_of_its_label_means(system_of_files: Mapped) -> None:
    web = WORKLOAD.format(name="web", label="web", image="shop/web", more=", ports: [{containerPort: 80}]")
    work = WORKLOAD.format(name="web-worker", label="web", image="shop/worker", more=", command: [celery, worker]")
    files = {"k8s/web.yaml": web + SERVICE.format(name="web"), "k8s/worker.yaml": work}
    files |= {"web/Dockerfile": DOCKERFILE, "web/main.py": "print('ready')\n"}
    assert names(system_of_files, files) == ["web", "web-worker"]


def test_a_script_that_nobody_can_read_starts_the_one_script_beside_it(system_of_files: Mapped) -> None:
    compose = "services:\n  orders: {build: orders, environment: {BILLS: 'http://bills:80'}}\n  bills: {build: bills}\n"
    files = {"compose.yaml": compose, "orders/Dockerfile": DOCKERFILE, "bills/Dockerfile": DOCKERFILE}
    files |= {"orders/main.py": CALLS, "bills/main.py": "print('ready')\n"}
    edges = system_of_files(files).edges
    assert [(edge.source, edge.target) for edge in edges] == [("orders", "bills")]
    edges = system_of_files({"orders/seed.py": CALLS.replace("BILLS", "NOBODY")}).edges
    assert not [edge for edge in edges if edge.known]


def test_a_file_that_only_starts_stores_tells_of_the_same_ones(system_of_files: Mapped) -> None:
    stores = "  ledger: {image: 'postgres:16'}\n  cache: {image: 'redis:7'}\n"
    files = {
        "deploy/docker/compose.yaml": "services:\n  shop: {image: acme/shop}\n" + stores,
        "services/databases-compose.yaml": "services:\n" + stores,
        "services/shop/Dockerfile": 'FROM python:3.12\nCMD ["python", "main.py"]\n',
        "services/shop/main.py": "import redis\n\nredis.Redis('cache').get('x')\n",
    }
    assert [store.name for store in system_of_files(files).stores] == ["cache"]


def test_settings_for_containers_count_where_nothing_else_says_them(system_of_files: Mapped) -> None:
    compose = "services:\n  orders: {build: orders}\n  bills: {build: bills}\n"
    files = {"compose.yaml": compose, "orders/Dockerfile": 'FROM python:3.12\nCMD ["python", "main.py"]\n'}
    files |= {"orders/main.py": CALLS.replace("BILLS", "PEER"), "orders/.env-docker": "PEER=http://bills:80\n"}
    files |= {"bills/Dockerfile": DOCKERFILE, "bills/main.py": "print('ready')\n"}
    assert [(edge.source, edge.target) for edge in system_of_files(files).edges] == [("orders", "bills")]
