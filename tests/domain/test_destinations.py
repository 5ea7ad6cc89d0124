"""TRF-1: where what leaves an option may go; TRF-4: the least that other options bring into a guaranteed one."""

import pytest

from tests.domain.books import (
    FUNDS,
    Book,
    Json,
    Outcome,
    at,
    deposit,
    fixed_account_2,
    guaranteed,
    offering,
    only,
    shares,
    transfer,
)
from tests.domain.books_limits import fixed_account, fixed_plus, resting
from tests.domain.gaa import TRADE, flat, gaa_terms, held, leg, still, transferred

DAY = "2021-04-29"
ALL = (*FUNDS, resting(), fixed_account(), fixed_plus(), guaranteed())
BOTH_OPEN = "funds and Fixed Account 2"


def holding(*options: Json, **terms: object) -> Book:
    """$1,000 in each of F1, FA2 and the three-year term at .9500, and in what else there is; terms of 3 and 7 years are
    on offer.
    """
    book = held(gaa_terms(options=options or (*FUNDS, fixed_account_2(), guaranteed()), **terms), F1="1000.00",
                FA2="1000.00", old_3="1000.00")  # fmt: skip
    book.publish("guaranteed-offerings", offering("APR", "2021-04-29", "2021-05-31", still(7, "2028-05-31")))
    book.close(TRADE, flat("6"))
    return book


def refused(outcome: Outcome) -> list[tuple[str, str, str, str]]:
    """Of each reason its rules, field, option and what is allowed."""
    assert set(outcome.codes) == {"DESTINATION_NOT_ALLOWED"}
    return [
        (" ".join(each["rules"]), each["field"], each["numbers"]["option"], each["numbers"]["allowed"])
        for each in outcome.message["reasons"]
    ]


def test_trf_1_out_of_fixed_account_2_to_funds_only() -> None:
    """E-FA2 §8: "to any Fund(s)". $100.00 of 1,000.00."""
    book = holding()
    outcome = transferred(book, [leg("FA2", amount="100.00")], shares(F2="40", GAA_7="60"), DAY)
    assert refused(outcome) == [("TRF-1 LIM-3", "to[1].option", "GAA", "funds")]
    assert transferred(book, [leg("FA2", amount="100.00")], shares(F2="100"), "2021-04-30").topic == "confirmations"


def test_trf_1_out_of_fixed_account_2_to_any_option_where_the_contract_says_so() -> None:
    """The supplement: "to any available investment option"."""
    book = holding(*FUNDS, fixed_account_2(limit={"destinations": "any"}), guaranteed())
    outcome = transferred(book, [leg("FA2", amount="100.00")], shares(F2="40", GAA_7="60"), DAY)
    assert outcome.dollars() == {"FA2": "-100.00", "F2": "40.00", "GAA": "60.00"}


def test_trf_1_a_request_that_leaves_two_options_goes_where_both_may_go() -> None:
    book = holding()
    outcome = transferred(book, [leg("F1", amount="100.00"), leg("FA2", amount="100.00")], shares(GAA_7="100"), DAY)
    assert refused(outcome) == [("TRF-1 LIM-3", "to[0].option", "GAA", "funds")]


def test_trf_1_funds_and_guaranteed_terms_go_anywhere_that_is_open_unless_the_contract_is_narrower() -> None:
    """E-FA2 §8 names "any other allowable Fund" and Fixed Account 2; the prospectus guaranteed terms too."""
    assert transferred(holding(), [leg("F1", amount="100.00")], shares(GAA_7="100"), DAY).topic == "confirmations"
    book = holding(transfers={"destinations": "funds_and_fixed_account_2"})
    legs = [leg("F1", amount="100.00"), leg("GAA", 3, amount="95.00")]
    outcome = transferred(book, legs, shares(F2="50", GAA_7="50"), DAY)
    assert refused(outcome) == [("TRF-1", "to[1].option", "GAA", BOTH_OPEN)] * 2
    assert transferred(book, legs, shares(F2="50", FA2="50"), "2021-04-30").dollars()["FA2"] == "97.50"


