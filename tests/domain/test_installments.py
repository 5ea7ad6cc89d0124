"""WDL-8: Fixed Account 2 over $250,000 may be paid in equal monthly installments with interest.

The schedule of $300,000 at 2% in 60 months: m = 1.02^(1/12) − 1 = .00165158130; 300,000 × m / (1 − 1.02^−5) =
495.474390 / .0942691903 = 5,255.95. Interest of the first month is 495.47, so 4,760.48 are paid off and 295,239.52
left; of the second 487.61, left 290,471.18; of the last 8.67 on 5,247.44.
"""

from decimal import Decimal

import pytest

from services.domain.installments import level_payment
from services.domain.numbers import exact
from tests.domain.books import Book, Json, deposit, request
from tests.domain.books_installments import DAY, FA2, FIRST, holding, paying, schedule, withdrawn

D = Decimal


def test_wdl_8_300000_dollars_at_2_percent_in_60_months_are_5255_95() -> None:
    assert exact(level_payment)(D("300000.00"), 60, D("0.02")) == D("5255.95")


def test_wdl_8_the_schedule_is_on_the_confirmation() -> None:
    book = holding("400000.00")
    outcome = withdrawn(book)
    rows = schedule(outcome)
    assert len(rows) == 60
    assert rows[:3] == [
        (1, "2021-02-05", "5255.95", "495.47", "295239.52"),
        (2, "2021-03-05", "5255.95", "487.61", "290471.18"),
        (3, "2021-04-05", "5255.95", "479.74", "285694.97"),
    ]
    assert rows[-2:] == [
        (59, "2025-12-05", "5255.95", "17.32", "5247.44"),
        (60, "2026-01-05", "5256.11", "8.67", "0.00"),
    ]
    assert {row[2] for row in rows[:-1]} == {"5255.95"}
    message = outcome.message
    assert (message["gross"], message["paid"], message["in_installments"]) == ("300000.00", "0.00", "300000.00")
    assert (message["debits"], message["credits"]) == ("300000.00", "300000.00")
    assert "WDL-8" in message["rules"]
    assert message["details"]["fixed_account_2_on_the_day_before"] == "400000.00"
    assert message["details"]["installment_rate"] == "0.02"


def test_wdl_8_the_money_has_left_the_account() -> None:
    """400,000.00 × 1.02^(1/365) = 400,021.70, less 300,000.00; and more was put in since than is left."""
    book = holding("400000.00")
    (leg,) = withdrawn(book).message["legs"]
    assert (leg["value_before"], leg["value_after"]) == ("400021.70", "100021.70")
    refused = withdrawn(book, "2021-01-06", amount="200000.00")
    assert refused.codes == ["INSUFFICIENT_VALUE"]


def test_wdl_8_each_installment_is_an_event_on_its_day_or_at_the_next_close() -> None:
    """Friday 5 February, Friday 5 March, Monday 5 April 2021."""
    book = holding("400000.00")
    withdrawn(book, payee="the plan")
    told = book.close_through("2021-01-06", "2021-04-05")
    assert [(each.message["kind"], each.message["trade_date"], each.message["paid"]) for each in told] == [
        ("installment_paid", "2021-02-05", "5255.95"),
        ("installment_paid", "2021-03-05", "5255.95"),
        ("installment_paid", "2021-04-05", "5255.95"),
    ]
    message = told[0].message
    assert (message["request_id"], message["account"], message["rules"]) == (None, "pretax", ["WDL-8", "GEN-7"])
    assert message["details"] == {"withdrawal": f"w-{DAY}", "installment": "1 of 60", "payee": "the plan"}
    assert schedule(told[0]) == [(1, "2021-02-05", "5255.95", "495.47", "295239.52")]
    assert (message["debits"], message["credits"], message["legs"]) == ("5255.95", "5255.95", [])


def test_wdl_8_on_a_weekend_and_at_the_end_of_a_month() -> None:
    """Withdrawn on Friday 29 January: 28 February is a Sunday, paid on Monday 1 March; then the 29th again."""
    book = holding("400000.00", paying(months=3), through="2021-01-28")
    withdrawn(book, "2021-01-29")
    told = book.close_through("2021-02-01", "2021-05-03")
    dates = [(each.message["trade_date"], each.message["payments"][0]["due"]) for each in told]
    assert dates == [("2021-03-01", "2021-02-28"), ("2021-03-29", "2021-03-29"), ("2021-04-29", "2021-04-29")]


