"""NTC-1: what the annual notice says, by hand to the cent."""

import pytest

from tests.domain.books import (
    Book,
    Json,
    at,
    declared,
    deposit,
    fixed_account_2,
    fund,
    guaranteed,
    offering,
    only,
    opening,
    request,
    shares,
    transfer,
    withdrawal,
)
from tests.domain.books_fixed import fixed_account, fixed_plus
from tests.domain.books_income import VARIABLE, closed, election
from tests.domain.books_statements import holding, line, put, statements, stating, told
from tests.domain.gaa import flat, still

YEAR_LATER = "2022-01-04"  # a Tuesday, 365 days after the first business day of 2021
SIX = (fund("F1"), fund("F2"), fixed_account(), fixed_plus(), guaranteed(), fixed_account_2())
SHARES = shares(F1="30", FA="10", FP="10", GAA_3="40", FA2="10")


def year_on() -> Book:
    """2,000.00 in six places on 4 January 2021: the day before the statement date a year later is closed."""
    book = Book(stating("01-04", *SIX))
    for option, rate in (("FA", "0.04"), ("FP", "0.03")):
        book.publish("credited-rates", declared(rate, option=option))
    book.publish("guaranteed-offerings", offering("JAN", "2021-01-04", "2021-01-29", still(3, "2024-01-31", "0.05")))
    book.deposit(deposit("d1", "2021-01-04", "2000.00", allocation=SHARES))
    employer = {"account": "employer", "source": "employer", "allocation": shares(F1="25", F2="75")}
    book.deposit(deposit("d2", "2021-01-04", "400.00", **employer))
    book.close_through("2021-01-04", "2022-01-03", flat("4"))
    return book


def test_ntc_1_every_value_and_number_of_every_account() -> None:
    """Prices rise from 10 to 12.5 and 8: 60 units are 750.00; 10 are 125.00 and 30 are 240.00. A year at 4, 3, 5, 2%
    makes 208.00, 206.00, 840.00, 204.00 of 200, 200, 800, 200. Together 2,208.00 and 365.00.
    """
    (notice,) = statements(year_on().close(YEAR_LATER, flat("4"), F1="12.500000", F2="8.000000"))
    assert (notice["date"], notice["account"], notice["rules"]) == (YEAR_LATER, None, ["NTC-1", "MAT-6"])
    assert notice["details"] == {"statement_date": YEAR_LATER}
    found = notice["statement"]
    assert (found["statement_date"], found["as_of"], found["value"]) == (YEAR_LATER, YEAR_LATER, "2573.00")
    pretax, employer = found["accounts"]
    lot: Json = {"lot": "GAA-1", "term": 3, "deposited": "2021-01-04", "maturity": "2024-01-31"}
    assert pretax == {
        "account": "pretax",
        "lines": [
            line("F1", "60.000000", "12.500000", "750.00"),
            line("FA", "200.000000", "1.040000000000", "208.00"),
            line("FP", "200.000000", "1.030000000000", "206.00"),
            line("GAA", "800.000000", "1.050000000000", "840.00", **lot),
            line("FA2", "200.000000", "1.020000000000", "204.00"),
        ],
        "annuity_units": None,
        "value": "2208.00",
    }
    assert employer == {
        "account": "employer",
        "lines": [line("F1", "10.000000", "12.500000", "125.00"), line("F2", "30.000000", "8.000000", "240.00")],
        "annuity_units": None,
        "value": "365.00",
    }


def test_ntc_1_totals_of_each_option_over_all_accounts() -> None:
    """The same: 70 units of F1 are 875.00; 840.00 before any adjustment, also at yields of 6%."""
    (notice,) = statements(year_on().close(YEAR_LATER, flat("6"), F1="12.500000", F2="8.000000"))
    totals = [tuple(total.values()) for total in notice["statement"]["totals"]]
    assert totals == [
        ("F1", "fund", "70.000000", "12.500000", "875.00"),
        ("F2", "fund", "30.000000", "8.000000", "240.00"),
        ("FA", "fixed_account", None, None, "208.00"),
        ("FP", "fixed_plus_account", None, None, "206.00"),
        ("GAA", "guaranteed", None, None, "840.00"),
        ("FA2", "fixed_account_2", None, None, "204.00"),
    ]


