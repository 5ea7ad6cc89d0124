"""Four participants whose totals were worked out by hand, from the contract and the published rates alone.

Anna, Fixed Account 2 only: $1,000.00 on 2021-01-29 and $500.00 on 2022-06-30. The index starts at 1 on
2021-01-04 and grows at 2.00% in 2021, 2.25% in 2022, 3.00% in 2023 and 3.25% in 2024:
    2021-01-29  1.02^(25/365)                                 = 1.001357264586
    2022-06-30  1.02^(362/365) × 1.0225^(180/365)             = 1.031086158061
    2024-12-31  1.02^(362/365) × 1.0225 × 1.03 × 1.0325       = 1.108970739019
    units 1000/1.001357264586 + 500/1.031086158061            = 998.644575 + 484.925528 = 1,483.570103
    value 1,483.570103 × 1.108970739019                       = 1,645.24

Bruno, seven years guaranteed: $10,000.00 on 2021-02-26 at 1% through 2028-03-31; a check for $2,000.00 on
Wednesday 2023-10-18.
    i   mean of the 7-year rate on the last business day of each of the 12 weeks of the deposit period
        (.81 .78 .77 .79 .83 .85 .98 1.15 1.23 1.30 1.38 1.32) = 12.19/12 %  = 1.0158333 %
    x   2023-10-18 to 2028-03-31 = 1,626 days = 4.4547945 years
    j   2023-10-13: 3 years 4.80, 5 years 4.65; 4.80 - .15 × 1.4547945/2     = 4.6908904 %
    factor (1.010158333/1.046908904)^(1626/365) = .8528331                   = .8528
    taken 2000/.8528 = 2,345.22, adjustment -345.22
    left: index 2023-10-18 is 1.01^(763/365) × 1.01^(201/365) = 1.026628136186, so 2,284.390927 of 10,000 units
    went; index 2024-12-31 is 1.01^(763/365) × 1.01^(640/365) = 1.038988284314; 7,715.609073 × it = 8,016.43

Clara, five years guaranteed: $10,000.00 on 2023-10-31 at 4.60% (the 5-year rate of 2023-09-29), all of it
withdrawn on Wednesday 2024-09-18.
    value 10,000 × 1.046^(323/365)                                            = 10,406.01
    i   mean of the 5-year rate over 13 weeks = 57.10/13 %                    = 4.3923077 %
    x   2024-09-18 to 2028-12-31 = 1,565 days = 4.2876712 years
    j   2024-09-13: 3 years 3.42, 5 years 3.43; 3.42 + .01 × 1.2876712/2      = 3.4264384 %
    factor (1.043923077/1.034264384)^(1565/365) = 1.0406604                   = 1.0407
    paid 10,406.01 × 1.0407 = 10,829.53, adjustment +423.52

Dora, one year guaranteed, again and again: $10,000.00 on 2021-02-26 at 1% through 2022-03-31. She says nothing, so
it is reinvested at 1% through 2023-03-31; on Wednesday 2022-04-20 she moves $4,000.00 of it to Fixed Account 2, free,
and the rest is reinvested at 4.73% (the 1-year rate of 2022-12-30) through 2024-03-31, Easter Sunday. For that she
elects Fixed Account 2, and gets it on Monday 2024-04-01.
    2022-03-31  10,000 × 1.01 × 1.01^(33/365), index 1.010909023970            = 10,109.09
    2022-04-20  index 1.01^(20/365) = 1.000545372270, so 3,997.819700 of 10,109.090000 units go, 6,111.270300 stay;
                factor 1: under the maturity value transfer provision nothing is adjusted
    2023-03-31  6,111.270300 × 1.01                                            = 6,172.38
    2024-03-31  6,172.38 × 1.0473                                              = 6,464.33
    Fixed Account 2:
    2022-04-20  1.02^(362/365) × 1.0225^(109/365)                              = 1.026633054204
    2024-04-01  1.02^(362/365) × 1.0225 × 1.03 × 1.0325^(91/365)               = 1.082662334697
    units 4000/1.026633054204 + 6464.33/1.082662334697 = 3,896.231456 + 5,970.772043 = 9,867.003499
    value 9,867.003499 × 1.108970739019                                        = 10,942.22
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from deploy.demo.market import Line, Quarter
from deploy.demo.people import request

OPENED = date(2021, 1, 4)
WITHDRAWALS = {
    "bruno-check": ("0.8528", "2345.22", "-345.22", "2000.00"),
    "clara-all": ("1.0407", "10406.01", "423.52", "10829.53"),
}
"""Request id to factor, amount taken, adjustment and amount paid."""

FREE_TRANSFER = {"dora-free": ("1.0000", "4000.00", "0.00", "4000.00")}
"""The same of a transfer, and what arrives."""

MATURITIES = [("reinvested", "10109.09"), ("reinvested", "6172.38"), ("maturity_transfer", "6464.33")]
"""What became of Dora's terms, and what they were worth at maturity."""

