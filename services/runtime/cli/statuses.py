"""How far each service is, partition by partition: the ends of its topics against its progress records."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from contracts_schema.topics import TOPICS
from services.intake import INTAKE
from services.ledger import LEDGER
from services.reference import REFERENCE
from services.remittances import REMITTANCES
from services.runtime.cli.gathering import gathered
from services.runtime.progress import Progress, decode_progress
from services.runtime.reader import PartitionReader
from services.runtime.service import ServiceSpec
from services.runtime.settings import Settings
from services.runtime.topics import partition_count

SERVICES = (INTAKE, REFERENCE, LEDGER, REMITTANCES)
STATUS_TOPICS = tuple(name for spec in SERVICES for name in (*spec.inputs, spec.progress))
_TAIL = 16

Bounds = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class PartitionStatus:
    """One service on one partition: records (transaction markers included) it has still to read, by topic, and the
    facts of its progress record. `started` is False where it has committed nothing yet.
    """

    service: str
    partition: int
    lag: int
    lag_by_topic: dict[str, int]
    started: bool
    note: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain fields."""
        return asdict(self)


async def statuses(settings: Settings) -> list[PartitionStatus]:
    """Every service, every partition."""
    return await gathered(
        _status(settings, spec, number)
        for spec in SERVICES
        for number in range(partition_count(TOPICS[spec.membership], settings))
    )


def still_to_do(found: Sequence[PartitionStatus]) -> str | None:
    """What the ledger has still to fold or to settle, in words; None where it is at rest. Pure."""
    ledger = [status for status in found if status.service == LEDGER.name]
    lag, due = sum(one.lag for one in ledger), sum(one.note.get("to_settle", 0) for one in ledger)
    if not lag and not due:
        return None
    return f"The ledger has still {lag} records to fold and {due} participants to settle"


def status_of(spec: ServiceSpec, number: int, bounds: Bounds, progress: Progress | None) -> PartitionStatus:
    """One partition's status from the bounds of its topics and its progress. Pure."""
    positions = {} if progress is None else progress.positions
    lags: dict[str, int] = {}
    for topic in spec.inputs:
        begin, end = bounds[topic]
        lags[topic] = max(0, end - max(begin, positions.get(topic, 0)))
    note = {} if progress is None else progress.note
    return PartitionStatus(spec.name, number, sum(lags.values()), lags, progress is not None, note)


async def last_progress(reader: PartitionReader, topic: str, begin: int, end: int) -> Progress | None:
    """The last committed progress record; the topic's tail is read, and more of it where that holds none. None where
    nothing was ever committed.
    """
    back, start = _TAIL, end
    while start > begin:
        start = max(begin, end - back)
        last: bytes | None = None
        async for records in reader.read_to(topic, start, end):
            last = records[-1].value
        if last is not None:
            return decode_progress(last)
        back *= 8
    return None


async def _status(settings: Settings, spec: ServiceSpec, number: int) -> PartitionStatus:
    async with PartitionReader(settings, settings.topic_prefix, number) as reader:
        bounds = await reader.bounds((*spec.inputs, spec.progress))
        return status_of(spec, number, bounds, await last_progress(reader, spec.progress, *bounds[spec.progress]))