def test_ntc_1_annuity_units_are_counted_and_are_no_part_of_the_value() -> None:
    """2.959 and 4.93 annuity units (`test_inc_4_annuity_units_are…`); 2.959 × 21.5 = 63.62, 4.93 × 8.1 = 39.93. All of
    the account was applied, so that nothing else is left of it.
    """
    book = Book(
        stating("04-30", fund("F1"), fund("F2"), effective_from="2021-04-26", income={"variable": VARIABLE}),
    )
    book.deposit(deposit("put", "2021-04-26", "10000.00", allocation=shares(F1="100")))
    closed(book, "2021-04-26")
    closed(book, "2021-04-27")
    order = {"payments": "variable", "funds": shares(F1="60", F2="40"), "first_payment": "2021-05-28"}
    book.instruct(election("elect", "2021-04-28", **order))
    assert [statements(closed(book, day)) for day in ("2021-04-28", "2021-04-29")] == [[], []]
    (notice,) = statements(closed(book, "2021-04-30", F1="21.500000", F2="8.100000"))
    assert notice["rules"] == ["NTC-1", "MAT-6", "INC-4"]
    (account,) = notice["statement"]["accounts"]
    on = {"unit_value_date": "2021-04-30"}
    assert account["annuity_units"] == [
        {"option": "F1", "units": "2.959000", "unit_value": "21.500000", "dollars": "63.62", **on},
        {"option": "F2", "units": "4.930000", "unit_value": "8.100000", "dollars": "39.93", **on},
    ]
    assert (account["lines"], account["value"], notice["statement"]["value"]) == ([], "0.00", "0.00")


def test_ntc_1_money_at_the_rate_of_when_it_was_applied_has_a_line_for_each_rate() -> None:
    """100.00 at 2% for 365 days are 102.00; 100.00 at 4% for 187 days: 1.04^(187/365) = 1.020297."""
    applied = fixed_account_2(rate_basis="when_applied")
    book = Book(stating("01-04", fund("F1"), applied))
    book.publish("credited-rates", declared("0.04", "2021-07-01"))
    for day, through in (("2021-01-04", "2021-06-30"), ("2021-07-01", "2022-01-03")):
        book.deposit(deposit(f"d-{day}", day, "100.00", allocation=shares(FA2="100")))
        book.close_through(day, through)
    (notice,) = statements(book.close(YEAR_LATER))
    lines = notice["statement"]["accounts"][0]["lines"]
    assert [(each["applied_since"], each["value"]) for each in lines] == [
        ("2021-01-04", "102.00"),
        ("2021-07-01", "102.03"),
    ]
    assert notice["statement"]["value"] == "204.03"


def test_ntc_1_the_days_requests_are_in_it() -> None:
    """600.00, of which 200.00 go over and 100.00 out on the statement date itself."""
    book = holding(stating())
    book.close_through("2021-01-04", "2021-01-14")
    book.transfer(transfer("t", "2021-01-15", [{"option": "F1", "amount": "200.00"}], shares(FA2="100")))
    book.withdraw(withdrawal("w", "2021-01-15", amount="100.00", **{"from": [{"option": "F1"}]}))
    outcomes = book.close("2021-01-15")
    assert [outcome.message["kind"] for outcome in outcomes] == ["transfer", "withdrawal", "annual_statement"]
    (notice,) = statements(outcomes)
    assert [(each["option"], each["value"]) for each in notice["statement"]["totals"]] == [
        ("F1", "300.00"),
        ("FA2", "200.00"),
    ]


def test_mat_6_the_days_fee_is_in_it() -> None:
    """The notice of the anniversary itself: 600.00 less 50.00."""
    book = holding(stating("01-04", maintenance_fee={"amount": "50.00"}))
    book.close_through("2021-01-04", "2022-01-03")
    fee, notice = book.close(YEAR_LATER)
    assert (fee.message["kind"], notice.message["statement"]["value"]) == ("maintenance_fee", "550.00")


