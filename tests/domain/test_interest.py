"""FIX-5, FIX-6, FIX-7 and GEN-5: the rate credited each day, and what a dollar grows to."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from contracts_schema.entries import DayClosedEntry, DayCreditedRates, DayRate, TermsEntry
from contracts_schema.terms import ContractTerms
from services.domain.folding import with_day, with_terms
from services.domain.guaranteed import accrual_days, lot_index
from services.domain.market import Market
from services.domain.state import Lot, Step
from tests.domain.books import Json, fixed_account_2, terms
from tests.domain.tabled import rows

D = Decimal
Rates = tuple[tuple[str, str, str], ...]  # from day, declared, one-year minimum
TWO_PERCENT: Rates = (("2021-01-04", "0.02", "0.01"),)


def market(*versions: Json) -> Market:
    """A market that knows versions of C1's terms, Fixed Account 2 alone unless they are given."""
    found = Market()
    for version in versions or (terms(fixed_account_2()),):
        found, _ = with_terms(found, TermsEntry(terms=ContractTerms.model_validate(version)))
    return found


def closed(before: Market, day: str, until: str, rates: Rates) -> Market:
    """The market after a day's close, `until` being the next business day; of the rates those of the day on."""
    credited = DayCreditedRates(contract_id="C1", option="FA2", rates=tuple(_in_force(rates, day, until)))
    entry = DayClosedEntry(
        date=date.fromisoformat(day),
        previous=before.head.last_closed,
        closed_at=datetime.fromisoformat(day).replace(hour=21, tzinfo=UTC),
        next_business_days=(date.fromisoformat(until),),
        frozen_through=date.fromisoformat(until),
        credited_rates=(credited,),
    )
    return with_day(before, entry)[0]


def _in_force(rates: Rates, day: str, until: str) -> Iterable[DayRate]:
    """The rate in force on the day, and every change before the next business day."""
    first = max(since for since, _, _ in rates if since <= day)
    for since, declared, minimum in rates:
        if first <= since < until:
            from_day = date.fromisoformat(max(since, day))
            yield DayRate(from_day=from_day, declared=D(declared), one_year_minimum=D(minimum))


def index(of: Market) -> str:
    """The index of the frozen day."""
    return str(of.head.frozen_indexes["C1|FA2"])


def after(start: str, days: int, step: int, rates: Rates = TWO_PERCENT) -> str:
    """The index that many days on, closing a day every `step` days, and on the last."""
    first = date.fromisoformat(start)
    marks = [*range(0, days, step), days]
    found = market()
    for here, there in pairwise(marks):
        found = closed(found, str(first + timedelta(days=here)), str(first + timedelta(days=there)), rates)
    return index(found)


@pytest.mark.parametrize("step", [1, 3, 7, 91, 365])
def test_gen_5_a_full_year_credits_exactly_the_rate(step: int) -> None:
    assert after("2021-01-04", 365, step) == "1.020000000000"


@pytest.mark.parametrize("step", [1, 5, 73])
def test_gen_5_part_of_a_year(step: int) -> None:
    # 73 days are a fifth of a year: 1.02^0.2 = 1.003968378704, for 1.003968378704^5 = 1.02.
    assert after("2021-01-04", 73, step) == "1.003968378704"


def test_gen_5_three_years_compound() -> None:
    # 2021-01-04 to 2024-01-04 is three times 365 days: 1.02^3 = 1.061208.
    assert after("2021-01-04", 1095, 30) == "1.061208000000"


def test_gen_5_fixed_options_count_actual_days_of_a_leap_year() -> None:
    # 2024 has 366 days, and fixed options are actual/365 by house decision: 1.02^(366/365) = 1.020055340350.
    leap = (("2024-01-04", "0.02", "0.01"),)
    assert after("2024-01-04", 366, 1, leap) == after("2024-01-04", 366, 61, leap) == "1.020055340350"


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2023-03-01", "2024-03-01", 365),  # 366 days on the calendar
        ("2024-01-15", "2025-01-15", 365),  # 366 days on the calendar
        ("2021-01-15", "2021-01-15", 0),
        ("2021-01-15", "2022-01-14", 364),
        ("2021-01-15", "2026-01-20", 5 * 365 + 5),
        ("2024-02-29", "2025-02-28", 365),  # the anniversary of 29 February falls on the 28th
        ("2024-02-29", "2028-02-29", 4 * 365),
        ("2024-02-28", "2025-02-27", 365),  # the leap day counts until the year is full
    ],
)
def test_gen_5_days_of_guaranteed_terms(start: str, end: str, days: int) -> None:
    assert accrual_days(date.fromisoformat(start), date.fromisoformat(end)) == days


