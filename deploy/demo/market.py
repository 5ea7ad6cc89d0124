"""The demo's market: real Treasury rates and NYSE days, and three funds made by a seeded generator."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from services.runtime.calendar import ExchangeCalendar

RATES = Path(__file__).parent / "data" / "cmt_daily_2021_2025.csv"
CONTRACT, CHARGE_CLASS = "DEMO-457", "standard"
SERIES, YIELDS = "GAA-STANDARD", "UST-CMT"
FIRST, LAST = date(2021, 1, 4), date(2024, 12, 31)
TERMS = (1, 5, 7, 10)
DECLARED = {2021: "0.0200", 2022: "0.0225", 2023: "0.0300", 2024: "0.0325"}
MINIMUMS = {2021: "0.0100", 2022: "0.0100", 2023: "0.0150", 2024: "0.0200", 2025: "0.0200"}
FUNDS = {"GROWTH": (4, 110), "INDEX": (3, 90), "BOND": (0, 30)}
"""Daily drift and spread of each fund, in ten thousandths."""

Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Quarter:
    """A calendar quarter, which is also a deposit period of the guaranteed account."""

    start: date
    end: date

    @property
    def name(self) -> str:
        """For example 2021-Q1."""
        return f"{self.start.year}-Q{(self.start.month + 2) // 3}"

    def days(self) -> list[date]:
        """Its business days."""
        every = (self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1))
        calendar = ExchangeCalendar()
        return [day for day in every if calendar.is_business_day(day)]


def quarters() -> list[Quarter]:
    """The sixteen quarters of 2021 to 2024."""
    starts = [date(year, month, 1) for year in range(FIRST.year, LAST.year + 1) for month in (1, 4, 7, 10)]
    ends = [start - timedelta(days=1) for start in [*starts[1:], LAST + timedelta(days=1)]]
    return [Quarter(start, end) for start, end in zip(starts, ends, strict=True)]


class Rates:
    """Daily Treasury par yields, percent, by maturity in years."""

    def __init__(self, path: Path = RATES) -> None:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
        self._by_day = {
            date.fromisoformat(row["date"]): {int(name[1:]): row[name] for name in row if name != "date"}
            for row in rows
        }

    def messages(self, start: date, end: date) -> Iterator[Line]:
        """One message per day on which rates or a close exist; NYSE days without rates are said to be so."""
        calendar = ExchangeCalendar()
        for offset in range((end - start).days + 1):
            day = start + timedelta(days=offset)
            published = self._by_day.get(day)
            if published is not None:
                points = [{"years": years, "percent": percent} for years, percent in published.items()]
                yield _yields(day, {"constant_maturity": points})
            elif calendar.is_business_day(day):
                why = {"authorised_by": "demo-operations", "reason": "bond market holiday"}
                yield _yields(day, {"not_published": why})

    def percent(self, day: date, years: int) -> Decimal:
        """The last rate published before a day."""
        found = max(known for known in self._by_day if known < day) if min(self._by_day) < day else min(self._by_day)
        return Decimal(self._by_day[found][years])


def _yields(day: date, content: Line) -> Line:
    return {"topic": "market-yields", "value": {"series": YIELDS, "date": day.isoformat(), **content}}


def terms() -> Line:
    """The contract: Fixed Account 2, the guaranteed account and three funds."""
    mva = {"method": "two", "yield_source": "constant_maturity", "yield_series": YIELDS}
    funds = [{"kind": "fund", "option": name, "fund": name} for name in FUNDS]
    value = {
        "contract_id": CONTRACT,
        "version": 1,
        "effective_from": FIRST.isoformat(),
        "title": "Demo governmental 457(b) plan",
        "charge_class": CHARGE_CLASS,
        "accounts": ["pretax", "employer"],
        "accounts_open_by_deposit": False,
        "options": [
            *funds,
            {"kind": "fixed_account_2", "option": "FA2", "contract_minimum": "0.01"},
            {"kind": "guaranteed", "option": "GAA", "series": SERIES, "mva": mva, "minimum_rate": "0.01"},
        ],
        "submitters": [{"submitted_by": "acme-payroll", "received_at_trusted": True}],
        "transfers": {"free_per_year": 12, "fee": "10.00"},
    }
    return {"topic": "contract-terms", "value": value}


def rates_of_fixed_account() -> Iterator[Line]:
    """Declared rates from each New Year, and the minimum of each calendar year, known in advance (FIX-5)."""
    place = {"contract_id": CONTRACT, "option": "FA2"}
    for year, rate in DECLARED.items():
        value = {"kind": "declared", **place, "effective_from": f"{year}-01-01", "rate": rate}
        yield {"topic": "credited-rates", "value": value}
    for year, rate in MINIMUMS.items():
        yield {"topic": "credited-rates", "value": {"kind": "one_year_minimum", **place, "year": year, "rate": rate}}


def rate_below_floor(since: date) -> Line:
    """A declared rate below the year's minimum: refused with an alarm, the rate in force stays (FIX-6)."""
    place = {"contract_id": CONTRACT, "option": "FA2", "effective_from": since.isoformat()}
    return {"topic": "credited-rates", "value": {"kind": "declared", **place, "rate": "0.0050"}}


def offering(quarter: Quarter, rates: Rates) -> Line:
    """A deposit period: each term at the Treasury rate of its length before the quarter, long ones in two steps."""
    offered = []
    for years in TERMS:
        maturity = date(quarter.end.year + years, quarter.end.month, quarter.end.day)
        rate = max(Decimal("0.0100"), (rates.percent(quarter.start, years) / 100).quantize(Decimal("0.0001")))
        steps = [{"rate": str(rate), "through": maturity.isoformat()}]
        if years > 2:
            middle = date(quarter.end.year + 2, quarter.end.month, quarter.end.day)
            later = max(Decimal("0.0100"), rate - Decimal("0.0010"))
            steps = [{"rate": str(rate), "through": middle.isoformat()}, steps[0] | {"rate": str(later)}]
        offered.append({"years": years, "maturity": maturity.isoformat(), "steps": steps})
    value = {
        "series": SERIES,
        "offering_id": quarter.name,
        "period_start": quarter.start.isoformat(),
        "period_end": quarter.end.isoformat(),
        "terms": offered,
    }
    return {"topic": "guaranteed-offerings", "value": value}


class Funds:
    """Unit values: 10.000000 on the first day, then carried on by a net investment factor each day (FND-1)."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 -- prices of a demo, not secrets
        self._started = False

    def messages(self, day: date) -> Iterator[Line]:
        """The day's value of every fund, to be asked for day by day."""
        for name, (drift, spread) in FUNDS.items():
            basis = {"fund": name, "charge_class": CHARGE_CLASS, "valuation_date": day.isoformat()}
            if self._started:
                change = Decimal(drift * 100 + self._random.randint(-spread * 100, spread * 100)) / 10_000_000
                basis["net_investment_factor"] = str((1 + change).quantize(Decimal("0.0000001")))
            else:
                basis["unit_value"] = "10.000000"
            yield {"topic": "fund-values", "value": basis}
        self._started = True
