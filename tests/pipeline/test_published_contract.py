"""Every record of every topic of the contract, on a real broker, is as the published documents say: its headers, as
CloudEvents has them, its trace, its key and its value.
"""

import json
from collections import Counter
from pathlib import Path

from contracts_schema.headers import TRACEPARENT, Headers, header
from contracts_schema.topics import TOPICS
from services.runtime.cli.messages import Message, read_jsonl
from services.runtime.schemas.messages import is_state
from tests.domain import books
from tests.pipeline.installation import Installation, Line
from tests.scenarios.story import FOLDER
from tests.schemas.validating import departures

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
ALL_F1 = [{"option": "F1", "percent": "100"}]
REVIEWED = "charge_review"
"""A scenario with a review of charges, so that totals are told, and contract holders."""
WRITTEN = {
    "ledger-log", "remittance-lines", "confirmations", "rejections", "acknowledgements", "quotes", "notices",
    "account-values",
    "remittance-notices", "contract-notices", "contract-totals", "unit-values", "day-closes", "alarms", "dead-letters",
}  # fmt: skip


def test_every_record_is_as_the_documents_say(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> None:
    reference, requests = _story()
    with Installation(bootstrap_servers, topic_prefix, tmp_path, partitions=2) as service:
        service.start("all")
        service.send([line for line in reference if line[0] != "fund-prices"])
        service.wait_logged("terms")
        service.send([*requests, *_besides()], traceparent=TRACE)
        service.wait_read("intake", ["deposit-requests", "withdrawal-requests", "account-instructions"])
        service.send([*(line for line in reference if line[0] == "fund-prices"), ("fund-prices", b"[]")])
        service.wait_closed("2021-01-13")
        service.send([_asked()], traceparent=TRACE)
        service.wait(lambda: bool(service.messages("quotes")), "the quote", 60)
        service.wait(lambda: bool(service.messages("contract-notices")), "the review", 60)
        records = {name: service.read(name) for name, topic in TOPICS.items() if not is_state(topic)}

    assert {name for name in WRITTEN if not records[name]} == set()
    assert WRITTEN | {name for name, topic in TOPICS.items() if topic.writer in ("senders", "operations")} == {*records}
    written = [record for name in WRITTEN for record in records[name]]
    assert [departure for record in written for departure in departures(record)] == []
    kinds = Counter(header(record.headers, "ce_type") for record in written)
    assert {b"annuity-ledger.deposit", b"annuity-ledger.line", b"annuity-ledger.charge_reviewed"} <= kinds.keys()

    # The trace of a request is on its entry, its line and all its answers, a repeat's too; nothing else has one.
    traced = Counter(record.topic for record in written if header(record.headers, TRACEPARENT) == TRACE.encode())
    assert traced == Counter(record.topic for record in written if _of_a_request(record.topic, record.headers))
    assert {"ledger-log", "remittance-lines", "confirmations", "rejections", "quotes"} <= traced.keys()
    assert Counter(header(record.headers, "repeat") for record in records["acknowledgements"])[b"true"] == 1


def _story() -> tuple[list[Line], list[Line]]:
    """What operations and senders publish in the scenario, as it stands in its file."""
    lines: list[Line] = []
    for line in read_jsonl(FOLDER / REVIEWED / "input.jsonl"):
        assert isinstance(line, Message)
        lines.append((line.topic, json.loads(line.value or b"")))
    requests = [line for line in lines if TOPICS[line[0]].writer == "senders"]
    return [line for line in lines if line not in requests], requests


def _besides() -> list[Line]:
    """A remittance, a repeat, a request that is wrong, one that is none, and an order that somebody is told of."""
    remittance = {"remittance_id": "R1", "remittance_count": 1, "remittance_total": "75.00"}
    paid = books.deposit("paid", "2021-01-04", "75.00", participant_id="P4", allocation=ALL_F1, **remittance)
    held = books.request("hold", "2021-01-04", participant_id="P9", instruction={"kind": "aml_hold", "order": "OFAC-1"})
    return [
        ("deposit-requests", paid),
        ("deposit-requests", paid),
        ("deposit-requests", books.deposit("wrong", "2021-01-04", "1,00", participant_id="P4")),
        ("deposit-requests", b'{"request_id": '),
        ("account-instructions", books.opening("open", "2021-01-04", participant_id="P9")),
        ("account-instructions", held),
    ]


def _asked() -> Line:
    asked = books.deposit("asked", "2021-01-14", "10.00", participant_id="P2", contract_id="C2", mode="quote")
    return "deposit-requests", asked


def _of_a_request(topic: str, headers: Headers) -> bool:
    if topic == "ledger-log":
        return header(headers, "ce_type") == b"annuity-ledger.request"
    if topic == "remittance-lines":
        return header(headers, "ce_type") == b"annuity-ledger.line"
    if topic == "dead-letters":
        return header(headers, "dead-letter-topic") == b"deposit-requests"
    return topic in ("confirmations", "rejections", "acknowledgements", "quotes")
