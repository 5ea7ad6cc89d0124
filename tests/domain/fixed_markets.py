"""Markets of one contract with one fixed option, from its rates and the days that are closed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

from contracts_schema.entries import DayClosedEntry, DayCreditedRates, DayRate, TermsEntry
from contracts_schema.options import FixedOption
from contracts_schema.terms import AccountType, ContractTerms
from services.domain.folding import with_day, with_terms
from services.domain.market import Market, Rows
from services.domain.state import Account
from services.domain.valuation import Valuation
from tests.domain.books import Json, terms

Rates = Sequence[tuple[str, str]]
"""From a day on: the declared rate, or with a slash the one-year minimum too."""


def folded(option: Json, days: Sequence[str], rates: Rates) -> tuple[Market, Rows]:
    """The market after closing all of the days but the last, which is frozen, and all rows written on the way."""
    version = ContractTerms.model_validate(terms(option, effective_from="1990-01-01"))
    market, rows = with_terms(Market(), TermsEntry(terms=version))
    for day, until in pairwise(days):
        market, more = with_day(market, _entry(market, option["option"], (day, until), rates))
        rows = (*rows, *more)
    return market, rows


def _entry(market: Market, option: str, days: tuple[str, str], rates: Rates) -> DayClosedEntry:
    day, until = days
    return DayClosedEntry(
        date=date.fromisoformat(day),
        previous=market.head.last_closed,
        closed_at=datetime.fromisoformat(day).replace(hour=21, tzinfo=UTC),
        next_business_days=(date.fromisoformat(until),),
        frozen_through=date.fromisoformat(until),
        credited_rates=(DayCreditedRates(contract_id="C1", option=option, rates=tuple(_in_force(days, rates))),),
    )


def _in_force(days: tuple[str, str], rates: Rates) -> Iterator[DayRate]:
    """The rate in force on the day, and every change before the next business day."""
    day, until = days
    first = max(since for since, _ in rates if since <= day)
    for since, rate in rates:
        if first <= since < until:
            declared, _, minimum = rate.partition("/")
            yield DayRate(
                from_day=date.fromisoformat(max(since, day)),
                declared=Decimal(declared),
                one_year_minimum=Decimal(minimum) if minimum else None,
            )


def valued(market: Market, day: str) -> tuple[Valuation, FixedOption]:
    """The contract on a day, and its option."""
    found = market.terms_on("C1", date.fromisoformat(day))
    assert found is not None
    (option,) = found.options
    assert isinstance(option, FixedOption)
    return Valuation(market, found, date.fromisoformat(day)), option


def opened(day: str) -> Account:
    """An account of an effective date."""
    return Account(AccountType.PRETAX, date.fromisoformat(day))


def index(market: Market, day: str, account: str) -> str:
    """The index of a day for an account opened on another."""
    at, option = valued(market, day)
    return str(at.index(option, opened(account)))


def applied(market: Market, day: str, since: str, account: str = "1990-01-02") -> str:
    """The index of a day for money applied at the rate declared since another."""
    at, option = valued(market, day)
    return str(at.applied_index(option, opened(account), date.fromisoformat(since)))
