"""Apache Kafka in a container: one node, reached from the host and from the containers of its network.

testcontainers' own Kafka container knows another image only.
"""

from __future__ import annotations

import time
from typing import Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network

from services.runtime.connecting import for_librdkafka

IMAGE = "apache/kafka:4.1.1"
ALIAS = "kafka"
HOST_PORT, NETWORK_PORT, CONTROLLER_PORT = 9092, 19092, 9093
START_S = 120
_SCRIPT = "/tmp/annuity-ledger-kafka.sh"  # noqa: S108 -- in the container, which is ours alone
_WAIT = f"while [ ! -f {_SCRIPT} ]; do sleep 0.1; done; exec sh {_SCRIPT}"
# Whatever is set here takes the place of all that the image would set by default.
_ENVIRONMENT = {
    "CLUSTER_ID": "MkU3OEVBNTcwNTJENDM2Qk",
    "KAFKA_NODE_ID": "1",
    "KAFKA_PROCESS_ROLES": "broker,controller",
    "KAFKA_LISTENERS": f"HOST://:{HOST_PORT},NETWORK://:{NETWORK_PORT},CONTROLLER://localhost:{CONTROLLER_PORT}",
    "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "HOST:PLAINTEXT,NETWORK:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "KAFKA_INTER_BROKER_LISTENER_NAME": "NETWORK",
    "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
    "KAFKA_CONTROLLER_QUORUM_VOTERS": f"1@localhost:{CONTROLLER_PORT}",
    "KAFKA_LOG_DIRS": "/var/lib/kafka/data",
    "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
    "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "4",
    "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
    "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
    "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS": "4",
    "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
    "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
    "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    "KAFKA_HEAP_OPTS": "-Xms256m -Xmx512m",
}


class KafkaBrokerContainer(DockerContainer):
    """A broker, there when `start` returns."""

    def __init__(self, network: Network, image: str = IMAGE) -> None:
        super().__init__(image, network=network, network_aliases=[ALIAS], env=dict(_ENVIRONMENT))
        self.with_exposed_ports(HOST_PORT)
        # The port that clients on the host must be told is known when the container runs, not before: it waits for it.
        self.with_kwargs(entrypoint="sh")
        self.with_command(["-c", _WAIT])

    @property
    def bootstrap_servers(self) -> str:
        """Where clients on the host reach it."""
        return f"{self.get_container_host_ip()}:{self.get_exposed_port(HOST_PORT)}"

    @property
    def network_bootstrap_servers(self) -> str:
        """Where containers of its network reach it."""
        return f"{ALIAS}:{NETWORK_PORT}"

    def start(self) -> Self:
        """Start, and return when clients are served. Raises `TimeoutError` with the last of its log."""
        super().start()
        advertised = f"HOST://{self.bootstrap_servers},NETWORK://{self.network_bootstrap_servers}"
        script = f"export KAFKA_ADVERTISED_LISTENERS={advertised}\nexec /etc/kafka/docker/run\n"
        self.copy_into_container(script.encode(), _SCRIPT, 0o755)
        self._wait_until_served()
        return self

    def _wait_until_served(self) -> None:
        admin = AdminClient(for_librdkafka(self.bootstrap_servers) | {"log_level": 0})
        deadline = time.monotonic() + START_S
        while True:
            try:
                admin.list_topics(timeout=2)
            except KafkaException:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"Kafka does not answer after {START_S} s: {last_log(self)}") from None
            else:
                return


def last_log(container: DockerContainer, lines: int = 20) -> str:
    """The end of what a container wrote."""
    out, err = container.get_logs()
    return "\n".join((out + err).decode(errors="replace").splitlines()[-lines:])
