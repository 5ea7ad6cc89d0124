"""WDL-10: a full withdrawal comes back: elected within 30 days, received within 60, in the same proportions.

It trades on Wednesday 28 April 2021: elections are in time through 28 May, money through 27 June. P1 held F1 1,000.00,
old_2 1,000.00 at .9528, old_3 500.00 at .9500, mid_5 1,500.00 at 1.1000: 4,000.00, and was paid 1,000 + 952.80 + 475.00
+ 1,650.00 = 4,077.80. May's deposit period (3 to 28 May) offers 2, 3 and 7 years, June's (June 1 to 30) 3 and 4.
"""

from typing import Any

import pytest

from tests.domain.books import FUNDS, Book, Json, Outcome, deposit, fixed_account_2, guaranteed, offering, only, request
from tests.domain.gaa import TRADE, flat, gaa_terms, held, leg, still, withdrawn

MAY = offering(
    "MAY", "2021-05-03", "2021-05-28", still(2, "2023-05-31"), still(3, "2024-05-31"), still(7, "2028-05-31")
)
JUNE = offering("JUNE", "2021-06-01", "2021-06-30", still(3, "2024-06-30"), still(4, "2025-06-30"))
HELD = {"F1": "1000.00", "old_2": "1000.00", "old_3": "500.00", "mid_5": "1500.00"}
ON = "2021-05-05"


def contract(*, privilege: Json | None = None, **gaa: object) -> Json:
    options = (*FUNDS, fixed_account_2(), guaranteed(**gaa))
    return gaa_terms(options=options, reinvestment={} if privilege is None else privilege)


def emptied(terms: Json | None = None, through: str = "2021-05-04", what: Json | None = None) -> Book:
    """The book after the full withdrawal, every day through one closed."""
    book = held(terms or contract(), **HELD)
    outcome = withdrawn(book, TRADE, **(what or {"full": True}))
    assert outcome.topic == "confirmations"
    for offer in (MAY, JUNE):
        book.publish("guaranteed-offerings", offer)
    book.close_through("2021-04-29", through, flat("6"))
    return book


def electing(day: str = ON, request_id: str = "elect", **order: object) -> Json:
    return request(request_id, day, instruction={"kind": "reinvestment_election", "account": "pretax", **order})


def back(amount: str, day: str = ON, request_id: str = "back", **more: object) -> Json:
    return deposit(request_id, day, amount, source="reinvestment", **more)


def answered(book: Book, outcomes: list[Outcome], day: str) -> Outcome:
    """The final answer, at once or at the close."""
    outcomes = [*outcomes, *book.close(day, flat("6"))]
    return only([outcome for outcome in outcomes if outcome.topic in {"confirmations", "rejections"}])


def reinvested(book: Book, amount: str, day: str = ON) -> Outcome:
    book.instruct(electing(day))
    return answered(book, book.deposit(back(amount, day)), day)


def test_the_book_pays_what_the_first_lines_say() -> None:
    outcome = withdrawn(held(contract(), **HELD), full=True)
    assert (outcome.message["gross"], outcome.message["paid"]) == ("4000.00", "4077.80")


def test_wdl_10_elected() -> None:
    book = emptied()
    outcome = only(book.instruct(electing(amount="1000.00")))
    assert (outcome.message["kind"], outcome.message["rules"]) == ("reinvestment_elected", ["GEN-2", "WDL-10"])
    assert outcome.message["details"] == {
        "withdrawal": f"w-{TRADE}",
        "amount": "1000.00",
        "to_be_received_by": "2021-06-27",  # 28 April + 60 days
    }


def test_wdl_10_the_same_proportions_by_length_without_classifications() -> None:
    """Of 4,000: F1 1/4, two years 1/4, three years 1/8, five years 3/8. Of 2,000.00: 500, 500, 250, 750; five years are
    not offered, so they go to the next shorter, three years: 1,000.00 (MAT-3's way).
    """
    book = emptied()
    outcome = reinvested(book, "2000.00")
    assert outcome.dollars() == {"F1": "500.00", "GAA": "500.00 1000.00"}
    assert [(lot.offering, lot.years, str(lot.units)) for lot in book.lots()] == [
        ("MAY", 2, "500.000000"),
        ("MAY", 3, "1000.000000"),
    ]
    assert {"WDL-10", "DEP-5"} <= set(outcome.message["rules"])
    assert "DEP-2" not in outcome.message["rules"]
    assert outcome.message["details"] == {"source": "reinvestment"}


