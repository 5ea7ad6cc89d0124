"""Builders of the domain's tests: messages as their senders write them, and a book that folds them in process.

Builders take what a test is about and give everything else a plain value: contract C1, participant P1, account
pretax, submitter acme (whose `received_at` is trusted), funds F1 to F3 and Fixed Account 2 as FA2.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from contracts_schema.headers import REPEAT, Headers, header
from contracts_schema.terms import AccountType
from contracts_schema.topics import TOPICS
from contracts_schema.types import Message
from services.domain.state import Account, Lot, Participant
from services.runtime.calendar import ExchangeCalendar
from services.runtime.cli.replaying import InProcess
from services.runtime.records import InputRecord, OutputRecord

Json = dict[str, Any]
LOGS = ("ledger-log", "remittance-lines", "unit-values", "account-values")
"""What is written and no outcome."""
NEW_YEAR = "2021-01-04"  # the first business day of 2021, a Monday


def fund(option: str, **more: object) -> Json:
    return {"kind": "fund", "option": option, "fund": option, **more}


def fixed_account_2(**more: object) -> Json:
    return {"kind": "fixed_account_2", "option": "FA2", "contract_minimum": "0.01", **more}


def guaranteed(**more: object) -> Json:
    """The GAA of series G, its adjustment by constant maturities of series CMT."""
    mva = {"yield_source": "constant_maturity", "yield_series": "CMT"}
    return {"kind": "guaranteed", "option": "GAA", "series": "G", "mva": mva, **more}


FUNDS = (fund("F1"), fund("F2"), fund("F3"))


def terms(*options: Json, **more: object) -> Json:
    """Version 1 of contract C1, in force from 2021-01-01; three funds and Fixed Account 2 unless options are given."""
    return {
        "contract_id": "C1",
        "version": 1,
        "effective_from": "2021-01-01",
        "title": "A contract",
        "charge_class": "A",
        "accounts": ["pretax", "employer"],
        "options": list(options or (*FUNDS, fixed_account_2())),
        "submitters": [{"submitted_by": "acme", "received_at_trusted": True}, {"submitted_by": "plain"}],
        **more,
    }


def declared(rate: str, since: str = "2021-01-01", **more: object) -> Json:
    message = {"kind": "declared", "contract_id": "C1", "option": "FA2"}
    return {**message, "effective_from": since, "rate": rate, **more}


def one_year_minimum(rate: str, year: int = 2021, **more: object) -> Json:
    return {"kind": "one_year_minimum", "contract_id": "C1", "option": "FA2", "year": year, "rate": rate, **more}


def offering(offering_id: str, start: str, end: str, *terms: Json) -> Json:
    return {"series": "G", "offering_id": offering_id, "period_start": start, "period_end": end, "terms": list(terms)}


def guaranteed_term(years: int, *steps: tuple[str, str]) -> Json:
    """A term by its (rate, last day) steps; it matures with the last."""
    return {
        "years": years,
        "maturity": steps[-1][1],
        "steps": [{"rate": rate, "through": through} for rate, through in steps],
    }


def yields(day: str, *points: tuple[int, str]) -> Json:
    """Constant-maturity yields in percent by years."""
    return {
        "series": "CMT",
        "date": day,
        "constant_maturity": [{"years": years, "percent": percent} for years, percent in points],
    }


def fund_value(option: str, day: str, unit_value: str = "10.000000", **more: object) -> Json:
    return {"fund": option, "charge_class": "A", "valuation_date": day, "unit_value": unit_value, **more}


def at(day: str, clock: str = "10:00:00") -> str:
    """A time of day in New York in winter."""
    return f"{day}T{clock}-05:00"


def request(request_id: str, received: str, **more: object) -> Json:
    """What every request says; `received` is a timestamp, or a day for 10:00 on it."""
    return {
        "request_id": request_id,
        "contract_id": "C1",
        "participant_id": "P1",
        "submitted_by": "acme",
        "received_at": received if "T" in received else at(received),
        **more,
    }


def shares(**percentages: str) -> list[Json]:
    """An allocation: `shares(F1="60", GAA_3="40")`, the number after `_` being the guaranteed term."""
    split = ((name.partition("_"), percent) for name, percent in percentages.items())
    return [
        {"option": option, "percent": percent} | ({"term": int(term)} if term else {})
        for (option, _, term), percent in split
    ]


def deposit(request_id: str, received: str, amount: str, **more: object) -> Json:
    """A deposit of salary reduction; its allocation is the account's unless given."""
    message = {"account": "pretax", "amount": amount, "source": "salary_reduction"}
    return request(request_id, received, **{**message, **more})


