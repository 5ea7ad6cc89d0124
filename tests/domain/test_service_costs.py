"""FND-6: agreed service costs come off Individual Accounts pro rata, without adjustment and without charge."""

from decimal import Decimal

import pytest

from tests.domain.books import Book, Json, Outcome, only, opening, request
from tests.domain.books_limits import book_of, fixed_account
from tests.domain.books_limits import contract as limited
from tests.domain.books_orders import hold, release
from tests.domain.gaa import TRADE, flat, gaa_terms, held
from tests.domain.maturities import IN_MARCH, contract, reinvested
from tests.domain.maturities import close as close_in_march

D = Decimal


def agreed(**services: object) -> Json:
    """Contract C1 with an early withdrawal charge, and services agreed on."""
    charge = {"installment": {"basis": "account_years", "steps": [{"completed": 0, "percent": "5"}]}}
    return gaa_terms(early_withdrawal_charge=charge, additional_services=services)


def cost(request_id: str, day: str, amount: str, **more: object) -> Json:
    order = {"kind": "service_cost", "account": "pretax", "amount": amount, "service": "record keeping 2021"}
    return request(request_id, day, instruction=order, **more)


def deducted(book: Book, amount: str, **more: object) -> Outcome:
    """The outcome of a cost that trades on 28 April 2021, all prices 10 and yields 6%."""
    assert only(book.instruct(cost("c", TRADE, amount, **more))).topic == "acknowledgements"
    return only(book.close(TRADE, flat("6")))


def test_fnd_6_a_cost_is_taken_pro_rata_without_adjustment_and_without_charge() -> None:
    """600.00 of F1, 400.00 of a lot: 30.00 and 20.00. The lot's factor would be .9500, the charge 5%."""
    book = held(agreed(), F1="600.00", old_3="400.00")
    outcome = deducted(book, "50.00")
    message = outcome.message
    assert (outcome.topic, message["kind"], message["request_id"]) == ("confirmations", "service_cost_deducted", "c")
    assert (message["account"], message["trade_date"], message["gross"]) == ("pretax", TRADE, "50.00")
    assert outcome.dollars() == {"F1": "-30.00", "GAA": "-20.00"}
    (charge,) = message["charges"]
    told = (charge["what"], charge["amount"], charge["basis"], charge["rules"])
    assert told == ("service_cost", "50.00", "record keeping 2021", ["FND-6"])
    assert (message["mva"], message["debits"], message["credits"]) == (None, "50.00", "50.00")
    assert message["rules"] == ["GEN-2", "FND-6", "WDL-1", "GEN-7"]
    assert message["details"] == {"service": "record keeping 2021"}
    assert (book.units("F1"), book.lots()[0].units) == (D("57.000000"), D("380.000000"))


def test_fnd_6_cents_left_over_come_from_the_largest() -> None:
    """Of 0.99 600, 300 and 100 bear .594, .297 and .099: the cents left over by .59, .29 and .09 are the largest's."""
    outcome = deducted(held(agreed(), F1="600.00", F2="300.00", F3="100.00"), "0.99")
    assert outcome.dollars() == {"F1": "-0.61", "F2": "-0.29", "F3": "-0.09"}


def test_fnd_6_all_there_is_may_go_and_not_a_cent_more() -> None:
    book = held(agreed(), F1="600.00", old_3="400.00")
    refused = deducted(book, "1000.01")
    assert (refused.codes, refused.message["rules"]) == (["INSUFFICIENT_VALUE"], ["FND-6", "WDL-11"])
    assert refused.message["reasons"][0]["numbers"]["available"] == "1000.00"
    book = held(agreed(), F1="600.00", old_3="400.00")
    assert deducted(book, "1000.00").dollars() == {"F1": "-600.00", "GAA": "-400.00"}
    assert (book.units("F1"), book.lots()) == (D(0), ())


def test_fnd_6_a_contract_without_agreed_services_has_no_costs() -> None:
    book = held(gaa_terms(), F1="600.00")
    assert deducted(book, "50.00").codes == ["SERVICE_COSTS_NOT_AGREED"]
    assert book.units("F1") == D("60.000000")


@pytest.mark.parametrize(
    ("by", "codes"), [("acme", []), ("plain", ["SUBMITTER_NOT_AUTHORISED"]), ("else", ["SUBMITTER_NOT_AUTHORISED"] * 2)]
)
def test_fnd_6_those_whom_the_terms_name_may_deduct(by: str, codes: list[str]) -> None:
    book = held(agreed(submitters=["acme"]), F1="600.00")
    outcome = deducted(book, "50.00", submitted_by=by)
    assert (outcome.topic, outcome.codes if codes else []) == ("rejections" if codes else "confirmations", codes)


def test_fnd_6_an_account_that_is_not_there_bears_nothing() -> None:
    book = Book(agreed())
    book.instruct(opening("o", "2021-01-04", account="employer"))
    book.instruct(cost("c", "2021-01-04", "1.00"))
    assert only(book.close("2021-01-04", flat("4"))).codes == ["UNKNOWN_ACCOUNT"]


def test_fnd_6_the_maturity_value_transfer_provision_stays_unused() -> None:
    """MAT-4: the lot may still go free of adjustment, for a cost is no request of the owner's."""
    book = reinvested(terms=contract() | {"additional_services": {}})
    book.instruct(cost("c", IN_MARCH, "10.00"))
    outcome = only(close_in_march(book, IN_MARCH))
    assert outcome.dollars() == {"GAA": "-10.00"}
    assert book.lots()[0].reinvested is not None


def test_fnd_6_a_cost_is_no_use_of_a_limit() -> None:
    """LIM-1: 10% of 1,000.00 may be transferred; 500.00 of cost is not deducted from that, nor refused."""
    version = limited(fixed_account(), additional_services={})
    book = book_of(version, "2021-01-04", FA="1000.00")
    book.instruct(cost("c", "2021-01-05", "500.00"))
    assert only(book.close("2021-01-05")).dollars() == {"FA": "-500.00"}
    assert book.account().uses == ()


def test_dep_9_a_cost_of_a_blocked_participant_is_held() -> None:
    book = held(agreed(), F1="600.00")
    book.instruct(hold("h", TRADE))
    book.instruct(cost("c", TRADE, "50.00"))
    assert book.close(TRADE, flat("6")) == []
    book.instruct(release("r", "2021-04-29"))
    done = [each for each in book.close("2021-04-29", flat("6")) if each.topic == "confirmations"]
    assert only(done).dollars() == {"F1": "-50.00"}


def test_fnd_6_what_a_fund_is_worth_on_the_trade_date_counts() -> None:
    """60 units at 20.00 are 1,200.00, and 600.00 of F2: 120.00 of 180.00, 6 units."""
    book = held(agreed(), F1="600.00", F2="600.00")
    book.instruct(cost("c", TRADE, "180.00"))
    outcome = only(book.close(TRADE, flat("6"), F1="20.000000"))
    assert outcome.dollars() == {"F1": "-120.00", "F2": "-60.00"}
    assert book.units("F1") == D("54.000000")
