"""INC-2, INC-4: variable payments, counted in annuity units, by hand to the cent.

10,000 at 3.5% for ten years of months, the first in 30 days, pay 98.62 (`test_fix_3_the_amount_earns_the_rate…`). The
annuity unit values of `books_income.closed` are 20 for F1 and 8 for F2.
"""

from decimal import Decimal

import pytest

from services.domain.incomes import AnnuityUnits
from tests.domain.books import Book, Json, Outcome, business_days, fund_value, only, shares, terms
from tests.domain.books_income import VARIABLE, asked_for, closed, counting, election, payments
from tests.domain.gaa import TRADE, flat
from tests.domain.test_loans import numbers

D = Decimal
MAY = "2021-05-28"


def elected_in_units(book: Book, received: str = TRADE, **order: object) -> Outcome:
    """An election of variable payments, 60% of F1 and 40% of F2 from 28 May on, that trades on 28 April."""
    told = {"payments": "variable", "funds": shares(F1="60", F2="40"), "first_payment": MAY, **order}
    book.instruct(election("elect", received, **told))
    return asked_for(closed(book, TRADE), "elect")


def test_inc_4_annuity_units_are_the_shares_of_the_first_payment_by_their_values() -> None:
    """98.62: 59.17 and 39.44, the cent left over is the larger one's. 59.18/20 = 2.959, 39.44/8 = 4.93."""
    book = counting()
    message = elected_in_units(book).message
    assert message["rules"] == ["GEN-2", "WDL-1", "INC-2", "INC-3", "INC-4", "GEN-7"]
    assert message["applied"] == "10000.00"
    assert message["details"] == {
        "annuity": "period_certain",
        "payments": "variable",
        "frequency": "monthly",
        "first_payment": MAY,
        "years": "10",
        "number_of_payments": "120",
        "assumed_rate": "0.035",
        "payment_at_assumed_rate": "98.62",
    }
    line = {"unit_value_date": TRADE}
    assert message["annuity_units"] == [
        {"option": "F1", "units": "2.959000", "unit_value": "20.000000", "dollars": "59.18", **line},
        {"option": "F2", "units": "4.930000", "unit_value": "8.000000", "dollars": "39.44", **line},
    ]
    (income,) = book.account().incomes
    assert income.units == (AnnuityUnits("F1", D("2.959000")), AnnuityUnits("F2", D("4.930000")))


def test_inc_4_a_payment_is_what_the_annuity_units_are_worth_on_its_day() -> None:
    """2.959 × 21.5 = 63.6185, 4.93 × 8.1 = 39.933: 63.62 + 39.93 = 103.55; the units stay as many."""
    book = counting()
    elected_in_units(book)
    for day in business_days("2021-04-29", "2021-05-27"):
        assert payments(closed(book, day)) == []
    out = closed(book, MAY, F1="21.500000", F2="8.100000")
    assert payments(out) == [(MAY, MAY, "103.55")]
    message = only(out).message
    assert message["rules"] == ["INC-3", "INC-4", "GEN-7"]
    assert [line["dollars"] for line in message["annuity_units"]] == ["63.62", "39.93"]
    assert message["details"] == {
        "elected_by": "elect",
        "due": MAY,
        "payment": "1 of 120",
        "next_payment": "2021-06-28",
    }
    (income,) = book.account().incomes
    assert income.units == (AnnuityUnits("F1", D("2.959000")), AnnuityUnits("F2", D("4.930000")))


@pytest.mark.parametrize(
    ("received", "first", "done"),
    [
        ("2021-04-28T10:00:00-04:00", "2021-05-28", True),
        ("2021-04-28T10:00:00-04:00", "2021-05-27", False),
        ("2021-04-27T17:00:00-04:00", "2021-05-27", True),
    ],
)
def test_inc_2_thirty_days_notice_from_the_day_of_receipt(received: str, first: str, done: bool) -> None:  # noqa: FBT001
    """28 April + 30 days = 28 May; what came after the close of the 27th trades on the 28th, and came on the 27th."""
    outcome = elected_in_units(counting(), received, first_payment=first)
    assert outcome.topic == ("confirmations" if done else "rejections")
    if not done:
        assert (outcome.codes, outcome.message["rules"]) == (["FIRST_PAYMENT_TOO_SOON"], ["INC-2"])
        told = {"first_payment": first, "earliest": MAY, "received_on": TRADE, "trade_date": TRADE}
        assert numbers(outcome) == told


def test_inc_2_the_notice_is_a_term_and_never_lets_a_payment_be_before_the_trade_date() -> None:
    assert elected_in_units(counting(notice_days=0), first_payment=TRADE).topic == "confirmations"
    outcome = elected_in_units(counting(notice_days=0), first_payment="2021-04-27")
    assert (outcome.codes, outcome.message["rules"]) == (["FIRST_PAYMENT_TOO_SOON"], ["INC-3"])


