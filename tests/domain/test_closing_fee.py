"""WDL-5, WDL-14: the maintenance fee of a full withdrawal comes first, without adjustment and without charge on it."""

from decimal import Decimal

import pytest

from tests.domain.books import Book, Json, Outcome, deposit, only, shares, withdrawal
from tests.domain.books_fees import ANNIVERSARY, charging, close, close_through, year_on
from tests.domain.gaa import TRADE, drawn, flat, held, leg, withdrawn

D = Decimal


def fees(outcome: Outcome) -> list[tuple[str, str]]:
    """(amount, basis) of every maintenance fee on a confirmation, which must balance."""
    message = outcome.message
    assert message["debits"] == message["credits"]
    return [(each["amount"], each["basis"]) for each in message["charges"] if each["what"] == "maintenance_fee"]


def test_wdl_14_full_from_10000_with_a_50_fee() -> None:
    """50 of 10,000 at no factor; of the rest 9,950.00 × .9528 = 9,480.36, which is −469.64."""
    book = held(charging(), old_2="10000.00")
    outcome = withdrawn(book, full=True)
    assert fees(outcome) == [("50.00", "50.00, full withdrawal")]
    assert drawn(outcome) == {"old_2": ("9950.00", "0.9528", "-469.64")}
    message = outcome.message
    assert (message["gross"], message["paid"]) == ("9950.00", "9480.36")
    assert [each["dollars"] for each in message["legs"]] == ["-50.00", "-9950.00"]
    assert (message["debits"], message["credits"]) == ("10000.00", "10000.00")
    assert {"WDL-5", "WDL-14"} <= set(message["rules"])
    assert book.lots() == ()


def test_wdl_5_on_a_full_withdrawal_it_is_pro_rata_too() -> None:
    """30.00 of 600.00 and 20.00 of 400.00."""
    outcome = withdrawn(held(charging(), F1="600.00", old_3="400.00"), full=True)
    assert [each["dollars"] for each in outcome.message["legs"]] == ["-30.00", "-20.00", "-570.00", "-380.00"]
    assert outcome.message["paid"] == "931.00"  # 570 + 380 × .95


@pytest.mark.parametrize(
    "what",
    [{"amount": "100.00"}, {"percent": "100"}, {"full": True, "legs": [leg("F1")]}],
)
def test_wdl_5_only_a_full_withdrawal_of_an_account_bears_it(what: Json) -> None:
    assert fees(withdrawn(held(charging(), F1="600.00"), TRADE, **what)) == []


def test_wdl_5_the_terms_may_leave_full_withdrawals_free() -> None:
    outcome = withdrawn(held(charging(on_full_withdrawal=False), F1="600.00"), full=True)
    assert (fees(outcome), outcome.message["paid"]) == ([], "600.00")


def test_pitfall_a_full_withdrawal_on_the_anniversary_bears_one_fee() -> None:
    """MAT-6: the anniversary's comes first, and no second for the date."""
    book = year_on(F1="600.00")
    book.withdraw(withdrawal("w", ANNIVERSARY, full=True))
    fee, paid = close(book)
    assert (fee.message["kind"], fee.dollars()) == ("maintenance_fee", {"F1": "-50.00"})
    assert (paid.message["kind"], paid.message["paid"], fees(paid)) == ("withdrawal", "550.00", [])


def test_wdl_5_two_full_withdrawals_on_one_day_bear_one_fee() -> None:
    """The second takes what came in between; on another day it bears a fee again."""
    book = held(charging(), F1="600.00")
    for number, order in enumerate(("w1", "d", "w2")):
        at = f"{TRADE}T1{number}:00:00-05:00"
        if order == "d":
            book.deposit(deposit("d", at, "80.00", allocation=shares(F1="100")))
        else:
            book.withdraw(withdrawal(order, at, full=True))
    first, _, second = book.close(TRADE, flat("6"))
    assert (first.message["paid"], second.message["paid"]) == ("550.00", "80.00")
    book.deposit(deposit("d2", "2021-04-29", "80.00", allocation=shares(F1="100")))
    close(book, "2021-04-29")
    assert withdrawn(book, "2021-04-30", full=True).message["paid"] == "30.00"


def test_wdl_5_an_account_worth_no_more_than_the_fee_pays_nothing_out() -> None:
    book = held(charging(), F1="50.00")
    outcome = withdrawn(book, full=True)
    assert (outcome.topic, outcome.codes) == ("rejections", ["NOTHING_TO_WITHDRAW"])
    assert book.units("F1") == D("5.000000")


def two_accounts(per: str = "account") -> Book:
    """600.00 in the account pretax, 400.00 in employer."""
    book = held(charging(per=per), through="2021-04-26", F1="600.00")
    book.deposit(deposit("e", "2021-04-27", "400.00", account="employer", allocation=shares(F1="100")))
    close(book, "2021-04-27")
    return book


def test_wdl_5_every_account_owes_a_fee_of_its_own() -> None:
    book = two_accounts()
    assert withdrawn(book, full=True).message["paid"] == "550.00"
    assert withdrawn(book, "2021-04-29", full=True, account="employer").message["paid"] == "350.00"


