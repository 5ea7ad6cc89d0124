"""WDL-6: a full withdrawal pays the Fixed Plus Account in installments where its terms say so.

$50,000 at 4% in 5 yearly payments: 50,000 × .04 / (1 − 1.04^−5) = 2,000 / .1780728932 = 11,231.36. Of the first
2,000.00 are interest, so that 50,000.00 + 2,000.00 − 11,231.36 = 40,768.64 are left; then 1,630.75, and 31,168.03 are
left; 1,246.72 and 21,183.39; 847.34 and 10,799.37; the last is these and 431.97. Options earn nothing but where a test
says so.
"""

from decimal import Decimal

import pytest

from services.domain.installments import level_payment
from services.domain.numbers import exact
from tests.domain.books import Book, Json, Outcome, deposit, only, opening, shares, withdrawal
from tests.domain.books_installments import DAY, FIRST, Row, full_installments, schedule
from tests.domain.books_limits import book_of, contract, fixed_account, fixed_plus, refused, resting

D = Decimal
NEXT = "2021-01-06"
FOUR: Json = {"rate": "0.04"}
SCHEDULE: list[Row] = [
    (1, "2022-01-05", "11231.36", "2000.00", "40768.64"),
    (2, "2023-01-05", "11231.36", "1630.75", "31168.03"),
    (3, "2024-01-05", "11231.36", "1246.72", "21183.39"),
    (4, "2025-01-05", "11231.36", "847.34", "10799.37"),
    (5, "2026-01-05", "11231.34", "431.97", "0.00"),
]


def holding(paid: Json | None = None, amount: str = "50000.00", **more: object) -> Book:
    """P1 holds dollars in the Fixed Plus Account, and 10,000.00 in a fund."""
    return book_of(full_installments(paid, **more), FIRST, FP=amount, F1="10000.00")


def out(book: Book, day: str = DAY, **what: object) -> Outcome:
    book.withdraw(withdrawal(f"w-{day}", day, **(what or {"full": True})))
    return only(book.close(day))


def told(outcome: Outcome) -> list[tuple[str | None, str, str]]:
    """(option, due, amount) of the payments."""
    return [(each["option"], each["due"], each["amount"]) for each in outcome.message["payments"]]


def test_wdl_6_50000_dollars_at_4_percent_in_5_yearly_payments_are_11231_36() -> None:
    assert exact(level_payment)(D("50000.00"), 60, D("0.04"), 12) == D("11231.36")


def test_wdl_6_a_full_withdrawal_pays_the_fixed_plus_account_in_installments() -> None:
    """Everything leaves the account, 10,000.00 of the fund at once."""
    book = holding(FOUR)
    outcome = out(book)
    message = outcome.message
    assert schedule(outcome) == [(None, DAY, "10000.00", None, None), *SCHEDULE]
    assert [each["option"] for each in message["payments"]] == [None, *["FP"] * 5]
    assert (message["gross"], message["paid"], message["in_installments"]) == ("60000.00", "10000.00", "50000.00")
    assert (message["debits"], message["credits"], message["limits"]) == ("60000.00", "60000.00", None)
    assert ("WDL-6" in message["rules"], "WDL-8" in message["rules"]) == (True, False)
    assert message["details"] == {"reason": "in_service", "FP_installment_rate": "0.04"}
    assert out(book, NEXT, amount="0.01").codes == ["INSUFFICIENT_VALUE"]


def test_wdl_6_each_installment_is_an_event() -> None:
    """50,000.00 / 2, without interest, on Friday 5 February and Friday 5 March."""
    book = holding({"payments": 2, "every_months": 1, "rate": "0"})
    out(book, full=True, payee="the plan")
    first, second = book.close_through(NEXT, "2021-03-31")
    assert [(each.message["trade_date"], each.message["paid"]) for each in (first, second)] == [
        ("2021-02-05", "25000.00"),
        ("2021-03-05", "25000.00"),
    ]
    assert (first.message["kind"], first.message["rules"]) == ("installment_paid", ["WDL-6", "GEN-7"])
    assert first.message["details"] == {"withdrawal": f"w-{DAY}", "installment": "1 of 2", "payee": "the plan"}
    assert (told(first), schedule(second)[0][4]) == ([("FP", "2021-02-05", "25000.00")], "0.00")
    assert (first.message["debits"], first.message["credits"]) == ("25000.00", "25000.00")
    payable = book.account().payable
    assert payable is not None
    assert payable.plans == ()


