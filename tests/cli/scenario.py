"""A small contract from its terms to Appendix I's withdrawal of $2,000, as lines of JSON to be published.

Yields are 4% in the weeks of the deposit period and 6% afterwards; Ann withdraws on a Wednesday 927 days before
maturity.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from services.runtime.cli.messages import read_line
from services.runtime.cli.replaying import InProcess
from services.runtime.cli.stamping import stamped
from services.runtime.records import InputRecord

Line = dict[str, Any]

CONTRACT = "C1"
PEOPLE = ("ann", "bob", "cem", "dee", "eve", "fay")
FIRST_DAY, LAST_DAY = date(2021, 1, 4), date(2021, 1, 29)
HOLIDAY = date(2021, 1, 18)
WITHDRAWN_ON = date(2021, 1, 27)
MATURITY = WITHDRAWN_ON + timedelta(days=927)

REMITTANCE = """\
contract_id,remittance_id,line,participant_id,account,source,amount,submitted_by,received_at,allocation
C1,R7,1,dee,pretax,salary_reduction,120.00,acme,2021-01-05T10:00:00-05:00,
C1,R7,2,eve,pretax,salary_reduction,80.00,acme,2021-01-05T10:00:00-05:00,F1:60;GAA/3:40
C1,R7,3,fay,pretax,salary_reduction,1e3,acme,2021-01-05T10:00:00-05:00,
"""


def reference() -> Iterator[Line]:
    """Terms, rates and an offering; the submitter `acme` is trusted with `received_at`."""
    yield _line("contract-terms", terms())
    rates = {"contract_id": CONTRACT, "option": "FA2"}
    yield _line("credited-rates", rates | {"kind": "declared", "effective_from": "2021-01-01", "rate": "0.02"})
    yield _line("credited-rates", rates | {"kind": "one_year_minimum", "year": 2021, "rate": "0.01"})
    term = {"years": 3, "maturity": str(MATURITY), "steps": [{"rate": "0.02", "through": str(MATURITY)}]}
    offering = {"series": "G", "offering_id": "G1", "period_start": "2021-01-04", "period_end": "2021-01-15"}
    yield _line("guaranteed-offerings", offering | {"terms": [term]})


def terms() -> Line:
    """A fund, Fixed Account 2 and guaranteed terms."""
    mva = {"yield_source": "constant_maturity", "yield_series": "CMT"}
    return {
        "contract_id": CONTRACT,
        "version": 1,
        "effective_from": str(FIRST_DAY),
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
    """Everybody opens and deposits; then a transfer, a withdrawal, one that waits, and what must be refused."""
    shares = [_share("F1", "50"), _share("FA2", "25"), _share("GAA", "25") | {"term": 3}]
    opening = {"kind": "open_account", "account": "pretax", "allocation": shares}
    for person in PEOPLE:
        yield _line("account-instructions", request(person, "open") | {"instruction": opening})
    for person in PEOPLE:
        yield _line("deposit-requests", deposit(person, "d1", "10000.00"))
    yield _line("deposit-requests", deposit("ann", "broken", "-5"))
    later = {"received_at": f"{WITHDRAWN_ON}T10:00:00-05:00", "account": "pretax"}
    taken = {"amount": "2000.00", "reason": "in_service", "from": [{"option": "GAA"}]}
    yield _line("withdrawal-requests", request("ann", "w1") | later | taken)
    sides = {"from": [{"option": "F1", "amount": "10.00"}], "to": [_share("FA2", "100")]}
    yield _line("transfer-requests", request("bob", "t1") | later | sides)
    locked = {"from": [{"option": "GAA", "all": True}], "to": [_share("FA2", "100")]}
    yield _line("transfer-requests", request("cem", "t1") | later | locked)
    waits = {"received_at": "2021-02-10T10:00:00-05:00", "account": "pretax", "full": True, "reason": "in_service"}
    yield _line("withdrawal-requests", request("dee", "w1") | waits)
    yield {"topic": "deposit-requests", "key": f"{CONTRACT}|dee", "value": "{broken"}


def days() -> Iterator[Line]:
    """A price and yields for each weekday; the price of the holiday is refused."""
    for offset in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=offset)
        if day.isoweekday() < 6:
            points = [{"years": years, "percent": "4.0" if day < HOLIDAY else "6.0"} for years in (1, 3, 5)]
            yield _line("market-yields", {"series": "CMT", "date": str(day), "constant_maturity": points})
            value = {"fund": "F1", "charge_class": "A", "valuation_date": str(day), "unit_value": "10.000000"}
            yield _line("fund-values", value)


def quote(person: str, request_id: str, amount: str) -> Line:
    """What a withdrawal from the fund would do, asked on the Monday after the last close."""
    asked = request(person, request_id) | {"received_at": "2021-02-01T10:00:00-05:00", "mode": "quote"}
    taken = {"account": "pretax", "reason": "in_service", "amount": amount, "from": [{"option": "F1"}]}
    return _line("withdrawal-requests", asked | taken)


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


def folded() -> InProcess:
    """The whole scenario folded in process, and a quote."""
    service = InProcess()
    lines = [*reference(), *requests(), *days(), quote("fay", "q1", "100.00")]
    items = [read_line(json.dumps(line).encode(), f"line {at}") for at, line in enumerate(lines, start=1)]
    for record in stamped(items):
        assert isinstance(record, InputRecord), record
        service.take(record)
    return service


def _line(topic: str, value: Line) -> Line:
    return {"topic": topic, "value": value}


def _share(option: str, percent: str) -> Line:
    return {"option": option, "percent": percent}
