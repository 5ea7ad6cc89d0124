"""A small contract from its terms to a withdrawal with a market value adjustment, as lines of JSON to be published."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Line = dict[str, Any]

CONTRACT = "C1"
PEOPLE = tuple(f"P{number}" for number in range(1, 9))
FIRST_DAY = date(2021, 1, 4)
LAST_DAY = date(2021, 1, 15)
WITHDRAWN_ON = date(2021, 1, 13)


def reference() -> Iterator[Line]:
    """Terms, rates and an offering; the submitter `acme` is trusted with `received_at`."""
    yield _line("contract-terms", terms())
    rates = {"contract_id": CONTRACT, "option": "FA2"}
    yield _line("credited-rates", rates | {"kind": "declared", "effective_from": "2021-01-01", "rate": "0.02"})
    yield _line("credited-rates", rates | {"kind": "one_year_minimum", "year": 2021, "rate": "0.01"})
    term = {"years": 3, "maturity": "2024-03-31", "steps": [{"rate": "0.02", "through": "2024-03-31"}]}
    offering = {"series": "G", "offering_id": "G1", "period_start": "2021-01-01", "period_end": "2021-03-31"}
    yield _line("guaranteed-offerings", offering | {"terms": [term]})


def terms() -> Line:
    """A fund, Fixed Account 2 and guaranteed terms."""
    mva = {"yield_source": "constant_maturity", "yield_series": "CMT"}
    return {
        "contract_id": CONTRACT,
        "version": 1,
        "effective_from": FIRST_DAY.isoformat(),
        "title": "a plan for tests",
        "charge_class": "A",
        "accounts": ["pretax", "employer"],
        "options": [
            {"kind": "fund", "option": "F1", "fund": "F1"},
            {"kind": "fixed_account_2", "option": "FA2", "contract_minimum": "0.01"},
            {"kind": "guaranteed", "option": "GAA", "series": "G", "mva": mva},
        ],
        "submitters": [{"submitted_by": "acme", "received_at_trusted": True}],
    }


def requests() -> Iterator[Line]:
    """Everybody opens and deposits; then transfers, withdrawals, and requests that must be rejected."""
    shares = [_share("F1", "50"), _share("FA2", "25"), _share("GAA", "25") | {"term": 3}]
    opening = {"kind": "open_account", "account": "pretax", "allocation": shares}
    for person in PEOPLE:
        yield _line("account-instructions", request(person, "open") | {"instruction": opening})
        yield _line("deposit-requests", deposit(person, "d1", "1000.00"))
    yield _line("deposit-requests", deposit("P1", "broken", "-5"))
    later = {"received_at": f"{WITHDRAWN_ON}T10:00:00-05:00", "account": "pretax"}
    taken = {"amount": "200.00", "reason": "in_service", "from": [{"option": "GAA"}]}
    yield _line("withdrawal-requests", request("P1", "w1") | later | taken)
    sides = {"from": [{"option": "F1", "amount": "10.00"}], "to": [_share("FA2", "100")]}
    yield _line("transfer-requests", request("P2", "t1") | later | sides)
    locked = {"from": [{"option": "GAA", "all": True}], "to": [_share("FA2", "100")]}
    yield _line("transfer-requests", request("P3", "t2") | later | locked)
    yield {"topic": "deposit-requests", "key": f"{CONTRACT}|P4", "value": "{broken"}


def days(first: date = FIRST_DAY, last: date = LAST_DAY) -> Iterator[Line]:
    """A price and yields for each weekday; yields are 0.2% in the first week and 4% afterwards."""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.isoweekday() < 6:
            percent = "0.2" if day < date(2021, 1, 8) else "4.0"
            points = [{"years": years, "percent": percent} for years in (1, 3, 5)]
            yield _line("market-yields", {"series": "CMT", "date": day.isoformat(), "constant_maturity": points})
            value = {"fund": "F1", "charge_class": "A", "valuation_date": day.isoformat(), "unit_value": "10.000000"}
            yield _line("fund-values", value)


def waiting() -> Iterator[Line]:
    """A request that waits for a day that never closes here."""
    late = {"received_at": "2021-02-01T10:00:00-05:00", "account": "pretax", "amount": "1.00", "reason": "in_service"}
    yield _line("withdrawal-requests", request("P5", "w-late") | late)


def deposit(person: str, request_id: str, amount: str) -> Line:
    """A deposit by the account's own allocation, on the first day."""
    return request(person, request_id) | {"account": "pretax", "amount": amount, "source": "salary_reduction"}


def request(person: str, request_id: str) -> Line:
    """What every request says."""
    return {
        "request_id": f"{person}-{request_id}",
        "contract_id": CONTRACT,
        "participant_id": person,
        "submitted_by": "acme",
        "received_at": f"{FIRST_DAY}T10:00:00-05:00",
    }


def written(path: Path, lines: Iterable[Line]) -> Path:
    """The lines in a file."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def _line(topic: str, value: Line) -> Line:
    return {"topic": topic, "value": value}


def _share(option: str, percent: str) -> Line:
    return {"option": option, "percent": percent}
