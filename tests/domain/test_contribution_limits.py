"""DEP-7: salary reductions, pre-tax and Roth together, against the dollar limit of the calendar year."""

import json

import pytest

from contracts_schema.contributions import ContributionLimits
from contracts_schema.logged import read_logged_terms
from contracts_schema.terms import ContractTerms
from tests.domain.books import (
    Book,
    Json,
    Outcome,
    at,
    cancelling,
    deposit,
    fund,
    one_year_minimum,
    only,
    shares,
    terms,
)

F1 = shares(F1="100")
LIMITS: Json = {
    "by_year": [{"year": 2021, "limit": "19500.00", "catch_up": "6500.00"}, {"year": 2022, "limit": "20500"}]
}
"""The dollar limits of 2021 and 2022 (Code §457(e)(15), §402(g)), with the catch-up amount of 2021."""


def limited(**more: object) -> Json:
    return terms(fund("F1"), **{"accounts": ["pretax", "employer", "roth"], "contribution_limits": LIMITS, **more})


def book(**more: object) -> Book:
    return Book(limited(**more), rates=False)


def pretax(request_id: str, day: str, amount: str, **more: object) -> Json:
    return deposit(request_id, day, amount, **{"allocation": F1, **more})


def roth(request_id: str, day: str, amount: str, **more: object) -> Json:
    return pretax(request_id, day, amount, account="roth", source="roth_salary_reduction", **more)


def numbers(rejected: Outcome) -> Json:
    (reason,) = rejected.message["reasons"]
    assert (reason["code"], reason["rules"], reason["field"]) == ("CONTRIBUTION_LIMIT_EXCEEDED", ["DEP-7"], "amount")
    found: Json = reason["numbers"]
    return found


def test_dep_7_pre_tax_and_roth_count_together() -> None:
    # 12,000.00 + 7,000.00 = 19,000.00 of 19,500.00: 500.00 is left, so 500.01 is too much and 500.00 is not.
    folded = book()
    folded.deposit(pretax("d1", "2021-01-04", "12000.00"))
    folded.deposit(roth("d2", at("2021-01-04", "11:00:00"), "7000.00"))
    folded.deposit(roth("d3", at("2021-01-04", "12:00:00"), "500.01"))
    folded.deposit(pretax("d4", at("2021-01-04", "13:00:00"), "500.00"))
    first, second, third, fourth = folded.close("2021-01-04")
    assert first.message["details"]["contributed_this_year"] == "12000.00"
    assert first.message["details"]["contribution_limit"] == "19500.00"
    assert "DEP-7" in first.message["rules"]
    assert second.message["rules"][-3:] == ["DEP-6", "DEP-7", "GEN-7"]
    assert second.message["details"]["contributed_this_year"] == "19000.00"
    assert numbers(third) == {
        "requested": "500.01", "year": "2021", "limit": "19500.00", "used": "19000.00", "available": "500.00",
    }  # fmt: skip
    assert third.message["possible_from"] == "2022-01-01"
    assert fourth.message["details"]["contributed_this_year"] == "19500.00"


def test_pitfall_dep_7_a_limit_with_two_requests_in_one_close() -> None:
    """Each alone fits; the one received later is the one that does not."""
    folded = book()
    folded.deposit(pretax("late", at("2021-01-04", "12:00:00"), "10000.00"))
    folded.deposit(pretax("early", at("2021-01-04", "11:00:00"), "10000.00"))
    confirmed, rejected = folded.close("2021-01-04")
    assert (confirmed.message["request_id"], rejected.message["request_id"]) == ("early", "late")
    assert numbers(rejected)["available"] == "9500.00"  # 19,500 - 10,000


def test_dep_7_the_year_is_that_of_the_trade_date() -> None:
    # 31 December 2021 is a Friday; what comes after its cutoff trades on Monday 3 January 2022.
    folded = book(effective_from="2021-12-30")
    folded.deposit(pretax("d1", "2021-12-30", "19500.00"))
    folded.close("2021-12-30")
    folded.deposit(pretax("d2", at("2021-12-31", "16:00:00"), "1.00"))
    folded.deposit(pretax("d3", at("2021-12-31", "16:00:01"), "20500.00"))
    folded.deposit(pretax("d4", at("2022-01-03", "10:00:00"), "0.01"))
    rejected = only(folded.close("2021-12-31"))
    assert (rejected.message["request_id"], numbers(rejected)["available"]) == ("d2", "0.00")
    assert rejected.message["possible_from"] == "2022-01-01"
    confirmed, over = folded.close("2022-01-03")
    assert confirmed.message["details"]["contributed_this_year"] == "20500.00"
    assert numbers(over)["limit"] == "20500"
    assert over.message["possible_from"] == "2023-01-01"  # 2023 has no limit of its own: that of 2022 goes on


