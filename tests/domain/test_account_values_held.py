"""Account values of what is held otherwise: rates of an account's own, annuities, what is owed, outstanding and held.

Positions and payments are those of the tests named, where they are worked out by hand.
"""

from tests.domain.books import Book, Json, deposit, opening, shares, terms
from tests.domain.books_fixed import fixed_book, fixed_plus
from tests.domain.books_income import counting, elected, paying
from tests.domain.books_installments import holding, withdrawn
from tests.domain.books_loans import lending, owing
from tests.domain.books_orders import hold
from tests.domain.gaa import TRADE, held
from tests.domain.test_account_values import account, last
from tests.domain.test_income_variable import elected_in_units
from tests.domain.test_when_applied import YEAR_LATER, book_of

FIRST = "2021-01-04"
F1 = shares(F1="100")


def option(book: Book, name: str) -> Json:
    (found,) = [held for held in account(book)["options"] if held["option"] == name]
    assert isinstance(found, dict)
    return found


def test_fix_7_money_that_keeps_the_rate_of_its_day_is_told_apart() -> None:
    """`test_fix_7_money_earns_the_rate_in_effect_when_it_was_applied`."""
    book = book_of()
    book.deposit(deposit("d3", YEAR_LATER, "1.00", allocation=F1))
    book.close(YEAR_LATER)
    fixed = {"option": "FA2", "kind": "fixed_account_2", "units": "1000.000000"}
    assert account(book)["options"][1:] == [
        {**fixed, "applied_since": FIRST, "index": "1.020000000000", "value": "1020.00", "rate": "0.02"},
        {**fixed, "applied_since": "2021-07-06", "index": "1.014848062947", "value": "1014.85", "rate": "0.03"},
    ]
    assert account(book)["value"] == "2035.85"


def test_fix_6_the_floor_of_today_counts_for_money_of_any_day() -> None:
    """The new year's minimum of 2.5% is more than the 2% of January 2021, and less than the 3% of July."""
    book = book_of(minimum="0.025")
    book.deposit(deposit("d3", YEAR_LATER, "1.00", allocation=F1))
    book.close(YEAR_LATER)
    assert [held["rate"] for held in account(book)["options"][1:]] == ["0.025", "0.03"]


def test_fix_4_an_account_past_its_anniversary_has_an_index_and_a_rate_of_its_own() -> None:
    """1,000.00 at 3% for a year: 1.03. A day at 4% on top: × 1.04^(1/365) = 1.030110683575, 1,030.11."""
    book = fixed_book(fixed_plus(anniversary={"years": 1, "bonus": "0.01"}), rate="0.03")
    book.instruct(opening("open", FIRST, allocation=shares(FP="100")))
    book.deposit(deposit("d1", FIRST, "1000.00"))
    book.close_through(FIRST, "2022-01-04")
    book.deposit(deposit("d2", "2022-01-05", "1.00", allocation=F1))
    before = {"option": "FP", "kind": "fixed_plus_account", "units": "1000.000000"}
    on_the_day = {"bonus_since": "2022-01-04", "index": "1.030000000000", "value": "1030.00", "rate": "0.04"}
    assert option(book, "FP") == {**before, **on_the_day}
    book.close("2022-01-05")
    assert (option(book, "FP")["index"], option(book, "FP")["value"]) == ("1.030110683575", "1030.11")


def test_fix_4_before_its_anniversary_it_has_the_index_of_all() -> None:
    book = fixed_book(fixed_plus(), rate="0.03")
    book.deposit(deposit("d1", FIRST, "1000.00", allocation=shares(FP="100")))
    book.close(FIRST)
    fixed = {"option": "FP", "kind": "fixed_plus_account", "units": "1000.000000"}
    assert option(book, "FP") == {**fixed, "index": "1.000000000000", "value": "1000.00", "rate": "0.03"}


def test_inc_4_annuity_units_are_told_with_their_values() -> None:
    """`test_inc_4_annuity_units_are_the_shares_of_the_first_payment_by_their_values`."""
    book = counting()
    elected_in_units(book)
    assert (account(book)["value"], account(book)["options"]) == ("0.00", [])
    assert account(book)["incomes"] == [
        {
            "request_id": "elect",
            "annuity": "period_certain",
            "applied": "10000.00",
            "annuity_units": [
                {"option": "F1", "units": "2.959000", "unit_value": "20.000000", "value": "59.18"},
                {"option": "F2", "units": "4.930000", "unit_value": "8.000000", "value": "39.44"},
            ],
            "payments": 120,
            "paid": 0,
            "every": 1,
            "next_payment": "2021-05-28",
        }
    ]


def test_inc_3_an_amount_applied_is_told_with_what_it_pays() -> None:
    """Three payments a year apart, 4,138.37 each (`test_income_election`); the first is made on the day itself."""
    book = held(paying(), F1="9000.00", F2="6000.00")
    elected(book, amount="12000.00", years=3, frequency="annual")
    (income,) = account(book)["incomes"]
    assert (income["applied"], income["payment"], income["next_payment"]) == ("12000.00", "4138.37", "2022-04-28")
    assert (income["payments"], income["paid"], income["every"], account(book)["value"]) == (3, 1, 12, "3000.00")


def test_inc_3_a_lifetime_option_has_the_amount_alone() -> None:
    book = held(paying(), F1="1000.00")
    elected(book, annuity="lifetime", amount="400.00")
    told = {"request_id": f"elect-{TRADE}", "annuity": "lifetime", "applied": "400.00"}
    assert account(book)["incomes"] == [told]


def test_wdl_8_what_is_owed_in_installments_is_no_part_of_the_value() -> None:
    """`test_wdl_8_the_money_has_left_the_account`; the first of 60 is due a month later."""
    book = holding("400000.00")
    withdrawn(book)
    assert account(book)["value"] == "100021.70"
    assert account(book)["owed"] == [
        {
            "request_id": "w-2021-01-05",
            "left": "300000.00",
            "rate": "0.02",
            "payments": 60,
            "paid": 0,
            "every": 1,
            "next_payment": "2021-02-05",
        }
    ]


def test_wdl_8_where_nothing_is_owed_nothing_is_told() -> None:
    book = holding("1000.00")
    assert book.account().payable is not None
    assert "owed" not in account(book)


def test_wdl_9_a_loan_outstanding_is_told_with_its_day() -> None:
    book = held(lending(), F1="1000.00")
    owing(book, "250.00")
    assert last(book)["loans"] == [{"balance": "250.00", "day": "2021-04-27"}]


def test_dep_9_what_an_order_holds_is_counted_apart() -> None:
    book = Book(terms())
    book.instruct(opening("open", FIRST, allocation=F1))
    book.close(FIRST)
    book.instruct(hold("h", "2021-01-05"))
    book.deposit(deposit("d", "2021-01-05", "1.00"))
    assert (last(book)["waiting"], last(book)["held"]) == (0, 1)
