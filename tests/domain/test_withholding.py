"""WDL-12: tax withheld as the request says, and the penalty before age 59½ flagged but not computed."""

import pytest

from tests.domain.books import Json, only, withdrawal
from tests.domain.books_charges import charging, off
from tests.domain.gaa import TRADE, flat, held, withdrawn

TEN: Json = {"percent": "10"}


def test_wdl_12_amount_withheld_and_paid_are_shown() -> None:
    """The rules' own: net 2,000.00 is before withholding (WDL-3), 10% of it 200.00, paid 1,800.00."""
    outcome = withdrawn(held(charging(), old_2="5000.00"), amount="2000.00", withholding=TEN)
    message = outcome.message
    assert (message["payable"], message["withheld"], message["paid"]) == ("2000.00", "200.00", "1800.00")
    assert off(outcome) == {"early_withdrawal_charge": "110.77"}
    assert (message["gross"], message["mva"]["aggregate"], message["debits"]) == ("2215.33", "-104.56", "2215.33")
    assert "WDL-12" in message["rules"]


def test_wdl_12_a_percentage_is_of_what_is_payable_and_rounded() -> None:
    """12.5% of 100.04 is 12.505: 12.51; of a full withdrawal at .9500 it is of 950.00."""
    message = withdrawn(held(F1="1000.00"), amount="100.04", withholding={"percent": "12.5"}).message
    assert (message["withheld"], message["paid"]) == ("12.51", "87.53")
    message = withdrawn(held(old_3="1000.00"), full=True, withholding={"percent": "20"}).message
    assert (message["payable"], message["withheld"], message["paid"]) == ("950.00", "190.00", "760.00")
    assert message["debits"] == message["credits"] == "1000.00"


def test_wdl_12_dollars_up_to_what_is_payable() -> None:
    book = held(F1="1000.00")
    refused = withdrawn(book, amount="100.00", withholding={"amount": "100.01"})
    assert refused.codes == ["WITHHOLDING_EXCEEDS"]
    (reason,) = refused.message["reasons"]
    assert (reason["field"], reason["numbers"]) == (
        "withholding.amount",
        {"withholding": "100.01", "payable": "100.00"},
    )
    assert reason["rules"] == ["WDL-12"]
    assert book.account().positions[0].units == 100
    message = withdrawn(book, "2021-04-29", amount="100.00", withholding={"amount": "100.00"}).message
    assert (message["payable"], message["withheld"], message["paid"]) == ("100.00", "100.00", "0.00")


@pytest.mark.parametrize(
    ("born", "reached", "flag"),
    [
        # 59 years and six months: 28 October 1961 is 59½ on 28 April 2021, the trade date; a day later it is not yet.
        ("1961-10-28", "2021-04-28", "none by age: 59½ is reached"),
        ("1961-10-29", "2021-04-29", "may be 10%: withdrawn before age 59½"),
        ("1961-08-31", "2021-02-28", "none by age: 59½ is reached"),
        ("1990-01-01", "2049-07-01", "may be 10%: withdrawn before age 59½"),
    ],
)
def test_wdl_12_the_penalty_is_flagged_by_age(born: str, reached: str, flag: str) -> None:
    message = withdrawn(held(F1="1000.00"), amount="100.00", birth_date=born).message
    assert message["details"] == {"reason": "in_service", "tax_penalty": flag, "age_59_and_a_half": reached}
    assert (message["paid"], message["withheld"], message["payable"]) == ("100.00", None, None), "no tax is computed"
    assert "WDL-12" in message["rules"]


def test_wdl_12_an_unknown_age_is_told_with_what_is_withheld() -> None:
    message = withdrawn(held(F1="1000.00"), amount="100.00", withholding=TEN).message
    assert message["details"]["tax_penalty"] == "may be 10% before age 59½; the request tells no birth date"
    assert "age_59_and_a_half" not in message["details"]


def test_wdl_12_a_birth_lies_behind() -> None:
    book = held(F1="1000.00")
    assert withdrawn(book, amount="100.00", birth_date="2021-04-29").codes == ["BIRTH_IN_FUTURE"]
    assert withdrawn(book, "2021-04-29", amount="100.00", birth_date="2021-04-29").topic == "confirmations"


@pytest.mark.parametrize(
    ("withholding", "code"),
    [
        ({}, "ONE_QUANTITY_NEEDED"),
        ({"percent": "10", "amount": "10.00"}, "ONE_QUANTITY_NEEDED"),
        ({"percent": "100.01"}, "PERCENT_OUT_OF_RANGE"),
        ({"percent": "0"}, "AMOUNT_NOT_POSITIVE"),
    ],
)
def test_wdl_12_withholding_in_good_order(withholding: Json, code: str) -> None:
    book = held(F1="1000.00")
    message = withdrawal("w", TRADE, amount="100.00", withholding=withholding)
    assert only(book.withdraw(message), "rejections").codes == [code]
    assert book.close(TRADE, flat("6")) == []