def test_trf_1_back_into_the_same_option_is_told_once() -> None:
    outcome = transferred(holding(), [leg("FA2", amount="100.00")], shares(F2="50", FA2="50"), DAY)
    assert outcome.codes == ["SAME_OPTION"]


@pytest.mark.parametrize(("source", "rule"), [("FA", "LIM-1"), ("FP", "LIM-2")])
def test_trf_1_out_of_the_fixed_and_fixed_plus_account_to_funds_and_fixed_account_2(source: str, rule: str) -> None:
    other = "FP" if source == "FA" else "FA"
    book = Book(gaa_terms(options=ALL), rates=False)
    for option in ("FA2", "FA", "FP"):
        rate = {"kind": "declared", "contract_id": "C1", "option": option, "effective_from": "2021-01-01", "rate": "0"}
        book.publish("credited-rates", rate)
    minimum = {"kind": "one_year_minimum", "contract_id": "C1", "option": "FA2", "year": 2021, "rate": "0"}
    book.publish("credited-rates", minimum)
    book.deposit(deposit("put", "2021-01-04", "5000.00", allocation=shares(**{source: "100"})))
    book.close("2021-01-04", flat("4"))
    ask = [leg(source, amount="100.00")]
    book.transfer(transfer("one", at("2021-01-05"), ask, shares(F1="50", FA2="50")))
    book.transfer(transfer("two", at("2021-01-05", "10:00:01"), ask, shares(F1="50", **{other: "50"})))
    one, two = book.close("2021-01-05", flat("4"))
    assert one.dollars() == {source: "-100.00", "F1": "50.00", "FA2": "50.00"}
    assert refused(two) == [(f"TRF-1 {rule}", "to[1].option", other, BOTH_OPEN)]


def into_guaranteed(dollars: str, to: list[Json], **more: object) -> Outcome:
    """A transfer out of F1 in a contract whose minimum into the guaranteed account is $500."""
    book = holding(transfers={"minimum_into_guaranteed": "500.00", **more})
    return transferred(book, [leg("F1", amount=dollars)], to, DAY)


def test_trf_4_less_than_the_minimum_into_the_guaranteed_account_is_rejected() -> None:
    """50% of $999.98 are 499.99; of $1,000.00 500.00."""
    outcome = into_guaranteed("999.98", shares(F2="50", GAA_7="50"))
    (reason,) = outcome.message["reasons"]
    assert (reason["code"], reason["rules"]) == ("BELOW_MINIMUM_INTO_GUARANTEED", ["TRF-4"])
    assert reason["numbers"] == {"option": "GAA", "arriving": "499.99", "minimum": "500.00"}
    assert into_guaranteed("1000.00", shares(F2="50", GAA_7="50")).topic == "confirmations"
    assert into_guaranteed("1.00", shares(F2="100")).topic == "confirmations", "nothing goes into guaranteed terms"


def test_trf_4_is_of_what_arrives_before_the_fee() -> None:
    """$500 arrive; $490 are bought, after the fee of $10 (TRF-6)."""
    outcome = into_guaranteed("500.00", shares(GAA_7="100"), free_per_year=0, fee="10.00")
    assert outcome.dollars() == {"F1": "-500.00", "GAA": "490.00"}


def test_trf_4_is_about_money_from_other_options() -> None:
    """$95 of the three-year term may go to a new term; with $5 of a fund beside them the $100 are too little."""
    book = holding(transfers={"minimum_into_guaranteed": "500.00"})
    own = [leg("GAA", 3, amount="95.00")]
    both = transferred(book, [*own, leg("F1", amount="5.00")], shares(GAA_7="100"), DAY)
    assert (both.codes, both.message["reasons"][0]["numbers"]["arriving"]) == (
        ["BELOW_MINIMUM_INTO_GUARANTEED"], "100.00")  # fmt: skip
    assert transferred(book, own, shares(GAA_7="100"), "2021-04-30").topic == "confirmations"


def test_trf_4_a_minimum_is_more_than_nothing() -> None:
    alarm = only(Book().publish("contract-terms", gaa_terms(transfers={"minimum_into_guaranteed": "0.00"})), "alarms")
    assert alarm.message["code"] == "MALFORMED"
