"""TRF-2, TRF-6: twelve free transfers per Individual Account and calendar year, by trade date; then the fee."""

import pytest

from tests.domain.books import Book, Json, Outcome, at, deposit, fund, only, opening, shares, terms, transfer
from tests.domain.gaa import leg

TO_F2 = shares(F2="100")


def funded(fee: str = "10.00", **transfers: object) -> Book:
    """$1,000 of F1 in two accounts of P1, business days through 29 December 2021 closed."""
    funds = (fund(f"F{n}") for n in range(1, 5))
    contract = terms(*funds, effective_from="2021-12-27", transfers={"fee": fee, **transfers})
    book = Book(contract, rates=False)
    for account in ("pretax", "employer"):
        book.instruct(opening(f"open-{account}", "2021-12-27", account))
        allocation = shares(F1="100")
        book.deposit(deposit(f"d-{account}", "2021-12-27", "1000.00", account=account, allocation=allocation))
    book.close_through("2021-12-27", "2021-12-29")
    return book


def asked(book: Book, request_id: str, received: str, amount: str = "20.00", **more: object) -> None:
    book.transfer(transfer(request_id, received, [leg("F1", amount=amount)], TO_F2, **more))


def fees(outcomes: list[Outcome]) -> list[str | None]:
    """The fee of each transfer confirmed, None of those that were free."""
    charges: list[list[Json]] = [outcome.message["charges"] for outcome in outcomes]
    return [charge[0]["amount"] if charge else None for charge in charges]


def test_trf_2_the_thirteenth_of_a_year_costs_the_fee() -> None:
    book = funded()
    for n in range(1, 15):
        asked(book, f"t{n:02}", at("2021-12-30", f"10:00:{n:02}"))
    outcomes = book.close("2021-12-30")
    assert fees(outcomes) == [None] * 12 + ["10.00", "10.00"]
    assert [outcome.message["free_transfers_left"] for outcome in outcomes] == [*range(11, -1, -1), 0, 0]
    charged = outcomes[12].message
    assert charged["charges"][0]["basis"] == "beyond 12 free transfers in 2021"
    assert outcomes[12].dollars() == {"F1": "-20.00", "F2": "10.00"}
    assert (charged["gross"], charged["debits"], charged["credits"]) == ("20.00", "20.00", "20.00")
    assert {"TRF-2", "TRF-6"} <= set(charged["rules"])


def test_trf_2_the_year_is_the_trade_dates() -> None:
    """Thirteen on 30 December; on the 31st before the close it still costs, after the close it is January's first."""
    book = funded()
    for n in range(1, 14):
        asked(book, f"t{n:02}", at("2021-12-30", f"10:00:{n:02}"))
    book.close("2021-12-30")
    asked(book, "before", at("2021-12-31", "15:59:59"))
    asked(book, "after", at("2021-12-31", "16:00:01"))
    (before,) = book.close("2021-12-31")
    (after,) = book.close("2022-01-03")
    assert (fees([before]), before.message["free_transfers_left"]) == (["10.00"], 0)
    assert (fees([after]), after.message["free_transfers_left"]) == ([None], 11)


def test_trf_2_each_individual_account_counts_its_own() -> None:
    book = funded(free_per_year=1)
    asked(book, "t1", at("2021-12-30", "10:00:00"))
    asked(book, "t2", at("2021-12-30", "10:00:01"))
    asked(book, "t3", at("2021-12-30", "10:00:02"), account="employer")
    assert fees(book.close("2021-12-30")) == [None, "10.00", None]


def test_trf_2_one_request_is_one_transfer_however_many_legs() -> None:
    """Out of two funds into two others: one transfer."""
    book = funded(free_per_year=2)
    asked(book, "t1", at("2021-12-30", "10:00:00"), "500.00")
    both = [leg("F1", amount="10.00"), leg("F2", amount="10.00")]
    book.transfer(transfer("t2", at("2021-12-30", "10:00:01"), both, shares(F3="60", F4="40")))
    outcomes = book.close("2021-12-30")
    assert [outcome.message["free_transfers_left"] for outcome in outcomes] == [1, 0]
    assert fees(outcomes) == [None, None]


def test_trf_2_a_rejected_transfer_does_not_count() -> None:
    book = funded(free_per_year=1)
    asked(book, "t1", at("2021-12-30", "10:00:00"), "1000.01")
    asked(book, "t2", at("2021-12-30", "10:00:01"))
    rejected, confirmed = book.close("2021-12-30")
    assert rejected.codes == ["INSUFFICIENT_VALUE"]
    assert (fees([confirmed]), confirmed.message["free_transfers_left"]) == ([None], 0)


def test_trf_2_the_fee_is_a_term_of_the_contract() -> None:
    book = funded("7.50", free_per_year=0)
    asked(book, "t1", "2021-12-30")
    assert fees(book.close("2021-12-30")) == ["7.50"]
    free = funded("0.00", free_per_year=0)
    asked(free, "t1", "2021-12-30")
    assert fees(free.close("2021-12-30")) == [None]


@pytest.mark.parametrize("amount", ["10.00", "9.99"])
def test_trf_6_a_fee_that_eats_the_transfer_refuses_it(amount: str) -> None:
    book = funded(free_per_year=0)
    asked(book, "t1", "2021-12-30", amount)
    refused = only(book.close("2021-12-30"))
    (reason,) = refused.message["reasons"]
    assert (reason["code"], reason["rules"]) == ("FEE_EXCEEDS_TRANSFER", ["TRF-2", "TRF-6"])
    assert reason["numbers"] == {"arriving": amount, "fee": "10.00"}
    assert (str(book.units("F1")), str(book.units("F2")), book.account().transfers) == ("100.000000", "0", 0)


def test_trf_6_the_fee_comes_off_the_arrivals_pro_rata() -> None:
    """100.00 arrives, 10.00 comes off: 90.00 by 70 and 30 percent."""
    book = funded(free_per_year=0)
    book.transfer(transfer("t1", "2021-12-30", [leg("F1", amount="100.00")], shares(F3="70", F4="30")))
    assert only(book.close("2021-12-30")).dollars() == {"F1": "-100.00", "F3": "63.00", "F4": "27.00"}
