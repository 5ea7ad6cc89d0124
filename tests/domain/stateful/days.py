"""Two years of business days of a contract: prices, rates and yields that move, and what they come to by the words of
the rules alone (GEN-5, FIX-5..7, FND-1); nothing of the product reckons here.
"""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from decimal import Decimal, localcontext
from functools import cache

from contracts_schema.entries import DayClosedEntry, DayCreditedRates, DayRate, DayUnitValue
from contracts_schema.reference import ConstantMaturityPoint, MarketYields, TreasuryNotePoint
from services.runtime.calendar import ExchangeCalendar
from tests.domain.stateful.contracts import Contract

D = Decimal
YEARS = timedelta(days=731)
MOODS = {"calm": (D("0.0002"), 4), "up": (D("0.004"), 30), "down": (D("-0.004"), 30), "wild": (D(0), 500)}
"""What a price moves in a day: always, and at most beside that in ten thousandths."""

MATURITIES = (1, 2, 3, 5, 7, 10)
ONE_DAY = timedelta(days=1)


@cache
def business_days(first: date) -> tuple[date, ...]:
    calendar = ExchangeCalendar()
    days = (first + timedelta(days=offset) for offset in range(YEARS.days + 14))
    return tuple(day for day in days if calendar.is_business_day(day))


@cache
def a_day_at(rate: Decimal) -> Decimal:
    with localcontext(prec=34):
        return (1 + rate) ** (D(1) / 365)


def anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def grown(rate: Decimal, start: date, end: date) -> Decimal:
    """GEN-5 for guaranteed terms: whole years credit the rate, then days of 365."""
    years = end.year - start.year - (anniversary(start, end.year - start.year) > end)
    with localcontext(prec=34):
        return (1 + rate) ** years * a_day_at(rate) ** (end - anniversary(start, years)).days


