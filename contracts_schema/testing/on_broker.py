"""The service on a broker, running somewhere: what is published goes through Kafka, what is read comes from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from types import TracebackType
from typing import Self

from confluent_kafka import Producer

from contracts_schema.testing.calls import AnnuityLedger
from contracts_schema.testing.days import CALENDAR
from contracts_schema.testing.failing import Answer, ExpectationFailedError
from contracts_schema.testing.following import FOLLOWED, Follower
from contracts_schema.testing.given import GivenSettings
from contracts_schema.topics import REFERENCE_TOPICS
from services.domain.closing import Reference
from services.runtime.cli.messages import Message
from services.runtime.cli.publishing import publish_all
from services.runtime.connecting import for_librdkafka
from services.runtime.records import InputRecord

REST_S = 120
"""How long the services may take for what was published before that counts as a failure."""
PAUSE_S = 0.05


class AnnuityLedgerOnBroker(AnnuityLedger):
    """An installation for tests on a cluster, its topics made and its services running.

    Requests are stamped by the broker, at the moment they get there. A story of the past needs senders that are trusted
    with `received_at`: by the contract's terms, or by the services' setting. No day closes before the exchange has.
    `credentials` are those of the settings, where the cluster asks for some: `kafka_security_protocol`,
    `kafka_username`, `kafka_password_file` and the others.
    """

    def __init__(
        self, bootstrap_servers: str, *, topic_prefix: str = "", partitions: int = 12, **credentials: str
    ) -> None:
        self.settings = GivenSettings(
            bootstrap_servers=bootstrap_servers,
            topic_prefix=topic_prefix,
            partitions=partitions,
            **credentials,  # type: ignore[arg-type]  # each is checked
        )
        self._follower: Follower | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Leave the broker. The installation goes on."""
        if self._follower is not None:
            self._follower.close()
        self._follower = None

    @property
    def bootstrap_servers(self) -> str:
        """The cluster, for consumers and producers of one's own."""
        return self.settings.cluster

    def producer(self) -> Producer:
        """The client's own producer, connected. Its topics have the installation's prefix, if there is one."""
        return Producer(for_librdkafka(self.settings) | {"acks": "all", "enable.idempotence": True})

    def check_running(self) -> None:
        """Raise when it is known that a service has ended; of an installation elsewhere nothing is."""

    def _settled(self) -> Follower:
        """Return when the services have taken in all that was sent by then, and closed the days that can be."""
        if self._follower is None:
            self._follower = Follower(self.settings)
        deadline = time.monotonic() + REST_S
        while (busy := self._follower.look(self._latest_day())) is not None:
            self.check_running()
            if time.monotonic() > deadline:
                raise ExpectationFailedError(f"The services are not done after {REST_S} s: {busy}")
            time.sleep(PAUSE_S)
        return self._follower

    def _send(self, messages: Sequence[Message]) -> None:
        for _, together in groupby(messages, key=_order):
            published = publish_all(together, self.settings)
            if published.failed:
                raise ExpectationFailedError("; ".join(failure.reason for failure in published.failed))
            self._settled()

    def _read(self, topics: Sequence[str]) -> Sequence[InputRecord]:
        if unknown := [topic for topic in topics if topic not in FOLLOWED]:
            raise ValueError(f"there is no topic {', '.join(unknown)} to be read")
        settled = self._settled()
        return [record for topic in topics for record in settled.records(topic)]

    def _reference(self) -> Reference:
        return self._settled().reference()

    def _latest_day(self) -> date:
        return CALENDAR.last_closed(datetime.now(UTC))

    def _wait_for(self, found: Callable[[], Answer | None], timeout_s: int) -> Answer | None:
        deadline = time.monotonic() + timeout_s
        while (there := found()) is None and time.monotonic() < deadline:
            time.sleep(PAUSE_S)
        return there


def _order(message: Message) -> str:
    """Records of one topic keep their order; reference data may come in any, but for terms, which come first."""
    return "reference" if message.topic in REFERENCE_TOPICS and message.topic != "contract-terms" else message.topic
