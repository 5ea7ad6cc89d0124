"""ACC-2: experience credits, which the company adds to an account."""

from decimal import Decimal

import pytest

from tests.domain.books import NEW_YEAR, Book, Json, Outcome, fund, only, opening, request, shares, terms

D = Decimal


def credit(request_id: str, day: str, **more: object) -> Json:
    """A credit of 100.00 to the account pretax unless told otherwise."""
    order = {"kind": "experience_credit", "account": "pretax", "amount": "100.00", **more}
    return request(request_id, day, instruction=order)


def credited(book: Book, **more: object) -> Outcome:
    """The outcome of a credit on the first day, after the account was opened with an allocation."""
    book.instruct(opening("o", NEW_YEAR, allocation=shares(F1="60", FA2="40")))
    assert only(book.instruct(credit("c", NEW_YEAR, **more))).topic == "acknowledgements"
    return only(book.close(NEW_YEAR))


def test_acc_2_a_credit_goes_by_the_accounts_allocation_at_the_values_of_its_trade_date() -> None:
    """60.00 at 10 are 6 units of the fund, 40.00 at 1 are 40 units of Fixed Account 2."""
    book = Book(terms())
    outcome = credited(book)
    assert (outcome.message["kind"], outcome.message["received"]) == ("experience_credited", "100.00")
    assert outcome.dollars() == {"F1": "60.00", "FA2": "40.00"}
    assert (book.units("F1"), book.units("FA2")) == (D("6.000000"), D("40.000000"))
    assert (outcome.message["debits"], outcome.message["credits"]) == ("100.00", "100.00")
    assert {"ACC-2", "DEP-4", "FIX-6"} <= set(outcome.message["rules"])


def test_acc_2_a_credit_may_have_an_allocation_of_its_own() -> None:
    assert credited(Book(terms()), allocation=shares(F2="100")).dollars() == {"F2": "100.00"}


def test_acc_2_a_credit_is_no_deposit() -> None:
    """No premium tax, no sales charge, no payment of a cycle, no purchase that a death benefit guarantees."""
    contract = terms(
        premium_tax_percent="2",
        sales_charge_percent="6",
        cycles={"payments_per_cycle": 26},
        death_benefit="greater_of_purchases",
    )
    book = Book(contract)
    outcome = credited(book)
    assert (outcome.dollars()["F1"], outcome.message["charges"]) == ("60.00", [])
    account = book.account()
    assert account.payments is not None
    assert (account.payments.number, account.purchases) == (0, D("0.00"))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"account": "employer"}, "UNKNOWN_ACCOUNT"),
        ({"allocation": shares(NONE="100")}, "UNKNOWN_OPTION"),
        ({"allocation": shares(F9="100")}, "OPTION_NOT_OPEN"),
    ],
)
def test_acc_2_a_credit_is_refused(more: Json, code: str) -> None:
    contract = terms()
    contract["options"].append(fund("F9", opens_on="2021-06-01"))
    outcome = credited(Book(contract), **more)
    assert (outcome.topic, outcome.codes) == ("rejections", [code])


def test_acc_2_a_credit_needs_somewhere_to_go() -> None:
    book = Book(terms())
    book.instruct(opening("o", NEW_YEAR))
    book.instruct(credit("c", NEW_YEAR))
    assert only(book.close(NEW_YEAR)).codes == ["NO_ALLOCATION"]


def test_acc_2_a_credit_too_small_to_buy_anything_is_refused() -> None:
    """0.01 at 30,000.00 is .0000003 units."""
    book = Book(terms())
    book.instruct(opening("o", NEW_YEAR, allocation=shares(F1="100")))
    book.instruct(credit("c", NEW_YEAR, amount="0.01"))
    outcome = only(book.close(NEW_YEAR, F1="30000.000000"))
    assert (outcome.codes, outcome.message["rules"]) == (["NOTHING_TO_DEPOSIT"], ["ACC-2", "DEP-4"])


def test_acc_2_a_credit_of_an_unknown_participant_is_refused() -> None:
    book = Book(terms())
    book.instruct(credit("c", NEW_YEAR))
    assert only(book.close(NEW_YEAR)).codes == ["UNKNOWN_PARTICIPANT"]
