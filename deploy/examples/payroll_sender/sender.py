"""A payroll run as deposit requests on Kafka: one record a deduction, by any Kafka client.

What a sender has to mind is in here: ids that are the same whenever the run is sent again, the key, amounts as strings,
the time of receipt with its offset, the control figures of the remittance, and deliveries that failed.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

TOPIC = "deposit-requests"
ACCOUNT_AND_SOURCE = {
    "deferral": ("pretax", "salary_reduction"),
    "match": ("employer", "employer"),
    "roth": ("roth", "roth_salary_reduction"),
}
DELIVERED_WITHIN_S = 30


class Producer(Protocol):
    """What this sender needs of its Kafka client, `confluent_kafka.Producer` for one."""

    def produce(
        self,
        topic: str,
        value: bytes | str | None = None,
        key: bytes | str | None = None,
        *,
        on_delivery: Callable[[Any, Any], None] | None = None,
    ) -> None:
        """Send a record."""
        ...

    def flush(self, timeout: Any = ..., /) -> int:  # noqa: ANN401 -- as the client's
        """Wait until everything is delivered; how many records are not."""
        ...


@dataclass(frozen=True, slots=True)
class Payroll:
    """Who sends, under which contract."""

    contract_id: str
    submitted_by: str


def send_run(path: Path, payroll: Payroll, received_at: datetime, producer: Producer) -> list[str]:
    """Send a payroll run and return the ids of its requests. Raises `ConnectionError` unless all are delivered; it may
    be sent again then, for what is there already is done once only.
    """
    failed: list[str] = []

    def delivered(error: object, _record: object) -> None:
        if error is not None:
            failed.append(str(error))

    requests = [*requests_of(path, payroll, received_at)]
    for request in requests:
        key = f"{request['contract_id']}|{request['participant_id']}"
        producer.produce(TOPIC, json.dumps(request).encode(), key.encode(), on_delivery=delivered)
    left = producer.flush(DELIVERED_WITHIN_S)
    if left or failed:
        raise ConnectionError(f"{left} records are not delivered yet, {len(failed)} failed: {failed[:3]}")
    return [str(request["request_id"]) for request in requests]


def requests_of(path: Path, payroll: Payroll, received_at: datetime) -> Iterator[Mapping[str, object]]:
    """The requests of a run, which is the remittance. Amounts go as payroll wrote them: a wrong one is answered with a
    rejection, and mended there.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    for line, row in enumerate(rows, start=1):
        account, source = ACCOUNT_AND_SOURCE[row["deduction"]]
        yield {
            "request_id": f"{path.stem}-{line}",
            "contract_id": payroll.contract_id,
            "participant_id": row["employee"],
            "submitted_by": payroll.submitted_by,
            "received_at": received_at.isoformat(),
            "account": account,
            "source": source,
            "amount": row["amount"],
            "remittance_id": path.stem,
            "remittance_count": len(rows),
        }