def test_wdl_5_a_participant_owes_one_with_the_last_account() -> None:
    book = two_accounts(per="participant")
    assert withdrawn(book, full=True).message["paid"] == "600.00"
    assert withdrawn(book, "2021-04-29", full=True, account="employer").message["paid"] == "350.00"


def test_wdl_5_a_participants_fee_of_the_anniversary_counts_for_the_last_account() -> None:
    """On 4 January 30.00 and 20.00 of the two accounts; both are withdrawn on the same day without a further fee."""
    book = two_accounts(per="participant")
    close_through(book, TRADE, "2022-01-03")
    book.withdraw(withdrawal("w1", f"{ANNIVERSARY}T10:00:00-05:00", full=True))
    book.withdraw(withdrawal("w2", f"{ANNIVERSARY}T11:00:00-05:00", full=True, account="employer"))
    *taken, first, second = close(book)
    assert [(each.message["account"], each.dollars()["F1"]) for each in taken] == [
        ("pretax", "-30.00"),
        ("employer", "-20.00"),
    ]
    assert (first.message["paid"], second.message["paid"]) == ("570.00", "380.00")


def test_wdl_5_quotes_of_full_withdrawals_show_the_fee() -> None:
    book = held(charging(), F1="600.00")
    quote = only(book.withdraw(withdrawal("q", TRADE, full=True, mode="quote")))
    assert (quote.topic, quote.message["paid"]) == ("quotes", "550.00")


def charged(**fee: object) -> Json:
    """A fee of 50 and a charge of 5% of the value taken."""
    steps = [{"completed": 0, "percent": "5"}]
    charge = {"installment": {"basis": "account_years", "steps": steps}}
    return charging(terms={"early_withdrawal_charge": charge}) | {"maintenance_fee": {"amount": "50.00", **fee}}


def test_pitfall_fee_and_adjustment_and_charge_on_one_withdrawal() -> None:
    """WDL-14: 10,000 less 50 are 9,950.00; × .9528 is −469.64, 5% of 9,950.00 are 497.50: 8,982.86 are paid."""
    outcome = withdrawn(held(charged(), old_2="10000.00"), full=True)
    message = outcome.message
    assert (message["gross"], message["mva"]["aggregate"], message["paid"]) == ("9950.00", "-469.64", "8982.86")
    charges = [(each["what"], each["amount"]) for each in message["charges"]]
    assert charges == [("maintenance_fee", "50.00"), ("early_withdrawal_charge", "497.50")]
    assert fees(outcome) == [("50.00", "50.00, full withdrawal")]
    assert {"WDL-4", "WDL-5", "WDL-14", "MVA-2"} <= set(message["rules"])


def test_pitfall_a_fee_of_the_day_comes_before_the_charge_of_a_withdrawal() -> None:
    """On the anniversary 50.00 of 1,000.00 in a fund; then net 95.00 of what is left takes 100.00."""
    book = year_on(charged(), F1="1000.00")
    book.withdraw(withdrawal("w", ANNIVERSARY, amount="95.00"))
    fee, paid = close(book)
    assert [each["what"] for each in fee.message["charges"]] == ["maintenance_fee"]
    assert (paid.message["gross"], paid.message["paid"], book.units("F1")) == ("100.00", "95.00", D("85.000000"))


def test_wdl_13_of_several_accounts_each_bears_its_own_and_legs_say_whose() -> None:
    """600.00 and 400.00, 50.00 of each, in one withdrawal."""
    book = two_accounts()
    outcome = withdrawn(book, full=True, account=None, accounts=["pretax", "employer"])
    assert [fee for fee, _ in fees(outcome)] == ["50.00", "50.00"]
    legs = [(each["account"], each["dollars"]) for each in outcome.message["legs"]]
    assert legs == [("pretax", "-50.00"), ("employer", "-50.00"), ("pretax", "-550.00"), ("employer", "-350.00")]
    assert outcome.message["paid"] == "900.00"


def test_wdl_13_a_participants_fee_of_several_accounts_comes_from_the_first_as_far_as_it_reaches() -> None:
    """Of 30.00 in the first all, 20.00 of the second."""
    book = held(charging(per="participant"), through="2021-04-26", F1="30.00")
    book.deposit(deposit("e", "2021-04-27", "400.00", account="employer", allocation=shares(F1="100")))
    close(book, "2021-04-27")
    outcome = withdrawn(book, full=True, account=None, accounts=["pretax", "employer"])
    assert [fee for fee, _ in fees(outcome)] == ["30.00", "20.00"]
    assert outcome.message["paid"] == "380.00"


def test_wdl_5_an_account_that_holds_nothing_bears_no_fee_when_it_is_withdrawn() -> None:
    book = held(charging(), F1="600.00")
    assert withdrawn(book, full=True).message["paid"] == "550.00"
    assert withdrawn(book, "2021-04-29", full=True).codes == ["NOTHING_TO_WITHDRAW"]