def test_gen_5_a_guaranteed_leap_year_credits_the_rate_and_not_more() -> None:
    day = date(2024, 1, 15)
    step = Step(D("0.04"), date(2027, 1, 15))
    lot = Lot("GAA-1", "GAA", "G1", 3, day, day, day, date(2027, 1, 15), (step,), day, D(0), D(100))
    assert lot_index(lot, date(2025, 1, 15), 12) == D("1.040000000000")
    assert lot_index(lot, date(2026, 1, 15), 12) == D("1.081600000000")


@pytest.mark.parametrize("row", rows("credited_rates", "what"))
def test_fix_6_credited_rate_is_the_greatest_of_declared_and_floors(row: dict[str, str]) -> None:
    option = fixed_account_2(contract_minimum=row["contract_minimum"])
    if row["retained_minimum"]:
        option["retained_minimum"] = row["retained_minimum"]
    rates = (("2021-01-04", row["declared"], row["one_year_minimum"]),)
    found = closed(market(terms(option)), "2021-01-04", "2022-01-04", rates)
    assert D(index(found)) == 1 + D(row["credited"])  # 365 days at the rate credited


def test_fix_7_a_new_rate_holds_from_its_day_for_all_money() -> None:
    # Friday 8 January at 2%; Saturday and Sunday at 3%: 1.02^(1/365) x 1.03^(2/365) = 1.000216243190.
    rates = (("2021-01-08", "0.02", "0.01"), ("2021-01-09", "0.03", "0.01"))
    assert index(closed(market(), "2021-01-08", "2021-01-11", rates)) == "1.000216243190"


def test_fix_7_a_new_rate_leaves_what_was_credited_before() -> None:
    # A year at 2%, then a year at 3%: 1.02 x 1.03 = 1.0506; and back to 2% for a third: 1.071612.
    rates = (("2021-01-04", "0.02", "0.01"), ("2022-01-04", "0.03", "0.01"), ("2023-01-04", "0.02", "0.01"))
    assert after("2021-01-04", 730, 7, rates) == "1.050600000000"
    assert after("2021-01-04", 1095, 7, rates) == "1.071612000000"


def test_fix_5_a_new_years_minimum_holds_from_new_year() -> None:
    # 31 December 2021 is a Friday: one day at 2%, then 1 and 2 January at the new minimum of 3%.
    rates = (("2021-12-31", "0.02", "0.01"), ("2022-01-01", "0.02", "0.03"))
    assert index(closed(market(), "2021-12-31", "2022-01-03", rates)) == "1.000216243190"


def test_fix_5_an_option_starts_at_one_on_its_first_day() -> None:
    later = terms(fixed_account_2(), effective_from="2021-01-09")
    found = closed(market(later), "2021-01-08", "2021-01-11", (("2021-01-08", "0.03", "0.01"),))
    # In force from Saturday: two days at 3%; 1.03^(2/365) = 1.000161979157.
    assert "C1|FA2" not in found.days[date(2021, 1, 8)].fixed_indexes
    assert index(found) == "1.000161979157"


def test_fix_5_before_any_day_in_force_the_index_is_one() -> None:
    later = terms(fixed_account_2(), effective_from="2021-01-11")
    found = closed(market(later), "2021-01-08", "2021-01-11", (("2021-01-08", "0.03", "0.01"),))
    assert index(found) == "1.000000000000"


@pytest.mark.parametrize(
    ("applies_to", "credited"),
    [
        # GEN-6: the guaranteed rate of those covered before the change stays; all money earns one rate (FIX-7).
        ("new", "0.03"),
        ("new_and_existing", "0.02"),
    ],
)
def test_gen_6_a_lowered_minimum_is_retained_for_those_it_was_promised_to(applies_to: str, credited: str) -> None:
    before = terms(fixed_account_2(contract_minimum="0.03"))
    lowered = terms(
        fixed_account_2(contract_minimum="0.01"), version=2, effective_from="2021-01-04", applies_to=applies_to
    )
    found = closed(market(before, lowered), "2021-01-04", "2022-01-04", TWO_PERCENT)
    assert D(index(found)) == 1 + D(credited)


def test_gen_6_a_raised_minimum_reaches_all_from_its_day() -> None:
    raised = terms(fixed_account_2(contract_minimum="0.03"), version=2, effective_from="2022-01-04")
    found = market(terms(fixed_account_2(contract_minimum="0.01")), raised)
    found = closed(found, "2021-01-04", "2022-01-04", TWO_PERCENT)
    assert index(found) == "1.020000000000"
    assert index(closed(found, "2022-01-04", "2023-01-04", TWO_PERCENT)) == "1.050600000000"  # 1.02 x 1.03