def test_dep_7_no_date_where_the_deposit_is_more_than_the_next_year_allows_too() -> None:
    folded = book()
    folded.deposit(pretax("d1", "2021-01-04", "20500.00"))
    folded.deposit(pretax("d2", at("2021-01-04", "11:00:00"), "20500.01"))
    fits, never = folded.close("2021-01-04")
    assert (fits.message["possible_from"], never.message["possible_from"]) == ("2022-01-01", None)


@pytest.mark.parametrize("source", ["rollover", "external_transfer", "employer"])
def test_dep_7_other_sources_do_not_count(source: str) -> None:
    folded = book()
    folded.deposit(pretax("d1", "2021-01-04", "50000.00", source=source))
    folded.deposit(pretax("d2", at("2021-01-04", "11:00:00"), "19500.00"))
    first, second = folded.close("2021-01-04")
    assert ("DEP-7" in first.message["rules"], "contribution_limit" in first.message["details"]) == (False, False)
    assert second.message["details"]["contributed_this_year"] == "19500.00"


def test_dep_7_what_counts_is_the_gross_deposit_and_nothing_that_is_rejected() -> None:
    # 2% tax: 19,110.00 is invested of 19,500.00, and 19,500.00 counts.
    folded = book(premium_tax_percent="2")
    folded.deposit(pretax("d1", "2021-01-04", "19600.00"))
    folded.deposit(pretax("d2", at("2021-01-04", "11:00:00"), "19500.00"))
    folded.deposit(pretax("d3", at("2021-01-04", "12:00:00"), "0.01"))
    first, second, third = folded.close("2021-01-04")
    assert numbers(first)["used"] == "0.00"
    assert second.dollars() == {"F1": "19110.00"}
    assert numbers(third)["used"] == "19500.00"


def test_dep_7_who_may_catch_up_has_more() -> None:
    # 19,500 + 6,500 = 26,000. A deposit that does not say so is measured by 19,500.
    folded = book()
    folded.deposit(pretax("d1", "2021-01-04", "19500.00"))
    folded.deposit(pretax("d2", at("2021-01-04", "11:00:00"), "6500.01", catch_up=True))
    folded.deposit(pretax("d3", at("2021-01-04", "12:00:00"), "6500.00", catch_up=True))
    folded.deposit(pretax("d4", at("2021-01-04", "13:00:00"), "1.00"))
    _, over, confirmed, without = folded.close("2021-01-04")
    assert (numbers(over)["limit"], numbers(over)["available"]) == ("26000.00", "6500.00")
    assert confirmed.message["details"]["contribution_limit"] == "26000.00"
    assert (numbers(without)["limit"], numbers(without)["available"]) == ("19500.00", "0.00")


def test_dep_7_a_year_without_catch_up_has_none() -> None:
    folded = book(effective_from="2022-01-03")
    folded.deposit(pretax("d1", "2022-01-03", "20500.01", catch_up=True))
    assert numbers(only(folded.close("2022-01-03")))["limit"] == "20500"


def test_dep_7_participants_have_limits_of_their_own() -> None:
    folded = book()
    for person in ("P1", "P2"):
        folded.deposit(pretax("d1", "2021-01-04", "19500.00", participant_id=person))
    assert [outcome.topic for outcome in folded.close("2021-01-04")] == ["confirmations"] * 2


def test_dep_7_what_is_cancelled_does_not_count() -> None:
    folded = book()
    folded.deposit(pretax("d1", "2021-01-04", "19500.00"))
    folded.deposit(pretax("d2", at("2021-01-04", "11:00:00"), "100.00"))
    folded.instruct(cancelling("c1", at("2021-01-04", "12:00:00"), "d1"))
    assert only(folded.close("2021-01-04")).message["details"]["contributed_this_year"] == "100.00"