def test_ntc_1_who_holds_nothing_at_all_is_told_nothing() -> None:
    """P1 took all of it out, P2 only opened an account, P3 was refused one, P4 holds one cent; P1 comes back."""
    book = holding(stating())
    put(book, "2021-01-04", "P4", "0.01")
    book.instruct(
        request("o", "2021-01-04", participant_id="P2", instruction={"kind": "open_account", "account": "pretax"})
    )
    book.instruct(
        request("r", "2021-01-04", participant_id="P3", instruction={"kind": "open_account", "account": "roth"})
    )
    book.close_through("2021-01-04", "2021-01-05")
    book.withdraw(withdrawal("w", "2021-01-06", full=True))
    outcomes = book.close_through("2021-01-06", "2021-01-19")
    assert told(outcomes) == [("P4", "2021-01-15", "2021-01-15", "0.01")]
    put(book, "2021-01-20", amount="70.00")
    assert told(book.close_through("2021-01-20", "2022-01-18")) == [
        ("P1", "2022-01-15", "2022-01-14", "70.00"),
        ("P4", "2022-01-15", "2022-01-14", "0.01"),
    ]


def test_ntc_1_accounts_without_anything_are_left_out() -> None:
    book = holding(stating())
    book.instruct(request("o", "2021-01-04", instruction={"kind": "open_account", "account": "employer"}))
    (notice,) = statements(book.close_through("2021-01-04", "2021-01-15"))
    assert [account["account"] for account in notice["statement"]["accounts"]] == ["pretax"]


def test_dep_9_an_order_keeps_no_notice_back() -> None:
    """600.00 are told of while the participant is blocked: nothing is moved by it."""
    book = holding(stating(aml={"submitters": ["acme"]}))
    book.close("2021-01-04")
    book.instruct(request("hold", "2021-01-05", instruction={"kind": "aml_hold", "order": "A-1"}))
    assert told(book.close_through("2021-01-05", "2021-01-15")) == [("P1", "2021-01-15", "2021-01-15", "600.00")]


@pytest.mark.parametrize("day", ["2021-01-15", "2021-01-14"])
def test_ntc_1_who_comes_by_the_statement_date_is_told(day: str) -> None:
    book = Book(stating())
    book.close_through("2021-01-04", "2021-01-13")
    put(book, day)
    assert told(book.close_through("2021-01-14", "2021-01-19")) == [("P1", "2021-01-15", "2021-01-15", "600.00")]


def test_ntc_1_who_comes_after_it_is_told_the_next_year() -> None:
    """The account is opened on the evening of the 15th, effective Tuesday the 19th, for the 18th is a holiday; 100.00
    of that day are told of a year later, as of Friday the 14th.
    """
    book = Book(stating())
    book.close_through("2021-01-04", "2021-01-15")
    done = book.instruct(opening("o", at("2021-01-15", "17:00:00")))
    assert only(done, "confirmations").message["trade_date"] == "2021-01-19"
    put(book, "2021-01-19", amount="100.00")
    assert told(book.close_through("2021-01-19", "2022-01-13")) == []
    assert told(book.close("2022-01-14")) == [("P1", "2022-01-15", "2022-01-14", "100.00")]


def test_ntc_1_what_is_decided_for_the_next_day_is_not_in_it() -> None:
    """100.00 of the 15th; 50.00 more are received after its close, for the 19th, and are decided at once."""
    book = Book(stating())
    book.deposit(deposit("d1", "2021-01-15", "100.00", allocation=shares(FA2="100")))
    outcomes = book.close_through("2021-01-04", "2021-01-15")
    outcomes += book.deposit(deposit("d2", "2021-01-19", "50.00", allocation=shares(FA2="100")))
    assert [outcome.message["kind"] for outcome in outcomes if "sequence" in outcome.message] == [
        "deposit",
        "annual_statement",
        "deposit",
    ]
    assert told(outcomes) == [("P1", "2021-01-15", "2021-01-15", "100.00")]