def transfer(request_id: str, received: str, legs: list[Json], to: list[Json], **more: object) -> Json:
    return request(request_id, received, **{"account": "pretax", "from": legs, "to": to, **more})


def withdrawal(request_id: str, received: str, **more: object) -> Json:
    return request(request_id, received, **{"account": "pretax", "reason": "in_service", **more})


def opening(request_id: str, received: str, account: str = "pretax", **more: object) -> Json:
    """The opening of an account; `allocation` among the rest belongs to the instruction."""
    order = {"kind": "open_account", "account": account}
    allocation = more.pop("allocation", None)
    return request(request_id, received, instruction=order | ({"allocation": allocation} if allocation else {}), **more)


def allocating(request_id: str, received: str, allocation: list[Json], **more: object) -> Json:
    order = {"kind": "allocation", "account": "pretax", "allocation": allocation}
    return request(request_id, received, **{"instruction": order, **more})


def cancelling(request_id: str, received: str, cancels: str, **more: object) -> Json:
    return request(request_id, received, **{"instruction": {"kind": "cancel", "cancels": cancels}, **more})


@dataclass(frozen=True)
class Outcome:
    """What was written to a topic; `message` is its JSON, empty for what is none."""

    topic: str
    key: str
    value: bytes
    headers: Headers
    message: Json

    @property
    def repeated(self) -> bool:
        """Whether it is marked as the answer to a repeat."""
        return header(self.headers, REPEAT) == b"true"

    @property
    def codes(self) -> list[str]:
        """Reason codes of a rejection, in their order."""
        return [reason["code"] for reason in self.message["reasons"]]

    def dollars(self) -> dict[str, str]:
        """Dollars of each leg by option; several legs of one option are joined by a space."""
        found: dict[str, str] = {}
        for leg in self.message["legs"]:
            found[leg["option"]] = " ".join(filter(None, (found.get(leg["option"]), leg["dollars"])))
        return found


