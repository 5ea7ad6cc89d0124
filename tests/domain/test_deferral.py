"""WDL-7: while an order is in force, what comes from Fixed Account 2 and guaranteed terms is paid months later.

The lots of `gaa.held`: old_3 at .9500 and mid_5 at 1.1000 on Wednesday 28 April 2021; prices are 10.
"""

import pytest

from tests.domain.books import Book, Json, Outcome, only, withdrawal
from tests.domain.gaa import TRADE, drawn, flat, gaa_terms, held, leg, withdrawn
from tests.domain.maturities import WEDNESDAY, contract, electing, maturing
from tests.domain.maturities import close as matured

ORDER: Json = {"from_day": "2021-04-28", "through": "2021-04-29"}


def ordered(*orders: Json) -> Json:
    return gaa_terms(deferral_orders=list(orders or (ORDER,)))


def payments(outcome: Outcome) -> list[tuple[str, str, str]] | None:
    """(what, due, amount) of what a withdrawal pays; None where all is paid at once."""
    message = outcome.message
    assert outcome.topic == "confirmations", message
    assert message["debits"] == message["credits"]
    found = message["payments"]
    return None if found is None else [(each["what"], each["due"], each["amount"]) for each in found]


def test_wdl_7_a_guaranteed_term_is_taken_on_the_trade_date_and_paid_six_months_later() -> None:
    """1,000.00 × .95; the money has left the account on 28 April."""
    book = held(ordered(), old_3="1000.00")
    outcome = withdrawn(book, full=True)
    assert payments(outcome) == [("deferred", "2021-10-28", "950.00")]
    assert (outcome.message["paid"], outcome.message["trade_date"]) == ("950.00", TRADE)
    assert drawn(outcome) == {"old_3": ("1000.00", "0.9500", "-50.00")}
    assert "WDL-7" in outcome.message["rules"]
    assert book.lots() == ()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2021-04-27", None),
        ("2021-04-28", [("deferred", "2021-10-28", "95.00")]),
        ("2021-04-29", [("deferred", "2021-10-29", "95.00")]),
        ("2021-04-30", None),
    ],
)
def test_wdl_7_an_order_holds_on_its_days_by_trade_date(day: str, expected: list[tuple[str, str, str]] | None) -> None:
    """The factor of the week is .9500: 100.00 gross pay 95.00."""
    eve = {"2021-04-27": "2021-04-26", "2021-04-28": "2021-04-27"}.get(day, "2021-04-28")
    book = held(ordered(), through="2021-04-29" if day == "2021-04-30" else eve, old_3="1000.00")
    assert payments(withdrawn(book, day, amount="100.00", amount_type="gross")) == expected


def test_wdl_7_what_comes_from_funds_is_paid_at_once() -> None:
    """A tenth of 600.00 and of 400.00: 60.00 now, 40.00 × .95 = 38.00 later."""
    book = held(ordered(), F1="600.00", old_3="400.00")
    outcome = withdrawn(book, amount="100.00", amount_type="gross")
    assert payments(outcome) == [("at_once", TRADE, "60.00"), ("deferred", "2021-10-28", "38.00")]
    assert outcome.message["paid"] == "98.00"
    funds = withdrawn(book, "2021-04-29", amount="100.00", legs=[leg("F1")])
    assert payments(funds) is None
    assert "WDL-7" not in funds.message["rules"]


def test_wdl_7_months_and_kinds_of_options_are_contract_terms() -> None:
    """Of Fixed Account 2 for two months, of guaranteed terms for three, of both for one: the longest holds."""
    orders = (
        {**ORDER, "months": 2, "kinds": ["fixed_account_2"]},
        {**ORDER, "months": 3, "kinds": ["guaranteed"]},
        {**ORDER, "months": 1},
    )
    book = held(ordered(*orders), FA2="400.00", mid_5="500.00")
    outcome = withdrawn(book, amount="110.00", legs=[leg("GAA")])
    assert payments(outcome) == [("deferred", "2021-07-28", "110.00")]
    fixed = withdrawn(book, "2021-04-29", amount="100.00", legs=[leg("FA2")])
    assert payments(fixed) == [("deferred", "2021-06-29", "100.00")]
    only_gaa = held(ordered({**ORDER, "kinds": ["guaranteed"]}), FA2="400.00")
    assert payments(withdrawn(only_gaa, amount="100.00")) is None