def test_wdl_10_the_same_proportions_by_classification() -> None:
    """Of 4,000: F1 1,000, short 1,500, long 1,500. Of 800.00: 200, 300 and 300, into the shortest of each: 2 and 7."""
    book = emptied(contract(classified=True))
    assert reinvested(book, "800.00").dollars() == {"F1": "200.00", "GAA": "300.00 300.00"}
    assert [lot.years for lot in book.lots()] == [2, 7]


def test_wdl_10_the_deposit_period_of_the_day_of_reinvestment() -> None:
    """In June: short 3 years, long 4."""
    book = emptied(contract(classified=True), through="2021-05-26")
    book.instruct(electing("2021-05-27"))
    book.close_through("2021-05-27", "2021-06-01", flat("6"))
    assert answered(book, book.deposit(back("800.00", "2021-06-02")), "2021-06-02").topic == "confirmations"
    assert [(lot.offering, lot.years) for lot in book.lots()] == [("JUNE", 3), ("JUNE", 4)]


def test_wdl_10_all_of_it_and_cents_to_the_largest_share() -> None:
    """4,077.80: F1 1,019.45, two years 1,019.45, three with five 2,038.90; that is all."""
    book = emptied()
    assert reinvested(book, "4077.80").dollars() == {"F1": "1019.45", "GAA": "1019.45 2038.90"}
    again = answered(book, book.deposit(back("0.01", "2021-05-06", "more")), "2021-05-06")
    assert again.codes == ["REINVESTMENT_EXCEEDS"]
    assert again.message["reasons"][0]["numbers"] == {"requested": "0.01", "withdrawn": "4077.80", "available": "0.00"}


def test_wdl_10_a_portion_in_parts_and_a_later_election() -> None:
    book = emptied()
    book.instruct(electing(amount="1000.00"))
    assert answered(book, book.deposit(back("600.00")), ON).topic == "confirmations"
    refused = answered(book, book.deposit(back("400.01", "2021-05-06", "too-much")), "2021-05-06")
    assert refused.codes == ["REINVESTMENT_EXCEEDS"]
    assert answered(book, book.instruct(electing("2021-05-07", "anew", amount="1000.01")), "2021-05-07").topic == (
        "confirmations"
    )
    last = answered(book, book.deposit(back("400.01", "2021-05-10", "rest")), "2021-05-10")
    assert last.message["received"] == "400.01"


ELECTIONS: list[Any] = [
    pytest.param("2021-05-28", "2021-05-27", None, id="the thirtieth day"),
    pytest.param("2021-06-01", "2021-05-28", "REINVESTMENT_TOO_LATE", id="after it"),
]


@pytest.mark.parametrize(("day", "closed", "code"), ELECTIONS)
def test_wdl_10_elected_within_30_days(day: str, closed: str, code: str | None) -> None:
    book = emptied(through=closed)
    outcome = answered(book, book.instruct(electing(day)), day)
    if code is None:
        assert outcome.topic == "confirmations"
        return
    assert outcome.codes == [code]
    assert outcome.message["reasons"][0]["numbers"] == {
        "withdrawn_on": TRADE,
        "last_day": "2021-05-28",
        "received_on": day,
    }


@pytest.mark.parametrize(
    ("received", "topic"),
    [
        pytest.param("2021-06-27T23:59:59-04:00", "confirmations", id="on the sixtieth day, a Sunday"),
        pytest.param("2021-06-28T00:00:01-04:00", "rejections", id="after it"),
    ],
)
def test_wdl_10_received_within_60_days(received: str, topic: str) -> None:
    book = emptied()
    book.instruct(electing())
    book.close_through(ON, "2021-06-25", flat("6"))
    outcome = answered(book, book.deposit(back("100.00", received)), "2021-06-28")
    assert outcome.topic == topic
    assert topic == "confirmations" or outcome.codes == ["REINVESTMENT_TOO_LATE"]


