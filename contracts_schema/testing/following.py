"""The topics of an installation, followed as they grow: every committed record once, and whether the services are done
with all that was sent.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from confluent_kafka.admin import OffsetSpec  # type: ignore[attr-defined]  # it does not say it exports it

from contracts_schema.testing.days import CALENDAR
from contracts_schema.topics import TOPICS
from services.domain.closing import Reference
from services.domain.referencing import complete_through
from services.reference.logic import STATE
from services.reference.rows import reference_of
from services.runtime.cli.statuses import SERVICES, PartitionStatus, status_of
from services.runtime.connecting import for_librdkafka
from services.runtime.listing import new_admin
from services.runtime.progress import Progress, decode_progress
from services.runtime.records import InputRecord
from services.runtime.settings import Settings
from services.runtime.topics import partition_count

PROGRESS = tuple(spec.progress for spec in SERVICES)
FOLLOWED = (
    *(name for name, topic in TOPICS.items() if topic.model is not None),
    "dead-letters",
    STATE.changelog,
    *PROGRESS,
)
Place = tuple[str, int]
"""A topic without the installation's prefix, and a partition."""
ASKED_S = 15
Sent = bytes | str | None


class Follower:
    """What is committed to the topics, read by one consumer that belongs to no group. Not for several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places = [(name, n) for name in FOLLOWED for n in range(partition_count(TOPICS[name], settings))]
        self._admin = new_admin(settings)
        self._consumer = Consumer(
            for_librdkafka(settings)
            | {
                "group.id": "annuity-ledger-testing",  # the client wants one, though partitions are assigned by hand
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "fetch.wait.max.ms": 100,
            }
        )
        self._consumer.assign([TopicPartition(self._name(topic), number, 0) for topic, number in self._places])
        self._reached: dict[Place, int] = dict.fromkeys(self._places, 0)
        self._records: dict[Place, list[InputRecord]] = defaultdict(list)

    def close(self) -> None:
        """Leave the broker alone."""
        self._consumer.close()

    def records(self, topic: str) -> list[InputRecord]:
        """Everything read so far of a topic, partition by partition."""
        return [record for place in self._places if place[0] == topic for record in self._records[place]]

    def reference(self) -> Reference:
        """The reference data accepted, as far as it was read."""
        rows: dict[bytes, bytes] = {}
        for record in self.records(STATE.changelog):
            assert record.key is not None, "rows have keys"
            rows.pop(record.key, None)
            if record.value is not None:
                rows[record.key] = record.value
        return reference_of((key.decode(), STATE.decode(value)) for key, value in rows.items())

    def look(self, latest: date) -> str | None:
        """What the services have still to do, in words; None when they are done with everything, and no day up to
        `latest` could close.
        """
        ends = self._ends()
        self._read_to(ends)
        found = self._statuses(ends)
        if busy := [f"{one.service} {one.partition}: {_left(one)}" for one in found if _left(one)]:
            return "; ".join(busy)
        if (day := complete_through(self.reference(), latest, CALENDAR)) is not None:
            return f"reference has to close {day}"
        # Ends that stay while all was read: nothing was on its way from one service to another.
        return None if self._ends() == ends else "records are still being written"

    def _read_to(self, ends: Mapping[Place, int]) -> None:
        """Read on. A position does not pass transactions' markers, but the broker tells where it found the end."""
        while any(self._reached[place] < end for place, end in ends.items()):
            message = self._consumer.poll(1)
            if message is None:
                continue
            place, error = self._place(message), message.error()
            if error is None:
                self._records[place].append(_record(place, message))
                self._reached[place] = _offset(message) + 1
            elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 -- its name
                self._reached[place] = max(self._reached[place], _offset(message))
            elif error.fatal():
                raise KafkaException(error)

    def _statuses(self, ends: Mapping[Place, int]) -> list[PartitionStatus]:
        found = []
        for spec in SERVICES:
            progress: dict[int, Progress] = {
                record.partition: decode_progress(record.value)
                for record in self.records(spec.progress)
                if record.value is not None
            }
            for number in range(partition_count(TOPICS[spec.membership], self._settings)):
                bounds = {topic: (0, ends[topic, number]) for topic in spec.inputs}
                found.append(status_of(spec, number, bounds, progress.get(number)))
        return found

    def _ends(self) -> dict[Place, int]:
        """The ends of all topics; of topics just made the client may not know yet whom to ask."""
        deadline = time.monotonic() + ASKED_S
        while True:
            try:
                return self._ends_now()
            except KafkaException:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _ends_now(self) -> dict[Place, int]:
        latest: OffsetSpec = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # the client types little
        wanted = {TopicPartition(self._name(topic), number): (topic, number) for topic, number in self._places}
        asked = self._admin.list_offsets(dict.fromkeys(wanted, latest))
        return {wanted[place]: answer.result().offset for place, answer in asked.items()}

    def _name(self, topic: str) -> str:
        return self._settings.topic_prefix + topic

    def _place(self, message: Message) -> Place:
        topic, partition = message.topic(), message.partition()
        assert topic is not None, "what is polled from a partition names it"
        assert partition is not None, "what is polled from a partition names it"
        return topic.removeprefix(self._settings.topic_prefix), partition


def _left(status: PartitionStatus) -> str:
    settle = status.note.get("to_settle", 0)
    told = [f"{status.lag} records to read"] * bool(status.lag) + [f"{settle} participants to settle"] * bool(settle)
    return ", ".join(told)


def _record(place: Place, message: Message) -> InputRecord:
    headers = tuple((name, _bytes(value)) for name, value in _pairs(message.headers()))
    _, stamp = message.timestamp()
    return InputRecord(*place, _offset(message), message.key(), message.value(), headers, stamp)


def _pairs(headers: Mapping[str, Sent] | Sequence[tuple[str, Sent]] | None) -> Iterable[tuple[str, Sent]]:
    return headers.items() if isinstance(headers, Mapping) else headers or ()


def _bytes(sent: Sent) -> bytes:
    return sent.encode() if isinstance(sent, str) else sent or b""


def _offset(message: Message) -> int:
    offset = message.offset()
    assert offset is not None, "what is polled has an offset"
    return offset