@pytest.mark.parametrize(
    ("funds", "codes"),
    [
        (shares(F3="100"), ["FUND_NOT_FOR_INCOME"]),
        (shares(F9="100"), ["UNKNOWN_OPTION"]),
        (shares(FA2="100"), ["FUND_NOT_FOR_INCOME"]),
    ],
)
def test_inc_2_variable_payments_are_of_the_funds_available_for_them(funds: list[Json], codes: list[str]) -> None:
    outcome = elected_in_units(counting(), funds=funds)
    assert outcome.codes == codes
    if codes == ["FUND_NOT_FOR_INCOME"]:
        assert numbers(outcome)["available"] == "F1, F2"


def test_inc_3_variable_payments_where_there_are_none_are_refused() -> None:
    book = Book(terms(effective_from="2021-04-26", income={}))
    book.instruct(_opening())
    book.close("2021-04-26", flat("6"))
    book.instruct(election("e", "2021-04-27", payments="variable", funds=shares(F1="100"), first_payment=MAY))
    assert asked_for(book.close("2021-04-27"), "e").codes == ["VARIABLE_NOT_GIVEN"]


def _opening() -> Json:
    order = {"kind": "open_account", "account": "pretax"}
    return {**election("open", "2021-04-26"), "instruction": order}


def test_inc_4_a_share_of_no_cent_has_no_units_and_none_at_all_are_refused() -> None:
    """Two cents at 60% and 40%: .01 and nothing, the cent left over is F1's. .02/50,000 rounds to no unit."""
    told = {"payments": "variable", "funds": shares(F1="60", F2="40"), "amount": "2.00", "first_payment": TRADE}
    book = counting(notice_days=0)
    book.instruct(election("elect", TRADE, **told))
    message = asked_for(closed(book, TRADE), "elect").message
    assert message["details"]["payment_at_assumed_rate"] == "0.02"
    assert [(line["option"], line["units"]) for line in message["annuity_units"]] == [("F1", "0.001000")]
    book = counting(notice_days=0)
    book.instruct(election("elect", TRADE, **told))
    assert asked_for(closed(book, TRADE, F1="50000.000000"), "elect").codes == ["NOTHING_TO_APPLY"]


def test_inc_4_a_day_does_not_close_without_annuity_unit_values() -> None:
    """Those of a version that another has taken the place of are wanted too: its annuities go on being paid."""
    book = counting()
    later = terms(effective_from="2021-04-29", version=2)
    assert book.publish("contract-terms", later) == []
    closed(book, TRADE)
    assert book.close("2021-04-29", flat("6")) == []
    book.deposit({**election("d", "2021-04-29"), **_deposit()})
    book.publish("fund-values", fund_value("F1", "2021-04-29", "20.000000", charge_class="ANN"))
    last = book.publish("fund-values", fund_value("F2", "2021-04-29", "8.000000", charge_class="ANN"))
    assert asked_for(last, "d").topic == "confirmations"


def _deposit() -> Json:
    return {"account": "pretax", "amount": "1.00", "source": "rollover", "allocation": shares(F1="100")}


def test_inc_4_units_are_paid_under_later_terms_without_an_income_phase() -> None:
    """GEN-6: P1 keeps the annuity options of the version that covered P1."""
    book = counting(notice_days=0)
    told = {"payments": "variable", "funds": shares(F1="100"), "first_payment": "2021-04-29"}
    book.publish("contract-terms", terms(effective_from="2021-04-29", version=2, applies_to="new_and_existing"))
    book.instruct(election("elect", TRADE, **told))
    closed(book, TRADE)
    (payment,) = payments(closed(book, "2021-04-29", F1="40.000000"))
    # The first payment one day on: 10,000 × 1.035^(1/365) / 101.681348 = 98.36 = 4.918 units at 20; at 40 twice that.
    assert payment == ("2021-04-29", "2021-04-29", "196.72")


def test_inc_4_terms_that_were_never_in_force_want_no_annuity_unit_values() -> None:
    """A class named by mistake is mended by a version that takes effect on the same day."""
    book = counting()
    wrong = {"variable": {**VARIABLE, "charge_class": "WRONG"}}
    for number, income in ((2, wrong), (3, {"variable": VARIABLE})):
        version = terms(effective_from="2021-04-29", version=number, income=income)
        assert book.publish("contract-terms", version) == []
    closed(book, TRADE)
    book.deposit({**election("d", "2021-04-29"), **_deposit()})
    assert asked_for(closed(book, "2021-04-29"), "d").topic == "confirmations"