class Days:
    """What has been closed so far, and what is known of it."""

    def __init__(self, contract: Contract) -> None:
        self.contract, self.all = contract, business_days(contract.first)
        self.closed: list[date] = []
        income = contract.terms["income"]["variable"] or {"options": (), "charge_class": ""}
        of_units = [(name, contract.terms["charge_class"]) for name in contract.of_kind("fund")]
        self._priced = [*of_units, *((name, income["charge_class"]) for name in income["options"])]
        self._price = {fund: D(10 + 7 * at) for at, fund in enumerate(self._priced)}
        self.prices: dict[tuple[str, date], Decimal] = {}
        self.declared = {name: [(contract.first, self.floor(name, contract.first))] for name in contract.fixed}
        self._index: dict[str, dict[date, Decimal]] = {name: {contract.first: D(1)} for name in contract.fixed}
        self._level = D("3.00")

    @property
    def open(self) -> date:
        """The next day to close."""
        return self.all[len(self.closed)]

    @property
    def over(self) -> bool:
        """Whether the two years are."""
        return self.open > self.contract.first + YEARS

    def declare(self, option: str, above: Decimal) -> None:
        """Another rate, so much above the floor, from the business day after the open one on."""
        since = self.all[len(self.closed) + 1]
        known = [each for each in self.declared[option] if each[0] != since]
        self.declared[option] = [*known, (since, self.floor(option, since) + above)]

    def minimum(self, option: str, day: date) -> Decimal | None:
        """Fixed Account 2's of the calendar year: a little more in every other."""
        terms = self.contract.options[option]
        if terms["kind"] != "fixed_account_2":
            return None
        return D(terms["contract_minimum"]) + D("0.0025") * (day.year % 2)

    def floor(self, option: str, day: date) -> Decimal:
        """FIX-1, FIX-2, FIX-5: the greatest of the minimums in force."""
        terms = self.contract.options[option]
        floors = (terms.get("guaranteed_minimum"), terms.get("contract_minimum"), terms["retained_minimum"])
        return max(*(D(each) for each in floors if each is not None), self.minimum(option, day) or D(0))

    def declared_since(self, option: str, day: date) -> tuple[date, Decimal]:
        """The rate declared for a day, and since when."""
        return max(each for each in self.declared[option] if each[0] <= day)

    def index(self, option: str, day: date, since: date | None = None) -> Decimal:
        """What a dollar of the first day has grown to; with `since`, one applied at the rate declared on that day."""
        if since is None:
            found = self._index[option]
            while day not in found:
                last = max(found)
                rate = max(self.declared_since(option, last)[1], self.floor(option, last))
                found[last + ONE_DAY] = found[last] * a_day_at(rate)
            return found[day]
        rate, value = self.declared_since(option, since)[1], D(1)
        for offset in range((day - since).days):
            value *= a_day_at(max(rate, self.floor(option, since + timedelta(days=offset))))
        return value

    def close(self, mood: str) -> DayClosedEntry:
        """The entry of the open day, which is closed then."""
        day, until = self.open, self.all[len(self.closed) + 1]
        for at, fund in enumerate(self._priced):
            always, most = MOODS[mood]
            swing = (day.toordinal() * 7919 + at * 104729) % (2 * most + 1) - most
            price = self._price[fund] * (1 + always + D(swing) / 10000)
            self._price[fund] = min(max(price, D("0.5")), D(5000)).quantize(D("0.000001"))
            if fund[1] == self.contract.terms["charge_class"]:
                self.prices[fund[0], day] = self._price[fund]
        self._level = min(max(self._level + {"up": D("-0.02"), "down": D("0.02")}.get(mood, D(0)), D("0.1")), D(9))
        ends_week = until.isocalendar()[:2] != day.isocalendar()[:2]
        published = [day] if ends_week else [day - timedelta(days=40)] if not self.closed else []
        yields = tuple(each for on in published for each in self._yields(on))
        entry = DayClosedEntry(
            date=day,
            previous=self.closed[-1] if self.closed else None,
            closed_at=ExchangeCalendar().closes_at(day).astimezone(UTC),
            next_business_days=self.all[len(self.closed) + 1 : len(self.closed) + 4],
            frozen_through=until,
            unit_values=tuple(
                DayUnitValue(fund=fund, charge_class=of, unit_value=self._price[fund, of]) for fund, of in self._priced
            ),
            credited_rates=tuple(
                DayCreditedRates(contract_id=self.contract.id, option=name, rates=tuple(self._rates(name, day, until)))
                for name in self.contract.fixed
            ),
            yields=yields,
        )
        self.closed.append(day)
        return entry

    def _rates(self, option: str, day: date, until: date) -> Iterator[DayRate]:
        before = None
        for offset in range((until - day).days):
            current = day + timedelta(days=offset)
            found = (self.declared_since(option, current)[1], self.minimum(option, current))
            if found != before:
                yield DayRate(from_day=current, declared=found[0], one_year_minimum=found[1])
            before = found

    def _yields(self, day: date) -> Iterator[MarketYields]:
        if self.contract.guaranteed is None:
            return
        mva = self.contract.options[self.contract.guaranteed]["mva"]
        if mva["yield_source"] == "treasury_notes":
            yield MarketYields(series=mva["yield_series"], date=day, notes=tuple(self._notes()))
            return
        for series, level in ((mva["yield_series"], self._level), (mva["spread_series"], self._level / 4)):
            points = ((years, (level + D(years) / 20).quantize(D("0.01"))) for years in MATURITIES)
            points_ = tuple(ConstantMaturityPoint(years=years, percent=percent) for years, percent in points)
            yield MarketYields(series=series, date=day, constant_maturity=points_)

    def _notes(self) -> Iterator[TreasuryNotePoint]:
        """A note for every quarter of the years to come."""
        first = self.contract.first.year
        for at in range(8 * 4):
            maturity = date(first + at // 4, 2 + 3 * (at % 4), 15)
            yield TreasuryNotePoint(note=f"N{at}", maturity=maturity, percent=self._level + D(at) / 50)
