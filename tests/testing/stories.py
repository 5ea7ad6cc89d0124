"""A story for every kind of ledger: what is published, day by day, and all that comes of it."""

import json
from datetime import date
from typing import Any

from contracts_schema.testing import AnnuityLedger
from services.runtime.cli.lines import Record
from tests.domain import books

Json = dict[str, Any]
READ = ("confirmations", "rejections", "notices", "acknowledgements", "quotes", "remittance-notices", "dead-letters")
"""Topics whose records are the same wherever the ledger runs; ids of entries and alarms name offsets."""


COUNTS = {"confirmations": 8, "rejections": 3, "notices": 2, "acknowledgements": 5, "quotes": 1} | {
    "remittance-notices": 1,
    "dead-letters": 1,
}
"""Records on each. Confirmed are two openings, two deposits that are repeated, a transfer and the hold; rejected the
line not in good order, which is repeated, and the withdrawal; the hold is told, and that
the last deposit is held by it.
"""
CONTROLS: Json = {"remittance_id": "R", "remittance_count": 3}


def terms() -> Json:
    """Two funds and Fixed Account 2."""
    return books.terms(books.fund("F1"), books.fund("F2"), books.fixed_account_2())


def told(ledger: AnnuityLedger) -> None:
    """Two people, a remittance of three lines of which one is not in good order, a transfer, a rejected withdrawal, a
    quote, a hold and its notice, a dead letter, and a remittance sent twice; over five days.
    """
    ledger.publish("contract-terms", terms())
    ledger.publish("credited-rates", books.declared("0.03"), books.one_year_minimum("0.01"))
    for person in ("P1", "P2"):
        opening = books.opening("open", "2021-01-04", participant_id=person, allocation=books.shares(F1="60", FA2="40"))
        ledger.publish("account-instructions", opening)
    remittance = [
        books.deposit("R-1", "2021-01-04", "250.00", participant_id="P1", **CONTROLS),
        books.deposit("R-2", "2021-01-04", "1e2", participant_id="P2", **CONTROLS),
        books.deposit("R-3", "2021-01-04", "80.00", participant_id="P2", **CONTROLS),
    ]
    ledger.publish("deposit-requests", *remittance)
    ledger.publish("deposit-requests", b"{broken")
    ledger.close_day({"F1": "12.500000"})
    ledger.publish("deposit-requests", *remittance)
    moved = {"account": "pretax", "from": [{"option": "F1", "all": True}], "to": books.shares(F2="100")}
    ledger.publish("transfer-requests", books.request("t1", "2021-01-05") | moved)
    too_much = {"account": "pretax", "amount": "1000.00", "reason": "in_service"}
    ledger.publish("withdrawal-requests", books.request("w1", "2021-01-05", participant_id="P2") | too_much)
    asked = {**too_much, "amount": "10.00", "mode": "quote"}
    ledger.publish("withdrawal-requests", books.request("q1", "2021-01-05", participant_id="P2") | asked)
    ledger.close_day()
    hold = {"instruction": {"kind": "aml_hold", "order": "O-1"}}
    ledger.publish("account-instructions", books.request("hold", "2021-01-06", participant_id="P2") | hold)
    held = books.deposit("d2", "2021-01-06", "5.00", participant_id="P2")
    ledger.publish("deposit-requests", held)
    ledger.close_through(date(2021, 1, 8))


def written(ledger: AnnuityLedger) -> dict[str, list[tuple[str, bytes | Json, Json]]]:
    """Everything written to the topics; of different keys in any order, but for what a broker says of its own."""
    return {topic: sorted(map(_read, ledger.records(topic)), key=lambda record: record[0]) for topic in READ}


def _read(record: Record) -> tuple[str, bytes | Json, Json]:
    """A dead letter names the place it was read at; what is refused at the door is decided when the broker got it."""
    key, headers = (record.key or b"").decode(), dict[str, bytes | None](record.headers)
    if record.topic == "dead-letters":
        return key, record.value or b"", headers | {"dead-letter-partition": None, "dead-letter-offset": None}
    value = json.loads(record.value or b"")
    if value["kind"] == "rejection" and "trade_date" not in value:
        return key, value | {"decided_at": None}, headers | {"ce_time": None}
    return key, record.value or b"", headers
