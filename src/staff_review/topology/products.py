"""What an image, a host or an address scheme is known to be: a database, a broker, a gateway, infrastructure."""

from __future__ import annotations

import re

import msgspec


class Product(msgspec.Struct, frozen=True):
    """A well-known product: what part it plays, the protocol spoken with it."""

    name: str
    part: str  # "store", "broker", "gateway", "infra" or "test"
    protocol: str


_KNOWN = r"""
test    locust        http       locust locustio
test    k6            http       k6
test    selenium      http       selenium
test    wiremock      http       wiremock mockserver
infra   tracing       http       zipkin jaeger jaegertracing tempo skywalking.* otel.* opentelemetry.* collector
infra   tracing       http       apm-server datadog.*
infra   metrics       http       prometheus.* grafana alertmanager cadvisor .*[-_]exporter influxdb-relay
infra   metrics       http       statsd.* pushgateway loki netdata healthchecks? wait-for.* dockerize promtail
infra   metrics       http       fluentd fluent-bit fluentbit logstash kibana filebeat vector
infra   registry      http       consul eureka.* registrator vault config-?server apollo-configservice dapr
infra   registry      http       daprio placement sentry
infra   zookeeper     zookeeper  zookeeper cp-zookeeper
infra   console       http       adminer pgadmin4? phpmyadmin mongo-express redis-commander redisinsight kafka-ui
infra   console       http       kafdrop akhq flower portainer mailhog mailpit maildev mailcatcher cerebro
infra   console       http       elasticvue dozzle watchtower redpanda-console console control-center
infra   console       http       cp-enterprise-control-center schema-registry cp-schema-registry swagger-ui
infra   console       http       localstack
infra   cluster       http       heapster kube-.* metrics-server cert-manager.* external-dns node-.*-metrics
infra   cluster       http       autoscaler weave-scope scope
gateway nginx         http       nginx openresty nginx-unprivileged
gateway traefik       http       traefik
gateway envoy         http       envoy envoyproxy
gateway haproxy       http       haproxy
gateway kong          http       kong
gateway caddy         http       caddy
gateway krakend       http       krakend
gateway apisix        http       apisix
gateway httpd         http       httpd apache2?
broker  rabbitmq      amqp       rabbitmq lavinmq
broker  kafka         kafka      kafka cp-kafka cp-server redpanda strimzi
broker  nats          nats       nats nats-streaming
broker  activemq      amqp       activemq.* artemis
broker  mosquitto     mqtt       mosquitto emqx hivemq.*
broker  pulsar        pulsar     pulsar pulsar-all
broker  nsq           nsq        nsq nsqd
broker  eventstore    http       eventstore
broker  stan          nats       stan
broker  gearman       gearman    gearmand?
broker  beanstalkd    beanstalk  beanstalkd
broker  elasticmq     sqs        elasticmq.*
store   postgresql    sql        postgres postgresql postgis timescaledb pgvector pgbouncer pgpool.* .*pgvector.*
store   postgresql    sql        citus spilo.*
store   mysql         sql        mysql mariadb percona.* mysql-server mysql-db
store   mssql         sql        mssql mssql-server sqlserver azure-sql-edge
store   cockroachdb   sql        cockroach cockroachdb yugabyte tidb
store   oracle        sql        oracle.*-xe oracle-free oracle
store   mongodb       mongodb    mongo mongodb mongo-db mongodb-community-server
store   redis         redis      redis valkey keydb dragonfly redis-stack.* rejson
store   memcached     memcached  memcached memcache
store   elasticsearch http       elasticsearch opensearch elasticsearch-oss
store   cassandra     cql        cassandra scylla scylladb
store   neo4j         bolt       neo4j
store   influxdb      http       influxdb
store   clickhouse    sql        clickhouse.*
store   couchdb       http       couchdb
store   couchbase     http       couchbase
store   arangodb      http       arangodb
store   dynamodb      http       dynamodb.*
store   minio         s3         minio
store   etcd          grpc       etcd
store   qdrant        http       qdrant
store   milvus        grpc       milvus
store   weaviate      http       weaviate
store   solr          http       solr
store   meilisearch   http       meilisearch
store   typesense     http       typesense
store   rethinkdb     rethinkdb  rethinkdb
store   surrealdb     http       surrealdb
store   chroma        http       chroma chromadb
store   ravendb       http       ravendb
store   azurite       http       azurite
store   hazelcast     hazelcast  hazelcast
"""
"""Part, product, protocol, and the names of its images as patterns; a product may take several lines."""

_IMAGES = [
    (re.compile(rf"(?:^|[/_.-])(?:{'|'.join(patterns)})(?:$|[:@/_.-])"), Product(name, part, protocol))
    for part, name, protocol, *patterns in map(str.split, _KNOWN.strip().splitlines())
]
_SPOKEN = """
postgresql    postgres postgresql psql pgsql
mysql         mysql mariadb
mssql         mssql sqlserver
oracle        oracle
mongodb       mongodb
redis         redis rediss unix+redis
rabbitmq      amqp amqps pyamqp
kafka         kafka
nats          nats
mosquitto     mqtt
neo4j         bolt neo4j
memcached     memcached
activemq      stomp
cassandra     cassandra
clickhouse    clickhouse
cockroachdb   cockroachdb
minio         s3
pulsar        pulsar
"""
"""A product and the schemes of its addresses."""

_SCHEMES = {scheme: name for name, *schemes in map(str.split, _SPOKEN.strip().splitlines()) for scheme in schemes}
_PORTS = {
    5432: "postgresql",
    3306: "mysql",
    1433: "mssql",
    27017: "mongodb",
    6379: "redis",
    5672: "rabbitmq",
    9092: "kafka",
    4222: "nats",
    11211: "memcached",
    9042: "cassandra",
    1883: "mosquitto",
    7687: "neo4j",
    9200: "elasticsearch",
    61616: "activemq",
    2379: "etcd",
    26257: "cockroachdb",
    29092: "kafka",
}
_STORED = ("store", "broker")
DATABASE = Product("database", "store", "sql")
"""Somebody's own database image, of a kind that its name does not say."""
_BY_NAME = {product.name: product for _, product in _IMAGES}


def product_of_image(image: str) -> Product | None:
    """What an image is, by its name without registry, tag and digest; None for somebody's own."""
    name = image.partition("@")[0].lower()
    head, _, tail = name.rpartition("/")
    tail = tail.partition(":")[0]
    for pattern, product in _IMAGES:
        if pattern.fullmatch(tail) or (product.part in _STORED and pattern.search(f"/{tail}/")):
            return product
    if re.fullmatch(r".*[-_](?:db|database)", tail):
        return DATABASE
    owner = head.rpartition("/")[2]
    return next((product for pattern, product in _IMAGES if owner and pattern.fullmatch(owner)), None)


def product_of_scheme(scheme: str) -> Product | None:
    """What an address scheme such as ``postgresql+asyncpg`` or ``jdbc:mysql`` speaks to."""
    for part in re.split(r"[+:]", scheme.lower()):
        name = _SCHEMES.get(part)
        if name:
            return _BY_NAME.get(name)
    return None


def product_of_port(port: int) -> Product | None:
    """What usually listens on a port."""
    return _BY_NAME.get(_PORTS.get(port, ""))


def product_named(name: str) -> Product | None:
    """A product by its own name."""
    return _BY_NAME.get(name)