def test_wdl_10_the_days_are_terms() -> None:
    book = emptied(contract(privilege={"elected_within_days": 6, "received_within_days": 7}))
    outcome = answered(book, book.instruct(electing()), ON)  # the seventh day
    assert outcome.codes == ["REINVESTMENT_TOO_LATE"]


NOT_POSSIBLE: list[Any] = [
    pytest.param(gaa_terms(), {"full": True}, "REINVESTMENT_NOT_GIVEN", id="the contract has no privilege"),
    pytest.param(contract(), {"percent": "50"}, "NOTHING_TO_REINVEST", id="a partial withdrawal"),
    pytest.param(
        contract(), {"full": True, "legs": [leg("GAA")]}, "NOTHING_TO_REINVEST", id="all of an option is a part"
    ),
]


@pytest.mark.parametrize(("terms", "what", "code"), NOT_POSSIBLE)
def test_wdl_10_only_a_full_withdrawal_of_a_contract_with_the_privilege(terms: Json, what: Json, code: str) -> None:
    book = emptied(terms, what=what)
    assert only(book.instruct(electing())).codes == [code]
    refused = answered(book, book.deposit(back("100.00")), ON)
    assert refused.codes == [code]
    assert "WDL-10" in refused.message["rules"]


def test_wdl_10_not_before_it_is_elected_nor_by_an_allocation_of_its_own() -> None:
    book = emptied()
    chosen = [{"option": "F1", "percent": "100"}]
    refused = answered(book, book.deposit(back("100.00", allocation=chosen)), ON)
    assert refused.codes == ["NOTHING_TO_REINVEST", "ALLOCATION_NOT_CHOSEN"]


def test_wdl_10_no_more_than_was_paid_can_be_elected() -> None:
    refused = only(emptied().instruct(electing(amount="4077.81")))
    assert refused.codes == ["REINVESTMENT_EXCEEDS"]


def test_wdl_10_into_an_account_that_is_known() -> None:
    book = emptied()
    assert only(book.instruct(electing(account="employer"))).codes == ["UNKNOWN_ACCOUNT"]
    refused = answered(book, book.deposit(back("100.00", account="employer")), ON)
    assert refused.codes == ["NOTHING_TO_REINVEST"]


def test_wdl_10_nothing_on_offer_refuses_the_whole() -> None:
    """On 3 June long terms are not offered where June's period has 3 years only; in July nothing is."""
    book = held(contract(classified=True), **HELD)
    withdrawn(book, full=True)
    book.publish("guaranteed-offerings", offering("JUNE", "2021-06-01", "2021-06-11", still(3, "2024-06-30")))
    book.close_through("2021-04-29", "2021-05-27", flat("6"))
    book.instruct(electing("2021-05-28"))
    book.close_through("2021-05-28", "2021-06-02", flat("6"))
    refused = answered(book, book.deposit(back("100.00", "2021-06-03")), "2021-06-03")
    assert refused.codes == ["TERM_NOT_OFFERED"]
    book.close_through("2021-06-04", "2021-06-11", flat("6"))
    refused = answered(book, book.deposit(back("100.00", "2021-06-14", "later")), "2021-06-14")
    assert refused.codes == ["NO_DEPOSIT_PERIOD", "NO_DEPOSIT_PERIOD"]


def test_wdl_10_what_a_guarantee_paid_for_nothing_has_no_proportions() -> None:
    """0.1 units at 0.01 are worth 0.001 -> 0.00; a death pays the purchase total of 1.00 (MVA-10)."""
    book = held(contract() | {"death_benefit": "greater_of_purchases"}, F1="1.00")
    died = {"account": "pretax", "full": True, "reason": "death", "event_date": TRADE}
    book.withdraw(request("w", TRADE, **died))
    outcome = only(book.close(TRADE, flat("6"), F1="0.010000"))
    assert (outcome.message["gross"], outcome.message["paid"]) == ("0.00", "1.00")
    assert only(book.instruct(electing("2021-04-29"))).codes == ["NOTHING_TO_REINVEST"]
