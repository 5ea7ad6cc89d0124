"""Broker and services in containers, for tests that want the real thing."""

from __future__ import annotations

import os
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.metadata import version
from typing import Self

from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network

from contracts_schema.testing import kafka
from contracts_schema.testing.failing import ExpectationFailedError
from contracts_schema.testing.on_broker import PAUSE_S, AnnuityLedgerOnBroker
from contracts_schema.topics import TOPICS
from services.runtime.topics import create_topics

SERVICES = ("intake", "reference", "ledger", "remittances")
METRICS_PORT = 9464
READY_S = 120


class AnnuityLedgerContainer(AnnuityLedgerOnBroker):
    """A broker and the services, each in a container of a network of their own; gone after `with`.

    `image` is the services': unless it is given, what ANNUITY_LEDGER_IMAGE names, or `annuity-ledger:<version>` of what
    is installed here; the broker's likewise is that of KAFKA_IMAGE, or Apache's. `services` are the workers to run:
    `("all",)` runs them in one container, which starts faster. `trusted_submitters` are trusted with `received_at`
    under every contract, so that a test may tell a story of the past.
    """

    def __init__(
        self,
        image: str | None = None,
        *,
        broker_image: str | None = None,
        services: Sequence[str] = SERVICES,
        trusted_submitters: Sequence[str] = (),
        partitions: int = 1,
    ) -> None:
        super().__init__("not started", partitions=partitions)
        self._image = image or os.environ.get("ANNUITY_LEDGER_IMAGE") or f"annuity-ledger:{version('annuity-ledger')}"
        self._broker_image = broker_image or os.environ.get("KAFKA_IMAGE") or kafka.IMAGE
        self._names = tuple(services)
        self._trusted = tuple(trusted_submitters)
        self._stack = ExitStack()
        self._network: Network | None = None
        self._broker: kafka.KafkaBrokerContainer | None = None
        self._services: dict[str, DockerContainer] = {}

    @property
    def network(self) -> Network:
        """The containers' network, for containers of one's own."""
        assert self._network is not None, "there is a network once it is started"
        return self._network

    @property
    def network_bootstrap_servers(self) -> str:
        """The broker, for containers in the network; `bootstrap_servers` is for the host."""
        assert self._broker is not None, "there is a broker once it is started"
        return self._broker.network_bootstrap_servers

    def container(self, service: str) -> DockerContainer:
        """A service's container, to look at its log or to be hard on it."""
        return self._services[service]

    def start(self) -> Self:
        """Start all, and return when every service is ready. Raises when one is not; nothing is left behind then."""
        try:
            self._network = self._stack.enter_context(Network())
            self._broker = kafka.KafkaBrokerContainer(self._network, self._broker_image)
            self._stack.enter_context(self._broker)
            self.settings = self.settings.model_copy(update={"bootstrap_servers": self._broker.bootstrap_servers})
            create_topics(self.settings, TOPICS)
            for name in self._names:
                self._services[name] = self._stack.enter_context(self._service(name))
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Remove all containers and their network. Harmless when they do not run."""
        super().stop()
        self._stack.close()
        self._services = {}

    def check_running(self) -> None:
        """Raise `ExpectationFailedError`, with the end of its log, when a service's container has ended."""
        for name, container in self._services.items():
            container.reload()
            if container.status != "running":
                raise ExpectationFailedError(f"The {name} service has ended:\n{kafka.last_log(container)}")

    def __enter__(self) -> Self:
        return self.start()

    def _service(self, name: str) -> DockerContainer:
        environment = {
            "KAFKA_BOOTSTRAP_SERVERS": self.network_bootstrap_servers,
            "ANNUITY_LEDGER_PARTITIONS": str(self.settings.partitions),
            "ANNUITY_LEDGER_METRICS_PORT": str(METRICS_PORT),
            "ANNUITY_LEDGER_TRUSTED_SUBMITTERS": ",".join(self._trusted),
            "ANNUITY_LEDGER_STORE": "memory",
        }
        container = DockerContainer(self._image, network=self.network, network_aliases=[name], env=environment)
        return container.with_command(["worker", name]).with_exposed_ports(METRICS_PORT)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_S
        for name, container in self._services.items():
            url = f"http://{container.get_container_host_ip()}:{container.get_exposed_port(METRICS_PORT)}/ready"
            while (why := _not_ready(url)) is not None:
                self.check_running()
                if time.monotonic() > deadline:
                    log = kafka.last_log(container)
                    raise TimeoutError(f"The {name} service is not ready after {READY_S} s ({why}):\n{log}")
                time.sleep(PAUSE_S)


def _not_ready(url: str) -> str | None:
    """Why a service is not ready; None when it is."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 -- the container's own address
            return None
    except urllib.error.HTTPError as error:
        return error.read().decode(errors="replace")
    except OSError as error:
        return str(error)