class Book:
    """The whole service folded in process. Every method that publishes returns the outcomes it brought about.

    Terms given are published at once, and for their Fixed Account 2 the declared rate 2% and the minimum 1% of 2021
    and 2022 (`rates` off: none).
    """

    def __init__(self, *versions: Json, rates: bool = True) -> None:
        self.service = InProcess()
        self._offset = 0
        self._funds: dict[str, None] = {}
        for version in versions:
            self.publish("contract-terms", version)
        if versions and rates:
            for message in (declared("0.02"), one_year_minimum("0.01"), one_year_minimum("0.01", 2022)):
                self.publish("credited-rates", message)

    def publish(self, topic: str, message: Json | bytes, recorded: str | None = None) -> list[Outcome]:
        """Publish one record; the broker stamps it `recorded`, when not given at its `received_at`."""
        if recorded is None and isinstance(message, dict):
            recorded = message.get("received_at")
        moment = datetime.fromisoformat(recorded or at(NEW_YEAR))
        value = message if isinstance(message, bytes) else json.dumps(message).encode()
        if topic == "contract-terms" and isinstance(message, dict):
            self._funds |= {option["fund"]: None for option in message["options"] if option["kind"] == "fund"}
        self._offset += 1
        before = len(self.service.written)
        milliseconds = int(moment.astimezone(UTC).timestamp() * 1000)
        self.service.take(InputRecord(topic, 0, self._offset, None, value, (), milliseconds))
        read = [_outcome(record) for record in self.service.written[before:] if record.topic not in LOGS[:2]]
        return [outcome for outcome in read if outcome.topic not in LOGS]

    def deposit(self, message: Json, recorded: str | None = None) -> list[Outcome]:
        """Publish a deposit."""
        return self.publish("deposit-requests", message, recorded)

    def transfer(self, message: Json, recorded: str | None = None) -> list[Outcome]:
        """Publish a transfer."""
        return self.publish("transfer-requests", message, recorded)

    def withdraw(self, message: Json, recorded: str | None = None) -> list[Outcome]:
        """Publish a withdrawal."""
        return self.publish("withdrawal-requests", message, recorded)

    def instruct(self, message: Json, recorded: str | None = None) -> list[Outcome]:
        """Publish an instruction."""
        return self.publish("account-instructions", message, recorded)

    def close(self, day: str, cmt: tuple[tuple[int, str], ...] = (), **unit_values: str) -> list[Outcome]:
        """Publish yields where given and a value for every fund of the terms, 10 unless given: all a close takes."""
        out = self.publish("market-yields", yields(day, *cmt)) if cmt else []
        for option in self._funds:
            out += self.publish("fund-values", fund_value(option, day, unit_values.get(option, "10.000000")))
        return [outcome for outcome in out if outcome.topic != "day-closes"]

    def close_through(
        self, first: str, last: str, cmt: tuple[tuple[int, str], ...] = (), **unit_values: str
    ) -> list[Outcome]:
        """Close every business day from the first to the last, all at the same values."""
        return [outcome for day in business_days(first, last) for outcome in self.close(day, cmt, **unit_values)]

    @property
    def outcomes(self) -> list[Outcome]:
        """Everything written so far, the logs that services read left out."""
        return [_outcome(record) for record in self.service.written if record.topic not in LOGS]

    @property
    def values(self) -> list[Outcome]:
        """The account values written so far."""
        return [_outcome(record) for record in self.service.written if record.topic == "account-values"]

    @property
    def log(self) -> list[OutputRecord]:
        """The ledger log so far."""
        return [record for record in self.service.written if record.topic == "ledger-log"]

    def participant(self, participant_id: str = "P1") -> Participant | None:
        """The participant's books, None where there are none."""
        found = self.service.ledger_partition.tables["participants"].get(f"C1|{participant_id}")
        assert found is None or isinstance(found, Participant)
        return found

    def account(self, account: str = "pretax") -> Account:
        """P1's account; it must be open."""
        books = self.participant()
        found = books.account(AccountType(account)) if books is not None else None
        assert found is not None
        return found

    def units(self, option: str, account: str = "pretax") -> Decimal:
        """Units that P1 holds of a fund or fixed option."""
        return self.account(account).units_of(option)

    def lots(self, account: str = "pretax") -> tuple[Lot, ...]:
        """The guaranteed terms that P1 holds."""
        return self.account(account).lots


def business_days(first: str, last: str) -> Iterator[str]:
    """The exchange's business days from the first to the last day."""
    calendar, day = ExchangeCalendar(), date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        if calendar.is_business_day(day):
            yield day.isoformat()
        day += timedelta(days=1)


def only(outcomes: list[Outcome], topic: str | None = None) -> Outcome:
    """The one outcome there must be (on a topic)."""
    found = [outcome for outcome in outcomes if topic in (None, outcome.topic)]
    assert len(found) == 1, [(outcome.topic, outcome.value[:500]) for outcome in outcomes]
    return found[0]


def _outcome(record: OutputRecord) -> Outcome:
    value, key = record.value or b"", (record.key or b"").decode(errors="replace")
    return Outcome(record.topic, key, value, record.headers, _read_back(record.topic, value))


def _read_back(topic: str, value: bytes) -> Json:
    """A message as its public model reads it, absent fields as None; empty for bytes that are no message of ours.

    The ledger does not validate what it writes: here the model must, and must write the same bytes again.
    """
    model = TOPICS[topic].model
    if model is None or not issubclass(model, Message):
        return {}
    message = model.model_validate_json(value)
    assert message.written() == value
    return message.model_dump(mode="json")
