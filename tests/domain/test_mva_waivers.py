"""LIM-4: days on which a negative aggregate does not count for transfers to funds and Fixed Account 2.

The lots of `gaa.held`: old_3 at .9500 and mid_5 at 1.1000, on every day of the week of 28 April 2021.
"""

from decimal import Decimal

import pytest

from tests.domain.books import Book, Json, Outcome, offering, only, shares
from tests.domain.gaa import TRADE, flat, gaa_terms, held, leg, still, transferred, withdrawn

D = Decimal
WAIVED_ON = {"from_day": "2021-04-28", "through": "2021-04-29"}
WAIVING = gaa_terms(mva_waivers=[WAIVED_ON])
TO_F1 = shares(F1="100")
OLD = [leg("GAA", 3, amount="950.00")]

Counts = tuple[str, str, str, str | None]
"""Value taken, aggregate (what it would be where it does not count), what arrives, the rule by which it does not."""

ORDINARY = ("1000.00", "-50.00", "950.00", None)  # 950/.9500
WAIVED = ("950.00", "-47.50", "950.00", "LIM-4")


def counts(outcome: Outcome) -> Counts:
    """What a confirmation says; it must balance."""
    message, block = outcome.message, outcome.message["mva"]
    assert outcome.topic == "confirmations", message
    assert message["debits"] == message["credits"]
    assert block["applied"] == (block["not_applied_by"] is None)
    arrived = sum((D(each["dollars"]) for each in message["legs"] if D(each["dollars"]) > 0), D(0))
    return message["gross"], block["aggregate"], str(arrived), block["not_applied_by"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2021-04-27", ORDINARY), ("2021-04-28", WAIVED), ("2021-04-29", WAIVED), ("2021-04-30", ORDINARY)],
)
def test_lim_4_from_the_first_day_through_the_last(day: str, expected: Counts) -> None:
    before = {"2021-04-27": "2021-04-26", "2021-04-28": "2021-04-27", "2021-04-29": TRADE, "2021-04-30": "2021-04-29"}
    outcome = transferred(held(WAIVING, through=before[day], old_3="2000.00"), OLD, TO_F1, day=day)
    assert counts(outcome) == expected
    assert ("LIM-4" in outcome.message["rules"]) == (expected == WAIVED)


def test_lim_4_one_of_several_waivers_is_enough() -> None:
    long_ago = {"from_day": "2020-01-01", "through": "2020-12-31"}
    contract = gaa_terms(mva_waivers=[long_ago, WAIVED_ON])
    assert counts(transferred(held(contract, old_3="2000.00"), OLD, TO_F1)) == WAIVED
    assert counts(transferred(held(gaa_terms(mva_waivers=[long_ago]), old_3="2000.00"), OLD, TO_F1)) == ORDINARY


@pytest.mark.parametrize("to", [shares(FA2="100"), shares(F1="50", FA2="50"), shares(F1="30", F2="30", F3="40")])
def test_lim_4_to_funds_and_fixed_account_2(to: list[Json]) -> None:
    assert counts(transferred(held(WAIVING, old_3="2000.00"), OLD, to)) == WAIVED


@pytest.mark.parametrize("to", [shares(GAA_7="100"), shares(F1="50", GAA_7="50")])
def test_lim_4_not_where_some_of_it_goes_to_a_guaranteed_term(to: list[Json]) -> None:
    book = held(WAIVING, old_3="2000.00")
    book.publish("guaranteed-offerings", offering("MAY", "2021-04-29", "2021-05-31", still(7, "2028-05-31")))
    book.close(TRADE, flat("6"))
    outcome = transferred(book, OLD, to, day="2021-04-29")
    assert counts(outcome) == ORDINARY
    assert "LIM-4" not in outcome.message["rules"]


def test_lim_4_not_for_withdrawals() -> None:
    outcome = withdrawn(held(WAIVING, old_3="2000.00"), amount="950.00")
    assert (outcome.message["gross"], outcome.message["mva"]["applied"]) == ("1000.00", True)
    assert "LIM-4" not in outcome.message["rules"]


def test_lim_4_a_positive_aggregate_counts() -> None:
    """1,100/1.1000; and of both lots, 450.00/.9500 = 473.68 and 1,100/1.1000: -23.68 + 100.00."""
    outcome = transferred(held(WAIVING, mid_5="2000.00"), [leg("GAA", 5, amount="1100.00")], TO_F1)
    assert counts(outcome) == ("1000.00", "100.00", "1100.00", None)
    assert "LIM-4" in outcome.message["rules"]
    legs = [leg("GAA", 3, amount="450.00"), leg("GAA", 5, amount="1100.00")]
    outcome = transferred(held(WAIVING, old_3="2000.00", mid_5="2000.00"), legs, TO_F1)
    assert counts(outcome) == ("1473.68", "76.32", "1550.00", None)


@pytest.mark.parametrize(
    ("quantity", "amount_type", "moved"),
    [
        ({"all": True}, "net", "1000.00"),
        ({"percent": "40"}, "net", "400.00"),
        ({"amount": "400.00"}, "gross", "400.00"),
        ({"amount": "1000.00"}, "net", "1000.00"),  # more than the 950.00 that the factor would leave
    ],
)
def test_lim_4_every_quantity_moves_the_value(quantity: Json, amount_type: str, moved: str) -> None:
    outcome = transferred(held(WAIVING, old_3="1000.00"), [leg("GAA", **quantity)], TO_F1, amount_type=amount_type)
    assert counts(outcome) == (moved, str((D(moved) * D("-0.05")).quantize(D("0.01"))), moved, "LIM-4")


@pytest.mark.parametrize(
    ("lot", "term", "amount", "payable"),
    [("old_3", 3, "1000.01", "1000.00"), ("mid_5", 5, "1100.01", "1100.00")],
)
def test_lim_4_a_cent_more_than_there_is_either_way(lot: str, term: int, amount: str, payable: str) -> None:
    outcome = transferred(held(WAIVING, **{lot: "1000.00"}), [leg("GAA", term, amount=amount)], TO_F1)
    (reason,) = outcome.message["reasons"]
    assert (reason["code"], reason["numbers"]["available_after_mva"]) == ("INSUFFICIENT_VALUE", payable)


def test_lim_4_a_barred_term_stays_barred() -> None:
    """On 14 April terms of the third week are free from the 23rd (close + 91 days); at par both hold 1,000."""
    contract = gaa_terms(mva_waivers=[{"from_day": "2021-04-14", "through": "2021-04-14"}])
    book = held(contract, through="2021-04-13", old_3="1000.00", new_3="1000.00")
    outcome = transferred(book, [leg("GAA", 3, amount="2000.00")], TO_F1, day="2021-04-14")
    assert (outcome.codes, outcome.message["possible_from"]) == (["LOCKED_IN"], "2021-04-23")
    assert outcome.message["reasons"][0]["numbers"]["available_after_mva"] == "1000.00"


def test_lim_4_a_fund_has_nothing_to_waive() -> None:
    outcome = transferred(held(WAIVING, F2="1000.00"), [leg("F2", all=True)], TO_F1)
    assert (outcome.message["mva"], outcome.dollars()["F1"]) == (None, "1000.00")
    assert "LIM-4" not in outcome.message["rules"]


def test_lim_4_a_waiver_ends_on_or_after_the_day_it_begins() -> None:
    backwards = {"from_day": "2021-04-29", "through": "2021-04-28"}
    alarm = only(Book().publish("contract-terms", gaa_terms(mva_waivers=[backwards])), "alarms")
    assert alarm.message["code"] == "MALFORMED"