def test_wdl_7_a_month_that_has_no_such_day_pays_on_its_last() -> None:
    """Six months after 31 August 2021 is 28 February 2022."""
    order = {"from_day": "2021-08-31", "through": "2021-08-31"}
    book = held(ordered(order), through="2021-08-30", mid_5="500.00")
    (paid,) = payments(withdrawn(book, "2021-08-31", amount="100.00")) or []
    assert paid == ("deferred", "2022-02-28", "100.00")


def test_wdl_7_tax_withheld_falls_on_all_parts_alike() -> None:
    """98.00 less 10%: 88.20 in proportion of 60 and 38, which is 54.00 and 34.20."""
    book = held(ordered(), F1="600.00", old_3="400.00")
    outcome = withdrawn(book, amount="100.00", amount_type="gross", withholding={"percent": "10"})
    assert payments(outcome) == [("at_once", TRADE, "54.00"), ("deferred", "2021-10-28", "34.20")]
    assert (outcome.message["payable"], outcome.message["withheld"], outcome.message["paid"]) == (
        "98.00",
        "9.80",
        "88.20",
    )


def test_mva_7_the_six_months_after_a_death_count_by_trade_date_though_payment_is_deferred() -> None:
    """Died on 28 October 2020: 28 April is the last day, the adjustment does not count. On the 27th it would."""
    book = held(ordered(), old_3="1000.00")
    outcome = withdrawn(book, full=True, reason="death", event_date="2020-10-28")
    assert payments(outcome) == [("deferred", "2021-10-28", "1000.00")]
    assert outcome.message["mva"]["not_applied_by"] == "MVA-7"
    late = withdrawn(held(ordered(), old_3="1000.00"), full=True, reason="death", event_date="2020-10-27")
    assert payments(late) == [("deferred", "2021-10-28", "950.00")]


def test_wdl_7_what_buys_an_annuity_is_not_deferred() -> None:
    outcome = withdrawn(held(ordered(), mid_5="500.00"), full=True, reason="lifetime_income")
    assert (payments(outcome), outcome.message["paid"]) == (None, "550.00")


def test_wdl_7_what_a_death_benefit_guarantees_comes_from_no_option() -> None:
    """Two purchases of 500.00; the fund is worth 450.00, the lot goes at par: 50.00 are added, and paid at once."""
    contract_ = ordered() | {"death_benefit": "greater_of_purchases"}
    book = held(contract_, F1="500.00", old_3="500.00")

    book.withdraw(withdrawal("w", TRADE, full=True, reason="death", event_date="2020-01-01"))
    outcome = only(book.close(TRADE, flat("6"), F1="9.000000"))
    assert outcome.message["guarantee"] == "50.00"
    assert payments(outcome) == [("at_once", TRADE, "500.00"), ("deferred", "2021-10-28", "500.00")]


def test_wdl_7_a_maturity_that_is_paid_out_is_deferred_too() -> None:
    order = {"from_day": WEDNESDAY, "through": WEDNESDAY}
    book = maturing(terms=contract() | {"deferral_orders": [order]})
    book.instruct(electing("e", "2021-02-09", withdraw=True))
    (paid,) = (each for each in matured(book, WEDNESDAY) if each.message["kind"] == "maturity_payment")
    assert payments(paid) == [("deferred", "2021-08-10", "1000.00")]
    assert "WDL-7" in paid.message["rules"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"months": 7},
        {"months": 0},
        {"kinds": []},
        {"kinds": ["fund"]},
        {"through": "2021-04-27"},
    ],
)
def test_wdl_7_an_order_defers_up_to_six_months(wrong: Json) -> None:
    alarm = only(Book().publish("contract-terms", ordered({**ORDER, **wrong})), "alarms")
    assert alarm.message["code"] == "MALFORMED"


def test_wdl_7_quotes_say_when_they_would_be_paid() -> None:
    order = {"from_day": "2021-04-27", "through": "2021-04-27"}

    quote = only(held(ordered(order), mid_5="500.00").withdraw(withdrawal("q", TRADE, full=True, mode="quote")))
    assert [each["due"] for each in quote.message["payments"]] == ["2021-10-27"]