def test_wdl_6_twice_a_year_bears_the_interest_of_six_months() -> None:
    """1.0404^(1/2) − 1 = .02: 50,000 × .02 × 1.0404 / .0404 = 25,752.48; then 25,247.52 and 504.95."""
    assert schedule(out(holding({"payments": 2, "every_months": 6, "rate": "0.0404"})))[1:] == [
        (1, "2021-07-05", "25752.48", "1000.00", "25247.52"),
        (2, "2022-01-05", "25752.47", "504.95", "0.00"),
    ]


@pytest.mark.parametrize(("years", "day", "paid"), [
    (10, "2021-01-05", ("2022-01-05", "10401.11", "400.04")),
    (1, "2022-01-05", ("2023-01-05", "10843.24", "442.05")),
])  # fmt: skip
def test_wdl_6_without_a_rate_interest_is_as_credited_on_the_trade_date(
    years: int, day: str, paid: tuple[str, str, str]
) -> None:
    """10,000 × 1.04^(1/365) = 10,001.07, and 4% of it 400.04. FIX-4: 10,400 × 1.0425^(1/365) = 10,401.19 a day after
    the anniversary, and 4.25% of it 442.05.
    """
    anniversary = {"anniversary": {"years": years, "bonus": "0.0025"}}
    option = fixed_plus(full_withdrawal="installments", full_installments={"payments": 1}) | anniversary
    book = book_of(contract(option), FIRST, "0.04", FP="10000.00")
    if day > DAY:
        book.close_through(DAY, "2022-01-04")
    ((_, due, amount, interest, left),) = schedule(out(book, day))
    assert ((due, amount, interest), left) == (paid, "0.00")


def test_wdl_6_a_partial_withdrawal_is_limited_and_paid_at_once() -> None:
    """20% of 50,000; all of the option alone, and 100 percent of the account, are parts."""
    book, of = holding(FOUR), {"from": [{"option": "FP"}]}
    assert refused(out(book, DAY, full=True, **of))["available"] == "10000.00"
    assert refused(out(book, NEXT, percent="100"))["available"] == "10000.00"
    outcome = out(book, "2021-01-07", amount="10000.00", **of)
    assert (outcome.message["paid"], outcome.message["payments"]) == ("10000.00", None)


@pytest.mark.parametrize(("amount", "paid", "pays"), [
    ("0.02", "10000.02", []), ("0.04", "10000.04", []), ("0.05", "10000.00", ["0.01"] * 5),
])  # fmt: skip
def test_wdl_6_what_is_too_little_for_so_many_payments_is_paid_at_once(amount: str, paid: str, pays: list[str]) -> None:
    """0.02 / 5 is no cent; of 0.04 / 5, a cent to the cent, four leave nothing for the last; of 0.05 there are five."""
    message = out(holding({"rate": "0"}, amount)).message
    assert (message["paid"], [each["amount"] for each in (message["payments"] or ())[1:]]) == (paid, pays)


def test_wdl_6_where_nothing_is_in_it_nothing_is_owed() -> None:
    message = out(book_of(full_installments(), FIRST, F1="10000.00")).message
    assert (message["paid"], message["payments"]) == ("10000.00", None)


def test_wdl_6_tax_withheld_falls_on_all_of_it_alike() -> None:
    """WDL-12: 60,000 less 10% are 54,000, five sixths of it in installments."""
    message = out(holding(FOUR), full=True, withholding={"percent": "10"}).message
    assert (message["payable"], message["withheld"]) == ("60000.00", "6000.00")
    assert (message["paid"], message["in_installments"]) == ("9000.00", "45000.00")


@pytest.mark.parametrize(("part", "at_once", "monthly"), [
    ("fixed_account_2", [(None, DAY, "10000.00")], "300000.00"), ("whole", [], "310000.00"),
])  # fmt: skip
def test_wdl_6_beside_installments_of_fixed_account_2(part: str, at_once: list[Row], monthly: str) -> None:
    """WDL-8: of Fixed Account 2, or of everything but the Fixed Plus Account, whose terms are its own."""
    version = full_installments({"payments": 1, "rate": "0"}, installments={"months": 1, "rate": "0", "part": part})
    book = book_of(version, FIRST, FP="50000.00", FA2="300000.00", F1="10000.00")
    outcome = out(book)
    assert told(outcome) == [*at_once, (None, "2021-02-05", monthly), ("FP", "2022-01-05", "50000.00")]
    assert outcome.message["in_installments"] == {"300000.00": "350000.00"}.get(monthly, "360000.00")
    assert {"WDL-6", "WDL-8"} <= set(outcome.message["rules"])
    (paid,) = book.close_through(NEXT, "2021-02-05")
    assert (paid.message["paid"], paid.message["rules"]) == (monthly, ["WDL-8", "GEN-7"])


