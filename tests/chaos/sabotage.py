"""Patched copies of the services: each gives up one thing that exactly-once rests on. No switch in the product.

A patch is text replaced by text, and fails where the text is no longer there: then the patch must be made anew.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

_SERVICES = Path(__file__).parents[2] / "services"


@dataclass(frozen=True, slots=True)
class Patch:
    """In a file under `services`: text that must be there exactly once, and what takes its place."""

    file: str
    old: str
    new: str


NO_FENCING = (
    Patch(
        "runtime/processor.py",
        'return f"{self._settings.topic_prefix}{self._spec.name}-{self._number}"',
        'return f"{self._settings.topic_prefix}{self._spec.name}-{self._number}-{id(self)}-{time.time_ns()}"',
    ),
)
"""Every processor has a transactional id of its own: nobody shuts anybody out."""

TWO_TRANSACTIONS = (
    Patch(
        "runtime/batches.py",
        "                await self.commit(records)\n",
        "                kept = {self.spec.progress, *(table.changelog for table in self.spec.tables)}\n"
        "                await self.commit([record for record in records if record.topic not in kept])\n"
        "                await self.commit([record for record in records if record.topic in kept])\n",
    ),
)
"""What a batch gives is committed, and then the state that says so."""

RESTORE_ENDS_EARLY = (
    Patch(
        "runtime/reader.py",
        "            elif time.monotonic() - moved > _SAY_WAITING_S:\n",
        "            else:\n                return\n            if time.monotonic() - moved > _SAY_WAITING_S:\n",
    ),
)
"""Nothing came for a moment, so everything must have been read."""

GROUP_OFFSETS = (
    Patch(
        "runtime/restore.py",
        "    for topic, position in positions.items():\n",
        "    positions = await _mirrored(spec, partition, bounds)\n    for topic, position in positions.items():\n",
    ),
    Patch(
        "runtime/restore.py",
        "class _LastProgress:\n",
        """async def _mirrored(spec, partition, bounds):
    from aiokafka import AIOKafkaConsumer, TopicPartition

    settings = partition.settings
    group = f"{settings.topic_prefix}{spec.name}-progress"
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.cluster, group_id=group, enable_auto_commit=False, auto_offset_reset="none"
    )
    await consumer.start()
    try:
        found = {}
        for topic in spec.inputs:
            offset = await consumer.committed(TopicPartition(settings.topic_prefix + topic, partition.number))
            found[topic] = bounds[topic][0] if offset is None else offset
        return found
    finally:
        await consumer.stop()


class _LastProgress:
""",
    ),
)
"""The group's offsets say where to read on; the progress records are not asked."""

DAY_WITHOUT_TRANSACTION = (
    Patch(
        "runtime/transactions.py",
        "            self._produce(records)\n",
        """            records = list(records)
            days = [r for r in records if r.topic == "ledger-log" and b'"type":"day_closed"' in (r.value or b"")]
            if days:
                self._send_at_once(days)
            self._produce(record for record in records if record not in days)
""",
    ),
    Patch(
        "runtime/transactions.py",
        "    def close(self) -> None:\n",
        """    def _send_at_once(self, records):
        plain = Producer({"bootstrap.servers": self._bootstrap, "acks": "all"})
        for record in records:
            plain.produce(
                self._prefix + record.topic, record.value, record.key, record.partition, headers=list(record.headers)
            )
            plain.flush()

    def close(self) -> None:
""",
    ),
    Patch(
        "runtime/transactions.py",
        "        self._prefix = settings.topic_prefix\n",
        "        self._prefix = settings.topic_prefix\n        self._bootstrap = settings.cluster\n",
    ),
)
"""The close of a day goes to each partition by itself, outside the transaction that says it is closed."""

SABOTAGES = {
    "no fencing": NO_FENCING,
    "outcomes and state in two transactions": TWO_TRANSACTIONS,
    "restore that ends early": RESTORE_ENDS_EARLY,
    "group offset as the truth": GROUP_OFFSETS,
    "day closed without a transaction": DAY_WITHOUT_TRANSACTION,
}


def patched(patches: tuple[Patch, ...], folder: Path) -> Path:
    """A folder with a copy of the services in which the patches are made."""
    copy = folder / "services"
    shutil.copytree(_SERVICES, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for patch in patches:
        file = copy / patch.file
        text = file.read_text()
        if text.count(patch.old) != 1:
            raise LookupError(f"{patch.file} does not hold once: {patch.old}")
        file.write_text(text.replace(patch.old, patch.new))
    return folder