VALUES_AT_THE_END = {"ANNA": "1645.24", "BRUNO": "8016.43", "CLARA": "0.00", "DORA": "10942.22"}
"""Account value at the close of 2024-12-31."""


@dataclass(frozen=True, slots=True)
class _Act:
    day: date
    topic: str
    request_id: str
    person: str
    content: Line


def _deposit(day: date, request_id: str, person: str, amount: str, share: Line) -> _Act:
    allocation = [share | {"percent": "100"}]
    content: Line = {"account": "pretax", "amount": amount, "source": "rollover", "allocation": allocation}
    return _Act(day, "deposit-requests", request_id, person, content)


def _withdrawal(day: date, request_id: str, person: str, content: Line) -> _Act:
    return _Act(day, "withdrawal-requests", request_id, person, {"account": "pretax", "reason": "separation"} | content)


def _transfer(day: date, request_id: str, person: str, leg: Line, to: str) -> _Act:
    content: Line = {"account": "pretax", "from": [leg], "to": [{"option": to, "percent": "100"}]}
    return _Act(day, "transfer-requests", request_id, person, content)


def _election(day: date, request_id: str, person: str, lot: str, to: str) -> _Act:
    order = {"kind": "maturity_election", "account": "pretax", "lot": lot, "to": [{"option": to, "percent": "100"}]}
    return _Act(day, "account-instructions", request_id, person, {"instruction": order})


_ACTS = (
    _deposit(date(2021, 1, 29), "anna-1", "ANNA", "1000.00", {"option": "FA2"}),
    _deposit(date(2022, 6, 30), "anna-2", "ANNA", "500.00", {"option": "FA2"}),
    _deposit(date(2021, 2, 26), "bruno-1", "BRUNO", "10000.00", {"option": "GAA", "term": 7}),
    _withdrawal(date(2023, 10, 18), "bruno-check", "BRUNO", {"amount": "2000.00"}),
    _deposit(date(2023, 10, 31), "clara-1", "CLARA", "10000.00", {"option": "GAA", "term": 5}),
    _withdrawal(date(2024, 9, 18), "clara-all", "CLARA", {"full": True}),
    _deposit(date(2021, 2, 26), "dora-1", "DORA", "10000.00", {"option": "GAA", "term": 1}),
    _transfer(date(2022, 4, 20), "dora-free", "DORA", {"option": "GAA", "amount": "4000.00"}, "FA2"),
    _election(date(2024, 3, 15), "dora-elects", "DORA", "GAA-3", "FA2"),
)


def openings() -> Iterator[Line]:
    """The witnesses' accounts."""
    for person in VALUES_AT_THE_END:
        order = {"kind": "open_account", "account": "pretax"}
        yield request("account-instructions", f"open-{person}", person, OPENED, instruction=order)


def acts(quarter: Quarter) -> Iterator[Line]:
    """What the witnesses do in a quarter."""
    for act in _ACTS:
        if quarter.start <= act.day <= quarter.end:
            yield request(act.topic, act.request_id, act.person, act.day, **act.content)
