"""Tax withheld from a withdrawal, and the tax law's penalty flagged (WDL-12).

What is withheld follows the request: a percentage of what is payable, or dollars of it. No tax is computed. The
penalty of 10% on what is withdrawn before age 59½ is flagged where the request speaks of tax, by withholding some or by
telling the birth date: that is the request's to tell, each time, because the books keep nothing about a person. An age
of 59½ is reached 59 years and six calendar months after birth. Exceptions that the tax law makes are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import WithdrawalRequest
from services.domain.numbers import ZERO, cents
from services.domain.positive import months_after
from services.domain.verdicts import finding

MONTHS_OF_AGE = 59 * 12 + 6


def withheld(request: WithdrawalRequest, payable: Decimal) -> Decimal:
    """Dollars to withhold of what is payable, as the request says."""
    order = request.withholding
    if order is None:
        return ZERO
    return order.amount if order.amount is not None else cents(payable * (order.percent or 0) / 100)


def withholding_defects(request: WithdrawalRequest, payable: Decimal) -> Iterator[Finding]:
    """More to withhold than there is to pay."""
    wanted = withheld(request, payable)
    if wanted > payable:
        yield finding(Reason.WITHHOLDING_EXCEEDS, where="withholding.amount", withholding=wanted, payable=payable)


def birth_defects(request: WithdrawalRequest, day: date) -> Iterator[Finding]:
    """A birth lies behind."""
    if request.birth_date is not None and request.birth_date > day:
        yield finding(Reason.BIRTH_IN_FUTURE, where="birth_date", birth_date=request.birth_date, trade_date=day)


def penalty_flagged(request: WithdrawalRequest, day: date) -> dict[str, str]:
    """What the confirmation says of the penalty; nothing where the request does not speak of tax."""
    if request.birth_date is None:
        unknown = {"tax_penalty": "may be 10% before age 59½; the request tells no birth date"}
        return {} if request.withholding is None else unknown
    reached = months_after(request.birth_date, MONTHS_OF_AGE)
    flag = "may be 10%: withdrawn before age 59½" if day < reached else "none by age: 59½ is reached"
    return {"tax_penalty": flag, "age_59_and_a_half": reached.isoformat()}