def test_dep_7_of_older_years_nothing_is_kept() -> None:
    folded = book(effective_from="2021-12-31")
    for day in ("2021-12-31", "2022-01-03"):
        folded.deposit(pretax(f"d-{day}", day, "100.00"))
        folded.close(day)
    books = folded.participant()
    assert books is not None
    assert [(total.year, str(total.dollars)) for total in books.contributions] == [(2021, "100.00"), (2022, "100.00")]


def test_dep_7_a_quote_after_the_turn_of_the_year_still_knows_the_year_before() -> None:
    # Decided at once for Monday 3 January: into Fixed Account 2. A quote is as of the close of Friday the 31st.
    folded = Book(terms(effective_from="2021-12-30", contribution_limits=LIMITS))
    folded.publish("credited-rates", one_year_minimum("0.01", 2022))
    folded.deposit(deposit("d1", "2021-12-30", "19000.00", allocation=F1))
    folded.close_through("2021-12-30", "2021-12-31")
    at_once = only(folded.deposit(deposit("d2", "2022-01-03", "20000.00", allocation=shares(FA2="100"))))
    assert at_once.message["details"]["contributed_this_year"] == "20000.00"
    quote = only(folded.deposit(pretax("q1", "2022-01-03", "500.01", mode="quote")), "quotes")
    assert quote.message["reasons"][0]["numbers"]["used"] == "19000.00"


def test_dep_7_no_limits_no_totals() -> None:
    folded = Book(terms(fund("F1")), rates=False)
    folded.deposit(pretax("d1", "2021-01-04", "999999.00"))
    assert only(folded.close("2021-01-04")).topic == "confirmations"
    books = folded.participant()
    assert books is not None
    assert books.contributions == ()


@pytest.mark.parametrize(
    "by_year",
    [
        [],
        [{"year": 2022, "limit": "1.00"}],
        [{"year": 2021, "limit": "1.00"}, {"year": 2021, "limit": "2.00"}],
        [{"year": 2021, "limit": "1.00"}, {"year": 2020, "limit": "2.00"}],
        [{"year": 2021, "limit": "0.00"}],
    ],
    ids=["none", "begin too late", "a year twice", "out of order", "nothing"],
)
def test_dep_7_limits_that_cannot_be(by_year: list[Json]) -> None:
    alarm = only(Book().publish("contract-terms", limited(contribution_limits={"by_year": by_year})), "alarms")
    assert alarm.message["code"] == "MALFORMED"


def test_dep_7_a_year_of_its_own_or_the_last_before() -> None:
    limits = ContributionLimits.model_validate(LIMITS)
    found = [limits.of_year(year) for year in (2020, 2021, 2022, 2030)]
    assert [limit and str(limit.limit) for limit in found] == [None, "19500.00", "20500", "20500"]


@pytest.mark.parametrize(("since", "taken"), [("2021-06-01", False), ("2022-01-01", True)])
def test_dep_7_limits_that_come_later_begin_with_a_year(since: str, *, taken: bool) -> None:
    """What was contributed before them in a year was not totalled."""
    folded = Book(limited(contribution_limits=None), rates=False)
    out = folded.publish("contract-terms", limited(version=2, effective_from=since))
    assert [alarm.message["rules"] for alarm in out] == ([] if taken else [["DEP-7"]])


def test_dep_7_limits_that_change_in_mid_year_count_on() -> None:
    folded = book()
    lower: Json = {"by_year": [{"year": 2021, "limit": "100.00"}]}
    assert (
        folded.publish("contract-terms", limited(version=2, effective_from="2021-01-05", contribution_limits=lower))
        == []
    )
    folded.deposit(pretax("d1", "2021-01-04", "150.00"))
    folded.close("2021-01-04")
    folded.deposit(pretax("d2", "2021-01-05", "1.00"))
    found = numbers(only(folded.close("2021-01-05")))
    assert (found["limit"], found["used"], found["available"]) == ("100.00", "150.00", "0.00")


def test_dep_7_terms_logged_when_limits_were_not_built_still_decode() -> None:
    written = ContractTerms.model_validate(limited(contribution_limits=None)).model_dump(mode="json", exclude_none=True)
    written["unbuilt"]["contribution_limits"] = False
    assert read_logged_terms(json.dumps(written).encode()).contribution_limits is None
