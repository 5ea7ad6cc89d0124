"""Fifteen years of a contract: its terms, deposit periods and closes, of every third business day, as they stand on the
ledger log.

Contract C1 has two funds; the Fixed, the Fixed Plus Account and Fixed Account 2; and guaranteed terms of one to ten
years by both methods of adjustment, unclassified (GAA) and classified (GAB): a deposit period of each quarter, but for
its last days. Yields, prices and rates move a little every day, or month.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from contracts_schema.entries import AnyEntry, DayClosedEntry, OfferingEntry, TermsEntry, write_entry
from contracts_schema.reference import GuaranteedOffering
from contracts_schema.terms import ContractTerms
from services.runtime.calendar import ExchangeCalendar
from services.runtime.records import OutputRecord
from tests.domain.books import Json, business_days, fixed_account_2, fund, guaranteed_term, terms
from tests.domain.books_fixed import fixed_account, fixed_plus

FIRST, AFTER = "2010-01-04", "2025-01-14"
LENGTHS = (1, 2, 5, 10)
FIXED = ("FA", "FP", "FA2")


def contract(version: int, since: str, **more: object) -> Json:
    """A version of the contract's terms."""
    two = {"yield_source": "constant_maturity", "yield_series": "CMT"}
    one = {**two, "method": "one", "spread_series": "SPREAD"}
    guaranteed = {"kind": "guaranteed", "rate_lock": True}
    return terms(
        fund("F1"),
        fund("F2"),
        fixed_account(rate_basis="when_applied"),
        fixed_plus(),
        fixed_account_2(opens_on=None),
        {**guaranteed, "option": "GAA", "series": "G", "mva": two},
        {**guaranteed, "option": "GAB", "series": "H", "mva": one, "classified": True},
        version=version,
        effective_from=since,
        income={"variable": {"charge_class": "ANN", "options": ["F1", "F2"]}},
        installments={},
        reinvestment={},
        **more,
    )


@cache
def versions() -> tuple[Json, ...]:
    """Versions of the terms: what a withdrawal costs changes for all participants, or for new ones only."""
    fee = {"transfers": {"free_per_year": 2, "fee": "10.00"}}
    return (
        contract(1, "2010-01-01"),
        contract(2, "2012-07-02", **fee),
        contract(3, "2015-03-02", applies_to="new_and_existing", premium_tax_percent="1"),
        contract(4, "2017-05-01", sales_charge_percent="1"),
        contract(5, "2019-10-01", applies_to="new_and_existing", **fee),
    )


def offerings(series: str) -> Iterator[Json]:
    """A deposit period of every quarter; neighbours offer ten years alike."""
    for quarter in range(61):
        start = date(2010 + quarter // 4, quarter % 4 * 3 + 1, 1)
        end = date(start.year, start.month + 2, 28 if quarter % 2 else 20)
        alike = date(start.year + 10, 6 if start.month < 6 else 12, 30)
        ends = {1: start + timedelta(days=500), 2: end + timedelta(days=730), 5: date(start.year + 5, 8, 31), 10: alike}
        rates = {years: f"0.0{2 + (quarter + years) % 4}5" for years in LENGTHS} | {10: "0.04"}
        offered = [guaranteed_term(years, (rates[years], ends[years].isoformat())) for years in LENGTHS]
        yield {
            "series": series,
            "offering_id": f"{series}-{start.year}-{start.month}",
            "period_start": start.isoformat(),
            "period_end": end.isoformat(),
            "terms": offered,
        }


@cache
def market_log() -> tuple[tuple[date, OutputRecord], ...]:
    """The market's entries, by the day of which they are: a week before they begin, or a close."""
    versions_ = map(ContractTerms.model_validate, versions())
    offers = (GuaranteedOffering.model_validate(each) for series in "GH" for each in offerings(series))
    logged: list[tuple[date, AnyEntry]] = [
        *((version.effective_from - timedelta(days=7), TermsEntry(terms=version)) for version in versions_),
        *((offer.period_start - timedelta(days=7), OfferingEntry(offering=offer)) for offer in offers),
    ]
    days = [date.fromisoformat(day) for day in business_days(FIRST, AFTER)][::3]
    closes = [(days[0], _closed(None, days[0], days[1]))]
    closes += [(day, _closed(days[at], day, days[at + 2])) for at, day in enumerate(days[1:-1])]
    in_order = sorted([*logged, *closes], key=lambda each: (each[0], isinstance(each[1], DayClosedEntry)))
    return tuple(
        (day, OutputRecord("ledger-log", 0, entry.type.encode(), write_entry(entry))) for day, entry in in_order
    )


def _closed(previous: date | None, day: date, following: date) -> DayClosedEntry:
    n = (day - date.fromisoformat(FIRST)).days
    values = [
        {"fund": name, "charge_class": cls, "unit_value": str(Decimal(base + n * step % 2003) / 100)}
        for name, step, base in (("F1", 13, 900), ("F2", 29, 1400))
        for cls in ("A", "ANN")
    ]
    rate: Json = {"from_day": day.isoformat(), "one_year_minimum": "0.015"}
    rates = [
        {"contract_id": "C1", "option": name, "rates": [{**rate, "declared": f"0.0{3 + (day.month + at) % 3}"}]}
        for at, name in enumerate(FIXED)
    ]
    curve = [{"years": years, "percent": f"{2 + (n * 31 + years * 7) % 300 / 100:.2f}"} for years in (1, 5, 10)]
    spread = [{"years": years, "percent": f"{1 + n % 97 / 100:.2f}"} for years in (1, 10)]
    yields = [
        {"series": "CMT", "date": day.isoformat(), "constant_maturity": curve},
        {"series": "SPREAD", "date": day.isoformat(), "constant_maturity": spread},
    ]
    return DayClosedEntry.model_validate(
        {
            "date": day.isoformat(),
            "previous": previous and previous.isoformat(),
            "closed_at": ExchangeCalendar().closes_at(day).isoformat(),
            "next_business_days": [following.isoformat()],
            "frozen_through": following.isoformat(),
            "unit_values": values,
            "credited_rates": rates,
            "yields": yields if n % 53 else [],  # now and then nothing is published: the last ones count
        }
    )