def test_wdl_6_what_buys_an_annuity_is_not_paid_in_installments() -> None:
    """INC-1: 60,000.00 are applied at once."""
    message = out(holding(FOUR), full=True, reason="lifetime_income").message
    assert (message["paid"], message["payments"]) == ("60000.00", None)


def test_wdl_6_of_several_accounts_each_has_a_schedule() -> None:
    book = holding({"payments": 1, "rate": "0"})
    book.instruct(opening("employer", FIRST, "employer"))
    book.deposit(deposit("put", DAY, "4000.00", account="employer", allocation=shares(FP="100")))
    book.close(DAY)
    outcome = out(book, NEXT, full=True, account=None, accounts=["employer", "pretax"])
    assert [(each["account"], each["option"], each["amount"]) for each in outcome.message["payments"]] == [
        ("pretax", None, "10000.00"),
        ("employer", "FP", "4000.00"),
        ("pretax", "FP", "50000.00"),
    ]
    assert outcome.message["in_installments"] == "54000.00"


def test_wdl_13_an_account_of_which_all_is_paid_at_once_is_told_beside_one_that_is_not() -> None:
    """4,000.00 of a fund in one account, 10,000.00 in the other; of that 50,000.00 are paid in a year."""
    book = holding({"payments": 1, "rate": "0"})
    book.instruct(opening("employer", FIRST, "employer"))
    book.deposit(deposit("put", DAY, "4000.00", account="employer", allocation=shares(F1="100")))
    book.close(DAY)
    message = out(book, NEXT, full=True, account=None, accounts=["employer", "pretax"]).message
    assert [(each["account"], each["what"], each["due"], each["amount"]) for each in message["payments"]] == [
        ("employer", "at_once", NEXT, "4000.00"),
        ("pretax", "at_once", NEXT, "10000.00"),
        ("pretax", "installment", "2022-01-06", "50000.00"),
    ]
    assert (message["paid"], message["in_installments"]) == ("14000.00", "50000.00")


def test_wdl_6_two_fixed_plus_accounts_are_paid_by_their_own_terms() -> None:
    second = fixed_plus() | {"kind": "fixed_plus_account_2", "option": "FP2"}
    third = fixed_plus(full_withdrawal="installments", full_installments={"payments": 1, "rate": "0"})
    options = (fixed_plus(full_withdrawal="installments", full_installments=FOUR), second, third | {"option": "FP3"})
    outcome = out(book_of(contract(*options), FIRST, FP="50000.00", FP2="700.00", FP3="300.00"))
    assert told(outcome)[:3] == [
        (None, DAY, "700.00"),
        ("FP", "2022-01-05", "11231.36"),
        ("FP3", "2022-01-05", "300.00"),
    ]


def test_wdl_6_what_is_still_owed_does_not_come_back() -> None:
    """WDL-10: of a full withdrawal what was paid may be reinvested, the fund's 10,000.00."""
    book = holding(FOUR, reinvestment={})
    out(book)
    kept = book.account().full_withdrawal
    assert kept is not None
    assert kept.paid == D("10000.00")


def test_wdl_6_a_quote_tells_the_schedule_and_owes_nothing() -> None:
    book = holding(FOUR)
    quote = only(book.withdraw(withdrawal("q", DAY, full=True, mode="quote")), "quotes")
    assert [each["amount"] for each in quote.message["payments"]][:2] == ["10000.00", "11231.36"]
    assert book.account().payable is None


@pytest.mark.parametrize("option", [
    fixed_plus(full_withdrawal="installments", full_installments={"payments": 0}),
    fixed_plus(full_withdrawal="installments", full_installments={"payments": 61}),
    fixed_plus(full_withdrawal="installments", full_installments={"every_months": 0}),
    fixed_plus(full_withdrawal="installments", full_installments={"every_months": 13}),
    fixed_account(full_withdrawal="installments"),
    resting(full_withdrawal="installments"),
])  # fmt: skip
def test_wdl_6_installments_are_terms_of_the_fixed_plus_accounts_alone(option: Json) -> None:
    """1 to 60 payments, 1 to 12 months apart."""
    alarm = only(Book().publish("contract-terms", contract(option)), "alarms")
    assert alarm.message["code"] in {"MALFORMED", "INVALID_VALUE"}
