"""What reference keeps of closed days: the last ten, and what carries on (FND-1, FIX-5, FIX-6, MVA-4)."""

from datetime import date

import pytest

from services.domain.closed_data import without_old_days
from services.domain.closing import Reference
from services.reference.rows import reference_of
from services.runtime.calendar import ExchangeCalendar
from tests.domain.books import (
    Book,
    business_days,
    declared,
    fixed_account_2,
    fund,
    fund_value,
    guaranteed,
    one_year_minimum,
    only,
    terms,
    yields,
)
from tests.domain.gaa import day

CURVE = ((1, "1.00"), (3, "2.00"))


def closed_through(last: str, *, rates: tuple[tuple[str, str], ...] = ()) -> Book:
    """A contract with a fund, Fixed Account 2 and the GAA, every day of 2021 through one closed. Martin Luther King Day
    is Monday 18 January.
    """
    book = Book(terms(fund("F1"), fixed_account_2(), guaranteed()))
    for rate, since in rates:
        book.publish("credited-rates", declared(rate, since))
    book.close_through("2021-01-04", last, cmt=CURVE)
    return book


def state(book: Book) -> Reference:
    return book.service._reference._state


def test_fnd_1_mva_4_values_and_yields_of_the_last_ten_closed_days_are_kept() -> None:
    """Of the eleven business days from 4 to 19 January, the 5th is the tenth from the end."""
    kept = state(closed_through("2021-01-19"))
    days = [day(each) for each in business_days("2021-01-05", "2021-01-19")]
    assert len(days) == 10
    assert list(kept.fund_values) == days
    assert list(kept.yields) == days
    assert list(state(closed_through("2021-01-15")).fund_values) == [day("2021-01-04"), *days[:-1]]


def test_what_is_to_come_is_kept() -> None:
    book = closed_through("2021-01-15")
    book.publish("fund-values", fund_value("F1", "2021-01-21"))
    book.close("2021-01-19", CURVE)
    book.close("2021-01-20", CURVE)
    assert list(state(book).fund_values)[:1] == [day("2021-01-06")]
    assert day("2021-01-21") in state(book).fund_values


@pytest.mark.parametrize("of", ["2021-01-05", "2021-01-19"])
def test_fix_6_the_same_value_again_is_nothing_and_another_is_alarmed(of: str) -> None:
    book = closed_through("2021-01-19")
    assert book.publish("fund-values", fund_value("F1", of)) == []
    assert book.publish("market-yields", yields(of, *CURVE)) == []
    alarm = only(book.publish("fund-values", fund_value("F1", of, "10.000001")), "alarms")
    assert alarm.message["code"] == "EFFECTIVE_TOO_LATE"


def test_fix_6_of_a_day_before_any_value_comes_too_late() -> None:
    book = closed_through("2021-01-19")
    for message in (fund_value("F1", "2021-01-04"), fund_value("F1", "2021-01-04", "11.000000")):
        assert only(book.publish("fund-values", message), "alarms").message["code"] == "EFFECTIVE_TOO_LATE"
    assert day("2021-01-04") not in state(book).fund_values


def test_fix_6_a_declared_rate_is_gone_when_another_has_taken_its_place() -> None:
    """On 19 January what counts is from 5 January on: the rate of the 5th took the place of that of the 1st."""
    rates = (("0.02", "2021-01-01"), ("0.03", "2021-01-05"), ("0.04", "2021-01-12"), ("0.05", "2021-02-01"))
    before, after = (state(closed_through(last, rates=rates)) for last in ("2021-01-15", "2021-01-19"))
    assert [str(rate.rate) for rate in before.declared if rate.option == "FA2"][-4:] == ["0.02", "0.03", "0.04", "0.05"]
    assert [str(rate.rate) for rate in after.declared] == ["0.03", "0.04", "0.05"]


def test_fix_5_one_year_minimums_go_with_their_year() -> None:
    """Of 2021 while 31 December is among the last ten closed days: it is the first of them on 13 January 2022."""
    book = Book(terms(fund("F1"), fixed_account_2(), effective_from="2021-12-01"), rates=False)
    for year in (2021, 2022):
        book.publish("credited-rates", one_year_minimum("0.01", year))
    book.publish("credited-rates", declared("0.02", "2021-12-01"))
    book.close_through("2021-12-01", "2022-01-13")
    assert list(state(book).minimums) == ["C1|FA2|2021", "C1|FA2|2022"]
    book.close("2022-01-14")
    assert list(state(book).minimums) == ["C1|FA2|2022"]


def test_rows_are_removed_and_tell_the_state() -> None:
    """Ten days of values and of yields, and nothing more than before of the rest."""
    book = closed_through("2021-01-19")
    rows = dict(book.service._reference._rows.items())
    days = [key for key in rows if "|" in key]
    assert len(days) == 20
    assert reference_of(rows.items()) == state(book)
    book.close_through("2021-01-20", "2021-06-30", CURVE)
    later = dict(book.service._reference._rows.items())
    assert len(later) == len(rows)
    assert reference_of(later.items()) == state(book)


def test_before_the_first_close_everything_is_kept() -> None:
    empty = Reference(fund_values={date(2021, 1, 4): {}})
    assert without_old_days(empty, ExchangeCalendar()) is empty