def test_wdl_8_the_last_payment_settles_what_rounding_left() -> None:
    """Three months: 100,330.50 twice, then 100,165.06 and 165.43 of interest; nothing is owed or due after it."""
    book = holding("400000.00", paying(months=3))
    rows = schedule(withdrawn(book))
    assert [row[2:] for row in rows] == [
        ("100330.50", "495.47", "200164.97"),
        ("100330.50", "330.59", "100165.06"),
        ("100330.49", "165.43", "0.00"),
    ]
    told = book.close_through("2021-01-06", "2021-04-05")
    assert [each.message["paid"] for each in told] == ["100330.50", "100330.50", "100330.49"]
    payable = book.account().payable
    assert payable is not None
    assert (payable.plans, payable.due) == ((), None)
    assert book.close_through("2021-04-06", "2021-05-06") == []


@pytest.mark.parametrize(("rate", "level"), [("0", "5000.00"), ("0.02", "5255.95")])
def test_wdl_8_the_rate_is_a_contract_term(rate: str, level: str) -> None:
    """Without interest 300,000/60; otherwise as if it were credited."""
    assert schedule(withdrawn(holding("400000.00", paying(rate=rate))))[0][2] == level


def test_wdl_8_less_than_a_cent_a_month_is_paid_at_once() -> None:
    outcome = withdrawn(holding("400000.00"), amount="0.10")
    assert (outcome.message["paid"], outcome.message["payments"]) == ("0.10", None)


@pytest.mark.parametrize(("amount", "pays"), [("0.89", 60), ("0.90", 0)])
def test_wdl_8_so_little_that_rounding_leaves_nothing_for_the_last_is_paid_at_once(amount: str, pays: int) -> None:
    """0.90 / 60 = 0.015: 59 payments of 0.02 would be 1.18; of 0.89 they are 0.01, and 0.30 the last."""
    assert len(schedule(withdrawn(holding("400000.00", paying(rate="0")), amount=amount))) == pays


def test_wdl_8_tax_withheld_is_withheld_at_the_withdrawal() -> None:
    """333,333.33 less 10% are 300,000.00."""
    outcome = withdrawn(holding("400000.00"), amount="333333.33", withholding={"percent": "10"})
    message = outcome.message
    assert (message["payable"], message["withheld"], message["paid"]) == ("333333.33", "33333.33", "0.00")
    assert (message["in_installments"], schedule(outcome)[0][2]) == ("300000.00", "5255.95")


def test_wdl_8_during_an_order_the_schedule_begins_on_the_deferred_day() -> None:
    """WDL-7: payment is deferred to 5 July, the first installment a month after it."""
    contract = paying() | {"deferral_orders": [{"from_day": DAY, "through": DAY}]}
    outcome = withdrawn(holding("400000.00", contract))
    assert schedule(outcome)[0][:3] == (1, "2021-08-05", "5255.95")
    assert {"WDL-7", "WDL-8"} <= set(outcome.message["rules"])


def test_wdl_8_what_is_still_owed_does_not_come_back() -> None:
    """WDL-10: of a full withdrawal what was paid may be reinvested, the fund's 1,000.00."""
    book = holding("300000.00", paying() | {"reinvestment": {}}, F1="1000.00")
    withdrawn(book, full=True)
    kept = book.account().full_withdrawal
    assert kept is not None
    assert kept.paid == D("1000.00")


def order(request_id: str, day: str, kind: str) -> Json:
    return request(request_id, day, instruction={"kind": kind, "order": "OFAC-1"})


def test_dep_9_while_an_order_blocks_the_participant_nothing_is_paid() -> None:
    """February's and March's are paid at the close of the release, 10 March; April's on its day."""
    book = holding("400000.00")
    withdrawn(book)
    book.close_through("2021-01-06", "2021-02-03")
    book.instruct(order("hold", "2021-02-04", "aml_hold"))
    assert book.close_through("2021-02-04", "2021-03-09") == []
    book.instruct(order("free", "2021-03-10", "aml_release"))
    told = book.close_through("2021-03-10", "2021-04-05")
    assert [(each.message["trade_date"], each.message["payments"][0]["due"]) for each in told] == [
        ("2021-03-10", "2021-02-05"),
        ("2021-03-10", "2021-03-05"),
        ("2021-04-05", "2021-04-05"),
    ]


def test_wdl_13_of_several_accounts_each_has_a_schedule() -> None:
    """300,000.00 in each, of which the first gives 300,016.28, the second the rest of 400,000.00."""
    book = Book(paying(months=1))
    for account in ("pretax", "employer"):
        book.deposit(deposit(account, FIRST, "300000.00", account=account, allocation=FA2))
    book.close_through(FIRST, FIRST)
    outcome = withdrawn(book, amount="400000.00", account=None, accounts=["pretax", "employer"])
    told = [(each["account"], each["what"], each["left"]) for each in outcome.message["payments"]]
    assert told == [("pretax", "installment", "0.00"), ("employer", "installment", "0.00")]
    assert outcome.message["in_installments"] == "400000.00"
    paid = book.close_through("2021-01-06", "2021-02-05")
    assert [each.message["account"] for each in paid] == ["employer", "pretax"]
